"""Three readings of one spec, each by an engine of its own, must agree on every request.

They are the client's check, the emulator's (JSON Schema, from the OpenAPI document) and the
pydantic types.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from random import Random
from typing import Any

import pydantic
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import fluxframe
from codegen.naming import class_name, snake_case
from fluxframe import InvalidRequestError, RequestWarning, check
from fluxframe._check import check_wire, enforce
from fluxframe.emulator._contract.contract import contract

from .. import good_requests
from ..strategies import (
    MODELS,
    WHOLE,
    discriminator,
    faults,
    kept_to,
    of_each_model,
    parameters,
    path_of,
    place,
    requests,
    strangers,
    without,
)

each_model = pytest.mark.parametrize("model", MODELS)


@dataclass(frozen=True)
class Broken:
    """A request with one fault: the parameter's wire name, its value, and the limit it breaks."""

    request: dict[str, Any]
    name: str
    value: Any
    rule: str


@st.composite
def broken_requests(draw: st.DrawFn, model: str) -> Broken:
    """A good request in which one value breaks one limit."""
    name, rule, values = draw(st.sampled_from([*faults(model), *strangers(model)]))
    return broken(model, draw(CHANCE), name, draw(values), rule)


# What a good request is drawn with; such a one has a cause of its own, and need not be small.
CHANCE = st.integers(0, 2**32).map(Random)


def broken(model: str, chance: Random, name: str, value: Any, rule: str) -> Broken:
    request = kept_to(model, good_requests.draw(model, chance), name, value)
    return Broken(request, name, value, rule)


def typed(model: str, request: dict[str, Any]) -> Any:
    """The typed request, by the class that is emitted for the model."""
    kind = getattr(fluxframe.types, class_name(model))
    return kind.model_validate(request)


@each_model
@of_each_model()
@given(data=st.data())
def test_what_keeps_the_limits_is_accepted_by_every_reading(
    model: str, data: st.DataObject
) -> None:
    request = data.draw(requests(model))
    assert check(request).problems == ()
    assert contract().checks.request(json.loads(json.dumps(request))) == {}
    assert typed(model, request).to_wire() == request


def is_refused_by_every_reading(model: str, bad: Broken) -> None:
    problems = check(bad.request).problems
    assert {problem.rule for problem in problems} == {bad.rule}
    path = path_of(model, bad.name)
    assert all(problem.path.partition("[")[0] == path for problem in problems)

    details = contract().checks.request(json.loads(json.dumps(bad.request)))
    assert details
    assert all(key == path or key.startswith(f"{path}.") for key in details)

    with pytest.raises(pydantic.ValidationError) as caught:
        typed(model, bad.request)
    # A class says it in the same words.
    said = [(error["type"], error["msg"]) for error in caught.value.errors()]
    assert said == [(problem.rule, problem.without_place) for problem in problems]
    assert all(problem.without_place in problem.message for problem in problems)


