"""Drift: what another document says beside the spec, and that no verdict claims too much."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from codegen.__main__ import main
from codegen.commands import drift as command
from codegen.compare.documents import DocumentError, Json, parse
from codegen.compare.drift import drift
from codegen.compare.findings import Finding, Topic
from codegen.compare.recorded import as_read_by, document_of
from codegen.compare.shapes import Reader
from codegen.compare.verdicts import Verdict, compare
from codegen.emit import openapi
from codegen.emit.tree import GENERATED
from codegen.spec.load import load

from ...servers.http1 import Request, http
from ...servers.scripted import Server

WHOLE = load()
MODELS = list(WHOLE.models)
FIRST = next(iter(WHOLE.operations.values()))
OWN = openapi.build(WHOLE)
SOURCE = "oas"
READ = document_of(WHOLE, SOURCE)  # Our document as that source has it.
SWAPPED = {Verdict.LOOSER: Verdict.TIGHTER, Verdict.TIGHTER: Verdict.LOOSER}


def news(whole: Json, source: str = SOURCE) -> list[Finding]:
    return [finding for finding in drift(whole, WHOLE, source) if finding.news]


def verdicts(ours: object, theirs: object) -> dict[str, Verdict]:
    """The verdict on each constraint of two schemas."""
    reader = Reader({})
    return dict(compare(reader.shape(ours), reader.shape(theirs)))


# Our own document, also as others might write it


def older(value: Any) -> Any:
    """The same in OpenAPI 3.0."""
    if isinstance(value, list):
        return [older(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    result = {key: older(inner) for key, inner in value.items()}
    if "openapi" in result:
        result["openapi"] = "3.0.3"
    if "const" in result:
        result["enum"] = [result.pop("const")]
    if isinstance(result.get("type"), list):
        result["type"] = next(kind for kind in result["type"] if kind != "null")
        result["nullable"] = True
    for exclusive, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if exclusive in result:
            result |= {limit: result[exclusive], exclusive: True}
    if "$ref" in result and len(result) > 1:
        result["allOf"] = [{"$ref": result.pop("$ref")}]
    return result


def replaced(value: Any, edit: Callable[[Json], Json]) -> Any:
    """The same with every mapping edited."""
    if isinstance(value, list):
        return [replaced(inner, edit) for inner in value]
    if isinstance(value, dict):
        return edit({key: replaced(inner, edit) for key, inner in value.items()})
    return value


def without(*keys: str) -> Callable[[Json], Json]:
    return lambda mapping: {key: mapping[key] for key in mapping if key not in keys}


def untagged_by_const(mapping: Json) -> Json:
    """Only the discriminator tells which branch is for a model."""
    return {**without("const")(mapping), "type": "string"} if "const" in mapping else mapping


def renamed(mapping: Json) -> Json:
    """Schemas with names that a JSON pointer has to escape."""
    if "schemas" in mapping:
        schemas = {f"a/b~ {name}%": schema for name, schema in mapping["schemas"].items()}
        return {**mapping, "schemas": schemas}
    start = "#/components/schemas/"
    return {
        key: value.replace(start, f"{start}a~1b~0%20") + "%25"
        if isinstance(value, str) and value.startswith(start)
        else value
        for key, value in mapping.items()
    }


def split(mapping: Json) -> Json:
    """Objects in two parts, and every other schema in a part of one."""
    if mapping.get("type") == "object":
        rest = without("required", "type")(mapping)
        return {"allOf": [rest, {"type": "object", "required": mapping.get("required", [])}]}
    return {"oneOf": [mapping]} if mapping.get("type") == "integer" else mapping


def elsewhere(whole: Json) -> Json:
    """The paths have a server's path before them, and items, bodies and answers stand elsewhere."""
    first = "/" + next(iter(whole["paths"])).split("/")[1]
    components = {**whole["components"], "requestBodies": {}, "pathItems": {}, "responses": {}}
    paths: Json = {}
    for index, (path, item) in enumerate(copy.deepcopy(whole["paths"]).items()):
        assert path.startswith(f"{first}/")
        for operation in item.values():
            if "requestBody" in operation:
                components["requestBodies"][f"b{index}"] = operation["requestBody"]
                operation["requestBody"] = {"$ref": f"#/components/requestBodies/b{index}"}
        components["pathItems"][f"i{index}"] = item
        paths[path.removeprefix(first)] = {"$ref": f"#/components/pathItems/i{index}"}
    components["responses"] = whole["components"]["responses"]
    servers = [{"url": f"{server['url']}{first}/"} for server in whole["servers"]]
    return {**whole, "paths": paths, "components": components, "servers": servers}


