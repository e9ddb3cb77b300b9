"""What is said of a finding: a plain sentence for each kind of constraint, in the singular and the plural."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given

from codegen.spec.constraints import KINDS
from codegen.spec.load import load
from codegen.spec.schema import Type
from fluxframe.conformance import Constraint, Exchange, Finding, Outcome, Report, Verdict, _words
from fluxframe.conformance._kind_words import _KINDS, _TYPES, limit_of

from .strategies import KEY, made, reports

SUBMIT = next(name for name, one in load().operations.items() if one.method == "POST")
LIST = next(name for name, one in load().operations.items() if one.query)
PAGE = {"page": ["so it is"]}


def found(
    kind: str,
    limit: Any,
    *values: Any,
    name: str = "box.input_images",
    does: str = "accepted",
    verdict: Verdict | None = None,
    says: str = "one above the maximum",
    reading: str | None = None,
    expected: str | None = None,
    url: str = "http://a.test/",
    **more: Any,
) -> Finding:
    """A finding of values that were sent for a parameter."""
    constraint = Constraint(
        **{
            "id": "x",
            "kind": kind,
            "model": "m-1",
            "parameter": name,
            "limit": limit,
            "source": PAGE,
        }
        | more
    )
    usual = Verdict.LOOSER if does == "accepted" else Verdict.TIGHTER
    other = {"accepted": "refused", "refused": "accepted"}
    outcomes = []
    for value in values or (None,):
        body = value
        for part in reversed(name.removesuffix(".items").split(".")):
            body = {part: body} if values else {}
        exchange = Exchange(
            method="POST", url=url, headers={}, body=body, started=made().started, seconds=0
        )
        outcomes.append(
            Outcome(
                vector="x/y",
                constraint="x",
                verdict=verdict or usual,
                says=says,
                expected=other.get(does, "") if expected is None else expected,
                observed=does,
                exchanges=(exchange,),
                reading=reading,
            )
        )
    return Finding(constraint=constraint, verdict=verdict or usual, outcomes=outcomes)


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (
            found(
                "rule",
                {"requires": {"when": "inpaint", "parameter": "mask"}},
                "inpaint",
                name="mode",
            ),
            'takes mode "inpaint"; the page says "inpaint" needs mask',
        ),
        (
            found("rule", {"excludes": {"parameter": "mask"}}, "x", name="seed"),
            'takes seed "x"; the page says it can\'t stand beside mask',
        ),
        (
            found(
                "rule", {"limits": {"when": {"form": ["png", "gif"]}, "maximum": 1}}, 2, name="n"
            ),
            'takes n 2; the page says at most 1 with form "png" or "gif"',
        ),
        (
            found("discriminator", "m-1", "M-1", name="model"),
            'takes model "M-1"; the page says "m-1"',
        ),
        (
            found("max_items", 8, ["u"] * 9, readings={"notes": 10}),
            "takes 9 input images; the page says at most 8, the notes at most 10",
        ),
        (found("max_items", 0, ["u"]), "takes 1 input image; the page says at most 0"),
        (
            found("min_items", 2, [], does="refused"),
            "refuses 0 input images; the page says at least 2",
        ),
        (
            found("max_items", 8, ["u"] * 9, ["u"] * 30, name="webhookEvents"),
            "takes 9 and 30 webhook events; the page says at most 8",
        ),
        (
            found("maximum", 2048, 2048, name="box.width", does="refused", unit="px"),
            "refuses width 2048; the page says at most 2048 px",
        ),
        (found("exclusive_minimum", 0, 0, name="a"), "takes a 0; the page says above 0"),
        (
            found("max_length", 1, "xy", name="prompt"),
            "takes 2 characters of prompt; the page says at most 1 character",
        ),
        (
            found("min_length", 2, "x", name="prompt", unit="letters"),
            "takes 1 character of prompt; the page says at least 2 letters",
        ),
        (
            found("values", ["jpg", "png"], "JPG", "gif", "x", "y", "z", name="form"),
            'takes form "JPG", "gif", "x" and 2 more; the page says "jpg" or "png"',
        ),
        (
            found("type", "integer", "5", True, name="n"),
            'takes n "5" and true; the page says an integer',
        ),
        (
            found("type", ["string", "array"], 5, name="n"),
            "takes n 5; the page says text or a list",
        ),
        (
            found("nullable", True, None, name="seed", does="refused"),
            "refuses seed null; the page says it may be null",
        ),
        (
            found("required", True, name="prompt"),
            "takes a request without prompt; the page says it is required",
        ),
        (
            found("optional", None, name="seed", does="refused"),
            "refuses a request without seed; the page says it is optional",
        ),
        (
            found("unknown", None, 1, name="", says="`raw`, which other models take"),
            "takes `raw`, which other models take; the page says there is no such parameter",
        ),
        (
            found("quantity", {"unit": "MP", "maximum": 4}, "5 MP", name="size"),
            'takes size "5 MP"; the page says at most 4 MP',
        ),
        (
            found("format", "ratio", ["1:1", "x"], name="ratios.items"),
            f'takes "x" in ratios; the page says {load().formats["ratio"].title}',
        ),
        (
            found(
                "max_items",
                8,
                ["u"] * 9,
                verdict=Verdict.DIFFERS,
                reading="notes",
                readings={"notes": 10},
            ),
            "takes 9 input images, as the notes say (at most 10); the page says at most 8",
        ),
        (
            found("nullable", True, None, name="n", verdict=Verdict.DIFFERS, reading="unknown"),
            "takes n null; no document says what is right",
        ),
        (
            found("maximum", 4, 5, name="n", source={}, readings={"notes": {"minimum": 1}}),
            "takes n 5; the documents say at most 4, the notes at least 1",
        ),
        (
            found("maximum", 4, 3, name="n", does="refused-together", source={"docs": []}),
            "refuses, beside what it takes alone, n 3; the docs say at most 4",
        ),
    ],
)
def test_a_finding_is_a_sentence(finding: Finding, words: str) -> None:
    assert finding.message == f"m-1 {words}"


def test_an_operation_is_named_by_its_method_and_path() -> None:
    operation = load().operations[LIST]
    of: dict[str, Any] = {"model": None, "operation": LIST}
    told = found(
        "id", None, name="", does="status 200", expected="status 404", says="an unknown id", **of
    )
    assert told.message == (
        f"{operation.method} {operation.path} answers with status 200 (an unknown id); "
        "the page says status 404"
    )
    query = found("maximum", 100, name="limit", url="http://a.test/?limit=101", **of)
    assert query.message == (
        f'{operation.method} {operation.path} takes limit "101"; the page says at most 100'
    )
    body = found(
        "answer",
        "ErrorBody",
        None,
        name="",
        does="not JSON",
        expected="ErrorBody",
        says="no key",
        **of,
    )
    assert body.message.endswith("answers with what is not an ErrorBody (no key): not JSON")
    api = found("path", None, name="", does="status 200", expected="status 404", model=None)
    assert api.message.startswith("the server answers with status 200")


def test_what_is_another_in_each_run_is_not_said() -> None:
    def message(id: str, time: str) -> str:
        does, expected = f"skipped: {id} of {time}", f"id: {id}"
        return found("paging", None, None, name="", does=does, expected=expected).message

    one = message("67116c80-eefd-49ee-b7d1-e1aefa9f8522", "2026-11-26T12:00:00.123Z")
    other = message("847901a5-1c71-48d8-b80c-6f48c6701442", "2027-01-01T00:00:00Z")
    assert one == other
    assert "skipped: … of …" in one


def test_sources_are_called_as_the_spec_calls_them() -> None:
    for id, source in load().sources.items():
        told = found("maximum", 4, 5, name="n", source={id: []}).message
        assert f"; {source.called or f'the {id}'} say" in told


def test_every_kind_and_type_has_words() -> None:
    assert {kind.name for kind in KINDS} <= _KINDS.keys()
    assert set(get_args(Type)) <= _TYPES.keys()


@pytest.mark.parametrize("kind", _KINDS)
def test_the_limit_of_every_kind_is_said(kind: str) -> None:
    for limit in (3, "x", ["x"], True, None, {"unit": "MP", "maximum": 3}, {kind: 3}):
        assert limit_of(Constraint(id="a", kind=kind), limit)


@given(report=reports())
def test_a_sentence_is_one_short_line_without_a_key(report: Report) -> None:
    texts = [finding.message for finding in report.findings]
    texts += map(_words.outcome_text, report.outcomes)
    for text in texts:
        assert text.isprintable()
        assert 0 < len(text) <= 400
        assert KEY not in text


@pytest.mark.parametrize(
    ("verdict", "more", "words"),
    [
        (Verdict.PASS, {"observed": "refused"}, "at the limit: refused"),
        (
            Verdict.LOOSER,
            {"expected": "refused", "observed": "accepted", "credits": 1},
            "at the limit: expected refused, found accepted, at 1 credit",
        ),
        (Verdict.UNTESTED, {"reason": "budget"}, "not sent, as the budget does not allow it"),
        (Verdict.INCONCLUSIVE, {"reason": "network"}, "the server was not reached"),
        (
            Verdict.DIFFERS,
            {"observed": "accepted", "reading": "notes"},
            "accepted, as the notes say",
        ),
    ],
)
def test_an_outcome_is_said(verdict: Verdict, more: dict[str, Any], words: str) -> None:
    outcome = Outcome(vector="v", constraint="c", verdict=verdict, says="at the limit", **more)
    assert words in _words.outcome_text(outcome)


def test_every_verdict_has_words() -> None:
    assert _words.VERDICTS.keys() == set(Verdict)
