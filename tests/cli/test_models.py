"""The command `fluxframe models`."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from fluxframe.cli import cli

from .shells import (
    MODELS,
)


@pytest.mark.parametrize("model", list(MODELS))
def test_the_parameters_of_a_model_are_listed(model: str) -> None:
    shown = CliRunner().invoke(cli, ["models", model], prog_name="fluxframe").stdout
    entries = re.split(r"^  (?=\S)", shown, flags=re.MULTILINE)
    rows = {entry.split()[0]: entry for entry in entries if entry.strip()}
    for name, parameter in MODELS[model].parameters.items():
        for limit in (parameter.minimum, parameter.maximum, parameter.default):
            assert limit is None or str(limit) in rows[name]
    told = json.loads(
        CliRunner().invoke(cli, ["models", model, "--json"], prog_name="fluxframe").stdout
    )
    for name, parameter in MODELS[model].parameters.items():
        assert told["parameters"][name].get("maximum") == parameter.maximum
        assert told["parameters"][name].get("minimum") == parameter.minimum


def _members(value: object) -> list[object]:
    """Every member of JSON, at any depth."""
    inner = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(inner, list):
        return []
    return [*inner, *(member for each in inner for member in _members(each))]


@pytest.mark.parametrize("model", list(MODELS))
def test_as_json_nothing_is_said_that_is_not_so(model: str) -> None:
    told = json.loads(
        CliRunner().invoke(cli, ["models", model, "--json"], prog_name="fluxframe").stdout
    )
    told.pop("examples")
    for said in told["parameters"].values():  # False is a default, too, and what a rule is about.
        for name in ("default", "values", "used_when", "ignored_when", "requires", "excludes"):
            said.pop(name, None)
    assert not [value for value in _members(told) if value is False or value in (None, "", {}, [])]