def otherwise_named(whole: Json) -> Json:
    """The parameters of paths have other names, and headers are written in lower case."""
    text = json.dumps(whole["paths"]).replace("{", "{").replace("/{", "/{x_")
    paths = json.loads(text)
    for item in paths.values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    parameter["name"] = f"x_{parameter['name']}"
                elif parameter["in"] == "header":
                    parameter["name"] = parameter["name"].lower()
    return {**whole, "paths": paths}


@pytest.mark.parametrize("source", WHOLE.sources)
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
def test_our_own_document_agrees_in_all_its_forms(own: Json, source: str) -> None:
    found = drift(own, WHOLE, source)
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
    found = drift(READ, WHOLE, SOURCE)
    assert not [finding for finding in found if finding.news]
    known = {finding.what for finding in found if finding.known}
    for model in WHOLE.models.values():
        container = WHOLE.container(model)
        for name, parameter in model.parameters.items():
            if SOURCE in parameter.readings:
                assert (f"{container}.{name}" if container else name) in known


def test_what_is_on_record_of_another_source_is_news() -> None:
    other = next(source for source in WHOLE.sources if source != SOURCE)
    found = {replace(finding, known=False) for finding in news(READ, other)}
    assert found >= {replace(f, known=False) for f in drift(READ, WHOLE, SOURCE) if f.known}


def test_a_reading_that_is_out_of_date_says_what_was_and_what_is() -> None:
    form = next(n for n, f in WHOLE.formats.items() if SOURCE in f.readings and f.readings[SOURCE].json_schema_format)
    read = replaced(READ, lambda m: {**m, "format": "other"} if m.get("format") == "uri" else m)
    told = [finding for finding in news(read) if finding.recorded]
    assert form
    assert {(f.ours, f.theirs, f.recorded) for f in told} == {
        ("an absolute URL", "format: other", "format: uri")
    }


# References


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"$ref": "#/components/schemas/gone"}, "leads nowhere"),
        ({"$ref": "other.yaml#/x"}, "leads nowhere"),
        ({"allOf": [{"$ref": "#/components/schemas/loop"}]}, "leads to itself"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/rings"}}, "more than can be"),
    ],
)
def test_a_reference_that_leads_nowhere_or_to_itself_is_told(schema: Json, reason: str) -> None:
    schemas = {
        "loop": {"anyOf": [{"$ref": "#/components/schemas/loop"}]},
        "rings": {"type": "array", "items": {"$ref": "#/components/schemas/rings"}},
    }
    places = Reader({"components": {"schemas": schemas}}).places(schema)
    assert reason in str([shape.unread for shape in places.values()])


def test_references_that_double_at_every_step_take_no_time() -> None:
    schemas: Json = {
        f"s{step}": {"allOf": [{"$ref": f"#/components/schemas/s{step + 1}"}] * 2}
        for step in range(60)
    }
    schemas["s60"] = {"type": "integer"}
    whole = {"components": {"schemas": schemas}}
    shape = Reader(whole).shape({"$ref": "#/components/schemas/s0"})
    assert shape.types == {"integer"}
    for schema in schemas.values():
        schema["anyOf"] = schema.pop("allOf", [])
    with pytest.raises(DocumentError, match="alternatives"):
        Reader(whole).shape({"$ref": "#/components/schemas/s0"})


def test_members_that_multiply_at_every_step_are_refused() -> None:
    names = [f"m{number}" for number in range(30)]
    tree = {"properties": {name: {"type": "object", "$ref": "#/components/schemas/tree"} for name in names}}
    whole = {"components": {"schemas": {"tree": tree}}}
    with pytest.raises(DocumentError, match="members"):
        Reader(whole).places({"$ref": "#/components/schemas/tree"})


# Verdicts


def relation(ours: set[Any], theirs: set[Any]) -> Verdict:
    """The verdict on two sets, looked at one by one."""
    if ours == theirs:
        return Verdict.AGREES
    if ours < theirs:
        return Verdict.LOOSER
    return Verdict.TIGHTER if theirs < ours else Verdict.CONTRADICTORY


