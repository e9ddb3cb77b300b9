"""The tables and figures of the guides are those of the code and of the spec."""

from __future__ import annotations

import inspect
import math
import re
from typing import get_type_hints

from click import Context

from codegen.spec.load import load
from fluxframe.batch import Batch
from fluxframe.batch._entry import STATES
from fluxframe.batch._summary import BatchSummary
from fluxframe.cli import cli

from .blocks import ROOT
from .pages_text import PageText, code_in

SPEC = load()
BATCHES = PageText("docs/guides/batches.md")


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
