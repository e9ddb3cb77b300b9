"""The samples do what the documented requests say, in each language, and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.emit import tree
from codegen.emit.samples import parent, samples
from fluxframe import Fluxframe
from fluxframe._results import image_format
from fluxframe.emulator import Emulator

from ..sample_runs import NEEDS, run_all, skip_without
from .few import WHOLE

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
    for (model, name), request in wanted.items():
        sent = [
            one
            for one in emulator.requests.all(model=model, method="POST", after=first(emulator))
            if one.json == request
        ]
        assert [one.status for one in sent] == [None, 202], (model, name)
        assert sent[0].operation == WHOLE.operation_of(WHOLE.models[model])
        keys = {one.headers[API.idempotency.header] for one in sent}
        assert len(keys) == 1
        assert all(one.headers["content-type"] == "application/json" for one in sent)
    files: Counter[str] = Counter()
    for path in tmp_path.iterdir():
        if path.name != "all.mjs":
            kind = image_format(path.read_bytes()[:12])
            assert path.suffix.replace("jpeg", "jpg") == f".{kind}"
            files[path.stem.rpartition("-")[0]] += 1
    with client_of(emulator) as client:
        assert files == {one.id: len(one.image_urls) for one in client.jobs.list() if one.id != job}


def first(emulator: Emulator) -> Any:
    """The request that made the job which others go on from."""
    return next(iter(emulator.requests.all(method="POST")))
