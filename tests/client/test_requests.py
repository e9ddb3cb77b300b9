"""A request as a value: of one model, flat, checked when it is made, and the same in every form."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from typing import Any
from unittest.mock import create_autospec

import pydantic
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from pydantic import MISSING

import fluxframe
from codegen.naming import class_name
from fluxframe import AsyncFluxframe, Fluxframe, check
from fluxframe._check import check_wire
from fluxframe._requests import flat, wired
from fluxframe.emulator import Emulator
from fluxframe.types import Flux2Pro, Request

from ..strategies import MODELS, of_each_model, requests

each_model = pytest.mark.parametrize("model", MODELS)


def kind_of(model: str) -> Any:
    return getattr(fluxframe.types, class_name(model))


@each_model
@of_each_model(1_500, 20)
@given(data=st.data())
def test_every_form_is_the_same_request(model: str, data: st.DataObject) -> None:
    wire = data.draw(requests(model))
    kind = kind_of(model)
    request = kind.model_validate(wire)
    assert request.to_wire() == wire
    assert kind(**{k: v for k, v in flat(wire).items() if k != "model"}) == request
    assert kind.model_validate_json(request.model_dump_json()) == request
    assert kind.model_validate_json(json.dumps(wire)) == request
    assert wired(request.model_dump()) == wire
    for copied in (pickle.loads(pickle.dumps(request)), copy.copy(request), copy.deepcopy(request)):
        assert copied == request
        assert copied.to_wire() == wire
    reports = [check(request), check(wire), check(flat(wire)), check_wire(wire)]
    assert len({tuple(sorted(map(str, report.advisories))) for report in reports}) == 1
    assert all(report.ok for report in reports)


def test_what_is_left_out_is_told_from_none() -> None:
    request = Flux2Pro(prompt="a fox")
    assert request.width is MISSING
    assert request.to_wire() == {"prompt": "a fox", "model": "flux-2-pro"}
    with pytest.raises(pydantic.ValidationError, match="width"):
        Flux2Pro(prompt="a fox", width=None)  # type: ignore[arg-type]


def test_a_request_does_not_change_and_takes_no_other_order() -> None:
    request: Any = Flux2Pro(prompt="a fox", width=512)
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        request.width = 4000
    with pytest.raises(TypeError):
        request.__class__("a fox")
    assert request.__replace__(width=MISSING) == Flux2Pro(prompt="a fox")
    with pytest.raises(pydantic.ValidationError, match="width"):
        request.__replace__(width=4000)


@pytest.mark.parametrize(
    "wire",
    [
        {"prompt": "x", "width": 512, "fluxParams": {}},
        {"prompt": "x", "width": 512, "fluxParams": {"width": 1024}},
        {"prompt": "x", "fluxParams": [1]},
        {"prompt": "x", "webhook_url": "https://a/b", "webhookUrl": "https://a/c"},
    ],
)
def test_a_member_in_the_wrong_place_is_refused_and_not_put_right(wire: dict[str, Any]) -> None:
    with pytest.raises(pydantic.ValidationError):
        Flux2Pro.model_validate({"model": "flux-2-pro", **wire})


def test_a_request_can_be_the_body_of_a_route() -> None:
    app = FastAPI()

    @app.post("/")
    def route(request: Flux2Pro) -> dict[str, Any]:
        return request.to_wire()

    client = TestClient(app)
    flat = {"prompt": "a fox", "width": 512}
    wire = {"model": "flux-2-pro", "prompt": "a fox", "fluxParams": {"width": 512}}
    assert client.post("/", json=flat).json() == wire
    assert client.post("/", json=wire).json() == wire
    refused = client.post("/", json={"prompt": "a fox", "width": 4000})
    assert refused.status_code == 422
    assert refused.json()["detail"][0]["loc"] == ["body", "width"]
    document = client.get("/openapi.json").json()
    width = document["components"]["schemas"]["Flux2Pro"]["properties"]["width"]
    assert (width["minimum"], width["maximum"]) == (256, 2048)


def test_all_verbs_take_it(tmp_path: Any) -> None:
    request = Flux2Pro(prompt="a fox", aspect_ratio="1:1")
    with Emulator(job_seconds=0) as emu, emu.client() as client:
        for form in (request, request.model_dump(), request.to_wire()):
            assert client.images.generate(form, timeout=5).raw["input"] == request.to_wire()
            assert client.images.run(form, interval=0.01).succeeded
        model = "flux-2-pro"
        job = client.images.run(model=model, prompt="a fox", aspect_ratio="1:1")
        assert job.raw["input"] == request.to_wire()
        summary = client.batch.run(
            [request, request.model_dump(), request.to_wire()],
            journal=tmp_path / "run.jsonl",
            out=None,
            interval=0.01,
        )
        assert summary.ok
        # Not among the parameters, whose names they can't take.
        with pytest.raises(fluxframe.InvalidRequestError, match="an option of the call"):
            client.images.run(model=model, prompt="a fox", timeout=5)
        with pytest.raises(TypeError, match="width"):
            client.images.generate(request, width=512)  # type: ignore[call-overload]


def test_a_request_shows_no_signature_of_a_url() -> None:
    request = Flux2Pro(prompt="a fox", input_images=["https://a.example/x?sig=hunter2"])
    assert "hunter2" not in repr(request) + str(request)
    assert "prompt='a fox'" in repr(request)


@pytest.mark.parametrize("kind", [Fluxframe, AsyncFluxframe])
def test_an_autospec_of_a_client_has_its_resources(kind: Any) -> None:
    mock = create_autospec(kind, instance=True)
    for result in (
        mock.images.generate(Flux2Pro(prompt="a fox")),
        mock.images.run(model="flux-2-pro", prompt="a fox"),
        mock.jobs.get("a"),
        mock.jobs.wait("a", deadline=5),
        mock.uploads.create(b""),
        mock.batch.run([], journal="a", out=None),
    ):
        if inspect.iscoroutine(result):
            result.close()
    with pytest.raises(AttributeError):
        mock.images.submit()
    with pytest.raises(TypeError):
        mock.jobs.get()


def test_the_base_of_all_requests_is_public() -> None:
    assert issubclass(Flux2Pro, Request)
    assert next(iter(inspect.signature(Flux2Pro).parameters)) == "prompt"
