"""The table of constraints: it is complete, and its columns agree with one another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codegen.spec.constraints import CHOICES, ENDS, KINDS, Kind
from codegen.spec.schema import Constraints

LIMITS = st.none() | st.integers(1, 12)
SIZES = [half / 2 for half in range(80)]


def allowed(kind: Kind, limit: int | None) -> set[float]:
    assert kind.breaks is not None
    return {size for size in SIZES if limit is None or not kind.breaks(size, limit)}


def test_every_constraint_has_a_row() -> None:
    names = [kind.name for kind in KINDS]
    assert {*names} == {*Constraints.model_fields} - {"type", "default"}
    assert len({*names}) == len(names)
    assert {*CHOICES, *(name for pair in ENDS for name in pair)} <= {*names}
    assert all(bool(kind.broken) == (kind.breaks is not None) for kind in KINDS)


@given(st.sampled_from([kind for kind in KINDS if kind.breaks]), LIMITS, LIMITS)
def test_what_loosens_refuses_nothing_that_was_allowed(
    kind: Kind, before: int | None, after: int | None
) -> None:
    assert kind.loosens is not None
    if before != after:
        loosened = allowed(kind, before) <= allowed(kind, after)
        assert kind.loosens(before, after) == (loosened or after is None)
