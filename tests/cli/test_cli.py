"""The command line: what it says, what it sends, how it ends, and that it can be gone on with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

import fluxframe
from codegen.spec.load import load
from fluxframe import Fluxframe, Model, Parameter
from fluxframe.cli import _flags, _session, cli
from fluxframe.emulator import Emulator

from .. import strategies
from ..servers.scripted import Do, Server, Then

SPEC = load()
MODELS = fluxframe.models
EXAMPLES = [
    pytest.param(example.request, id=f"{model.id}-{name}")
    for model, name, example in SPEC.examples()
]
PATIENCE = 60.0
COMMAND = [sys.executable, "-m", "fluxframe"]
NOBODY = "http://127.0.0.1:9"
UNKNOWN = str(uuid.UUID(int=1))
JPEG = b"\xff\xd8\xff"
GOOD = {"model": "flux-2-pro", "prompt": "a fox"}
WIRE = {**GOOD, "fluxParams": {"width": 1, "aspect_ratio": "custom", "height": 512}}
FLAT = {**GOOD, "width": 1, "aspect_ratio": "custom", "height": 512}
FOUND = "width: 1 is below the minimum of 256 px for flux-2-pro"
QUICK = ["--interval", "0.02"]


@dataclass(frozen=True)
class Shell:
    """A place to call commands from, with an account of its own."""

    url: str
    key: str
    folder: Path

    def __call__(self, *arguments: object, input: str | bytes | None = None) -> Result:
        """Call a command in this process."""
        environment = {"APIFRAME_BASE_URL": self.url, "APIFRAME_API_KEY": self.key}
        words = [str(word) for word in arguments]
        done = CliRunner().invoke(cli, words, input=input, env=environment, prog_name="fluxframe")
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        self.has_no_secret(done.output)
        return done

    def has_no_secret(self, text: str) -> None:
        assert self.key not in text
        assert "Traceback" not in text

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a process of its own."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("APIFRAME_", "TERM"))}
        return {
            **kept,
            "APIFRAME_BASE_URL": self.url,
            "APIFRAME_API_KEY": self.key,
            "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
            "PYTHONIOENCODING": "utf-8",
            "PYTHONWARNINGS": "error",
            "NO_PROXY": "*",
            **more,
        }

    def process(self, *arguments: object, **more: str) -> subprocess.Popen[str]:
        """Call a command in a process of its own."""
        return subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            env=self.environment(**more),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def client(self) -> Fluxframe:
        return Fluxframe(api_key=self.key, base_url=self.url)

    def submitted(self, count: int = 1, **parameters: Any) -> list[str]:
        """The ids of jobs, submitted one after the other."""
        with self.client() as client:
            return [
                client.images.submit(
                    {"model": "flux-2-pro", "prompt": "a fox", "fluxParams": parameters}
                ).id
                for _ in range(count)
            ]

    def input_of(self, id: str) -> Mapping[str, Any] | None:
        with self.client() as client:
            return client.jobs.get(id).input

    def jobs(self) -> int:
        with self.client() as client:
            return len(list(client.jobs.list()))


@pytest.fixture
def shell(emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    return Shell(emulator.url, f"afk_{uuid.uuid4().hex}", tmp_path)


def wait_until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def one_line(text: str) -> str:
    return " ".join(text.split())


def lines(text: str) -> list[Any]:
    """The documents of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


# Help


def flags_of(model: str) -> dict[str, str]:
    """What the help of a model's command says of each flag, on one line."""
    done = CliRunner().invoke(cli, ["generate", model, "--help"], prog_name="fluxframe")
    assert done.exit_code == 0
    _, _, listed = done.stdout.partition(f"Parameters of {model}:\n")
    listed, _, _ = listed.partition("\nOptions:")
    entries = re.split(r"^  (?=--)", listed, flags=re.MULTILINE)[1:]
    return {entry.split()[0]: one_line(entry) for entry in entries}


@pytest.mark.parametrize("model", list(MODELS))
def test_the_help_of_a_model_shows_just_its_parameters_with_their_limits(model: str) -> None:
    parameters = {p.name: p for p in MODELS[model].parameters.values()}
    for name in ("model", "prompt"):
        del parameters[name]
    shown = flags_of(model)
    assert set(shown) == {"--" + name.replace("_", "-") for name in parameters}
    for name, parameter in parameters.items():
        text = shown["--" + name.replace("_", "-")]
        assert parameter.summary in text
        if parameter.minimum is not None and parameter.maximum is not None:
            assert f"{parameter.minimum} to {parameter.maximum} {parameter.unit}".strip() in text
        for number in (parameter.minimum, parameter.maximum, parameter.max_items):
            assert number is None or re.search(rf"\b{number}\b", text)
        for value in (parameter.items or parameter).values or ():
            assert str(value) in text.split()[1].split("|")
        if parameter.default is not None:
            assert f"default is {parameter.default}." in text
        for other, value in {**parameter.used_when, **parameter.ignored_when}.items():
            assert f"with --{other.replace('_', '-')} {value}." in text
        if parameter.quantity is not None:
            assert f"{parameter.quantity.maximum} {parameter.quantity.unit}" in text
        if parameter.type == "boolean":
            assert f"--no-{name.replace('_', '-')}" in text


