"""Everything that is run here, each in an environment of its own: `python3 noxfile.py -s NAME`.

Needs nothing but Python: where nox is missing, it is installed into `.nox/` first.
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
nox.options.sessions = ["lint", "types", "check", "tests", "minimums"]

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


@nox.session
def demo(session: nox.Session) -> None:
    """An image from each documented example, by the client, from a local emulator; no key."""
    session.install(".[all]")
    session.run("fluxframe", "demo", *session.posargs)
    command = Path(session.bin) / "fluxframe"
    session.log(
        f"here `fluxframe` is {command.relative_to(HERE)}; pip install '.[all]' makes it yours"
    )


@nox.session
def tests(session: nox.Session) -> None:
    """All tests, in parallel and in random order."""
    session.install("-e", ".[all]", *_group("tests"))
    session.run("pytest", *session.posargs)


@nox.session
def gevent(session: nox.Session) -> None:
    """The suites of client and command line under gevent's monkey patch, each file in its process."""
    session.install("-e", ".[all]", *_group("tests"), *_group("gevent"))
    files = sorted(HERE.glob("tests/client/test_*.py")) + sorted(HERE.glob("tests/cli/test_*.py"))
    for path in session.posargs or files:
        words = ["--numprocesses=0", "-p", "tests.under_gevent", path]
        session.run("python", "-m", "gevent.monkey", "--module", "pytest", *words)


@nox.session
def frozen(session: nox.Session) -> None:
    """Programs that PyInstaller makes of the package."""
    session.install(".[all]", *_group("frozen"))
    session.run("pytest", "tests/packed/test_frozen.py", "--numprocesses=2", *session.posargs)


@nox.session
def minimums(session: nox.Session) -> None:
    """The command line and the emulator on the lowest versions that are declared."""
    session.install("uv")
    lowest = ["--resolution", "lowest-direct", "--upgrade"]
    session.run("uv", "pip", "install", "--quiet", *lowest, "-e", ".[all,httpx2]")
    session.install(*_group("minimums"))
    session.run("pytest", *(session.posargs or ["tests/cli", "tests/emulator"]))


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff: rules and format."""
    session.install(*_group("lint"))
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")


@nox.session
def types(session: nox.Session) -> None:
    """Types by mypy --strict and pyright, emitted code included, and that of another API."""
    session.install("-e", ".[all]", *_group("types"))
    session.run("python", "-m", "codegen", "types")
    session.run("pytest", "-m", "types", "tests/second_api", "tests/codegen/test_many_models.py")


@nox.session
def conformance(session: nox.Session) -> None:
    """Ask a server whether it keeps the spec: `-- URL --max-credits 50`, the key in its variable."""
    if not session.posargs:
        session.error("say which server: python3 noxfile.py -s conformance -- URL [OPTIONS]")
    url, *options = session.posargs
    session.install(".[conformance,cli]")
    session.run("fluxframe", "conformance", "--base-url", url, *options)


@nox.session
def generate(session: nox.Session) -> None:
    """Rewrite generated/ from spec/ and codegen/."""
    session.install(*_group("generator"))
    session.run("python", "-m", "codegen", "generate")


@nox.session
def check(session: nox.Session) -> None:
    """Fail if generated/ is not what spec/ and codegen/ produce."""
    session.install(*_group("generator"))
    session.run("python", "-m", "codegen", "check", "--full")


@nox.session
def codegen(session: nox.Session) -> None:
    """Run a command of the generator: `-s codegen -- explain flux-2-pro.width`."""
    session.install(*_group("generator"))
    session.run("python", "-m", "codegen", *session.posargs)


# Each prints its seed, and takes `--cases` and `--seed`.
@nox.session
def fuzz(session: nox.Session) -> None:
    """Random input: 100,000 answers, 100 requests for each model and 20,000 command lines.

    `-- --cases 1000 --seed 1` for other numbers of answers and lines, and another seed.
    """
    session.install("-e", ".[all]", *_group("tests"))
    arguments = dict(zip(session.posargs[::2], session.posargs[1::2], strict=True))
    seed = arguments.get("--seed", "1")
    answers, lines = (arguments.get("--cases", most) for most in ("100000", "20000"))
    session.run("python", "-m", "tests.fuzz.answers", "--cases", answers, "--seed", seed)
    session.run("python", "-m", "tests.fuzz.models", "--seed", seed)
    cases = {"FUZZ_CASES": lines, "FUZZ_SEED": seed}
    session.run("pytest", "tests/cli/test_argv.py", env=cases)


@nox.session
def mutants(session: nox.Session) -> None:
    """How many small faults put into the code do the tests notice? `-- --seed 7 --count 57`."""
    session.install("-e", ".[all]", *_group("mutants"))
    session.run("python", "tests/mutants.py", *session.posargs)


@nox.session(name="conformance-mutants")
def conformance_mutants(session: nox.Session) -> None:
    """Does the conformance suite find every server that breaks one thing? `-- --all --family all`."""
    session.install("-e", ".[all]")
    session.run("python", "-m", "tests.conformance.mutants", *(session.posargs or ["--all"]))


@nox.session
def showcase(session: nox.Session) -> None:
    """Remake the pictures of the README by running what they show."""
    session.install("-e", ".[all]", *_group("showcase"))
    session.run("python", "-m", "tests.showcase")


@nox.session
def bench(session: nox.Session) -> None:
    """All that is measured, beside peers where there are some; one part: `-- client --quick`."""
    session.install("-e", ".[all]", *_group("bench"))
    for name in session.posargs[:1] or BENCHES:
        session.run("python", f"tests/bench/{name}.py", *session.posargs[1:])


if __name__ == "__main__":
    nox.main()
