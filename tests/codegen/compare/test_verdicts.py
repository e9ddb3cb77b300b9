"""Shapes of schemas, and that no verdict on two of them claims too much."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from codegen.compare.documents import DocumentError, Json
from codegen.compare.shapes import Reader
from codegen.compare.verdicts import Verdict, compare

SWAPPED = {Verdict.LOOSER: Verdict.TIGHTER, Verdict.TIGHTER: Verdict.LOOSER}


def verdicts(ours: object, theirs: object) -> dict[str, Verdict]:
    """The verdict on each constraint of two schemas."""
    reader = Reader({})
    return dict(compare(reader.shape(ours), reader.shape(theirs)))


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
    tree = {
        "properties": {
            name: {"type": "object", "$ref": "#/components/schemas/tree"} for name in names
        }
    }
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