LIMIT = st.none() | st.integers(0, 12)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[Json, Callable[[float], bool]]:
    """A range in either version of OpenAPI, and whether a number is in it."""
    low, high, above, below = draw(st.tuples(LIMIT, LIMIT, st.booleans(), st.booleans()))
    schema: Json = {}
    for limit, exclusive, name in ((low, above, "Minimum"), (high, below, "Maximum")):
        if limit is not None and exclusive and draw(st.booleans()):
            schema[f"exclusive{name}"] = limit
        elif limit is not None:
            schema |= {name.lower(): limit, f"exclusive{name}": exclusive}

    def holds(number: float) -> bool:
        over = low is None or number > low or (number == low and not above)
        return over and (high is None or number < high or (number == high and not below))

    return schema, holds


@given(ranges(), ranges(), st.sampled_from(["integer", "number"]))
def test_the_verdict_on_a_range_is_that_of_its_numbers(
    ours: tuple[Json, Callable[[float], bool]],
    theirs: tuple[Json, Callable[[float], bool]],
    kind: str,
) -> None:
    numbers = [n / 2 for n in range(-4, 32) if kind == "number" or n % 2 == 0]
    here, there = ({n for n in numbers if holds(n)} for _, holds in (ours, theirs))
    assume(here)
    assume(there)
    schemas = [{"type": kind, **schema} for schema, _ in (ours, theirs)]
    verdict = verdicts(*schemas)["range"]
    assert verdict is relation(here, there)
    assert verdicts(*reversed(schemas))["range"] is SWAPPED.get(verdict, verdict)


@given(*[LIMIT] * 4, st.sampled_from([("array", "Items", "items"), ("string", "Length", "length")]))
def test_the_verdict_on_a_size_is_that_of_its_numbers(
    low: int | None, high: int | None, low2: int | None, high2: int | None, what: tuple[str, ...]
) -> None:
    kind, keyword, constraint = what
    schemas, sets = [], []
    for least, most in ((low, high), (low2, high2)):
        limits = {f"min{keyword}": least, f"max{keyword}": most}
        schemas.append({"type": kind, **{k: v for k, v in limits.items() if v is not None}})
        sets.append({n for n in range(15) if (least or 0) <= n <= (14 if most is None else most)})
    assume(all(sets))
    verdict = verdicts(*schemas)[constraint]
    assert verdict is relation(*sets)
    assert verdicts(*reversed(schemas))[constraint] is SWAPPED.get(verdict, verdict)


TEXTS = ["".join(letters) for size in range(4) for letters in product("a1:", repeat=size)]
PATTERNS = [
    "^a+$",
    "^(?:a|1:|a:1)$",
    r"^\d+:\d+$",
    "a",
    "^a|1$",
    r"^(1|\d+)$",
    "^[a1]{2}$",
    "^(:)+$",
]
SCALARS: list[Any] = [None, True, False, *range(-1, 6), 0.5, 2.5, *TEXTS]


def schemas() -> st.SearchStrategy[Json]:
    """Schemas of scalars."""
    sizes, numbers = st.integers(0, 3), st.integers(0, 5)
    texts: st.SearchStrategy[Json] = st.fixed_dictionaries(
        {"type": st.just("string")},
        optional={
            "pattern": st.sampled_from(PATTERNS),
            "minLength": sizes,
            "maxLength": sizes,
            "enum": st.lists(st.sampled_from(TEXTS), max_size=3, unique=True),
        },
    )
    amounts: st.SearchStrategy[Json] = st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number", ["integer", "null"], ["number", "string"]])},
        optional={
            "minimum": numbers,
            "exclusiveMaximum": numbers,
            "multipleOf": st.sampled_from([1, 2, 0.5, 3]),
            "enum": st.lists(numbers, max_size=3, unique=True),
        },
    )
    others: st.SearchStrategy[Json] = st.sampled_from(
        [{"type": "boolean"}, {"const": "a"}, {"const": 1}, {"type": "null"}, {}]
    )
    simple = texts | amounts | others
    joined = st.lists(simple, min_size=1, max_size=2)
    keywords = st.sampled_from(["anyOf", "allOf"])
    return simple | st.builds(lambda keyword, parts: {keyword: parts}, keywords, joined)


