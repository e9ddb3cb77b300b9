"""All that is run here: `python3 noxfile.py -s NAME`, or `nox -s NAME`.

Each has an environment of its own, in .nox/; nothing but Python is needed.
`-t TAG` runs all of a tag. Without a name, the tag `gate` is run, as for each
change. What comes after `--` goes to the command: `-s tests -- -k webhook`.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def _with_nox() -> int:
    """Run this file again, with nox from an environment of its own."""
    home = HERE / ".nox" / "nox"
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    ready = home / "ready"
    if not ready.exists():
        sys.stderr.write(f"nox is set up in {home.relative_to(HERE)}, once\n")
        venv.create(home, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "nox>=2026.4"],
            check=True,
        )
        ready.touch()
    return subprocess.run([python, __file__, *sys.argv[1:]], check=False).returncode


try:
    import nox
except ModuleNotFoundError:
    if __name__ != "__main__":
        raise
    sys.exit(_with_nox())

nox.needs_version = ">=2026.4"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = True
nox.options.tags = ["gate"]

GROUPS = nox.project.load_toml(HERE / "pyproject.toml")


def _group(name: str) -> list[str]:
    """The requirements of a dependency group."""
    return list(nox.project.dependency_groups(GROUPS, name))


BENCHES = (
    "generator",
    "client",
    "batch",
    "conformance",
    "emulator",
    "emulator_state",
    "pictures",
)


@nox.session(tags=["try"])
def demo(session: nox.Session) -> None:
    """See it work: an image from each model, drawn on this machine.

    Needs no key.
    """
    session.install(".[all]")
    session.run("fluxframe", "demo", *session.posargs)
    command = Path(session.bin) / "fluxframe"
    session.log(
        f"here `fluxframe` is {command.relative_to(HERE)}; pip install '.[all]' makes it yours"
    )


@nox.session(tags=["gate"])
def lint(session: nox.Session) -> None:
    """Rules and format, by ruff."""
    session.install(*_group("lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session(tags=["gate"])
def types(session: nox.Session) -> None:
    """Types, by mypy --strict and pyright.

    Emitted code is included, and that of another API.
    """
    session.install("-e", ".[all]", *_group("types"))
    session.run("python", "-m", "codegen", "types")
    # What Windows has not is not used there; the tests are another matter.
    session.run("pyright", "--pythonplatform", "Windows", "generated", "codegen", "noxfile.py")
    session.run("pytest", "-m", "types", "tests/second_api", "tests/codegen/test_many_models.py")


@nox.session(tags=["gate"])
def check(session: nox.Session) -> None:
    """Is generated/ what spec/ and codegen/ say?"""
    session.install(*_group("generator"))
    session.run("python", "-m", "codegen", "check", "--full")


@nox.session(tags=["gate"])
def tests(session: nox.Session) -> None:
    """All tests, in parallel and in random order."""
    session.install("-e", ".[all]", *_group("tests"))
    session.run("pytest", *session.posargs)


@nox.session(tags=["gate"])
def minimums(session: nox.Session) -> None:
    """Tests on the lowest versions that are declared.

    Those of the command line and the emulator, and of the client what it needs of its libraries.
    """
    session.install("uv")
    lowest = ["--resolution", "lowest-direct", "--upgrade"]
    session.run("uv", "pip", "install", "--quiet", *lowest, "-e", ".[all,httpx2]")
    session.install(*_group("minimums"))
    rooms = ("wire", "own_client", "downloads", "uploads", "copies", "check")
    of_client = [f"tests/client/test_{room}.py" for room in rooms]
    session.run("pytest", *(session.posargs or ["tests/cli", "tests/emulator", *of_client]))


@nox.session(tags=["gate"])
def package(session: nox.Session) -> None:
    """The sdist and the wheel, into dist/.

    They are built twice, to the same bytes; each extra works alone, in an environment that has nothing else.
    """
    session.install("-e", ".[all]", *_group("package"))
    session.run("python", "-m", "tests.packed.build")
    session.run("twine", "check", "--strict", *map(str, (HERE / "dist").iterdir()))
    session.run("check-wheel-contents", "dist")
    tried = ["tests/packed/test_distributions.py", "tests/packed/test_installed.py"]
    built = {"FLUXFRAME_BUILT": "1"}
    session.run("pytest", *tried, "--numprocesses=2", *session.posargs, env=built)


@nox.session(tags=["write"])
def generate(session: nox.Session) -> None:
    """Write generated/ from spec/ and codegen/."""
    session.install(*_group("generator"))
    session.run("python", "-m", "codegen", "generate")


@nox.session(tags=["write"])
def hooks(session: nox.Session) -> None:
    """All hooks of pre-commit, on all files."""
    session.install(*_group("hooks"))
    session.run("pre-commit", "run", "--all-files", "--show-diff-on-failure", *session.posargs)


@nox.session(tags=["write"])
def codegen(session: nox.Session) -> None:
    """A command: `-- explain flux-2-pro.width`."""
    session.install(*_group("generator"))
    session.run("python", "-m", "codegen", *session.posargs)


@nox.session(tags=["write"])
def docs(session: nox.Session) -> None:
    """The documentation's site.

    In build/site, with its links checked; `-- --serve` shows it.
    """
    session.install("-e", ".[all]", *_group("docs"))
    session.run("python", "-m", "docs.build", *session.posargs)
    if not session.posargs:
        session.run("pytest", "-m", "site", "tests/docs", "--numprocesses=0")


@nox.session(tags=["write"])
def showcase(session: nox.Session) -> None:
    """Write the pictures of docs/images."""
    session.install("-e", ".[all]", *_group("showcase"))
    session.run("python", "-m", "tests.showcase")


@nox.session(tags=["deep"])
def gevent(session: nox.Session) -> None:
    """Client and command line under gevent.

    Each file runs in a process of its own, under gevent's monkey patch; `-- FILE` runs one.
    """
    session.install("-e", ".[all]", *_group("tests"), *_group("gevent"))
    files = sorted(HERE.glob("tests/client/test_*.py")) + sorted(HERE.glob("tests/cli/test_*.py"))
    for path in session.posargs or files:
        words = ["--numprocesses=0", "-p", "tests.under_gevent", path]
        session.run("python", "-m", "gevent.monkey", "--module", "pytest", *words)


@nox.session(tags=["deep"])
def frozen(session: nox.Session) -> None:
    """Programs that PyInstaller makes."""
    session.install(".[all]", *_group("frozen"))
    session.run("pytest", "tests/packed/test_frozen.py", "--numprocesses=2", *session.posargs)


@nox.session(tags=["deep"])
def audit(session: nox.Session) -> None:
    """Licences and vulnerabilities of what is installed.

    Of a network that has no service which knows of vulnerabilities, it says so.
    """
    session.install(*_group("audit"))
    session.run("python", "-m", "tests.packed.audit")


@nox.session(tags=["deep"])
def conformance(session: nox.Session) -> None:
    """Does a server keep the spec? `-- URL`.

    `-- URL --max-credits 50`, with the key in its variable; options of `fluxframe conformance`.
    """
    if not session.posargs:
        session.error("say which server: python3 noxfile.py -s conformance -- URL [OPTIONS]")
    url, *options = session.posargs
    session.install(".[conformance,cli]")
    session.run("fluxframe", "conformance", "--base-url", url, *options)


@nox.session(name="conformance-mutants", tags=["deep"])
def conformance_mutants(session: nox.Session) -> None:
    """Do the vectors find bad servers?

    Several hundred servers that each break one thing; `-- --all --family all` for all families.
    """
    session.install("-e", ".[all]")
    session.run("python", "-m", "tests.conformance.mutants", *(session.posargs or ["--all"]))


# Each prints its seed, and takes `--cases` and `--seed`.
@nox.session(tags=["deep"])
def fuzz(session: nox.Session) -> None:
    """Random answers, requests and command lines.

    100,000 answers, 100 requests for each model and 20,000 command lines; `-- --cases 1000 --seed 1`
    for other numbers of answers and lines, and another seed.
    """
    session.install("-e", ".[all]", *_group("tests"))
    arguments = dict(zip(session.posargs[::2], session.posargs[1::2], strict=True))
    seed = arguments.get("--seed", "1")
    answers, lines = (arguments.get("--cases", most) for most in ("100000", "20000"))
    session.run("python", "-m", "tests.fuzz.answers", "--cases", answers, "--seed", seed)
    session.run("python", "-m", "tests.fuzz.models", "--seed", seed)
    cases = {"FUZZ_CASES": lines, "FUZZ_SEED": seed}
    session.run("pytest", "tests/cli/test_argv.py", env=cases)


@nox.session(tags=["deep"])
def mutants(session: nox.Session) -> None:
    """Do the tests notice small faults?

    Faults are put into the code one at a time: `-- --seed 7 --count 57`.
    """
    session.install("-e", ".[all]", *_group("mutants"))
    session.run("python", "tests/mutants.py", *session.posargs)


@nox.session(tags=["deep"])
def bench(session: nox.Session) -> None:
    """Speed and memory, beside peers.

    All that is measured; one part of it: `-- client --quick`.
    """
    session.install("-e", ".[all]", *_group("bench"))
    for name in session.posargs[:1] or BENCHES:
        session.run("python", f"tests/bench/{name}.py", *session.posargs[1:])


if __name__ == "__main__":
    nox.main()
