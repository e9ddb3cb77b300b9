"""A plan is made again of a request and what was recorded beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe.emulator._contract.models import Values
from fluxframe.emulator._pictures.plan import Plan, plan, plan_of, record
from fluxframe.emulator._pictures.references import FileName, file_name

from .conftest import MODELS


def of(model: str, request: dict[str, Any]) -> Values:
    return Values(MODELS[model], request)


def facts(plan: Plan) -> tuple[object, ...]:
    return (plan.seed, plan.size, plan.prompt, plan.parent, plan.format, plan.count, plan.quality)


@settings(deadline=None)
@given(
    model=st.sampled_from(sorted(MODELS)),
    seed=st.integers(),
    size=st.tuples(st.integers(16, 9000), st.integers(16, 9000)),
    parent=st.none() | st.tuples(st.uuids().map(str), st.integers(0, 3)),
    prompt=st.none() | st.text(),
)
def test_a_plan_is_made_again_of_its_record(
    model: str, seed: int, size: tuple[int, int], parent: tuple[str, int] | None, prompt: str | None
) -> None:
    values = of(model, {})
    made = plan(values, size, seed=seed, parent=parent, prompt=prompt if parent else None)
    kept = json.loads(json.dumps(record(values, size, parent, prompt)))
    assert facts(plan_of(values, seed, kept)) == facts(made)


def test_what_the_request_says_is_not_recorded() -> None:
    request = {"prompt": "a fox", "fluxParams": {"seed": 7, "output_format": "png"}}
    kept = record(of("flux-2-pro", request), (512, 256))
    assert kept == {"size": [512, 256], "format": "png", "count": 1}
    assert facts(plan_of(of("flux-2-pro", request), 1, kept))[:3] == (
        7,
        (512, 256),
        "a fox",
    )


@given(st.uuids().map(str), st.none() | st.integers(0, 63), st.sampled_from(["jpg", "webp"]))
def test_the_name_of_a_file_is_read_again(job: str, index: int | None, format: str) -> None:
    name = FileName(job, index, format)
    assert file_name(str(name)) == name


def test_plans_need_no_pillow() -> None:
    program = "import sys, fluxframe.emulator; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
