"""The pytest plugin: a namespace for each test on a server that the tests of a process share."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import fluxframe
from fluxframe._extras import hint

ROOT = Path(fluxframe.__file__).parent.parent


def run(
    folder: Path, source: str, *arguments: str, settings: str = "", root: Path = ROOT
) -> tuple[int, str]:
    """The exit status of pytest over a file of tests, and what it says; `root` has the package."""
    (folder / "test_app.py").write_text(source, encoding="utf-8")
    (folder / "pytest.ini").write_text(f"[pytest]\n{settings}", encoding="utf-8")
    words = ["-p", "fluxframe._pytest_entry", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=folder,
        env={
            **{name: value for name, value in os.environ.items() if "PYTEST" not in name},
            "PYTHONPATH": str(root),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "COLUMNS": "200",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "INTERNALERROR" not in done.stdout, done.stdout
    return done.returncode, done.stdout + done.stderr


ALONE = """\
import os
import pytest
from fluxframe import Fluxframe, FluxframeError

SEEN = []

@pytest.mark.parametrize("number", range(8))
def test_each_sees_its_own(number, emulator, emulator_client):
    SEEN.append(emulator.url)
    assert len(set(SEEN)) == 1
    assert len(emulator.requests) == 0
    if number % 2:
        emulator.faults.add(operation="images.generate", status=503)
        with pytest.raises(FluxframeError):
            emulator.client(max_retries=0).images.generate(model="flux-2-pro", prompt=str(number))
    else:
        with Fluxframe() as client:
            client.images.generate(model="flux-2-pro", prompt=str(number)).wait(interval=0.02)
            assert len(list(client.jobs.list())) == 1
            assert client.me().team.credits == 9996
    assert len(emulator.jobs) == (number + 1) % 2
    said = emulator.requests.one(operation="images.generate")
    assert (said.json["prompt"], said.answer.status) == (str(number), 503 if number % 2 else 202)
    assert emulator.environment.items() <= os.environ.items()

@pytest.mark.parametrize("number", range(3))
def test_each_sees_its_own_webhooks(emulator, emulator_client, number):
    assert len(emulator.webhooks) == 0
    job = emulator_client.images.generate(
        model="flux-2-pro", prompt="x", webhook_url="http://127.0.0.1:9/"
    )
    refused = emulator_client.images.generate(
        model="flux-2-pro", prompt="x", webhook_url="https://example.com/"
    )
    assert emulator.webhooks.wait_for(outcome="failed")[0].job == job.id
    assert emulator.webhooks.one(outcome="refused").job == refused.id

def test_what_follows_has_no_server():
    assert "APIFRAME_BASE_URL" not in os.environ
"""


@pytest.mark.parametrize("arguments", [(), ("-p", "xdist", "-n2")], ids=["one", "two processes"])
def test_each_test_sees_its_own_requests_jobs_and_faults(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    status, said = run(tmp_path, ALONE, *arguments)
    assert status == 0, said
    assert "12 passed" in said


def test_it_works_from_a_zip(tmp_path: Path) -> None:
    archive = tmp_path / "packages.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (ROOT / "fluxframe").rglob("*"):
            if path.suffix in (".py", ".json"):
                packed.write(path, path.relative_to(ROOT))
    source = f"{ALONE}    assert 'packages.zip' in Fluxframe.__init__.__code__.co_filename\n"
    status, said = run(tmp_path, source, root=archive)
    assert status == 0, said


THREADS = """\
from concurrent.futures import ThreadPoolExecutor
from fluxframe.testing import Namespace

def test_namespaces_of_one_server_are_alone(emulator):
    def use(number):
        own = Namespace(emulator.server)
        if number % 2:
            own.faults.add(operation="me", status=404)
        with own.client() as client:
            for _ in range(number):
                client.images.generate(model="flux-2-pro", prompt="x")
            status = 200
            try:
                client.me()
            except Exception as error:
                status = error.status
            assert len(list(client.jobs.list())) == number
        assert len(own.requests.all(operation="images.generate")) == number
        assert own.requests.one(operation="me").answer.status == status == (404 if number % 2 else 200)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))
    assert len(emulator.requests) == 0
