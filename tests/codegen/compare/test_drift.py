"""Drift: what another document says beside the spec, and that no verdict claims too much."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from codegen.__main__ import main
from codegen.commands import drift as command
from codegen.compare.documents import DocumentError, Json, parse
from codegen.compare.drift import Drift, drift
from codegen.compare.findings import Finding, Topic
from codegen.compare.report import as_markdown
from codegen.compare.verdicts import Verdict
from codegen.emit import openapi
from codegen.emit.tree import GENERATED
from codegen.spec.as_read import as_read_by

from ...servers.http1 import Request, http
from ...servers.scripted import Server
from .forms import (
    COMPARED,
    OWN,
    READ,
    SOURCE,
    WHOLE,
    elsewhere,
    older,
    otherwise_named,
    renamed,
    replaced,
    split,
    untagged_by_const,
    without,
)

FIRST = next(iter(WHOLE.operations.values()))
FEW = Drift(replace(WHOLE, models=dict(islice(WHOLE.models.items(), 3))), SOURCE)


def news(whole: Json, compared: Drift = COMPARED) -> list[Finding]:
    return [finding for finding in compared.of(whole) if finding.news]


# Our own document, also as others might write it


@pytest.mark.parametrize(
    "own",
    [
        OWN,
        older(OWN),
        elsewhere(OWN),
        otherwise_named(OWN),
        without("webhooks")(OWN),
        *(
            replaced(OWN, edit)
            for edit in (without("discriminator"), untagged_by_const, renamed, split)
        ),
    ],
    ids=["3.1", "3.0", "elsewhere", "named", "events", "const", "tag", "renamed", "split"],
)
def test_our_own_document_agrees_in_all_its_forms(own: Json) -> None:
    found = COMPARED.of(own)
    assert {finding.verdict for finding in found} == {Verdict.AGREES}
    places = {(where, f.what, f.constraint) for f in found for where in f.where}
    for model in WHOLE.models.values():
        container = WHOLE.container(model)
        for name, parameter in model.parameters.items():
            where = f"{container}.{name}" if container else name
            if parameter.type is not None:
                assert (model.id, where, "type") in places
            if parameter.minimum is not None and parameter.values is None:
                assert (model.id, where, "range") in places
            assert parameter.default is None or (model.id, where, "default") in places
    for operation in WHOLE.operations.values():
        name = f"{operation.method} {operation.path}"
        for where in ("server", "success", *(f"error {each}" for each in operation.errors)):
            assert (name, where, "whole") in places
        for query in operation.query:
            assert (name, f"query {query}", "type") in places
    for member in WHOLE.objects[WHOLE.api.job.object].properties or {}:
        assert (WHOLE.api.job.object, member, "type") in places


@pytest.mark.parametrize("kind", ["json", "yaml", "generated"])
def test_the_command_reads_json_and_yaml(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "openapi"
    text = json.dumps(OWN)  # Which forgets what PyYAML would write as an alias.
    path.write_text(text if kind == "json" else yaml.safe_dump(json.loads(text)), encoding="utf-8")
    path = GENERATED / "openapi.yaml" if kind == "generated" else path
    assert main(["drift", str(path)]) == 0
    assert capsys.readouterr().out == f"{len(drift(OWN, WHOLE, 'oas'))} agree, 0 known, 0 news\n"


# A document that is what is on record of it


def test_what_is_on_record_is_known_and_no_news() -> None:
    found = COMPARED.of(READ)
    assert not [finding for finding in found if finding.news]
    known = {finding.what for finding in found if finding.known}
    for model in WHOLE.models.values():
        container = WHOLE.container(model)
        for name, parameter in model.parameters.items():
            if SOURCE in parameter.readings:
                assert (f"{container}.{name}" if container else name) in known


def test_a_document_without_defaults_contradicts_nothing_that_is_on_record() -> None:
    found = news(replaced(READ, without("default")))
    assert not [finding for finding in found if finding.topic is Topic.MODEL]


def test_what_is_on_record_of_another_source_is_news() -> None:
    other = next(source for source in WHOLE.sources if source != SOURCE)
    found = {replace(finding, known=False) for finding in news(READ, Drift(WHOLE, other))}
    assert found >= {replace(f, known=False) for f in COMPARED.of(READ) if f.known}


def test_a_reading_that_is_out_of_date_says_what_was_and_what_is() -> None:
    form = next(
        n
        for n, f in WHOLE.formats.items()
        if SOURCE in f.readings and f.readings[SOURCE].json_schema_format
    )
    read = replaced(READ, lambda m: {**m, "format": "other"} if m.get("format") == "uri" else m)
    told = [finding for finding in news(read) if finding.recorded]
    assert form
    assert {(f.ours, f.theirs, f.recorded) for f in told} == {
        ("an absolute URL", "format: other", "format: uri")
    }


# What can't be read


def anything() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers(-1, 5) | st.floats() | st.text(max_size=3)
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document, as what it is in and its key."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


@settings(max_examples=50)  # Each compares two whole documents.
@given(st.data())
def test_a_document_with_anything_anywhere_is_compared_or_refused(data: st.DataObject) -> None:
    whole = copy.deepcopy(openapi.build(FEW.spec))
    container, key = data.draw(st.sampled_from(list(places(whole))))
    container[key] = data.draw(anything() | st.just(10**400))
    try:
        found = FEW.of(parse("x", json.dumps(whole).encode()))
    except DocumentError:
        return
    assert found == FEW.of(whole)


@pytest.mark.parametrize("way", [None, 1, True, "apiKey", []])
def test_a_way_to_say_who_asks_that_is_not_a_mapping_is_compared(way: object) -> None:
    whole = copy.deepcopy(openapi.build(FEW.spec))
    whole["security"] = [way]
    assert FEW.of(parse("x", json.dumps(whole).encode())) == FEW.of(whole)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!doctype html><html></html>", "is HTML"),
        ("\n  <html>", "is HTML"),
        ("", "neither JSON nor YAML"),
        ("{[}", "neither JSON nor YAML"),
        ("a: b: c", "neither JSON nor YAML"),
        ("- a", "neither JSON nor YAML"),
        ("[]", "not an OpenAPI document"),
        ("{}", "openapi: 3"),
        ("swagger: '2.0'", "Swagger 2.0"),
        ("a: &a [x]\nb: [*a, *a]", "alias `*a`"),
        ("[" * 200_000, "too deep"),
        ("a: " + "[" * 200_000, "too deep"),
        ("{openapi: 3.1.0}", f"no {FIRST.method} {FIRST.path}"),
        (json.dumps({**OWN, "paths": {"/other": {"get": {}}}}), f"no {FIRST.method} {FIRST.path}"),
    ],
)  # fmt: skip
def test_a_document_that_can_not_be_read_is_told_in_a_line(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "openapi"
    path.write_text(text, encoding="utf-8")
    assert main(["drift", str(path)]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.yaml"], "No such file"),
        (["."], "directory"),
        (["ftp://example.com/openapi.json"], "only http and https"),
        (["file:///etc/hostname"], "only http and https"),
        (["http://[::1/x"], "can't be read"),
        (["http://127.0.0.1:9/\x1b"], "can't be read"),
        ([str(GENERATED / "openapi.yaml"), "--as", "aos"], "did you mean `oas`?"),
    ],
)
def test_what_is_not_a_document_is_told_in_a_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drift", *arguments]) == 2
    captured = capsys.readouterr().err
    assert said in captured
    assert captured.removesuffix("\n").isprintable()


def served(answers: dict[str, tuple[int, str]]) -> Server:
    """A server that has these answers; a redirection's text is where it leads."""

    def answer(request: Request) -> bytes:
        status, text = answers.get(request.target, (404, ""))
        return http(status, text, {"Location": text} if status == 302 else {})

    return Server(answer=answer)


