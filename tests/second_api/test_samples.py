"""Programs and pages that are made of the invented API: they are right without a word of the real one."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from codegen.emit import command_line, tree
from codegen.emit.catalogue import argument_names
from codegen.emit.samples import parent
from codegen.spec.whole import Spec

from ..codegen.read_pages import broken_links, rows, shown, words
from ..sample_runs import NEEDS, run_all, skip_without


@pytest.mark.parametrize("language", NEEDS)
def test_each_program_sends_what_is_documented_once(
    language: str,
    spec: Spec,
    project: Path,
    client: Any,
    server: Any,
    token: str,
    tmp_path: Path,
) -> None:
    skip_without(language)
    job = client.pictures.run(
        {"engine": "Watercolour_XL", "words": "a lake", "settings": {}}, interval=0.05
    ).id
    generated = project / "generated"
    paths = [generated / f"samples/{m.id}/{name}.{language}" for m, name, _ in spec.examples()]
    names = spec.api.environment
    env = {names.api_key: token, names.base_url: server.url, "PYTHONPATH": str(generated)}
    seen = server.requests.of_key(token)
    seen.clear()
    server.faults.add(key=token, method="POST", reset="after", times=1)
    run_all(paths, job, cwd=tmp_path, env=env)
    sent = seen.all(method="POST", status=201)
    for model, name, example in spec.examples():
        wanted = dict(example.request)
        if known := parent(spec, model):
            wanted[known] = job
        [found] = [one for one in sent if one.json == wanted]
        assert found.operation == spec.operation_of(model), name
        assert found.headers["authorization"].startswith("Bearer ")
        assert found.headers[spec.api.idempotency.header]
    made = {one.id: len(one.image_urls) for one in client.tasks.list() if one.id != job}
    assert len(made) == len(paths)
    files = Counter(p.stem.rpartition("-")[0] for p in tmp_path.iterdir() if p.suffix != ".mjs")
    assert files == made


def test_each_command_line_sends_what_is_documented(
    spec: Spec, paint: Any, server: Any, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = spec.api.environment
    monkeypatch.setenv(names.api_key, token)
    monkeypatch.setenv(names.base_url, server.url)
    cli = import_module(f"{paint.__name__}.cli").cli
    for model, _, example in spec.examples():
        words = command_line.words(spec, model, example.request)
        CliRunner().invoke(cli, [*words, "--no-wait"])
        assert server.requests.of_key(token).last(method="POST").json == example.request


def test_the_pages_name_each_parameter_and_lead_somewhere(spec: Spec, project: Path) -> None:
    folder = project / "generated"
    files = {path: (folder / path).read_bytes() for path in tree.present(folder)}
    assert list(broken_links(files, "reference")) == []
    for model in spec.models.values():
        page = shown(files[f"reference/models/{model.id}.md"].decode())
        listed = {row[0] for row in rows(page)}
        names = argument_names(spec, model)
        discriminator = spec.discriminator(spec.request_object(model))
        assert {name for wire, name in names.items() if wire != discriminator} <= listed
    oil = words(shown(files["reference/models/Oil.2024-06.md"].decode()))
    for said in (
        "Credits by filed: 6 for png, 4 for jpg; 4 without it, times copies. The manual: “6 coins",
        'At most 2 when filed is "png": The manual: “at most 2 as png”',
        "Answers of its support, otherwise: 1 to 2",
        "Answers of its support, otherwise: it does not have this parameter",
        "accents[].colour string, matching #[0-9a-f]{6} Its colour. Required.",
        '"pigment" needs dots.',
        "It can't stand beside canvas.",
        '"calm" or "wild" or 1 to 10',
        'POST /orders/paint with "engine": "oil:2024", the parameters below in settings',
        'fluxframe paint Oil.2024-06 "a harbour at night"',
    ):
        assert said in oil, said
