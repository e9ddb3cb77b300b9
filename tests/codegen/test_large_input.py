"""Long and deep input: each reader takes linear time, and what is too much is refused in words.

Time is CPU time, and is compared at two sizes, so that a slow machine slows both.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.__main__ import main
from codegen.compare import documents
from codegen.compare.diff import changelog, diff
from codegen.compare.documents import DocumentError
from codegen.compare.drift import drift
from codegen.compare.patterns import pattern_values
from codegen.compare.values import Form
from codegen.emit import tree, vendor
from codegen.emit.openapi import build
from codegen.naming import argument, class_name, docstring, identifier, literal, snake_case
from codegen.page.compose import model_from_page
from codegen.page.decode import decode
from codegen.page.html import html_to_text
from codegen.page.reader import read as read_page
from codegen.page.result import PageError
from codegen.page.yaml_text import comment_text, entry_lines
from codegen.shown import line
from codegen.spec import patterns
from codegen.spec.diagnostics import SpecError, nearest
from codegen.spec.document import parse
from codegen.spec.load import resolve

from .few import few, written

FILES = few("flux-2-flex", "flux-2-pro")
WHOLE = resolve(FILES)
FLUX = WHOLE.families["flux"]
SWEEP = bool(os.environ.get("FLUXFRAME_SWEEP"))
LARGEST = 4**10 if SWEEP else 4**7

ATOMS = [
    *("a", " ", "\n", '"', "`", "**a", "[", "[a](", "(", "<", "1", "100,", ".", "-", "|", "\\", ":", "/"),
    *("\t", "\r", "'", "é", "\x1b", "\u202e", "{", "[[", '{"a":', "a: ", "- ", "&a ", "*a ", "? ", "_A"),
    *("a ", '"a", ', "a or ", "1 to ", "a=", "a is b and ", "only used when a is b and ", "e.g. a, "),
    *("default ", 'use "', "POST /", "model: ", "-d '{", "curl -d '{\"a\":1}' ", "fluxParams.a"),
    *("fluxParams.seed", "<table", "<table><tr><td>", "</table ", "<!--", "&#xfdd0;", "(a|", "[^", "(a+)+"),
    *("\n| fluxParams.seed | integer | a |", "\nfluxParams.ainteger", "# a\n", "```\n", "x: 1\n"),
]  # fmt: skip
SAMPLE = ATOMS if SWEEP else ATOMS[::8]
# With one model, as comparing the others takes as long again.
FEW = replace(WHOLE, models={"flux-2-pro": WHOLE.models["flux-2-pro"]})
DOCUMENT = json.dumps(build(FEW))


def page(text: str) -> object:
    try:
        found = read_page(f"{text}\n\n| fluxParams.seed | integer | Seed |", "flux-9", FLUX)
    except PageError:
        return None
    return model_from_page(found, "flux-9", None, FLUX)


def page_cell(text: str) -> object:
    return page(f"| fluxParams.steps | integer | {text} |")


def page_html(text: str) -> object:
    return page(f"<table><tr><td>fluxParams.steps<td>integer<td>{text}</table>")


def html(text: str) -> object:
    try:
        return html_to_text(f"<p>{text}</p>")
    except PageError:
        return None


def spec_file(text: str) -> object:
    try:
        return parse("api.yaml", text.encode())
    except SpecError as error:
        return str(error)


def spec_text(text: str) -> object:
    """A text of the spec, which is not known by it."""
    data = FILES["models/flux/flux-2-pro.yaml"].replace(b"family: flux", b"family: " + _json(text))
    try:
        return resolve({**FILES, "models/flux/flux-2-pro.yaml": data})
    except SpecError as error:
        return str(error)


def _json(text: str) -> bytes:
    return json.dumps(text).encode()


def diffed(text: str) -> object:
    model = WHOLE.models["flux-2-pro"].model_copy(update={"title": text, "summary": text})
    other = replace(WHOLE, models={**WHOLE.models, model.id: model})
    return changelog(diff(WHOLE, other), "1.0")


def openapi_file(text: str) -> object:
    try:
        return documents.parse("a", text.encode())
    except DocumentError as error:
        return str(error)


def openapi(change: Callable[[dict[str, Any]], None]) -> object:
    document = json.loads(DOCUMENT)
    change(document["components"]["schemas"]["Flux2ProParams"]["properties"])
    try:
        return drift(document, FEW, "oas")
    except DocumentError as error:
        return str(error)


def openapi_pattern(text: str) -> object:
    return openapi(lambda parameters: parameters["resolution"].update(pattern=text))


def openapi_name(text: str) -> object:
    return openapi(lambda parameters: parameters.update({text: {"enum": [text], "title": text}}))


def lock(text: str) -> object:
    try:
        return vendor._parsed(text.encode())
    except (ValueError, RecursionError):
        return None


READERS: Mapping[str, Callable[[str], object]] = {
    each.__name__: each
    for each in (
        *(page, page_cell, page_html, html, spec_file, spec_text, diffed, openapi_file),
        *(openapi_pattern, openapi_name, lock, line, literal, docstring, class_name, snake_case),
        *(identifier, argument, comment_text, patterns.fault, pattern_values),
    )
} | {
    "decode": lambda text: decode(text.encode() + b"x"),
    "searched": lambda text: patterns.searched("(a+)+$", text),
    "holds": lambda text: Form((text,)).holds("a" * 50 + "!"),
    "nearest": lambda text: nearest(text, ["width", "height"]),
    "entry_lines": lambda text: entry_lines("title", text),
}


def seconds(reader: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    reader(text)
    return time.process_time() - start


@pytest.mark.parametrize("name", READERS)
def test_time_grows_with_length_alone(name: str) -> None:
    """Four times the text takes about four times as long; sixteen times would be its square."""
    reader = READERS[name]
    for atom in SAMPLE:
        before, size = 0.0, 4**5
        while size <= LARGEST:
            text = (atom * (size // len(atom) + 1))[:size]
            now = seconds(reader, text)
            if now > 9 * max(before, 0.02):  # It may have been interrupted; what is slow stays so.
                now = min(now, seconds(reader, text))
                before = max(before, seconds(reader, text[: size // 4]))
            assert now <= 9 * max(before, 0.02), (atom, size, now, before)
            before, size = now, 4 * size


def many(count: int) -> Iterator[tuple[str, Callable[[], object]]]:
    """Many of one thing, by what it is."""

    def spec(path: str, more: str) -> Callable[[], object]:
        files = {**FILES, path: FILES[path] + more.encode()}

        def run() -> object:
            try:
                return resolve(files)
            except SpecError as error:
                return str(error)

        return run

    keys = "".join(f"key{n}: {n}\n" for n in range(count))
    yield "unknown keys", spec("api.yaml", keys)
    yield "keys that are there twice", spec("api.yaml", "version: v2\n" * count)
    yield "sources", spec("sources.yaml", "".join(f"s{n}: {{}}\n" for n in range(count)))
    yield "formats", spec("formats.yaml", "".join(f"f{n}: {{title: 1}}\n" for n in range(count)))
    table = [f"| fluxParams.p{n} | string | only used when q is a |" for n in range(count)]
    yield "parameters of a page", lambda: page("\n".join(table))
    yield (
        "rows of one parameter",
        lambda: page("\n".join([table[0] + str(n) for n in range(count)])),
    )
    curl = """curl -d '{"model": "flux-9", "prompt": "%d"}'\n"""
    yield "examples", lambda: page("".join(curl % n for n in range(count)))
    yield "broken examples", lambda: page("curl -d '{x'\n" * count)
    names = [f"v{n}" for n in range(count)]
    yield (
        "values",
        lambda: openapi(
            lambda p: p.update(resolution={"allOf": [{"enum": names}, {"enum": names[::-1]}]})
        ),
    )
    yield "members", lambda: openapi(lambda p: p.update((name, {}) for name in names))
    yield "branches", lambda: openapi(lambda p: p.update(seed={"anyOf": [{"minimum": 1}] * count}))


@pytest.mark.parametrize("what", [what for what, _ in many(1)])
def test_time_grows_with_number_alone(what: str) -> None:
    before, count = 0.0, 4**3
    while count <= (100_000 if SWEEP else 4**5):
        run = dict(many(count))[what]
        gc.collect()
        gc.freeze()  # What other tests left behind is not looked through again and again.
        start = time.process_time()
        run()
        now = time.process_time() - start
        gc.unfreeze()
        assert now <= 9 * max(before, 0.05), (count, now, before)
        before, count = now, 4 * count


def test_countless_problems_are_counted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    written(FILES, tmp_path)
    with (tmp_path / "api.yaml").open("a") as file:
        file.writelines(f"key{n}: 1\n" for n in range(5000))
    assert main(["--spec", str(tmp_path), "lint"]) == 1
    said = capsys.readouterr().err
    assert "there are 4800 more problems in this file" in said
    assert said.count("unknown key `key") == 200


# Deep, and huge


@pytest.mark.parametrize("depth", [50, 500, 10_000, 200_000])
@pytest.mark.parametrize("kind", ["[", "{a: ", '{"a":', "- ", "a:\n"])
def test_what_is_nested_deeply_is_refused_in_words(kind: str, depth: int) -> None:
    ends = {"[": "]", "{a: ": "}", '{"a":': "}"}
    if kind == "a:\n":
        depth = min(depth, 2000)  # Its indentation grows with the square.
        text = "".join(" " * n + "a:\n" for n in range(depth))
    else:
        text = kind * depth + "1" + ends.get(kind, "") * depth
    for reader in (spec_file, openapi_file, lock):
        reader(text)
    spec = f"x: {text}" if kind in ends else f"x:\n{text}"
    with pytest.raises(SpecError):
        resolve({**FILES, "api.yaml": FILES["api.yaml"] + b"\n" + spec.encode()})


NUMBERS = [
    *("9" * 400, "9" * 4000, "9" * 5000, "-" + "9" * 400, "1e308", "1e400", "-1e400", "1e-400"),
    *("0", "-0.0", "0.0", "1e-300", "." + "0" * 400 + "1", "5e-324", ".inf", ".nan", "0x10", "1_000"),
]  # fmt: skip


@cache
def number_places() -> list[tuple[str, int, int]]:
    found = []
    for file, data in FILES.items():
        for token in yaml.scan(data.decode(), Loader=yaml.CSafeLoader):
            if not isinstance(token, yaml.ScalarToken) or not token.plain:
                continue
            if token.value.replace(".", "").isdigit():
                assert token.start_mark is not None
                assert token.end_mark is not None
                found.append((file, token.start_mark.index, token.end_mark.index))
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_of_any_size_is_taken_or_refused_in_words(number: str) -> None:
    places = number_places()
    for file, start, end in places if SWEEP else places[NUMBERS.index(number) :: 40]:
        text = FILES[file].decode()
        data = (text[:start] + number + text[end:]).encode()
        try:
            spec = resolve({**FILES, file: data})
        except SpecError as error:
            assert str(error)
        else:
            build(spec)
            drift(json.loads(DOCUMENT), spec, "oas")


@pytest.mark.parametrize(
    "number", ["9" * 400, "-1e308", "1e400", "5e-324", "0", "true", "null", '"1"']
)
@pytest.mark.parametrize(
    "key", ["minimum", "exclusiveMaximum", "multipleOf", "maxLength", "minItems", "default"]
)
def test_a_number_of_a_document_is_read_whatever_it_is(key: str, number: str) -> None:
    for name in ("width", "resolution", "input_images") if SWEEP else ("width",):
        members = {name: {key: json.loads(number)}}
        openapi(lambda parameters: _merge(parameters, members))  # noqa: B023 — it is called at once


def _merge(parameters: dict[str, Any], members: Mapping[str, dict[str, Any]]) -> None:
    for name, more in members.items():
        parameters[name].update(more)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a|a)*$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?=a+)+b", r"(a*)\1*$", "a{9999}{9999}"],
)  # fmt: skip
def test_a_pattern_that_backtracks_ends(pattern: str) -> None:
    start = time.process_time()
    Form((pattern,)).holds("a" * 5000 + "!")
    assert patterns.matched(pattern, "a" * 5000 + "!") is not True
    openapi(
        lambda parameters: parameters["resolution"].update(pattern=pattern, enum=["a" * 60 + "!"])
    )
    data = FILES["formats.yaml"].replace(b'"[0-9]+:[0-9]+"', json.dumps(pattern).encode())
    data = data.replace(b'example: "16:9"', b'example: "' + b"a" * 60 + b'!"')
    with pytest.raises(SpecError, match=r"pattern|expression"):
        resolve({**FILES, "formats.yaml": data})
    assert time.process_time() - start < 20


def test_a_giant_file_is_refused_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as small:
        small.setattr("codegen.spec.load.LARGEST", 10_000)
        with pytest.raises(SpecError, match="at most 10000 are read"):
            resolve({**FILES, "api.yaml": FILES["api.yaml"] + b"#" * 10_000})
    assert main(["new-model", "flux-9", "--from-page", "/dev/zero"]) == 1
    assert "is larger than" in capsys.readouterr().err
    giant = tmp_path / "giant"
    with giant.open("wb") as file:
        file.truncate(40 * 1024 * 1024)
    assert main(["drift", str(giant)]) == 2
    assert "is larger than" in capsys.readouterr().err


def test_a_giant_list_of_a_manifest_is_read(tmp_path: Path) -> None:
    (tmp_path / tree.MANIFEST).write_text(tree.MANIFEST_HEAD + "\n" + "a/b\n" * 20_000)
    assert len(tree.owned(tmp_path)) == 20_001