def test_a_url_is_fetched(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    answers = {
        "/json": (200, json.dumps(READ)),
        "/moved": (302, "/json"),
        "/file": (302, "file:///etc/hostname"),
        "/ftp": (302, "ftp://127.0.0.1/x"),
        "/html": (200, "<html>"),
        "/large": (200, "#" * 20_000_000),
    }
    monkeypatch.setattr(command, "LARGEST", 10_000_000)
    with served(answers) as server:
        url = server.url
        for path, status, said in (
            ("json", 0, "0 news"),
            ("moved", 0, "0 news"),
            ("gone", 2, "answered 404"),
            ("file", 2, "not allowed"),
            ("ftp", 2, "can't be read"),
            ("html", 2, "is HTML"),
            ("large", 2, "larger than"),
        ):
            assert main(["drift", f"{url}/{path}"]) == status, path
            captured = capsys.readouterr()
            assert said in captured.out + captured.err, path
    assert main(["drift", f"{url}/json"]) == 2
    assert "refused" in capsys.readouterr().err


# What is shown


@pytest.fixture
def changed(tmp_path: Path) -> str:
    """A document with another format than that on record, and a name that would do harm."""
    whole = replaced(READ, lambda m: {**m, "format": "other"} if m.get("format") == "uri" else m)
    name = f"{FIRST.path}|{'long' * 30}\x1b[31m"
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps({**whole, "paths": {**whole["paths"], name: {"get": {}}}}), "utf-8")
    return str(path)


