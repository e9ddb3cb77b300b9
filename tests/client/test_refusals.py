"""The kinds of bad request that are refused before anything is sent, and that no good one is.

Each kind is one that some client of an HTTP API lets through, and that its user pays for.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import respx

from codegen.naming import snake_case
from fluxframe import AsyncFluxframe, Fluxframe, InvalidRequestError, check
from fluxframe._check import check_parameters
from fluxframe._spec import Parameter

from .. import good_requests
from ..strategies import LONG, MODELS

KEY = "afk_0123456789abcdef"
URL = "https://example.com/car.jpg"


@dataclass(frozen=True)
class Bad:
    """A request with one fault, and the rule that it breaks; `flux` are the model's parameters."""

    kind: str
    rule: str
    model: str
    flux: dict[str, Any]
    prompt: Any = "a fox"
    more: dict[str, Any] | None = None

    def request(self) -> dict[str, Any]:
        request = {"model": self.model, "prompt": self.prompt, **(self.more or {})}
        return {
            key: value
            for key, value in {**request, "fluxParams": self.flux}.items()
            if value != ...
        }


BAD = [
    Bad("a required field is missing", "required", "flux-2-pro", {}, prompt=...),
    Bad("a text is too short", "min_length", "flux-2-pro", {}, prompt=""),
    Bad("a text is too long", "max_length", "flux-2-pro", {}, prompt="x" * 2001),
    Bad("a number is below the minimum", "minimum", "flux-2-pro", {"width": 255}),
    Bad("a number is above the maximum", "maximum", "flux-1.1-pro", {"width": 1441}),
    Bad("a value is none of those listed", "values", "flux-2-dev", {"output_format": "gif"}),
    Bad("a field is unknown", "unknown", "flux-2-pro", {"colour": "red"}),
    Bad("a field is unknown, outside", "unknown", "flux-2-pro", {}, more={"negative_prompt": "x"}),
    Bad("a model is unknown", "values", "flux-3-pro", {}),
    Bad("a parameter is another model's", "unknown", "flux-2-pro", {"go_fast": True}),
    Bad("a pattern is missed", "format", "flux-2-pro", {"aspect_ratio": "16x9"}),
    Bad("a quantity is too large", "quantity", "flux-2-pro", {"resolution": "5 MP"}),
    Bad("a URI is none", "format", "flux-2-pro", {"input_images": ["car.jpg"]}),
    Bad("a list has too many items", "max_items", "flux-2-dev", {"input_images": [URL] * 6}),
    Bad("a list has too few items", "min_items", "flux-2-dev", {}, more={"webhookEvents": []}),
    Bad("an integer is a numeric string", "type", "flux-2-pro", {"seed": "512"}),
    Bad("an integer is a bool", "type", "flux-2-pro", {"seed": True}),
    Bad("a number is NaN", "type", "flux-2-flex", {"guidance": float("nan")}),
    Bad("a value is null", "type", "flux-2-pro", {"width": None}),
]


@pytest.fixture
def nothing_is_sent() -> Iterator[None]:
    with respx.mock(assert_all_called=False) as router:
        route = router.route().mock(side_effect=httpx.ConnectError("sent"))
        yield
        assert not route.called


@pytest.mark.usefixtures("nothing_is_sent")
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.kind)
def test_a_bad_request_is_refused_before_it_is_sent(bad: Bad) -> None:
    with Fluxframe(api_key=KEY) as client, pytest.raises(InvalidRequestError) as caught:
        client.images.generate(bad.request())
    assert bad.rule in [problem.rule for problem in caught.value.problems]

    async def submitted() -> None:
        async with AsyncFluxframe(api_key=KEY) as client:
            await client.images.generate(bad.request())

    with pytest.raises(InvalidRequestError) as again:
        asyncio.run(submitted())
    assert str(again.value) == str(caught.value)


@pytest.mark.usefixtures("nothing_is_sent")
@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.kind)
def test_it_is_refused_as_arguments_too(bad: Bad) -> None:
    given = {"model": bad.model, "prompt": bad.prompt, **bad.flux}
    given |= {snake_case(name): value for name, value in (bad.more or {}).items()}
    arguments: dict[str, Any] = {key: value for key, value in given.items() if value != ...}
    with Fluxframe(api_key=KEY) as client:
        for method in (client.images.generate, client.images.run):
            with pytest.raises(InvalidRequestError) as caught:
                method(**arguments)
            assert bad.rule in [problem.rule for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("rule", "parameter", "good", "bad"),
    [
        ("multiple_of", Parameter(name="x", path="x", type="integer", multiple_of=16), 512, 520),
        ("multiple_of", Parameter(name="x", path="x", type="number", multiple_of=0.1), 0.3, 0.35),
        (
            "unique_items",
            Parameter(name="x", path="x", type="array", unique_items=True),
            [1],
            [1, 1],
        ),
        ("pattern", Parameter(name="x", path="x", type="string", pattern="[0-9]+"), "12", "12\n"),
    ],
)
def test_limits_that_no_flux_model_has_yet_are_kept_too(
    rule: str, parameter: Parameter, good: Any, bad: Any
) -> None:
    assert check_parameters({"x": good}, [parameter]).ok
    assert [p.rule for p in check_parameters({"x": bad}, [parameter]).problems] == [rule]


@pytest.mark.parametrize("model", MODELS)
def test_none_of_ten_thousand_good_requests_is_refused(model: str) -> None:
    """Ten thousand among all models, and two hundred of each at least."""
    chance = random.Random(model)
    for _ in range(max(200, 10_000 // len(MODELS))):
        request = good_requests.draw(model, chance)
        report = check(request)
        assert report.ok, (str(report), request)


@pytest.mark.parametrize("model", MODELS)
def test_the_good_requests_reach_every_limit_of_the_model(model: str) -> None:
    chance = random.Random(model)
    missing = {
        (name, end)
        for name, ends in good_requests.ends(model).items()
        for end in ends
        if isinstance(end, str) or end < LONG  # No text of millions of characters is drawn.
    }
    for _ in range(2_000):
        request = good_requests.draw(model, chance)
        missing -= {
            (name, value) for name, value in missing if value in good_requests.values(request, name)
        }
        if not missing:
            break
    assert not missing
