"""The samples do what the documented requests say, in each language, and once."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruff import find_ruff_bin

from codegen.emit import tree
from codegen.emit.samples import parent, samples
from codegen.spec.load import resolve
from codegen.spec.whole import Spec
from fluxframe import Fluxframe
from fluxframe._results import image_format
from fluxframe.emulator import Emulator

from ..sample_runs import NEEDS, run, run_all, skip_without
from .few import WHOLE, few

FOLDER = tree.GENERATED / "samples"
API = WHOLE.api
SAMPLES = samples(WHOLE)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(job_seconds=0.05) as running:
        yield running


def environment(emulator: Emulator) -> dict[str, str]:
    key = f"{API.authentication.prefix}of_a_reader"
    names = API.environment
    return {
        names.api_key: key,
        names.base_url: emulator.url,
        "PYTHONPATH": str(tree.GENERATED),
        "PYTHONWARNINGS": "error",
    }


def client_of(emulator: Emulator) -> Fluxframe:
    return emulator.client(api_key=environment(emulator)[API.environment.api_key])


def going_on(emulator: Emulator) -> str:
    """The id of a job of several pictures, which others can go on from."""
    model = max(
        (model for model in WHOLE.models.values() if parent(WHOLE, model) is None),
        key=lambda model: model.count or 0,
    )
    request = next(iter(model.examples.values())).request
    with client_of(emulator) as client:
        return client.images.run(request, interval=0.05).id


def expected(job: str) -> dict[tuple[str, str], Any]:
    """What each sample sends, by its model and name."""
    found = {}
    for model, name, example in WHOLE.examples():
        request: Any = example.request
        if (known := parent(WHOLE, model)) is not None:
            assert known in request
            request = {**request, known: job}
        found[model.id, name] = request
    return found


@pytest.mark.parametrize("language", NEEDS)
def test_each_makes_its_pictures_by_one_job_though_an_answer_is_lost(
    language: str, emulator: Emulator, tmp_path: Path
) -> None:
    skip_without(language)
    job = going_on(emulator)
    wanted = expected(job)
    for model, count in Counter(model for model, _ in wanted).items():
        emulator.faults.add(model=model, method="POST", reset="after", times=count)
    paths = [FOLDER / sample.path(language) for sample in SAMPLES]
    run_all(paths, job, cwd=tmp_path, env=environment(emulator))
    assert len(emulator.jobs) == len(wanted) + 1
    lost: Counter[str] = Counter()
    for (model, name), request in wanted.items():
        sent = emulator.requests.all(model=model, method="POST", after=first(emulator))
        sent = [one for one in sent if one.json == request]
        *before, last = [one.status for one in sent]
        assert (last, {*before} - {None}) == (202, set()), (model, name)
        lost[model] += len(before)
        assert sent[0].operation == WHOLE.operation_of(WHOLE.models[model])
        assert len({one.headers[API.idempotency.header] for one in sent}) == 1
        assert all(one.headers["content-type"] == "application/json" for one in sent)
    assert lost == Counter(model for model, _ in wanted)
    files: Counter[str] = Counter()
    for path in tmp_path.iterdir():
        if path.name != "all.mjs":
            kind = image_format(path.read_bytes()[:12])
            assert path.suffix.replace("jpeg", "jpg") == f".{kind}"
            files[path.stem.rpartition("-")[0]] += 1
    with client_of(emulator) as client:
        assert files == {one.id: len(one.image_urls) for one in client.jobs.list() if one.id != job}


# A way to go wrong: what is done, the words that are printed, and what they name.
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "refused": ({"status": 402, "body": {"error": "No credits left"}}, "No credits left"),
    "failed": ({"job": "fail", "reason": "It is out of paper"}, "It is out of paper"),
}


@pytest.mark.parametrize("way", WRONG)
@pytest.mark.parametrize("language", NEEDS)
def test_what_goes_wrong_is_told_and_ends_with_a_status(
    language: str, way: str, emulator: Emulator, tmp_path: Path
) -> None:
    skip_without(language)
    fault, words = WRONG[way]
    emulator.faults.add(method="POST", **fault)
    path = FOLDER / SAMPLES[0].path(language)
    status, out, error = run(path, cwd=tmp_path, env=environment(emulator))
    assert status != 0
    assert words in error
    assert "Traceback" not in error
    assert "    at " not in error  # Of a stack of JavaScript.
    assert out == ""
    assert list(tmp_path.iterdir()) == []
    assert len(emulator.requests.all(method="POST")) == 1  # What is refused is not sent again.


@pytest.mark.parametrize("language", NEEDS)
def test_a_server_that_is_busy_is_asked_again(
    language: str, emulator: Emulator, tmp_path: Path
) -> None:
    skip_without(language)
    emulator.faults.add(method="POST", status=503, retry_after=1, times=1)
    emulator.faults.add(path="/v2/jobs/*", status=429, retry_after=1, times=1)
    path = FOLDER / SAMPLES[0].path(language)
    status, out, error = run(path, cwd=tmp_path, env=environment(emulator))
    assert status == 0, error
    assert [*out.split()] == [file.name for file in tmp_path.iterdir()]
    assert len(emulator.jobs) == 1


@pytest.mark.parametrize("language", NEEDS)
@pytest.mark.parametrize("seconds", [3600, 10**8])
def test_a_wait_of_an_hour_ends_a_sample(
    language: str, seconds: int, emulator: Emulator, tmp_path: Path
) -> None:
    skip_without(language)
    emulator.faults.add(method="POST", status=503, retry_after=seconds)
    path = FOLDER / SAMPLES[0].path(language)
    status, _, error = run(path, cwd=tmp_path, env=environment(emulator))
    assert status != 0
    assert "503" in error
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("language", NEEDS)
def test_without_a_key_or_a_server_a_sample_says_so(language: str, tmp_path: Path) -> None:
    skip_without(language)
    path = FOLDER / SAMPLES[0].path(language)
    env = {"PYTHONPATH": str(tree.GENERATED), API.environment.base_url: "http://127.0.0.1:1"}
    status, _, error = run(path, cwd=tmp_path, env=env)
    assert status != 0
    assert API.environment.api_key in error


@pytest.mark.parametrize("language", NEEDS)
def test_one_that_goes_on_from_a_job_asks_for_it(language: str, tmp_path: Path) -> None:
    skip_without(language)
    sample = next(one for one in SAMPLES if parent(WHOLE, one.model))
    path = FOLDER / sample.path(language)
    env = {"PYTHONPATH": str(tree.GENERATED), API.environment.api_key: "afk_x"}
    status, _, error = run(path, cwd=tmp_path, env=env)
    assert status != 0
    assert re.search(rf"usage: \w+ {path.name} JOB", error)


def answered(emulator: Emulator, folder: Path, language: str, id: str, urls: list[str]) -> str:
    """What a sample writes on stderr whose job and files the server names so; it runs in a folder."""
    job = {"jobId": id, "status": "COMPLETED", "result": {"images": urls}}
    emulator.faults.add(method="POST", status=202, body={"jobId": id, "status": "QUEUED"})
    emulator.faults.add(method="GET", path="/v2/jobs/*", status=200, body=job)
    one = resolve(few("flux-2-flex"))
    polling = API.polling.model_copy(update={"first_seconds": 0.1})
    spec = replace(one, api=API.model_copy(update={"polling": polling}))
    [path] = written(spec, folder.parent / "samples", language)
    folder.mkdir(parents=True)
    status, _, error = run(path, cwd=folder, env=environment(emulator))
    return "" if status == 0 else error


@pytest.mark.parametrize("id", ["../../outside", "{a,b}", "-K?b#c", "a b'`$(id)\n"])
@pytest.mark.parametrize("language", ["sh", "mjs"])
def test_the_id_of_a_job_is_one_part_of_a_path(
    language: str, id: str, emulator: Emulator, tmp_path: Path
) -> None:
    skip_without(language)
    folder = tmp_path / "one" / "two"
    with client_of(emulator) as client:
        urls = client.jobs.get(going_on(emulator)).image_urls[:2]
    known = len(emulator.requests.all(path="/v2/jobs/*"))
    assert answered(emulator, folder, language, id, urls) == ""
    assert len(list(folder.iterdir())) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"one"}
    assert len(emulator.requests.all(path="/v2/jobs/*")) == known + 1


@pytest.mark.parametrize("language", ["sh", "mjs"])
@pytest.mark.parametrize("scheme", ["-K", "@", "--config=", "file://"])
def test_a_file_is_asked_for_by_http_alone(
    language: str, scheme: str, emulator: Emulator, tmp_path: Path
) -> None:
    """Else an answer could give curl options, such as to send a file of this machine elsewhere."""
    skip_without(language)
    secret = tmp_path / "secret"
    secret.write_text(f'url = "{emulator.url}/v2/got"\n')
    folder = tmp_path / "one" / "two"
    assert answered(emulator, folder, language, "a", [f"{scheme}{secret}"])
    assert list(folder.iterdir()) == []
    assert not emulator.requests.all(path="/v2/got")


HOSTILE = [
    'it\'s "quoted" `twice` and ${APIFRAME_API_KEY} $(id) %s \\ \\n {{ x }}',
    "two\nlines\r\nJSON\nHEADER\n",
    "*/ // # --> \"\"\" ''' ]]> $'x'",
    "a\x85b\u2028c\u202ed\x00e\x1bf\U0001f600é漢",
    "-starts --with=hyphens @file",
    "x" * 300,
    "\\" * 100 + '"',
]


def written(spec: Spec, folder: Path, language: str) -> list[Path]:
    """The samples of another spec, in a folder."""
    paths = []
    for sample in samples(spec):
        paths.append(folder / sample.path(language))
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        paths[-1].write_text(sample.texts[language], encoding="utf-8", newline="\n")
    return paths


@pytest.mark.parametrize("language", NEEDS)
def test_any_text_arrives_as_it_is(language: str, emulator: Emulator, tmp_path: Path) -> None:
    skip_without(language)
    one = resolve(few("flux-2-flex"))
    model = one.models["flux-2-flex"]
    [shape] = model.examples.values()
    examples = {
        f"text_{number}": shape.model_copy(
            update={"summary": text, "request": {**shape.request, "prompt": text}}
        )
        for number, text in enumerate(HOSTILE)
    }
    hostile = model.model_copy(update={"title": HOSTILE[0], "examples": examples})
    spec = replace(one, models={model.id: hostile})
    run_all(written(spec, tmp_path, language), "", cwd=tmp_path, env=environment(emulator))
    sent = [request.json["prompt"] for request in emulator.requests.all(method="POST")]
    assert sorted(sent) == sorted(HOSTILE)


@pytest.mark.parametrize("language", ["sh", "mjs"])
def test_what_could_be_done_twice_is_sent_once(
    language: str, emulator: Emulator, tmp_path: Path
) -> None:
    skip_without(language)
    one = resolve(few("flux-2-flex"))
    operations = {
        name: operation.model_copy(update={"idempotent_by_key": False})
        for name, operation in one.operations.items()
    }
    emulator.faults.add(method="POST", reset="after", times=1)
    [path] = written(replace(one, operations=operations), tmp_path, language)
    status, out, error = run(path, cwd=tmp_path, env=environment(emulator))
    assert (status != 0, out) == (True, "")
    assert error
    sent = emulator.requests.one(method="POST")
    assert API.idempotency.header not in sent.headers


@pytest.mark.parametrize("language", ["sh", "mjs"])
def test_a_job_that_takes_too_long_is_told(
    language: str, emulator: Emulator, tmp_path: Path
) -> None:
    skip_without(language)
    one = resolve(few("flux-2-flex"))
    short = {"first_seconds": 0.1, "maximum_seconds": 0.2, "deadline_seconds": 0.5}
    polling = API.polling.model_copy(update=short)
    spec = replace(one, api=API.model_copy(update={"polling": polling}))
    emulator.faults.add(method="POST", job="hang")
    [path] = written(spec, tmp_path, language)
    status, _, error = run(path, cwd=tmp_path, env=environment(emulator))
    assert status != 0
    [job] = emulator.jobs
    assert f"job {job.id} is still {job.status}" in error


def test_samples_are_written_as_formatters_write_them(tmp_path: Path) -> None:
    """Python by ruff with its own settings; of the others, that they can be read."""
    paths = sorted(FOLDER.glob("*/*.py"))
    assert len(paths) == len(SAMPLES)
    for command in (["format", "--check", "--diff"], ["check", "--select", "E,F,I,B,UP,SIM,D"]):
        words = [find_ruff_bin(), *command, "--isolated", "--no-cache", "--ignore", "D203,D213"]
        words = words[:-2] if command[0] == "format" else words
        done = subprocess.run([*words, *paths], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def first(emulator: Emulator) -> Any:
    """The request that made the job which others go on from."""
    return next(iter(emulator.requests.all(method="POST")))