@example({"type": "integer"}, {"anyOf": [{"type": "string"}, {"type": "integer", "enum": [0]}]})
@example(
    {"anyOf": [{"type": "integer", "minimum": 2}, {"const": 1}]}, {"type": "integer", "minimum": 2}
)
@example({"type": "boolean"}, {"type": "boolean", "const": True})
@given(schemas(), schemas())
def test_no_verdict_claims_more_than_a_validator_sees(ours: Json, theirs: Json) -> None:
    validators = [jsonschema_rs.Draft202012Validator(schema) for schema in (ours, theirs)]
    here, there = ({json.dumps(v) for v in SCALARS if each.is_valid(v)} for each in validators)
    found = set(verdicts(ours, theirs).values())
    if found <= {Verdict.AGREES, Verdict.LOOSER}:
        assert here <= there
    if found <= {Verdict.AGREES, Verdict.TIGHTER}:
        assert there <= here
    back = verdicts(theirs, ours)
    assert back == {k: SWAPPED.get(v, v) for k, v in verdicts(ours, theirs).items()}


@given(schemas())
def test_a_schema_agrees_with_itself_or_can_not_be_told(schema: Json) -> None:
    assert set(verdicts(schema, schema).values()) <= {Verdict.AGREES, Verdict.DIFFERS}


@given(*[st.sets(st.sampled_from(TEXTS), min_size=1)] * 2, st.sampled_from(PATTERNS))
def test_names_are_compared_with_names_and_with_patterns(
    ours: set[str], theirs: set[str], pattern: str
) -> None:
    assert verdicts({"enum": [*ours]}, {"enum": [*theirs]})["values"] is relation(ours, theirs)
    matching = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    verdict = verdicts({"enum": [*ours]}, {"type": "string", "pattern": pattern})["values"]
    if not all(map(matching.is_valid, ours)):
        assert verdict in (Verdict.TIGHTER, Verdict.CONTRADICTORY, Verdict.DIFFERS)
    else:
        assert verdict in (Verdict.LOOSER, Verdict.DIFFERS, Verdict.AGREES)


@pytest.mark.parametrize(
    ("theirs", "values", "nullable"),
    [
        ({"anyOf": [{"type": "string", "enum": ["a"]}, {"pattern": "^b+$", "type": "string"}]}, Verdict.AGREES, False),
        ({"anyOf": [{"anyOf": [{"const": "a"}]}, {"oneOf": [{"pattern": "^(b+|a)$", "type": "string"}, {"type": "null"}]}]}, Verdict.AGREES, True),
        ({"type": ["string", "null"], "pattern": "^(?:a|b+)$"}, Verdict.AGREES, True),
        ({"type": "string", "nullable": True, "pattern": "^(?:a|b+)$"}, Verdict.AGREES, True),
        ({"type": "string", "pattern": "^(?:a|c|b+)$"}, Verdict.LOOSER, False),
        ({"type": "string"}, Verdict.LOOSER, False),
        ({"const": "a"}, Verdict.DIFFERS, False),
        ({"type": "string", "format": "b"}, Verdict.DIFFERS, False),
        ({"type": "string", "pattern": "("}, Verdict.DIFFERS, False),
    ],
)  # fmt: skip
def test_unions_of_names_and_patterns(theirs: Json, values: Verdict, nullable: bool) -> None:
    found = verdicts({"type": "string", "pattern": "^(?:a|b+)$"}, theirs)
    if theirs != {"type": "string"}:  # Of which no text is tried here.
        assert found["values"] is values
    assert found["nullable"] is (Verdict.LOOSER if nullable else Verdict.AGREES)


def test_a_pattern_is_not_taken_for_a_format() -> None:
    pattern, form = (
        {"type": "string", "pattern": "format: uri"},
        {"type": "string", "format": "uri"},
    )
    assert verdicts(pattern, form)["values"] is Verdict.DIFFERS
    assert verdicts(pattern, pattern)["values"] is Verdict.AGREES


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
    whole = copy.deepcopy(OWN)
    container, key = data.draw(st.sampled_from(list(places(whole))))
    container[key] = data.draw(anything() | st.just(10**400))
    try:
        found = drift(parse("x", json.dumps(whole).encode()), WHOLE, "oas")
    except DocumentError:
        return
    assert found == drift(whole, WHOLE, "oas")


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


def test_the_words_of_a_source_decide_nothing() -> None:
    """What a source says of a format is a reading, as data; its words are for people."""
    formats = {
        name: form.model_copy(update={"source": {"oas": "said in other words"}})
        for name, form in WHOLE.formats.items()
    }
    reworded = replace(WHOLE, formats=formats)
    assert drift(READ, reworded, "oas") == drift(READ, WHOLE, "oas")
    assert as_read_by(reworded, "oas").formats["absolute_url"].json_schema_format == "uri"
