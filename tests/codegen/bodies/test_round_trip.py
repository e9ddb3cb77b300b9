"""What we emit comes back from the document that we emit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from codegen.bodies.draft import Known, draft
from codegen.bodies.read import bodies
from codegen.bodies.schemas import Document
from codegen.emit.openapi import build, params_class, request_class
from codegen.spec.load import load
from codegen.spec.model import Model
from codegen.spec.schema import Parameter
from codegen.spec.whole import Spec

from .documents import SPEC, Json, Run


def test_every_model_of_our_document_comes_back(run: Run, folder: Path) -> None:
    for model in SPEC.models.values():
        (folder / model.file).unlink()
    whole = build(SPEC)
    assert run(whole, "--all") == 0
    again = load(folder)
    assert list(again.models) == list(SPEC.models)
    schemas = whole["components"]["schemas"], build(again)["components"]["schemas"]
    for model in SPEC.models.values():
        for name in (request_class(model), params_class(model)):
            one, two = (_bare(each.get(name)) for each in schemas)
            assert one == two, name


def _bare(schema: Any) -> Any:
    """A schema without words, and without what only our spec knows."""
    if isinstance(schema, list):
        return [_bare(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    said = {key: _bare(inner) for key, inner in schema.items() if not _is_note(key, inner)}
    # One list of names, whatever the order; a pattern may say it too.
    return {k: sorted(map(str, v)) if k in ("enum", "required") else v for k, v in said.items()}


def _is_note(key: str, inner: Any) -> bool:
    return key.startswith("x-") or (key in ("description", "title") and isinstance(inner, str))


NUMBERS = st.integers(-5, 20)
TEXTS = st.text("abc", min_size=1, max_size=3)


def bounds(low: str, high: str) -> st.SearchStrategy[Json]:
    least = st.integers(0, 9)
    return st.fixed_dictionaries({}, optional={low: least, high: least.map(lambda n: n + 10)})


def _schemas(depth: int = 2) -> st.SearchStrategy[Json]:
    """Schemas of the spec with each kind of constraint that a document has a keyword for."""
    numbers = st.sampled_from(["integer", "number"]).flatmap(
        lambda kind: st.one_of(
            bounds("minimum", "maximum"),
            bounds("exclusive_minimum", "exclusive_maximum"),
            st.just({"multiple_of": 2}),
            st.lists(NUMBERS, min_size=1, unique=True).map(lambda values: {"values": values}),
        ).map(lambda said: {"type": kind, **said})
    )
    texts = st.one_of(
        bounds("min_length", "max_length"),
        st.lists(TEXTS, min_size=1, unique=True).map(lambda values: {"values": values}),
        st.sampled_from(sorted(SPEC.formats)).map(lambda name: {"format": name}),
        st.sampled_from(["[a-z]+", "a|b", "(?:a|b)c"]).map(lambda pattern: {"pattern": pattern}),
    ).map(lambda said: {"type": "string", **said})
    scalars = st.one_of(numbers, texts, st.just({"type": "boolean"}))
    if depth == 0:
        return scalars
    inner = _schemas(depth - 1)
    lists = st.tuples(bounds("min_items", "max_items"), inner).map(
        lambda pair: {"type": "array", "items": pair[1], **pair[0]}
    )
    objects = st.dictionaries(TEXTS, st.tuples(inner, st.booleans()), min_size=1, max_size=3).map(
        lambda members: {
            "type": "object",
            "properties": {
                n: {**s, **({"required": True} if r else {})} for n, (s, r) in members.items()
            },
        }
    )
    return st.one_of(scalars, lists, objects)


@given(
    st.dictionaries(
        TEXTS, st.tuples(_schemas(), st.booleans(), st.booleans()), min_size=1, max_size=4
    )
)
def test_what_we_emit_comes_back(drawn: dict[str, tuple[Json, bool, bool]]) -> None:
    family_id, family = next((n, f) for n, f in SPEC.families.items() if f.container)
    said = {
        name: {
            **schema,
            **({"required": True} if required else {}),
            **({"nullable": True} if nullable else {}),
        }
        for name, (schema, required, nullable) in drawn.items()
    }
    model = next(m for m in SPEC.models.values() if m.family == family_id)
    changed = model.model_copy(
        update={
            "parameters": {n: Parameter.model_validate(s) for n, s in said.items()},
            "examples": {},
        }
    )
    spec = _with_model(changed)
    whole = Document(json.loads(json.dumps(build(spec))))
    requests = {n: spec.objects[n].properties or {} for n in spec.submissions().values()}
    known = Known(spec.formats, spec.operations, requests, spec.families)
    found, _ = bodies(whole)
    body = next(each for each in found if each.value == model.id)
    result = draft(whole, body, known)
    assert result.container == family.container
    assert [line for line in result.unread if not line.startswith("x-")] == []
    assert (result.fields, result.without) == ({}, [])
    assert {n: [_plain(limits.said), limits.unread] for n, limits in result.parameters.items()} == {
        name: [_plain(schema), []] for name, schema in said.items()
    }


def _plain(schema: Json) -> Json:
    """A schema as a document gives it back: members have no notes, and their order does not count."""
    return {
        key: {name: _plain(inner) for name, inner in value.items()}
        if key == "properties"
        else _plain(value)
        if key == "items"
        else value
        for key, value in schema.items()
        if key != "summary"
    }


def _with_model(model: Model) -> Spec:
    return Spec(
        api=SPEC.api,
        sources=SPEC.sources,
        formats=SPEC.formats,
        objects=SPEC.objects,
        operations=SPEC.operations,
        families=SPEC.families,
        models={model.id: model},
    )