"""


def test_namespaces_are_alone_while_others_are_used(tmp_path: Path) -> None:
    status, said = run(tmp_path, THREADS)
    assert status == 0, said


OPTIONS = """\
import pytest

pytestmark = pytest.mark.emulator(follow="oas")
URLS = {}

def code(emulator, **params):
    import httpx
    body = {"model": "flux-2-pro", "prompt": "x", "fluxParams": params}
    headers = {"X-API-Key": emulator.api_key}
    url = f"{emulator.url}/v2/images/generate"
    return httpx.post(url, json=body, headers=headers, trust_env=False).status_code

def test_of_the_module_and_the_file(emulator):
    URLS["first"] = emulator.url
    assert code(emulator, guidance=2) == 202
    assert emulator.client().me().team.credits == 7 - 4

@pytest.mark.emulator(credits=3)
def test_of_the_test(emulator):
    URLS["second"] = emulator.url
    assert code(emulator, guidance=2) == 402

@pytest.mark.emulator(follow=None)
def test_the_nearest_goes_first(emulator):
    assert code(emulator, guidance=2) == 400

def test_the_same_options_are_the_same_server(emulator):
    assert URLS["first"] == emulator.url != URLS["second"]
"""


def test_options_are_of_the_file_and_of_markers(tmp_path: Path) -> None:
    said = "emulator_options =\n    credits = 7\n    job_seconds = 0\n"
    status, text = run(tmp_path, OPTIONS, "-p", "no:randomly", settings=said)
    assert status == 0, text


@pytest.mark.parametrize(
    ("marker", "settings", "expected"),
    [
        (
            "job_second=1",
            "",
            "the emulator has no option 'job_second'; did you mean 'job_seconds'?",
        ),
        ("job_seconds=-1", "", "job_seconds: -1 is below the minimum of 0"),
        ("follow='nonsense'", "", "follow: 'nonsense' is not a source that reads otherwise"),
        ("credits='x'", "", "credits: 'x' is not a whole number"),
        ("1", "", "the marker takes options by their names"),
        ("", "emulator_options = job_seconds 1", "'job_seconds 1' is not an option and its value"),
    ],
)
def test_a_wrong_option_is_told_in_a_line(
    marker: str, settings: str, expected: str, tmp_path: Path
) -> None:
    source = (
        f"import pytest\n@pytest.mark.emulator({marker})\ndef test_it(emulator):\n    assert True\n"
    )
    status, said = run(tmp_path, source, settings=settings)
    assert status == 1
    assert expected in said
    assert "Traceback" not in said
    assert "_servers.py" not in said


def test_a_test_that_fails_shows_what_came(tmp_path: Path) -> None:
    source = """\
def test_it(emulator, emulator_client):
    emulator_client.images.generate(model="flux-2-pro", prompt="x")
    assert len(emulator.requests) == 2
"""
    status, said = run(tmp_path, source)
    assert status == 1
    assert "requests to the emulator" in said
    assert "POST /v2/images/generate" in said
    assert "202" in said.split("requests to the emulator")[1]


def test_who_does_not_use_it_does_not_load_it(tmp_path: Path) -> None:
    source = """\
import sys

def test_it():
    heavy = {"uvicorn", "starlette", "httpx", "PIL", "jsonschema_rs", "pydantic"}
    assert not heavy & sys.modules.keys()
    assert "fluxframe.emulator" not in sys.modules
    assert "fluxframe._catalog" not in sys.modules
"""
    status, said = run(tmp_path, source)
    assert status == 0, said


def test_without_the_extra_it_is_told_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(name='uvicorn')\n")
    status, said = run(tmp_path, "def test_it(emulator):\n    pass\n")
    assert status == 1
    assert hint("emulator") in said
    assert "Traceback" not in said
