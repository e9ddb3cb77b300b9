"""The tables and figures of the guides are those of the code and of the spec."""

from __future__ import annotations

import builtins
import inspect
import math
import re
from operator import attrgetter
from typing import get_type_hints
from unittest.mock import create_autospec

import pytest
from click import Context

import fluxframe
from codegen.spec.load import load
from fluxframe import Fluxframe, check, models, types
from fluxframe.batch import Batch
from fluxframe.batch._entry import STATES
from fluxframe.batch._summary import BatchSummary
from fluxframe.cli import cli

from .blocks import ROOT, blocks_of
from .pages_text import PageText, code_in

SPEC = load()
BATCHES = PageText("docs/guides/batches.md")
WEBHOOKS = PageText("docs/guides/webhooks.md")
MIGRATING = PageText("docs/guides/migrating.md")


def test_the_options_of_a_batch_are_those_of_the_method_and_of_the_command() -> None:
    parameters = dict(inspect.signature(Batch.run).parameters)
    parameters.pop("self")
    command = cli.get_command(Context(cli), "batch")
    assert command is not None
    flags = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)}
    told = BATCHES.rows("Options")
    assert [code_in(row[0])[0] for row in told] == list(parameters)
    for (name, option, _, default), parameter in zip(told, parameters.values(), strict=True):
        assert {flag for flag in code_in(option) if flag != "FILE"} <= flags, name
        if parameter.default in (inspect.Parameter.empty, None, False):
            assert not re.search(r"\d", default), name
        else:
            assert math.isclose(float(default), parameter.default), name


def test_the_statuses_of_rows_are_those_of_the_manifest() -> None:
    told = {code_in(row[0])[0] for row in BATCHES.rows("What can become of a row")}
    assert told == set(STATES) - {"intent", "free", "accepted"}
    assert {"completed", "failed", "refused", "unknown"} <= told & get_type_hints(
        BatchSummary
    ).keys()


def test_the_hours_of_keys_are_the_specs() -> None:
    hours = SPEC.api.idempotency.hours
    told = re.findall(r"(\d+) hours", BATCHES.section("Rows that stay unknown"))
    assert told == [str(hours), str(hours - 1)]


def test_what_may_be_uploaded_is_what_the_spec_says() -> None:
    text = (ROOT / "docs/guides/edit-with-references.md").read_text(encoding="utf-8")
    [upload] = [op.upload for op in SPEC.operations.values() if op.upload]
    [image] = [kind for kind in upload if kind.kind == "image"]
    names = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WebP", "image/gif": "GIF"}
    first = [names[kind] for kind in image.content_types]
    listed = f"{', '.join(first[:-1])} and {first[-1]}"
    assert f"{listed} of at most {image.max_megabytes} MB" in text


@pytest.mark.parametrize("name", ["fastapi", "flask", "django"])
def test_a_receiver_on_the_page_is_the_one_that_is_tested(name: str) -> None:
    title = f"webhook_{name}.py"
    [shown] = [block for block in blocks_of(WEBHOOKS.path) if block.title == title]
    assert shown.text == (ROOT / "tests/examples" / title).read_text(encoding="utf-8")


def test_the_events_are_those_of_the_spec() -> None:
    assert {code_in(row[0])[0] for row in WEBHOOKS.rows("What is posted")} == set(
        SPEC.api.webhooks.events
    )
    assert f"`{SPEC.api.webhooks.signature_header}`" in WEBHOOKS.section("What is posted")


@pytest.mark.parametrize(
    "title", ["From requests or httpx", "From `apiframe`", "From `apiframe-sdk`"]
)
def test_what_one_migrates_to_exists(title: str) -> None:
    with Fluxframe(api_key="afk_page") as client:
        for row in MIGRATING.rows(title):
            for code in code_in(row[1]):
                for path in re.findall(r"\bclient((?:\.\w+)+)\(", code):
                    assert callable(attrgetter(path[1:])(client)), code
                for name in re.findall(r"\b[A-Z]\w+(?=\()|\b\w+Error\b", code):
                    assert any(hasattr(m, name) for m in (fluxframe, types, builtins)), code
                if model := re.search(r'model="([\w.-]+)"', code):
                    assert model[1] in models, code


def test_the_requests_that_one_migrates_to_are_right() -> None:
    names = {"id": "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a", "mask": "bWFzaw==", "prompt": "a fox"}
    tried = 0
    for title in ("From `apiframe`", "From `apiframe-sdk`"):
        for row in MIGRATING.rows(title):
            for code in code_in(row[1]):
                if re.match(r"client\.images\.\w+\((?!…)", code):
                    client = create_autospec(Fluxframe, instance=True)
                    known = {
                        **{name: getattr(types, name) for name in types.__all__},
                        **names,
                        "client": client,
                        "url": "https://a.example/b.png",
                    }
                    eval(code, known)
                    [(_, given, arguments)] = client.images.method_calls
                    assert check(given[0] if given else arguments).ok, code
                    tried += 1
    assert tried > 8
