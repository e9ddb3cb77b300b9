"""The whole way: the commands as processes, the documented requests as curl sends them, and both
clients from a request to a picture on the disk.
"""

from __future__ import annotations

import asyncio
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import fluxframe
from codegen.spec.load import load
from codegen.spec.model import Model
from fluxframe import AsyncFluxframe, Fluxframe
from fluxframe.cli import cli
from fluxframe.emulator import Emulator

from . import good_requests
from .client.calls import submit

SPEC = load()
EXAMPLES = [
    pytest.param(model, example.request, id=f"{model.id}-{name}")
    for model, name, example in SPEC.examples()
]
# What makes several pictures, for a request to go on from.
PARENT = next(
    example.request
    for model, _, example in SPEC.examples()
    if "composite" in SPEC.roles(SPEC.api.results[SPEC.result_of(model)].object)
    and not any(parameter.role == "parent" for parameter in model.parameters.values())
)
# Of all, where each takes a process of its own, or what one of another kind does is known.
FEW_EXAMPLES = [
    EXAMPLES[n]
    for n in sorted(
        {
            family: n for n, (model, *_) in enumerate(SPEC.examples()) for family in [model.family]
        }.values()
    )
]
PATIENCE = 60.0
FORMATS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
COMMAND = [sys.executable, "-m", "fluxframe"]
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("APIFRAME_")},
    "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
    "PYTHONIOENCODING": "utf-8",
    "PYTHONWARNINGS": "error",
    "COLUMNS": "120",
    "NO_PROXY": "*",
}