def test_text_has_80_columns(changed: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["--all"]):
        assert main(["drift", changed, *arguments]) == 1
        text = capsys.readouterr().out
        assert text.removesuffix("\n").replace("\n", "").isprintable()
        assert max(map(len, text.splitlines())) <= 80
        words = " ".join(text.split())
        assert "recorded as format: uri, now format: other" in words
        assert "only theirs (1 operation): GET" in words
        for topic in Topic:
            assert f"\n{topic}\n" in f"\n{text}"


def test_all_shows_what_agrees_and_what_is_known(
    changed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["drift", changed, "--all", "--format", "json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    found = drift(json.loads(Path(changed).read_text(encoding="utf-8")), WHOLE, "oas")
    assert shown["findings"] == [json.loads(json.dumps(f.as_json())) for f in found]
    assert sum(shown["summary"].values()) == len(found)
    assert main(["drift", changed, "--format", "json"]) == 1
    new = json.loads(capsys.readouterr().out)
    assert new == {
        "findings": [finding for finding in shown["findings"] if finding["news"]],
        "summary": shown["summary"],
    }


def test_markdown_is_a_table_a_group(changed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drift", changed, "--format", "markdown", "--all"]) == 1
    *lines, summary = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("## ")] == [
        f"## {topic.capitalize()}" for topic in Topic
    ]
    tables = [line for line in lines if line.startswith("|")]
    assert {line.replace(r"\|", "").count("|") for line in tables} == {7}
    rows = [line for line in tables if not line.startswith(("|--", "| what |"))]
    items = [line for line in lines if line.startswith("- ")]
    counts = sum(int(word) for word in summary.split() if word.isdigit())
    assert counts == len(rows) + len(items)


@pytest.mark.parametrize("text", ["ask @someone", "see #12", "a@b.test", "@a/team", "<b> [x](y)"])
def test_a_table_mentions_nobody(text: str) -> None:
    """Of what Markdown has made, as GitHub looks for mentions in that; the text still reads the same."""
    finding = Finding(Topic.MODEL, ("a model",), "seed", "least", Verdict.DIFFERS, "1", text)
    made = "\n".join(as_markdown([finding], "oas"))
    shown = unescape(re.sub("<[^>]*>", "", MarkdownIt().enable("table").render(made)))
    assert text in shown.replace("\u2060", "")
    assert not re.search(r"[@#]\w", shown)


def test_the_words_of_a_source_decide_nothing() -> None:
    """What a source says of a format is a reading, as data; its words are for people."""
    formats = {
        name: form.model_copy(update={"source": {"oas": "said in other words"}})
        for name, form in WHOLE.formats.items()
    }
    reworded = replace(WHOLE, formats=formats)
    assert drift(READ, reworded, "oas") == drift(READ, WHOLE, "oas")
    assert as_read_by(reworded, "oas").formats["absolute_url"].json_schema_format == "uri"
