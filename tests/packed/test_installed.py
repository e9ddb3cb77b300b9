"""The wheel with one extra alone, in an environment that has nothing else: for `nox -s package`."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from fluxframe._extras import EXTRAS, hint
from fluxframe.emulator import Emulator

from .build import DIST
from .test_extras import use_all

pytestmark = [
    pytest.mark.skipif("FLUXFRAME_BUILT" not in os.environ, reason="nox -s package"),
    pytest.mark.timeout(600),
]

CLIENT = """
from fluxframe import Fluxframe

for library in {libraries}:
    with Fluxframe(http_client=library) as client:
        job = client.images.generate(model="flux-2-pro", prompt="a fox").wait(interval=0.05)
        assert job.images[0].save("fox.jpg").read_bytes().startswith(b"\\xff\\xd8\\xff")
"""
EMULATOR = """
from fluxframe.emulator import Emulator

with Emulator(job_seconds=0, follow="oas") as emulator, emulator.client() as client:
    open("fox.png", "wb").write(client.images.run(model="flux-2-pro", prompt="a fox").images[0].bytes())
    url = client.uploads.create("fox.png").url
    client.images.run(model="flux-2-pro", prompt="a fox", input_images=[url])
"""
CONFORMANCE = """
import os
from fluxframe import conformance

where = (os.environ["APIFRAME_BASE_URL"], os.environ["APIFRAME_API_KEY"])
report = conformance.run(*where, models=["flux-2-pro"], kinds=["maximum"])
assert report.requests and report.exit_status == 0
"""
USED = {
    "": CLIENT.format(libraries=("httpx",)),
    "httpx2": CLIENT.format(libraries=("httpx", "httpx2")),
    "emulator": EMULATOR,
    "conformance": CONFORMANCE,
}


class Environment:
    """A virtual environment with the wheel, and some of its extras."""

    def __init__(self, folder: Path, extra: str) -> None:
        self.folder = folder
        self._variables = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        }
        self.run("uv", "venv", "--quiet", folder / "venv")
        self._programs = next(path for path in (folder / "venv").glob("[bS]*") if path.is_dir())
        (wheel,) = DIST.glob("*.whl")
        self.install(f"fluxframe{extra and f'[{extra}]'} @ {wheel.as_uri()}")

    def program(self, name: str) -> Path:
        return self._programs / name

    def install(self, *requirements: str) -> None:
        self.run("uv", "pip", "install", "--quiet", *requirements)
        self.run("uv", "pip", "check", "--quiet")

    def run(self, *words: str | Path, **environment: str) -> str:
        """What a program prints. Fails if the program does."""
        status, said = self.tried(*words, **environment)
        assert status == 0, said
        return said

    def tried(self, *words: str | Path, **environment: str) -> tuple[int, str]:
        """The exit status of a program, and what it prints on both streams."""
        done = subprocess.run(
            words,
            cwd=self.folder,
            env={**self._variables, "VIRTUAL_ENV": str(self.folder / "venv"), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout


@pytest.fixture
def asked(emulator: Emulator, key: str) -> dict[str, str]:
    """The variables of whoever asks the emulator of the tests."""
    return {"APIFRAME_API_KEY": key, "APIFRAME_BASE_URL": emulator.url}


@pytest.mark.parametrize("extra", ["", *EXTRAS])
def test_an_extra_alone_is_enough_for_what_it_is_for(
    extra: str, tmp_path: Path, asked: dict[str, str]
) -> None:
    environment = Environment(tmp_path, extra)
    python = environment.program("python")
    if extra in USED:
        environment.run(python, "-W", "error", "-c", USED[extra], **asked)
    use_all((python, "-I"), (extra,) if extra else (), tmp_path, hidden=[], **asked)


@pytest.mark.parametrize(("extra", "words"), [
    ("cli", ["fluxframe", "models"]),
    ("emulator", ["python", "-c", "import fluxframe.emulator"]),
    ("conformance", ["python", "-c", "import fluxframe.conformance as it; it.plan()"]),
    ("httpx2", ["python", "-c", "from fluxframe import Fluxframe as it; it(http_client='httpx2').me()"]),
])  # fmt: skip
def test_what_is_told_to_install_is_what_is_missing(
    extra: str, words: list[str], tmp_path: Path, asked: dict[str, str]
) -> None:
    environment = Environment(tmp_path, "")
    command: list[str | Path] = [environment.program(words[0]), *words[1:]]
    status, said = environment.tried(*command, **asked)
    assert status == 1
    assert said.rstrip().endswith(hint(extra))
    pip, install, *requirements = shlex.split(said.rstrip().rpartition("install it with: ")[2])
    assert (pip, install) == ("pip", "install")
    environment.install(*requirements)
    environment.run(*command, **asked)


def test_all_of_them_come_by_one_name(tmp_path: Path) -> None:
    environment = Environment(tmp_path, "all")
    environment.run(environment.program("python"), "-W", "error", "-c", EMULATOR)
    plan = ("conformance", "--dry-run", "--base-url", "http://127.0.0.1:1")
    assert "flux-2-pro" in environment.run(environment.program("fluxframe"), *plan)
