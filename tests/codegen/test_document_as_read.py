"""The OpenAPI document as a source reads it is the emitted one, with the patch of the source applied."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.emit import openapi, tree
from codegen.emit.readings import patch, patches
from codegen.spec.as_read import as_read_by
from codegen.spec.diagnostics import SpecError
from codegen.spec.load import SPEC, load, read, resolve
from fluxframe.emulator._contract.contract import merged

from ..second_api.conftest import SPEC as SECOND_SPEC

# JSON whose objects have no null, which no merge patch can set; lists may.
VALUES = st.recursive(
    st.booleans() | st.integers(2, 4) | st.sampled_from("ab"),
    lambda inner: (
        st.lists(inner | st.none(), max_size=2)
        | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=3)


@given(OBJECTS, OBJECTS)
def test_a_patch_makes_one_object_of_another(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert merged(before, patch(before, after)) == after
    assert patch(before, before) == {}


def test_a_null_that_no_patch_can_set_is_told() -> None:
    with pytest.raises(ValueError, match="a merge patch can't set default to null"):
        patch({"x": {}}, {"x": {"default": None}})


@pytest.mark.parametrize("folder", [SPEC, SECOND_SPEC], ids=["this API", "another API"])
def test_the_patches_make_the_documents_of_the_sources(folder: Any) -> None:
    spec = load(folder)
    document = openapi.build(spec)
    found = patches(spec, document)
    assert found
    for source in spec.sources:
        wanted = openapi.build(as_read_by(spec, source))
        assert (source in found) == (wanted != document)
        assert merged(document, found.get(source, {})) == wanted
    assert document == openapi.build(spec), "it was changed"


def test_the_patches_are_emitted() -> None:
    emitted = tree.GENERATED / "fluxframe/_emitted"
    document = json.loads((emitted / "openapi.json").read_bytes())
    found = json.loads((emitted / "openapi-readings.json").read_bytes())
    assert found == patches(load(), document)
    assert "oas" in found


def test_a_source_that_reads_one_shape_lets_each_model_take_all_parameters() -> None:
    spec = load(SECOND_SPEC)
    all_of_family = spec.families["brushes"].parameters.keys()
    seen = as_read_by(spec, "support").models
    for id in ("Oil.2024-06", "Watercolour_XL"):  # It reads nothing of tones, of neither.
        assert seen[id].parameters.keys() == all_of_family - {"tones"}
    borrowed = seen["Watercolour_XL"].parameters["copies"]
    assert (borrowed.maximum, borrowed.default, borrowed.limits) == (2, None, [])
    own = seen["Watercolour_XL"].parameters["across"]
    assert own == spec.models["Watercolour_XL"].parameters["across"]
    assert as_read_by(spec, "manual").models == spec.models


def test_a_source_of_one_shape_that_is_nowhere_is_told() -> None:
    files = read(SECOND_SPEC)
    name = next(name for name, data in files.items() if b"one_shape: [support]" in data)
    files[name] = files[name].replace(b"one_shape: [support]", b"one_shape: [suport]")
    with pytest.raises(SpecError) as caught:
        resolve(files)
    [found] = caught.value.diagnostics
    assert (found.message, found.hint) == ("unknown source `suport`", "did you mean `support`?")