def fluxframe_command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def decoded(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
    return image


# The demo.


@dataclass(frozen=True)
class Demo:
    """A run of `fluxframe demo` that went well."""

    out: Path
    printed: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo") / "new" / "folder"
    done = fluxframe_command("demo", "--out", out, "--job-seconds", "0.2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no key, no cost" in done.stderr  # The table is what a pipe gets.
    return Demo(out, done.stdout)


def test_the_demo_makes_a_picture_of_each_documented_example(demo: Demo) -> None:
    wanted = {f"{model.id}-{name}" for model, name, _ in SPEC.examples()}
    assert {path.stem for path in demo.out.iterdir()} == {*wanted, "contact-sheet"}
    for path in demo.out.iterdir():
        image = decoded(path)
        assert image.format == FORMATS[path.suffix]
        assert min(image.size) >= 256


def test_the_pictures_of_the_demo_have_the_format_asked_for(demo: Demo) -> None:
    asked = 0
    for model, name, example in SPEC.examples():
        formats = [n for n, parameter in model.parameters.items() if parameter.role == "format"]
        for format in (f for n in formats for f in good_requests.values(example.request, n)):
            if not isinstance(format, str):  # It is the length of the one before.
                continue
            suffix = "jpg" if format == "jpeg" else format
            assert (demo.out / f"{model.id}-{name}.{suffix}").is_file()
            asked += 1
    assert asked


def test_the_table_of_the_demo_has_a_good_row_of_each_example(demo: Demo) -> None:
    ids = tuple(f"{id} " for id in SPEC.models)
    _, _, table = demo.printed.partition("Check")
    rows = [line.strip() for line in table.splitlines() if line.strip().startswith(ids)]
    assert len(rows) == len(EXAMPLES)
    for (model, name, _), row in zip(SPEC.examples(), rows, strict=True):
        start = f"{re.escape(model.id)} +{name.replace('_', ' ')} +"
        assert re.fullmatch(start + r"\d+x\d+ +[0-9.]+ s +[0-9.]+ +ok", row), row
    assert str(demo.out / "contact-sheet.jpg") in demo.printed


def short_demo(monkeypatch: pytest.MonkeyPatch, out: Path) -> Result:
    """The demo of one model, in this process."""
    first = dict(itertools.islice(fluxframe.models.items(), 1))
    monkeypatch.setattr("fluxframe.cli._examples.MODELS", first)
    monkeypatch.setenv("COLUMNS", "120")
    return CliRunner().invoke(cli, ["demo", "--out", str(out), "--job-seconds", "0"])


@pytest.mark.parametrize("name", ["[draft]", "x["], ids=["tag", "end-tag"])
def test_the_demo_writes_to_a_folder_with_brackets_in_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    out = tmp_path / name / "b]"
    done = short_demo(monkeypatch, out)
    assert done.exit_code == 0, done.stderr
    assert str(out / "contact-sheet.jpg") in done.stdout


def test_the_demo_says_that_it_can_not_write_below_a_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("kept")
    done = fluxframe_command("demo", "--out", file / "below", "--job-seconds", "0")
    assert done.returncode == 1
    assert "fluxframe: the images can't be written: " in done.stderr
    assert str(file / "below") in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert file.read_text() == "kept"


def test_the_demo_says_which_picture_it_could_not_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contact-sheet.jpg").mkdir()
    done = short_demo(monkeypatch, tmp_path)
    assert done.exit_code == 1
    assert str(tmp_path / "contact-sheet.jpg") in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize("seconds", ["-1", "soon"])
def test_the_demo_refuses_a_job_time_that_is_none(tmp_path: Path, seconds: str) -> None:
    done = fluxframe_command("demo", "--out", tmp_path / "out", "--job-seconds", seconds)
    assert done.returncode == 2
    assert "--job-seconds" in done.stderr
    assert not (tmp_path / "out").exists()


# The server as a process.


@dataclass(frozen=True)
class Served:
    """A process of `fluxframe emulate`, and what it told to export."""

    process: subprocess.Popen[str]
    variables: dict[str, str]

    def end(self, number: signal.Signals) -> tuple[str, str]:
        """Send a signal and wait for the end; what else was printed."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=PATIENCE)


@contextmanager
def served(*arguments: str) -> Iterator[Served]:
    with subprocess.Popen(
        [*COMMAND, "emulate", *arguments],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(2)]
            pairs = [re.fullmatch(r"export (\w+)=(\S+)\n", line) for line in lines]
            assert all(pairs), (lines, process.poll())
            yield Served(process, {pair[1]: pair[2] for pair in pairs if pair})
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_tells_what_to_export_and_ends_well_at_a_signal(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with served("--port", "0", "--job-seconds", "0.1") as server:
        assert list(server.variables) == ["APIFRAME_BASE_URL", "APIFRAME_API_KEY"]
        for name, value in server.variables.items():
            monkeypatch.setenv(name, value)
        with Fluxframe() as client:
            job = client.images.generate(model="flux-2-pro", prompt="a red fox in the snow")
            path = job.wait(interval=0.02).images[0].save(tmp_path)
            assert decoded(path).size == (1024, 1024)
            printed, errors = server.end(number)  # With a connection that is still open.
        assert server.process.returncode == 0
        assert printed == ""
        assert "Serving until Ctrl-C.\n" in errors
        assert "Traceback" not in errors


def test_the_server_gives_every_key_the_credits_asked_for() -> None:
    with served("--port", "0", "--credits", "123") as server:
        with Fluxframe(
            base_url=server.variables["APIFRAME_BASE_URL"], api_key="afk_other"
        ) as client:
            team = client.me().team
        assert team is not None
        assert team.credits == 123
        server.end(signal.SIGTERM)
        assert server.process.returncode == 0


def test_the_server_says_that_its_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = fluxframe_command("emulate", "--port", str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"can't listen on 127.0.0.1:{port}" in done.stderr
    assert "--port 0" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_servers_run_side_by_side() -> None:
    with served("--port", "0") as one, served("--port", "0") as other:
        urls = {server.variables["APIFRAME_BASE_URL"] for server in (one, other)}
        assert len(urls) == 2
        for url in urls:
            assert httpx.get(f"{url}/v2/models", trust_env=False).status_code == 200


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["demo", "-h"], ["emulate", "-h"]])
def test_the_command_line_explains_itself(arguments: list[str]) -> None:
    done = fluxframe_command(*arguments)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: fluxframe")


def test_the_command_line_tells_its_version() -> None:
    assert fluxframe_command("--version").stdout == f"fluxframe {fluxframe.__version__}\n"


# The documented requests, as the documentation sends them.


def curl(url: str, headers: Mapping[str, str], body: str) -> tuple[int, str]:
    """Status and body of a POST by the real curl; by http.client where there is none."""
    program = shutil.which("curl")
    if program is None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            connection.request("POST", parts.path, body.encode(), dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()
    flags = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    done = subprocess.run(
        [program, "-q", "-sS", "-w", "\n%{http_code}", "-X", "POST", url, *flags, "-d", body],
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=True,
    )
    text, _, status = done.stdout.rpartition("\n")
    return int(status), text


@pytest.mark.parametrize(("model", "example"), FEW_EXAMPLES)
def test_curl_gets_a_job_for_a_documented_request(
    emulator: Emulator, key: str, model: Model, example: Mapping[str, object]
) -> None:
    headers = {"X-API-Key": key, "Content-Type": "application/json"}
    with emulator.client(api_key=key) as client:
        for name in parents(model, example):
            example = {**example, name: client.images.run(PARENT).id}
        body = json.dumps(example, indent=2)
        path = SPEC.operations[SPEC.operation_of(model)].path
        status, text = curl(emulator.url + path, headers, body)
        assert status == 202, text
        job = client.jobs.wait(json.loads(text)["jobId"], interval=0.02)
        assert job.input == example
        assert job.images[0].bytes()


def test_curl_is_told_what_is_wrong_with_a_request(emulator: Emulator, key: str) -> None:
    url = f"{emulator.url}/v2/images/generate"
    body = json.dumps({"model": "flux-2-pro", "prompt": "x", "fluxParams": {"width": 1}})
    status, text = curl(url, {"X-API-Key": key, "Content-Type": "application/json"}, body)
    assert status == 400
    assert list(json.loads(text)["details"]) == ["fluxParams.width"]


# Both clients.


def parents(model: Model, request: Mapping[str, object]) -> list[str]:
    """The members of a request that name the job that it goes on from."""
    found = [name for name, p in model.parameters.items() if p.role == "parent" and name in request]
    assert not found or SPEC.container(model) is None
    return found


@pytest.mark.parametrize(("model", "example"), EXAMPLES)
def test_the_client_goes_from_a_request_to_a_saved_picture(
    emulator: Emulator, key: str, tmp_path: Path, model: Model, example: Mapping[str, object]
) -> None:
    seen: list[tuple[str, int | None]] = []
    with emulator.client(api_key=key) as client:
        before = [client.images.run(PARENT) for _ in parents(model, example)]
        for name, parent in zip(parents(model, example), before, strict=True):
            example = {**example, name: parent.id}
        job = submit(client, SPEC.operation_of(model), example)
        job.wait(interval=0.01, on_progress=lambda j: seen.append((j.status, j.progress)))
        assert job.model == model.id
        assert seen[-1] == ("COMPLETED", 100)
        path = job.images[-1].save(tmp_path)
        assert path.read_bytes() == job.images[-1].bytes()
        listed = [one.id for one in client.jobs.list()]
        assert listed == [job.id, *(parent.id for parent in reversed(before))]
        spent = sum(one.credit_cost or 0 for one in (job, *before))
        team = client.me().team
    assert path.parent == tmp_path
    assert decoded(path).format == FORMATS[path.suffix]
    assert team is not None
    assert (team.credits or 0) + spent == 10_000


@pytest.mark.parametrize(("model", "example"), FEW_EXAMPLES)
def test_the_async_client_goes_from_a_request_to_a_saved_picture(
    emulator: Emulator, key: str, tmp_path: Path, model: Model, example: Mapping[str, object]
) -> None:
    async def run() -> Path:
        async with emulator.async_client(api_key=key) as client:
            request = dict(example)
            for name in parents(model, example):
                request[name] = (await client.images.run(PARENT)).id
            job = await submit(client, SPEC.operation_of(model), request)
            await job.wait(interval=0.01)
            assert job.model == model.id
            assert job.progress == 100
            path = await job.images[-1].save(tmp_path)
            assert path.read_bytes() == await job.images[-1].bytes()
            return Path(path)

    path = asyncio.run(run())
    assert decoded(path).format == FORMATS[path.suffix]


def test_a_picture_is_edited_by_way_of_an_upload(
    emulator: Emulator, key: str, tmp_path: Path
) -> None:
    source = tmp_path / "car.png"
    Image.new("RGB", (300, 100)).save(source)
    with emulator.client(api_key=key) as client:
        uploaded = client.uploads.create(source)
        job = client.images.generate(
            model="flux-2-pro",
            prompt="change the car to blue",
            aspect_ratio="match_input_image",
            input_images=[uploaded.url],
        )
        width, height = decoded(job.wait(interval=0.01).images[0].save(tmp_path)).size
    assert width / height == pytest.approx(3, abs=0.01)


def test_a_failed_job_raises_with_its_reason(emulator: Emulator, key: str) -> None:
    with emulator.client(api_key=key) as client:
        job = client.images.generate(model="flux-2-pro", prompt="x", aspect_ratio="0:9")
        with pytest.raises(fluxframe.JobFailedError, match="no pixels") as caught:
            job.wait(interval=0.01)
        assert caught.value.job is job
        team = client.me().team
    assert team is not None
    assert team.credits == 10_000


def test_twenty_jobs_at_once(emulator: Emulator, key: str, tmp_path: Path) -> None:
    async def make(client: AsyncFluxframe, seed: int) -> tuple[str, Path]:
        job = await client.images.generate(
            model="flux-2-pro",
            prompt="a red fox in the snow",
            aspect_ratio="custom",
            width=256 + seed,
            height=256,
            output_format="png",
            seed=seed,
        )
        await job.wait(interval=0.02)
        return job.id, await job.images[0].save(tmp_path / f"{seed}.png")

    async def run() -> list[tuple[str, Path]]:
        async with emulator.async_client(api_key=key) as client:
            return await asyncio.gather(*(make(client, seed) for seed in range(20)))

    made = asyncio.run(run())
    assert len({id for id, _ in made}) == 20
    assert [decoded(path).size for _, path in made] == [(256 + n, 256) for n in range(20)]


def test_pictures_of_a_client_do_not_outlive_the_server(key: str) -> None:
    with Emulator(job_seconds=0) as emulator, emulator.client(api_key=key) as client:
        job = client.images.generate(model="flux-2-pro", prompt="x").refresh()
        emulator.stop()
        with pytest.raises(fluxframe.APIConnectionError):
            job.images[0].bytes()
        with pytest.raises(fluxframe.APIConnectionError):
            client.me()


def test_a_job_can_be_waited_for_by_another_process(emulator: Emulator, key: str) -> None:
    with emulator.client(api_key=key) as client:
        id = client.images.generate(model="flux-2-dev", prompt="x").id
    code = "\n".join(
        [
            "import sys, fluxframe",
            "with fluxframe.Fluxframe() as client:",
            "    print(client.jobs.wait(sys.argv[1], interval=0.02).status)",
        ]
    )
    environment = {**ENVIRONMENT, "APIFRAME_BASE_URL": emulator.url, "APIFRAME_API_KEY": key}
    done = subprocess.run(
        [sys.executable, "-c", code, id],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("COMPLETED\n", "")


def test_a_job_that_takes_too_long_goes_on(key: str) -> None:
    with Emulator(job_seconds=1000) as emulator, emulator.client(api_key=key) as client:
        job = client.images.generate(model="flux-2-pro", prompt="x")
        with pytest.raises(fluxframe.JobTimeoutError, match=job.id):
            job.wait(deadline=0.05, interval=0.01)
        assert client.jobs.get(job.id).status == "QUEUED"