COMMANDS = list(cli.list_commands(click.Context(cli)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_and_speaks_json(name: str) -> None:
    name = "generate flux-2-pro" if name == "generate" else name
    done = CliRunner().invoke(cli, [*name.split(), "-h"], prog_name="fluxframe")
    assert done.stdout.startswith(f"Usage: fluxframe {name} ")
    assert ("--json" in done.stdout) == (name != "emulate")
    assert "--api-key" not in done.stdout


def test_the_help_tells_of_the_exit_statuses_and_the_key() -> None:
    text = CliRunner().invoke(cli, ["--help"], prog_name="fluxframe").stdout
    for status in (0, 1, 2, 3, 130):
        assert re.search(rf"^    {status} +\w", text, re.MULTILINE)
    assert "APIFRAME_API_KEY" in text
    assert "no flag takes it" in text
    for name in COMMANDS:
        assert re.search(rf"^  {name} +\w", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], ["fluxframe._catalog", "fluxframe._check", "httpx", "pydantic", "rich"]),
        (["generate", "flux-2-pro", "--help"], ["fluxframe._client", "httpx", "pydantic", "rich"]),
        (["models"], ["fluxframe._client", "httpx", "pydantic", "rich"]),
        (["check", os.devnull], ["fluxframe._client", "httpx", "pydantic", "rich"]),
    ],
    ids=["help", "model", "models", "check"],
)
def test_a_command_loads_what_it_needs(
    shell: Shell, arguments: list[str], absent: list[str]
) -> None:
    code = (
        "import sys\nfrom fluxframe.__main__ import main\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "try:\n    main()\n"
        f"finally:\n    sys.stderr.write(repr([m for m in {absent!r} if m in sys.modules]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=shell.environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_misspelt_command_or_model_is_told() -> None:
    for arguments, hint in (
        (["generat"], "did you mean generate?"),
        (["generate", "flux-2-por", "x"], "did you mean flux-2-pro?"),
        (["generate", "nonsense", "x"], f"expected {', '.join(MODELS)}"),
    ):
        done = CliRunner().invoke(cli, arguments, prog_name="fluxframe")
        assert done.exit_code == 2
        assert done.stdout == ""
        assert hint in done.stderr


# generate: from flags to the wire


def words_of(request: Mapping[str, Any]) -> list[str]:
    """A request in the shape of the API's JSON as flags, by the names in the spec."""
    model = MODELS[str(request["model"])]
    names = {p.path: p.name for p in model.parameters.values()}
    inner = request.get(model.container, {})
    values = {path: value for path, value in request.items() if path != model.container}
    values |= {f"{model.container}.{name}": value for name, value in inner.items()}
    words: list[str] = []
    for path, value in values.items():
        flag = "--" + names[path].replace("_", "-")
        if path in ("model", "prompt"):
            continue
        if isinstance(value, bool):
            words.append(flag if value else f"--no-{flag[2:]}")
            continue
        for item in value if isinstance(value, list) else [value]:
            words += [flag, item if isinstance(item, str) else json.dumps(item)]
    return words


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_documented_example_reaches_the_wire_as_the_same_json(
    shell: Shell, example: Mapping[str, Any]
) -> None:
    done = shell("generate", example["model"], example["prompt"], *words_of(example), "--no-wait")
    assert done.exit_code == 0, done.stderr
    assert shell.input_of(done.stdout.strip()) == example


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_legal_request_can_be_written_as_a_command_line(
    shell: Shell, data: st.DataObject
) -> None:
    model = data.draw(st.sampled_from(list(MODELS)))
    request = data.draw(strategies.requests(model))
    inner = request.get(MODELS[model].container, {"": None})
    assume(inner and [] not in inner.values() and request["prompt"] != "-")
    done = shell("generate", model, *words_of(request), "--no-wait", "--", request["prompt"])
    if done.exit_code == 1:
        assert "would have no pixels" in done.stderr or "402" in done.stderr
        return
    assert done.exit_code == 0, done.stderr
    assert shell.input_of(done.stdout.strip()) == request


def test_a_picture_is_saved_under_the_name_of_its_job(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--output-format", "png", *QUICK)
    assert done.exit_code == 0
    (path,) = shell.folder.iterdir()
    assert done.stdout == f"{path.name}\n"
    assert path.suffix == ".png"
    assert path.stem[:-2] in done.stderr
    assert done.stderr.splitlines()[-1].endswith("COMPLETED 100 %")
    with Image.open(path) as image:
        assert image.format == "PNG"


@pytest.mark.parametrize("out", ["fox.jpg", "new/folder/"])
def test_a_picture_is_saved_where_it_is_wanted(shell: Shell, out: str) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--out", out, "--quiet", *QUICK)
    assert (done.exit_code, done.stderr) == (0, "")
    path = Path(done.stdout.strip())
    assert path.read_bytes().startswith(JPEG)
    assert str(path).startswith(out)


@pytest.mark.parametrize("out", ["none/fox.jpg", "file/fox.jpg", "file/", os.devnull, "x" * 5000])
def test_a_place_that_can_not_be_written_to_costs_nothing(shell: Shell, out: str) -> None:
    Path("file").touch()
    done = shell("generate", "flux-2-pro", "a fox", "--out", out)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "fluxframe: --out: " in done.stderr
    assert shell.jobs() == 0
    assert not Path(os.devnull).is_file()


def test_a_prompt_comes_from_stdin(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "-", "--no-wait", input="a fox,\r\nin “snow”\n")
    sent = shell.input_of(done.stdout.strip())
    assert sent == {"model": "flux-2-pro", "prompt": "a fox,\r\nin “snow”"}
    wrong = shell("generate", "flux-2-pro", "-", input=b"\xff")
    assert wrong.exit_code == 2
    assert "no UTF-8 text" in wrong.stderr


def test_problems_are_told_one_a_line_and_nothing_is_sent(shell: Shell) -> None:
    away = Shell(NOBODY, shell.key, shell.folder)
    flags = ["--width", 4000, "--height", "tall", "--output-format", "gif", "--seed", "1_5"]
    done = away("generate", "flux-2-pro", "", *flags)
    assert (done.exit_code, done.stdout) == (2, "")
    told = done.stderr.splitlines()
    assert [line.split(": ")[:2] for line in told] == [
        ["fluxframe", name] for name in ("prompt", "width", "height", "output_format", "seed")
    ]
    as_json = away("generate", "flux-2-pro", "", *flags, "--json")
    error = json.loads(as_json.stdout)["error"]
    assert error["type"] == "InvalidRequestError"
    assert [f"fluxframe: {problem['message']}" for problem in error["problems"]] == told
    assert (as_json.exit_code, as_json.stderr) == (2, "")


def test_what_is_legal_and_not_meant_is_warned_of(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--width", "512", "--no-wait", "-q")
    assert done.exit_code == 0
    assert done.stderr.startswith("warning: width: 512 will be ignored")
    assert len(done.stderr.splitlines()) == 1


def test_the_check_can_be_put_off(shell: Shell) -> None:
    call = ["generate", "flux-2-pro", "a fox", "--width", "1", "--validation"]
    for validation, warned in (("warn", True), ("off", False)):
        done = shell(*call, validation)
        assert done.exit_code == 1, "the server refuses it itself"
        assert "images.generate: 400" in done.stderr
        assert ("warning: width: 1 is below" in done.stderr) == warned


def test_parameters_that_are_not_known_go_as_they_are(shell: Shell) -> None:
    away = Shell(NOBODY, shell.key, shell.folder)
    done = shell("generate", "flux-2-pro", "a", "--extra", 'style={"a": [1]}')
    assert "style" in done.stderr, "the server does not know it"
    assert done.exit_code == 1
    for wrong, hint in (("style", "NAME=JSON"), ("style=fine", "'\"fine\"'")):
        refused = away("generate", "flux-2-pro", "a", "--extra", wrong)
        assert refused.exit_code == 2
        assert hint in refused.stderr
    twice = away("generate", "flux-2-pro", "a", "--seed", "1", "--extra", "seed=2")
    assert twice.exit_code == 2
    assert "seed: given twice" in twice.stderr


def test_a_file_is_uploaded_where_a_url_is_wanted(shell: Shell) -> None:
    Image.new("RGB", (300, 100)).save("car.png")
    url = "https://example.com/car.jpg"
    flags = [word for value in ("car.png", url, "car.png") for word in ("--input-images", value)]
    done = shell("generate", "flux-2-pro", "blue", *flags, "--no-wait")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.count("uploaded car.png") == 1
    sent = shell.input_of(done.stdout.strip())
    assert sent is not None
    first, second, third = sent["fluxParams"]["input_images"]
    assert first.startswith(f"{shell.url}/uploads/")
    assert (second, third) == (url, first)


def test_a_file_is_not_uploaded_for_a_request_that_is_wrong(shell: Shell) -> None:
    Image.new("RGB", (30, 10)).save("car.png")
    away = Shell(NOBODY, shell.key, shell.folder)
    image = ["--input-images", "car.png"]
    for wrong in (["--width", "1"], ["--idempotency-key", "é"], ["--extra", "input_images=1"]):
        done = away("generate", "flux-2-pro", "blue", *image, *wrong)
        assert done.exit_code == 2, done.stderr
        assert "uploaded" not in done.stderr
    long = away("generate", "flux-2-pro", "blue", "--input-images", "x" * 5000)
    assert long.exit_code == 2
    done = away("generate", "flux-2-pro", "blue", "--input-images", "bus.png")
    assert done.exit_code == 2
    assert 'input_images[0]: "bus.png" is not an absolute URL' in done.stderr
    assert "nor is there such a file" in done.stderr


def test_no_file_is_sent_to_where_events_go(shell: Shell) -> None:
    Path("secret.txt").write_text("secret")
    done = shell("generate", "flux-2-pro", "a", "--webhook-url", "secret.txt")
    assert done.exit_code == 2
    assert "uploaded" not in done.stderr


def test_a_submission_is_paid_for_once(shell: Shell) -> None:
    call = ["generate", "flux-2-pro", "a fox", "--no-wait", "--idempotency-key", "one"]
    first, second = shell(*call), shell(*call)
    assert first.stdout == second.stdout
    assert shell.jobs() == 1
    other = shell("generate", "flux-2-pro", "a cat", *call[3:])
    assert other.exit_code == 1
    assert "409" in other.stderr


def test_a_parameter_named_like_an_option_has_a_flag_of_its_own() -> None:
    names = ("out", "json", "preview", "class_")
    model = Model(
        id="m",
        title="M",
        family="f",
        summary="",
        description="",
        container="c",
        parameters={n: Parameter(name=n, path=f"c.{n.strip('_')}", type="string") for n in names},
    )
    own = (
        click.Option(["--out"]),
        click.Option(["--json"]),
        click.Option(["--preview/--no-preview"]),
    )
    flags = {name: option.opts for name, option in _flags.options(model, own).items()}
    assert flags == {
        "out": ["--param-out"],
        "json": ["--param-json"],
        "preview": ["--param-preview"],
        "class_": ["--class"],
    }


# Exit statuses, and JSON


@dataclass(frozen=True)
class Case:
    """A command line and how it ends."""

    arguments: list[str]
    status: int
    error: str | None = None
    many: bool = False
    key: str | None = None
    url: str | None = None


CASES = {
    "me": Case(["me"], 0),
    "jobs": Case(["jobs", "--limit", "2"], 0, many=True),
    "job": Case(["jobs", "DONE"], 0),
    "no such job": Case(["jobs", UNKNOWN], 1, "NotFoundError"),
    "no id": Case(["jobs", "nonsense"], 2, "InvalidRequestError"),
    "two questions": Case(["jobs", UNKNOWN, "--model", "m"], 2, "UsageError"),
    "models": Case(["models"], 0),
    "model": Case(["models", "flux-2-dev"], 0),
    "no such model": Case(["models", "flux-3"], 2, "BadParameter"),
    "upload": Case(["upload", "car.png"], 0),
    "no upload": Case(["upload", "none.png"], 2, "BadParameter"),
    "bad upload": Case(["upload", "bad.jsonl"], 1, "BadRequestError"),
    "good requests": Case(["check", "good.jsonl"], 0),
    "bad requests": Case(["check", "bad.jsonl"], 2),
    "generate": Case(["generate", "flux-2-pro", "a fox", *QUICK], 0),
    "submit": Case(["generate", "flux-2-pro", "a fox", "--no-wait"], 0),
    "refused": Case(["generate", "flux-2-pro", "a", "--seed", "x"], 2, "InvalidRequestError"),
    "no flag": Case(["generate", "flux-2-pro", "a", "--heigth", "1"], 2, "NoSuchOption"),
    "no number": Case(["generate", "flux-2-pro", "a", "--deadline", "inf"], 2, "BadParameter"),
    "failed": Case(
        ["generate", "flux-2-pro", "a", "--aspect-ratio", "0:9", *QUICK], 1, "JobFailedError"
    ),
    "wait": Case(["wait", "DONE"], 0),
    "wait for failed": Case(["wait", "FAILED"], 1, "JobFailedError"),
    "wait for many": Case(["wait", "DONE", "FAILED"], 1, many=True),
    "wait for none": Case(["wait", "DONE", UNKNOWN], 1, "NotFoundError", many=True),
    "no command": Case(["nonsense"], 2, "UsageError"),
    "completion": Case(["completion", "zsh"], 0),
    "no key": Case(["me"], 2, "ConfigurationError", key=""),
    "wrong key": Case(["me"], 1, "AuthenticationError", key="wrong_key_of_mine"),
    "unsendable key": Case(["me"], 2, "ConfigurationError", key="afk with spaces"),
    "nobody there": Case(["generate", "flux-2-pro", "a"], 1, "APIConnectionError", url=NOBODY),
    "bad url": Case(["me", "--base-url", "ftp://x"], 2, "ConfigurationError"),
}


def prepared(shell: Shell, case: Case) -> tuple[Shell, list[str]]:
    """The files and jobs that the cases speak of, and the arguments with ids in them."""
    Image.new("RGB", (30, 10)).save("car.png")
    good = {"model": "flux-2-pro", "prompt": "a"}
    Path("good.jsonl").write_text(json.dumps(good))
    Path("bad.jsonl").write_text(json.dumps({**good, "width": 1}))
    ids: dict[str, str] = {}
    if "DONE" in case.arguments or "FAILED" in case.arguments or "jobs" in case.arguments:
        (ids["DONE"],), (ids["FAILED"],) = shell.submitted(), shell.submitted(aspect_ratio="0:9")
        with shell.client() as client:
            list(client.jobs.wait_many(ids.values(), interval=0.01))
    key = shell.key if case.key is None else case.key
    other = Shell(case.url or shell.url, key or "afk_none", shell.folder)
    arguments = [ids.get(word, word) for word in case.arguments]
    return other if key else Shell(shell.url, "", shell.folder), arguments


def alike(text: str) -> str:
    """Text without what is another each time: ids and seconds."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9.]+ s\b", "…", text)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_command_ends_as_it_should(
    shell: Shell, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell, arguments = prepared(shell, case)
    if not shell.key:
        monkeypatch.setattr(Shell, "has_no_secret", lambda self, text: None)
    plain = shell(*arguments)
    assert plain.exit_code == case.status, plain.output
    if case.error is not None:
        assert plain.stderr.splitlines()[-1].startswith("fluxframe: ")
    told = shell(*arguments, "--json")
    assert told.exit_code == case.status, told.output
    documents = lines(told.stdout) if case.many else [json.loads(told.stdout)]
    assert documents
    last = documents[-1].get("error") if isinstance(documents[-1], dict) else None
    if case.error is not None:
        assert last is not None
        assert last["type"] == case.error
        assert alike(f"fluxframe: {last['message'].splitlines()[0]}") in alike(plain.stderr)
    for line in told.stderr.splitlines():
        assert not line.startswith(("{", "[", "fluxframe:"))


def test_json_holds_what_the_api_said(shell: Shell) -> None:
    (id,) = shell.submitted()
    waited = json.loads(shell("wait", id, "--json").stdout)
    with shell.client() as client:
        job = client.jobs.get(id)
        me, models = client.me(), fluxframe.models
    assert waited == {"job": job.raw, "files": [f"{id}-1.jpg"]}
    assert json.loads(shell("jobs", id, "--json").stdout) == job.raw
    assert lines(shell("jobs", "--json").stdout)[0]["id"] == id
    assert me.response is not None
    assert json.loads(shell("me", "--json").stdout) == me.response.data
    assert [model["id"] for model in json.loads(shell("models", "--json").stdout)] == list(models)


def test_a_job_that_is_not_done_in_time_goes_on(shell: Shell) -> None:
    with Emulator(job_seconds=1000) as slow:
        there = Shell(slow.url, shell.key, shell.folder)
        call = ["generate", "flux-2-pro", "a", "--deadline", "0.1", *QUICK, "--out", "my fox.jpg"]
        done = there(*call)
        named = there(*call, "--base-url", slow.url)
        assert f"--out 'my fox.jpg' --base-url {slow.url}\n" in named.stderr
        assert done.exit_code == 3
        found = re.search(r"go on with: fluxframe wait (\S+) --out 'my fox.jpg'$", done.stderr)
        assert found
        told = there("wait", found[1], UNKNOWN[:-1] + "2", "--deadline", "0.1", "--json")
        assert told.exit_code in (1, 3)
        told = there("wait", found[1], "--deadline", "0.1", *QUICK, "--json")
        error = json.loads(told.stdout)["error"]
    assert (told.exit_code, error["type"]) == (3, "JobTimeoutError")
    assert error["job"]["id"] == found[1]
    assert error["hint"] == f"go on with: fluxframe wait {found[1]} --out ."


def test_the_verbose_tell_of_attempts_and_not_of_the_key(shell: Shell) -> None:
    done = shell("me", "-v", "--json")
    assert done.stderr.startswith("me: attempt 1: 200 after")
    assert json.loads(done.stdout)["user"]


def test_a_mistake_of_ours_is_a_line_too(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> object:
        raise KeyError("key")

    monkeypatch.setattr(Fluxframe, "me", broken)
    done = shell("me")
    assert (done.exit_code, done.stdout) == (1, "")
    assert (
        done.stderr == "fluxframe: a mistake of fluxframe's own, which -v shows: KeyError: 'key'\n"
    )
    assert json.loads(shell("me", "--json").stdout)["error"]["type"] == "KeyError"
    with pytest.raises(AssertionError, match="key"):
        shell("me", "-v")


def test_the_demo_tells_what_it_made_as_json(shell: Shell) -> None:
    done = shell("demo", "--out", "demo", "--job-seconds", "0", "--json")
    assert done.exit_code == 0
    made = json.loads(done.stdout)
    assert len(made) == len(EXAMPLES)
    assert all(Path(row["file"]).is_file() and not row["fault"] for row in made)


# jobs, wait, models, me, upload


def test_jobs_are_listed_over_pages(shell: Shell) -> None:
    ids = shell.submitted(5)
    shell.submitted(1, aspect_ratio="0:9")
    listed = shell("jobs", "--limit", "3")
    assert listed.stdout.startswith("Job ")
    assert len(listed.stdout.splitlines()) == 4
    with shell.client() as client:
        list(client.jobs.wait_many(ids, interval=0.01))
    done = lines(shell("jobs", "--status", "completed", "--limit", "150", "--json").stdout)
    assert {job["id"] for job in done} == set(ids)
    assert shell("jobs", "--model", "flux-2-dev", "--json").stdout == ""
    assert len(lines(shell("jobs", "--model", "flux-2-pro", "--json").stdout)) == 6


def test_a_job_is_shown_in_full(shell: Shell) -> None:
    (id,) = shell.submitted(seed=7)
    shown = shell("jobs", id).stdout
    assert f"id: {id}\n" in shown
    assert '"fluxParams": {"seed": 7}' in shown


def test_jobs_are_waited_for_together(shell: Shell) -> None:
    ids = shell.submitted(3)
    failing = shell.submitted(1, aspect_ratio="0:9")
    done = shell("wait", *ids, *failing, ids[0], "--out", "pictures", *QUICK)
    assert done.exit_code == 1
    assert f"job {failing[0]} is FAILED" in done.stderr
    saved = [Path(line) for line in done.stdout.splitlines()]
    assert {path.name for path in saved} == {f"{id}-1.jpg" for id in ids}
    assert all(path.read_bytes().startswith(JPEG) for path in saved)


def test_one_picture_that_is_gone_does_not_keep_the_others(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shell.submitted(3)
    save = fluxframe.Image.save

    def gone(image: fluxframe.Image, *args: Any, **kwargs: Any) -> Path:
        if image.job_id == ids[0]:
            raise fluxframe.ResultExpiredError("it is gone")
        return save(image, *args, **kwargs)

    monkeypatch.setattr(fluxframe.Image, "save", gone)
    done = shell("wait", *ids, *QUICK)
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 2
    assert "warning: it is gone" in done.stderr
    told = {line["job"]["id"]: line for line in lines(shell("wait", *ids, "--json").stdout)}
    assert told[ids[0]]["error"] == {"type": "ResultExpiredError", "message": "it is gone"}
    assert told[ids[1]]["files"] == [f"{ids[1]}-1.jpg"]


def test_a_picture_that_can_not_be_had_says_how_to_go_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> Path:
        raise OSError(28, "No space left on device", "fox.jpg")

    monkeypatch.setattr("fluxframe._results.Image.save", full)
    done = shell("generate", "flux-2-pro", "a fox", "--out", "fox.jpg", *QUICK)
    assert done.exit_code == 1
    told = done.stderr.splitlines()[-2:]
    assert told[0] == "fluxframe: fox.jpg: No space left on device"
    assert re.fullmatch(r"fluxframe: go on with: fluxframe wait \S+ --out fox.jpg", told[1])


@pytest.mark.parametrize("model", list(MODELS))
def test_the_parameters_of_a_model_are_listed(model: str) -> None:
    shown = CliRunner().invoke(cli, ["models", model], prog_name="fluxframe").stdout
    rows = {line.split("  ")[0]: line for line in shown.splitlines()}
    for name, parameter in MODELS[model].parameters.items():
        for limit in (parameter.minimum, parameter.maximum, parameter.default):
            assert limit is None or str(limit) in rows[name]
    told = json.loads(
        CliRunner().invoke(cli, ["models", model, "--json"], prog_name="fluxframe").stdout
    )
    for name, parameter in MODELS[model].parameters.items():
        assert told["parameters"][name].get("maximum") == parameter.maximum
        assert told["parameters"][name].get("minimum") == parameter.minimum


def test_a_file_is_uploaded(shell: Shell) -> None:
    Image.new("RGB", (30, 10)).save("car.png")
    done = shell("upload", "car.png")
    assert re.fullmatch(rf"{re.escape(shell.url)}/uploads/\S+\n", done.stdout)
    assert json.loads(shell("upload", "car.png", "--json").stdout)["byteSize"] > 0


def test_the_account_is_shown(shell: Shell) -> None:
    assert "team Emulator: 10000 credits" in shell("me").stdout


def signed(body: bytes, key: str) -> str:
    secret = hashlib.sha256(key.encode()).digest()
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"


def test_an_event_is_the_apis_own_or_not(shell: Shell) -> None:
    body = b'{"event": "completed", "jobId": "7", "status": "COMPLETED"}'
    good = ("verify-webhook", "--signature", signed(body, shell.key))
    done = shell(*good, input=body)
    assert (done.exit_code, done.stdout) == (0, "the signature is good: completed of job 7\n")
    assert json.loads(shell(*good, "--json", input=body).stdout)["event"] == json.loads(body)
    for other in (body + b" ", b"{}"):
        forged = shell(*good, input=other)
        assert (forged.exit_code, forged.stdout) == (1, "")
    assert shell("verify-webhook", "--signature", "t=1,v1=00", input=body).exit_code == 1


# batch


def rows_in(folder: Path, count: int, **more: Any) -> Path:
    path = folder / "rows.jsonl"
    rows = [{**GOOD, "prompt": f"fox {n}", "seed": n, **more} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_batch_is_run_once_however_often_it_is_called(shell: Shell, tmp_path: Path) -> None:
    path = rows_in(tmp_path, 3, aspect_ratio="custom", width=256, height=256)
    command = ("batch", path, "--journal", "run.jsonl", "--out", "pictures", *QUICK)
    for _ in range(2):
        done = shell(*command)
        assert done.exit_code == 0, done.output
        assert "completed: 3\n" in done.stdout
    assert shell.jobs() == 3
    told = json.loads(shell(*command, "--json").stdout)
    assert (told["ok"], told["rows"], told["credits"]) == (True, 3, 12)
    manifest = lines(Path(told["manifest"]).read_text(encoding="utf-8"))
    assert [row["seed"] for row in manifest] == [0, 1, 2]
    assert {row["files"][0] for row in manifest} == {p.name for p in Path("pictures").iterdir()}


def test_a_batch_from_a_table_with_a_wrong_row_sends_nothing(shell: Shell) -> None:
    table = "model,prompt,aspect_ratio,width,height\n"
    Path("rows.csv").write_text(f"{table}flux-2-pro,a,custom,512,512\nflux-2-pro,b,custom,1,512\n")
    words = f"rows.csv:3: {FOUND}"
    checked = shell("batch", "rows.csv", "--check")
    assert (checked.exit_code, checked.stdout) == (2, f"{words}\n")
    command = ("batch", "rows.csv", "--journal", "run.jsonl", "--no-save", *QUICK)
    done = shell(*command)
    assert (done.exit_code, words in done.stderr, shell.jobs()) == (2, True, 0)
    done = shell(*command, "--skip-invalid")
    assert (done.exit_code, shell.jobs()) == (1, 1)
    assert "refused: 1\n" in done.stdout


@pytest.mark.parametrize("missing", ["journal", "out"])
def test_a_batch_without_its_files_is_told_which(
    shell: Shell, tmp_path: Path, missing: str
) -> None:
    flags = {"journal": ["--journal", "run.jsonl"], "out": ["--out", "pictures"]}
    given = [word for name, words in flags.items() if name != missing for word in words]
    done = shell("batch", rows_in(tmp_path, 1), *given)
    assert (done.exit_code, f"missing: --{missing}, " in done.stderr) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="sends a signal")
def test_a_batch_that_is_interrupted_says_how_to_go_on(shell: Shell, tmp_path: Path) -> None:
    path = rows_in(tmp_path, 400, aspect_ratio="custom", width=256, height=256)
    command = ("batch", path, "--journal", "run.jsonl", "--no-save", "--concurrency", 2)
    running = shell.process(*command)
    journal = tmp_path / "run.jsonl"
    wait_until(lambda: journal.exists() and journal.read_bytes().count(b"accepted") > 3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out) == (130, "")
    shell.has_no_secret(err)
    hint = next(line for line in err.splitlines() if "go on where it stopped with: " in line)
    again = shlex.split(hint.partition("stopped with: ")[2])
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:30]), encoding="utf-8")
    done = shell(*again[1:], *QUICK)
    assert done.exit_code == 0, done.output
    assert shell.jobs() <= 30


def test_a_batch_with_a_wrong_key_goes_on_with_the_right_one(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = rows_in(tmp_path, 3, aspect_ratio="custom", width=256, height=256)
    command = ("batch", path, "--journal", "run.jsonl", "--no-save", *QUICK)
    wrong = Shell(shell.url, "no_key_of_theirs", tmp_path)(*command)
    assert (wrong.exit_code, "401" in wrong.stderr) == (1, True)
    done = shell(*command)
    assert (done.exit_code, shell.jobs()) == (0, 3)
    assert "completed: 3\n" in done.stdout


def test_the_name_of_the_file_asks_for_its_format(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--out", "fox.png", *QUICK)
    assert done.exit_code == 0
    assert Path("fox.png").read_bytes().startswith(b"\x89PNG")
    assert "--output-format png, as --out ends" in done.stderr
    flags = ("--output-format", "webp", "--out", "fox.jpg", *QUICK)
    assert shell("generate", "flux-2-pro", "a fox", *flags).exit_code == 0
    assert Path("fox.jpg").read_bytes()[8:].startswith(b"WEBP")


def test_a_flag_of_another_model_is_told_whose_it_is(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--steps", 5)
    assert done.exit_code == 2
    assert "steps: flux-2-pro does not take it; flux-2-flex takes it" in done.stderr


def test_a_table_is_checked_too(shell: Shell) -> None:
    Path("rows.csv").write_text(
        "model,prompt,aspect_ratio,width,height\nflux-2-pro,a,custom,1,512\n"
    )
    done = shell("check", "rows.csv")
    assert (done.exit_code, done.stdout) == (2, f"rows.csv:2: {FOUND}\n")


def test_a_wait_bears_a_server_that_is_gone_and_says_how_to_go_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Shell(NOBODY, shell.key, shell.folder)
    done = gone("wait", UNKNOWN, "--deadline", 0.3, "--interval", 0.05)
    assert done.exit_code == 3
    assert "could not be asked for within 0.3 s" in done.stderr
    assert f"go on with: fluxframe wait {UNKNOWN}" in done.stderr


# check


@pytest.mark.parametrize("request_", [WIRE, FLAT], ids=["wire", "flat"])
@pytest.mark.parametrize(
    ("write", "at"),
    [
        (lambda r: json.dumps(r), [1]),
        (lambda r: json.dumps(r, indent=1), None),
        (lambda r: json.dumps([GOOD, r, r], indent=1), None),
        (lambda r: "\n".join(map(json.dumps, [GOOD, r, GOOD, r])), [2, 4]),
        (lambda r: "\n\n" + "\n\n".join(map(json.dumps, [r, GOOD])) + "\n", [3]),
    ],
    ids=["json", "indented", "list", "lines", "gaps"],
)
def test_requests_are_checked_in_every_shape(
    shell: Shell, request_: Mapping[str, Any], write: Callable[[Any], str], at: list[int] | None
) -> None:
    text = write(request_)
    if at is None:
        at = [n for n, line in enumerate(text.splitlines(), 1) if '"width"' in line]
    Path("requests").write_text(text)
    for done, name in (
        (shell("check", "requests"), "requests"),
        (shell("check", "-", input=text), "-"),
    ):
        assert done.exit_code == 2
        assert done.stdout.splitlines() == [f"{name}:{line}: {FOUND}" for line in at]
    told = json.loads(shell("check", "requests", "--json").stdout)
    assert [problem["line"] for problem in told["problems"]] == at
    assert not told["ok"]


def test_what_is_no_request_is_told_with_its_line(shell: Shell) -> None:
    text = "\n".join([json.dumps(GOOD), "{nonsense", "[1]", '{"a": NaN}', '{"a": 1, "a": 2}'])
    done = shell("check", "-", input=text)
    assert [line.split(":")[1] for line in done.stdout.splitlines()] == ["2", "3", "4", "5"]
    broken = shell("check", "-", input='{\n"model": "flux-2-pro",\n"prompt": ?}')
    assert (broken.exit_code, broken.stdout[:10]) == (2, "-:3: no JS"), broken.stdout
    deep = shell("check", "-", input="[" * 100_000)
    assert (deep.exit_code, deep.stdout) == (2, "-:1: no JSON: nested too deeply\n")
    assert shell("check", "-", input=b"\xff").exit_code == 2


@pytest.mark.parametrize("example", EXAMPLES)
def test_documented_requests_are_good_in_both_shapes(
    shell: Shell, example: Mapping[str, Any]
) -> None:
    container = MODELS[str(example["model"])].container
    outside = {name: value for name, value in example.items() if name != container}
    flat = {**outside, **example.get(container, {})}
    done = shell("check", "-", input=json.dumps([example, flat]))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "no problems in 2 requests\n"


@given(text=st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
@settings(max_examples=60)
def test_whatever_is_in_a_file_is_no_traceback(text: str) -> None:
    done = CliRunner().invoke(cli, ["check", "-", "--json"], input=text.encode("utf-8", "replace"))
    assert isinstance(done.exception, SystemExit | None)
    told = json.loads(done.stdout)
    assert done.exit_code == (0 if told["ok"] else 2)


# Signals, pipes and terminals


def until(stream: Any, words: str) -> str:
    """What a process says until it has said some words."""
    said = ""
    while words not in said:
        line = stream.readline()
        assert line, said
        said += line
    return said


def hinted(said: str) -> list[str]:
    """The arguments of the command that a hint tells to run."""
    found = re.search(r"go on with(?: \(.*?\))?: fluxframe (.*)", said)
    assert found, said
    return shlex.split(found[1])


def interrupted(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    printed, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert printed == ""
    assert "Traceback" not in said
    return said


def test_ctrl_c_tells_how_to_go_on_with_a_job(shell: Shell) -> None:
    with Emulator(job_seconds=1.5) as slow:
        there = Shell(slow.url, shell.key, shell.folder)
        with there.process("generate", "flux-2-pro", "a fox", "--out", "a fox.jpg") as process:
            until(process.stderr, "QUEUED")
            said = interrupted(process)
        there.has_no_secret(said)
        assert not Path("a fox.jpg").exists()
        done = there(*hinted(said), *QUICK)
    assert done.exit_code == 0
    assert Path("a fox.jpg").read_bytes().startswith(JPEG)


def test_ctrl_c_tells_how_to_go_on_with_a_submission(shell: Shell) -> None:
    prompt = "it's a fox, “red”"
    flags = ["--seed", "7", "--prompt-upsampling", "--output-format", "png", "--out", "x.png"]
    with Server([Do(lambda good: [Then.STALL])]) as server:
        away = Shell(server.url, shell.key, shell.folder)
        with away.process("generate", "flux-2-flex", prompt, *flags) as process:
            wait_until(lambda: server.requests)
            said = interrupted(process)
    away.has_no_secret(said)
    assert "--base-url" not in said
    (sent,) = server.requests
    again = hinted(said)
    assert sent.headers["idempotency-key"] in again
    done = shell(*again[:2], *QUICK, *again[2:])
    assert done.exit_code == 0
    assert Path("x.png").is_file()
    (job,) = lines(shell("jobs", "--json").stdout)
    assert shell.input_of(job["id"]) == json.loads(sent.body)


def test_a_reader_that_leaves_is_no_matter(shell: Shell) -> None:
    with shell.process("models", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(PATIENCE) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_disk_that_is_full_is_told(shell: Shell) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "models"],
            env=shell.environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "fluxframe: [Errno 28] No space left on device\n"


def on_terminal(shell: Shell, *arguments: object, **more: str) -> tuple[int, bytes, str]:
    """Call a command with stderr on a terminal: its status, what that got, and its stdout."""
    master, slave = pytest.importorskip("pty").openpty()
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=shell.environment(**{"TERM": "xterm-256color", "COLUMNS": "100", **more}),
        cwd=shell.folder,
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
    ) as process:
        os.close(slave)
        got = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # Linux says so when nobody is at the other end any more.
                break
            if not part:
                break
            got += part
        os.close(master)
        assert process.stdout is not None
        printed = process.stdout.read().decode()
        return process.wait(PATIENCE), got, printed


COLOUR = re.compile(rb"\x1b\[[0-9;]*3[0-9](?:;[0-9;]*)?m")


def test_a_terminal_gets_a_bar_and_a_pipe_gets_the_path(shell: Shell) -> None:
    with Emulator(job_seconds=1.0) as slow:
        there = Shell(slow.url, shell.key, shell.folder)
        call = ["generate", "flux-2-pro", "a fox", "--interval", "0.1", "--out", "fox.jpg"]
        status, got, printed = on_terminal(there, *call)
        assert (status, printed) == (0, "fox.jpg\n")
        assert b"PROCESSING" in got
        assert re.search(rb"[1-9][0-9]? %", got)
        assert re.search(rb"0:00:0[0-9]", got)
        assert COLOUR.search(got)
        assert b"\x1b_G" not in got
        assert b"\x1b]1337" not in got
        status, got, printed = on_terminal(there, *call, NO_COLOR="1")
        assert (status, printed) == (0, "fox.jpg\n")
        assert b"PROCESSING" in got
        assert not COLOUR.search(got)
        status, got, printed = on_terminal(there, *call, TERM="dumb")
        assert b"\x1b" not in got
        assert b": PROCESSING" in got
        assert on_terminal(there, *call, "--quiet") == (0, b"", "fox.jpg\n")


def test_results_of_many_jobs_stay_apart_from_the_bar(shell: Shell) -> None:
    ids = shell.submitted(2)
    status, got, printed = on_terminal(shell, "wait", *ids, *QUICK)
    assert status == 0
    assert sorted(printed.splitlines()) == sorted(f"{id}-1.jpg" for id in ids)
    assert b"-1.jpg" not in got


def test_kitty_is_shown_the_picture(shell: Shell) -> None:
    ids = shell.submitted(1, output_format="png", aspect_ratio="custom", width=300, height=256)
    ids += shell.submitted(1, output_format="jpg", aspect_ratio="custom", width=300, height=256)
    for id, ending in zip(ids, ("png", "jpg"), strict=True):
        _, got, printed = on_terminal(shell, "wait", id, *QUICK, TERM="xterm-kitty")
        assert printed == f"{id}-1.{ending}\n"
        parts = re.findall(rb"\x1b_G([^;]*);([^\x1b]*)\x1b\\", got)
        assert parts[0][0] == b"a=T,f=100,q=2,r=16,m=1"
        assert {keys for keys, _ in parts[1:-1]} <= {b"m=1"}
        assert parts[-1][0] == b"m=0"
        assert all(len(data) == 4096 for _, data in parts[:-1])
        content = base64.b64decode(b"".join(data for _, data in parts))
        assert content.startswith(b"\x89PNG")
        if ending == "png":
            assert content == Path(printed.strip()).read_bytes()


@pytest.mark.parametrize("program", ["iTerm.app", "WezTerm"])
def test_iterm2_and_wezterm_are_shown_the_picture(shell: Shell, program: str) -> None:
    (id,) = shell.submitted()
    _, got, printed = on_terminal(shell, "wait", id, *QUICK, TERM_PROGRAM=program)
    content = Path(printed.strip()).read_bytes()
    found = re.search(rb"\x1b\]1337;File=inline=1;size=(\d+);height=16:([^\a]*)\a", got)
    assert found
    assert int(found[1]) == len(content)
    assert base64.b64decode(found[2]) == content


@pytest.mark.parametrize(
    ("flags", "variables", "warned"),
    [
        (["--no-preview"], {"TERM": "xterm-kitty"}, False),
        (["--json"], {"TERM": "xterm-kitty"}, False),
        (["--quiet"], {"KITTY_WINDOW_ID": "1"}, False),
        ([], {"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm"}, False),
        (["--preview"], {"TERM": "xterm"}, True),
    ],
)
def test_other_terminals_are_left_alone(
    shell: Shell, flags: list[str], variables: dict[str, str], warned: bool
) -> None:
    (id,) = shell.submitted()
    status, got, _ = on_terminal(shell, "wait", id, *QUICK, *flags, **variables)
    assert status == 0
    assert b"\x1b_G" not in got
    assert b"\x1b]1337" not in got
    assert (b"not known to show pictures" in got) == warned


def test_a_server_can_not_speak_to_the_terminal() -> None:
    assert _session.clean("a\x1b[2J\x07b\u202ec\n“é”") == "a\\x1b[2J\\x07b\\u202ec\n“é”"


# Completion


def completed(words: str) -> list[str]:
    """What the bash is offered for the last word of a line."""
    parts = words.split(" ")
    environment = {
        "_FLUXFRAME_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(parts) - 1),
    }
    done = CliRunner().invoke(cli, [], env=environment, prog_name="fluxframe")
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_the_shell_completes_commands_models_flags_and_values() -> None:
    assert completed("fluxframe ver") == ["verify-webhook"]
    assert completed("fluxframe generate flux-2") == [m for m in MODELS if m.startswith("flux-2")]
    assert completed("fluxframe generate flux-2-pro --wi") == ["--width"]
    assert completed("fluxframe generate flux-2-dev --no-go") == ["--no-go-fast"]
    assert completed("fluxframe generate flux-2-pro x --output-format ") == ["jpg", "png", "webp"]
    assert completed("fluxframe models flux-1") == ["flux-1.1-pro"]
    assert completed("fluxframe jobs --status QU") in (["QUEUED"], ["queued"])


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(name: str) -> None:
    script = CliRunner().invoke(cli, ["completion", name], prog_name="fluxframe").stdout
    assert f"_FLUXFRAME_COMPLETE={name}_complete" in script
