"""What docs/client.md says of settings, methods, retries and spans is what the code does."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from codegen.spec.load import load
from fluxframe import Fluxframe, models
from fluxframe._errors import is_transient
from fluxframe._waiting import DEFAULT_WAIT
from fluxframe._wire import retry
from fluxframe._wire.settings import DEFAULT_DEADLINE, DEFAULT_RETRIES, DEFAULT_TIMEOUT
from fluxframe.emulator import Emulator

from .blocks import blocks_of
from .pages_text import PageText

PAGE = PageText("docs/client.md")
SPEC = load()


def test_the_settings_are_those_of_the_client() -> None:
    parameters = dict(inspect.signature(Fluxframe).parameters)
    told = {row[0].strip("`"): row[-1] for row in PAGE.rows("Make a client")}
    assert told.keys() == parameters.keys()
    for name, parameter in parameters.items():
        if parameter.default is not None:
            assert told[name].strip("`") in (
                f"{parameter.default:g}"
                if isinstance(parameter.default, float | int)
                else f'"{parameter.default}"'
            )
    assert told["api_key"] == f"`{SPEC.api.environment.api_key}`"
    assert told["base_url"].startswith(f"`{SPEC.api.environment.base_url}`")


def test_the_methods_are_those_that_take_requests_each_with_one_of_its_models() -> None:
    told = {
        method.strip("`"): model.strip("`") for method, _, model in PAGE.rows("Choose the method")
    }
    assert told.pop("images.run") == "any"
    assert told.keys() == {model.operation for model in models.values()}
    for method, model in told.items():
        assert models[model].operation == method


def test_the_figures_of_retries_and_deadlines_are_those_of_the_code() -> None:
    table = PAGE.section("When a call fails")
    final = [int(found) for found in re.findall(r"\b5\d\d\b", table)]
    passing = [int(found) for found in re.findall(r"\b4\d\d\b", table)]
    assert [s for s in range(500, 600) if not is_transient(s)] == final
    assert [s for s in range(400, 500) if is_transient(s)] == passing
    delays = ", ".join(f"{retry.backoff(attempt):g}" for attempt in (1, 2, 3))
    for words in (
        f"up to {DEFAULT_RETRIES} times, after {delays}, … s, each shortened at random by up to half",
        f"above {retry.LONGEST_RETRY_AFTER:g} s it raises the error",
        f"an attempt ({DEFAULT_TIMEOUT:g} s), `deadline` the call ({DEFAULT_DEADLINE:g} s)",
        f"or the wait ({DEFAULT_WAIT / 60:g} min)",
        f"the key (after {SPEC.api.idempotency.hours} h)",
    ):
        assert words in table
    assert f"remembers a key for {SPEC.api.idempotency.hours} hours" in PAGE.section(
        "Submit once, whatever happens"
    )


def test_the_spans_are_those_of_the_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    [block] = [block for block in blocks_of(PAGE.path) if "def traced" in block.text]
    names: dict[str, Any] = {"Fluxframe": Fluxframe}
    with Emulator(job_seconds=0) as emulator:
        monkeypatch.setenv(SPEC.api.environment.api_key, "afk_page")
        monkeypatch.setenv(SPEC.api.environment.base_url, emulator.url)
        exec(block.text, names)
        client: Fluxframe = names["client"]
        with client:
            job = client.images.generate(model="flux-2-pro", prompt="a fox")
    [span] = exporter.get_finished_spans()
    assert span.name == "images.generate"
    assert span.attributes is not None
    assert span.attributes["fluxframe.job_id"] == job.id
    assert span.attributes["fluxframe.status"] == 202