@each_model
@settings(of_each_model(60, 3), phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(data=st.data())
def test_what_breaks_a_limit_is_refused_by_every_reading(model: str, data: st.DataObject) -> None:
    """Each limit of the model, and some of what it does not take; a large example, not made small."""
    chance = data.draw(CHANCE)
    unknown = data.draw(st.lists(st.sampled_from(strangers(model)), min_size=3, max_size=3))
    for name, rule, values in [*faults(model), *unknown]:
        value = data.draw(values, label=f"{name}, {rule}")
        is_refused_by_every_reading(model, broken(model, chance, name, value, rule))


@each_model
@of_each_model()
@given(data=st.data())
def test_a_refusal_names_the_parameter_and_the_model_or_who_takes_it(
    model: str, data: st.DataObject
) -> None:
    request = data.draw(broken_requests(model)).request
    with pytest.raises(InvalidRequestError) as caught:
        enforce(check(request), "error")
    assert isinstance(caught.value, ValueError)
    for problem in caught.value.problems:
        assert problem.message.startswith(problem.parameter)
        assert model in problem.message
        assert "\n" not in problem.message
        assert len(problem.message) < 400


@each_model
@of_each_model()
@given(data=st.data())
def test_warn_and_off_let_a_broken_request_through(model: str, data: st.DataObject) -> None:
    report = check(data.draw(broken_requests(model)).request)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        enforce(report, "off")
        assert caught == []
        enforce(report, "warn")
    said = [str(warning.message) for warning in caught]
    assert said == [problem.message for problem in report.problems + report.advisories]


@each_model
def test_what_is_required_and_missing_is_refused(model: str) -> None:
    whole = good_requests.draw(model, Random(model))
    required = [name for name, schema in parameters(model).items() if schema.required]
    known = WHOLE.models[model]
    operation, object = WHOLE.operation_of(known), WHOLE.request_object(known)
    for name in (discriminator(model), *required):
        request = without(model, whole, name)
        problems = check_wire(request, operation).problems
        assert [(problem.rule, problem.path) for problem in problems] == [
            ("required", path_of(model, name))
        ]
        assert list(contract().checks.request(request, object)) == [path_of(model, name)]
        if name != discriminator(model):  # Which the class itself says.
            with pytest.raises(pydantic.ValidationError, match=snake_case(name)):
                typed(model, request)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@each_model
@of_each_model(250)
@given(data=st.data())
def test_any_value_anywhere_gets_a_report_and_never_another_error(
    model: str, data: st.DataObject
) -> None:
    request = data.draw(requests(model))
    container = WHOLE.container(WHOLE.models[model])
    containers = [container] if container else []
    known = st.sampled_from([*parameters(model), *containers, discriminator(model)])
    for name, value in data.draw(st.dictionaries(known | st.text(), json_values)).items():
        request[name] = value
    inner = request.get(container) if container else None
    if isinstance(inner, dict):
        inner.update(data.draw(st.dictionaries(known | st.text(), json_values)))
    str(check(request))


@pytest.mark.parametrize(
    "value", [True, False, 512.5, "512", float("nan"), float("inf"), None, [512]]
)
def test_what_is_not_an_integer_is_not_a_width(value: object) -> None:
    request = place("flux-2-pro", {"prompt": "x", "width": value})
    (problem,) = check(request).problems
    assert problem.rule == "type"


def test_the_message_reads_as_promised() -> None:
    request = place("flux-2-pro", {"prompt": "x", "width": 2049})
    (problem,) = check(request).problems
    assert problem.message == "width: 2049 is above the maximum of 2048 px for flux-2-pro"
    assert (problem.path, problem.rule, problem.limit) == ("fluxParams.width", "maximum", 2048)


@pytest.mark.parametrize(
    ("model", "name", "hint"),
    [
        ("flux-2-pro", "go_fast", "flux-1.1-pro-ultra and flux-2-dev take it"),
        ("flux-2-dev", "loraId", "flux-lora takes it"),
        ("flux-2-pro", "heigth", "did you mean height?"),
    ],
)
def test_an_unknown_parameter_is_told_from_a_misspelt_one(model: str, name: str, hint: str) -> None:
    (problem,) = check(place(model, {"prompt": "x", name: 1})).problems
    assert problem.message.endswith(hint)


def test_of_many_models_that_take_a_parameter_those_of_the_family_are_told_first() -> None:
    (problem,) = check(place("flux-1.1-pro", {"prompt": "x", "input_images": []})).problems
    assert (
        "; flux-1.1-pro-ultra, flux-2-dev, flux-2-flex, flux-2-max, flux-2-pro and"
        in problem.message
    )
    assert problem.message.endswith(" more models take it")


def test_a_parameter_out_of_place_is_told_where_it_belongs() -> None:
    (problem,) = check(
        {"model": "flux-2-pro", "prompt": "x", "width": 512, "fluxParams": {}}
    ).problems
    assert "fluxParams.width" in problem.message


@pytest.mark.parametrize("model", ["flux-2-prp", "", None, 3, ["flux-2-pro"]])
def test_an_unknown_model_is_refused_with_the_known_ones(model: object) -> None:
    (problem,) = check({"model": model, "prompt": "x"}).problems
    assert problem.parameter == "model"
    assert "flux-2-pro" in problem.message


@pytest.mark.parametrize(
    ("parameters", "advised"),
    [
        ({"width": 1024}, ["width"]),
        ({"width": 1024, "aspect_ratio": "16:9"}, ["width"]),
        ({"width": 1024, "height": 512, "aspect_ratio": "custom"}, []),
        ({"width": 1024, "aspect_ratio": "custom"}, ["aspect_ratio"]),
        ({"output_quality": 5, "output_format": "png"}, ["output_quality"]),
        ({"output_quality": 5, "output_format": "jpg"}, []),
        ({"output_quality": 5}, []),
        ({"aspect_ratio": "match_input_image"}, ["aspect_ratio"]),
        ({"aspect_ratio": "match_input_image", "input_images": ["https://a/b"]}, []),
    ],
)
def test_what_is_legal_but_not_meant_is_advised_of(
    parameters: dict[str, Any], advised: list[str]
) -> None:
    report = check(place("flux-2-pro", {"prompt": "x", **parameters}))
    assert report.ok
    assert [advisory.parameter for advisory in report.advisories] == advised


def test_a_warning_points_at_the_line_that_caused_it() -> None:
    report = check(place("flux-2-pro", {"prompt": "x", "width": 1024}))
    with pytest.warns(RequestWarning, match="will be ignored") as caught:
        enforce(report, "error")
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "secret", ["https://u:hunter2@a.example/x y", "https://a.example/x y?X-Amz-Signature=hunter2"]
)
def test_a_message_shows_no_secret_of_a_url(secret: str) -> None:
    report = check(place("flux-2-pro", {"prompt": "x", "input_images": [secret]}))
    assert not report.ok
    assert "hunter2" not in str(report)
