"""Runs: what is sent and when, what it may cost, and what a server may do meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from random import Random
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxframe import conformance
from fluxframe.conformance import CannotRunError, Report, Verdict
from fluxframe.conformance._vectors import models, vectors_of
from fluxframe.emulator import Emulator

KEY = "afk_0123456789abcdef"
MODEL = "flux-2-pro"
RICH = 1_000_000
SUBMIT, GENERATE = "/v2/images/generate", "images.generate"

# What a server does with a request: it answers itself, or asks the emulator.
Ask = Callable[[httpx.Request], Awaitable[httpx.Response]]
Server = Callable[[httpx.Request, Ask], Awaitable[httpx.Response]]


class Transport(httpx.AsyncBaseTransport):
    """The emulator in this process, behind something that may change what is asked and answered."""

    def __init__(self, server: Server | None = None, credits: int = RICH) -> None:
        app = Emulator(job_seconds=0.01, credits=credits).app
        self._app = httpx.ASGITransport(app=app)
        self._server = server
        self.sent: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if self._server is None:
            return await self._app.handle_async_request(request)
        return await self._server(request, self._app.handle_async_request)


def run(server: Server | Transport | None = None, **options: Any) -> Report:
    transport = server if isinstance(server, Transport) else Transport(server)
    chosen: dict[str, Any] = {"models": [MODEL], **options}
    return conformance.run(
        "http://server", KEY, http_client=httpx.AsyncClient(transport=transport), **chosen
    )


def with_body(request: httpx.Request, body: Any) -> httpx.Request:
    headers = [(n, v) for n, v in request.headers.raw if n.lower() != b"content-length"]
    return httpx.Request(request.method, request.url, headers=headers, content=json.dumps(body))


def answer(status: int, body: Any = None, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=body or {"error": "because"}, headers=headers)


def submissions(transport: Transport) -> Iterator[dict[str, Any]]:
    for request in transport.sent:
        if request.method == "POST" and request.url.path == SUBMIT:
            yield json.loads(request.content or b"null")


def test_the_emulator_does_what_its_documents_say() -> None:
    report = run(max_credits=RICH)
    assert [finding.message for finding in report.findings] == []
    assert report.exit_status == 0
    assert not report.count(Verdict.INCONCLUSIVE)
    assert report.accepted >= 5
    told = {outcome.vector for outcome in report.outcomes if outcome.verdict is Verdict.PASS}
    assert set(conformance.plan(models=[MODEL], vectors=[f"{MODEL}/*"]).vectors) <= told


def test_without_credits_nothing_is_sent_that_is_accepted() -> None:
    report = run(max_credits=0)
    assert (report.accepted, report.credits, report.exit_status) == (0, 0, 0)
    untested = [o for o in report.outcomes if o.verdict is Verdict.UNTESTED]
    assert untested
    assert {outcome.reason for outcome in untested} == {"budget"}
    # What only some sources say is refused may be accepted, and billed.
    doubtful = {each.id for each in conformance.plan(models=[MODEL]).doubtful}
    assert {o.vector for o in untested if o.expected == "refused"} == doubtful


async def generous(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Takes every request for a job, whatever it says."""
    if request.method == "POST" and request.url.path == SUBMIT and "x-api-key" in request.headers:
        request = with_body(request, {"model": MODEL, "prompt": "a fox"})
    return await ask(request)


def test_the_first_surprise_ends_a_run_that_may_cost_nothing() -> None:
    transport = Transport(generous)
    report = run(transport, max_credits=0, concurrency=4)
    assert 1 <= report.accepted <= 4
    assert report.exit_status == 1
    assert report.credits >= report.accepted


@settings(max_examples=8)
@given(st.integers(1, 60))
def test_a_budget_is_not_passed_though_the_server_takes_everything(budget: int) -> None:
    transport = Transport(generous)
    report = run(transport, max_credits=budget)
    # The price of this model is not known, so that the first surprise may be one too many.
    assert report.credits <= budget or report.accepted == 1


@pytest.mark.parametrize("budget", [0, 1, 15, 40])
def test_a_budget_that_ends_before_the_job_to_go_on_from_leaves_nothing_in_doubt(
    budget: int,
) -> None:
    child = next(model for model in models() if vectors_of(model).parent is not None)
    report = run(models=[MODEL, child], max_credits=budget)
    assert report.count(Verdict.INCONCLUSIVE) == 0
    assert report.exit_status == 0


@settings(max_examples=5)
@given(st.integers(1, 4), st.integers(1, 16))
def test_a_budget_of_a_request_or_more_is_never_passed(times: int, concurrency: int) -> None:
    model = next(m for m in map(vectors_of, models()) if m.credits and m.operation == GENERATE)
    assert model.credits is not None

    async def takes_all(request: httpx.Request, ask: Ask) -> httpx.Response:
        if request.method == "POST" and request.url.path == model.path:
            request = with_body(request, model.bases["least"])
        return await ask(request)

    report = run(
        takes_all,
        models=[model.model],
        vectors=[f"{model.model}/*"],
        max_credits=times * model.credits,
        concurrency=concurrency,
    )
    assert 1 <= report.accepted
    assert report.credits <= times * model.credits


def test_five_faults_are_told_apart_and_nothing_else_is_blamed() -> None:
    def change(body: dict[str, Any]) -> dict[str, Any]:
        params = body.get("fluxParams")
        if isinstance(params, dict):
            if params.get("width") == 2049:
                params["width"] = 2048
            if params.get("output_quality") == 100:
                params["output_quality"] = 101
            if params.get("output_format") == "png":
                params["output_format"] = "gif"
            if isinstance(params.get("seed"), str):
                del params["seed"]
        if body.get("prompt") == "":
            body["prompt"] = "x"
        return body

    async def faulty(request: httpx.Request, ask: Ask) -> httpx.Response:
        if request.method == "POST" and request.url.path == SUBMIT:
            try:
                body = json.loads(request.content)
            except ValueError:
                return await ask(request)
            if isinstance(body, dict):
                request = with_body(request, change(body))
        return await ask(request)

    report = run(faulty, max_credits=RICH, vectors=[f"{MODEL}/*"])
    found = {(f.constraint.parameter, f.constraint.kind, f.verdict) for f in report.findings}
    assert {
        ("fluxParams.output_quality", "maximum", Verdict.TIGHTER),
        ("fluxParams.output_format", "values", Verdict.TIGHTER),
        ("fluxParams.seed", "type", Verdict.LOOSER),
        ("prompt", "min_length", Verdict.LOOSER),
    } < found
    assert len(found) == 5


def test_a_wrong_key_is_told_once() -> None:
    transport = Transport()
    with pytest.raises(CannotRunError, match=r"refuses the key \(status 401\).*APIFRAME_API_KEY"):
        conformance.run(
            "http://server", "other", http_client=httpx.AsyncClient(transport=transport)
        )
    assert len(transport.sent) == 2


def test_a_key_that_is_revoked_meanwhile_ends_the_run() -> None:
    seen: Counter[str] = Counter()

    async def revoking(request: httpx.Request, ask: Ask) -> httpx.Response:
        seen["all"] += 1
        return answer(401) if seen["all"] > 40 else await ask(request)

    with pytest.raises(CannotRunError, match="refuses the key"):
        run(revoking, vectors=[f"{MODEL}/*"])
    assert seen["all"] < 80


def test_a_key_that_may_not_submit_ends_the_run_and_blames_no_limit() -> None:
    async def forbidding(request: httpx.Request, ask: Ask) -> httpx.Response:
        found = await ask(request)
        return answer(403) if found.status_code == 202 else found

    with pytest.raises(CannotRunError, match="does not take requests for flux-2-pro with this key"):
        run(forbidding, vectors=[f"{MODEL}/*"], max_credits=RICH)


def test_a_server_that_goes_away_meanwhile_ends_the_run() -> None:
    seen: Counter[str] = Counter()

    async def leaving(request: httpx.Request, ask: Ask) -> httpx.Response:
        seen["all"] += 1
        if seen["all"] > 40:
            raise httpx.ConnectError("gone")
        return await ask(request)

    with pytest.raises(CannotRunError, match="does not answer any more"):
        run(leaving, vectors=[f"{MODEL}/*"])


def test_a_wrong_base_url_is_told_once() -> None:
    async def other(request: httpx.Request, ask: Ask) -> httpx.Response:
        return httpx.Response(404, text="<html>")

    with pytest.raises(CannotRunError, match=r"does not look like this API.*404"):
        run(other)


def test_a_redirect_is_told_and_the_key_does_not_follow() -> None:
    async def moved(request: httpx.Request, ask: Ask) -> httpx.Response:
        assert request.url.host == "server"
        return answer(307, location="http://other/v2")

    with pytest.raises(CannotRunError, match="it points to http://other/v2"):
        run(moved)


def test_a_server_that_is_not_there_is_told_once() -> None:
    with pytest.raises(CannotRunError, match=r"127\.0\.0\.1:9 does not answer"):
        conformance.run("http://127.0.0.1:9", KEY, models=[MODEL])


@pytest.mark.parametrize(
    "url", ["server", "ftp://server", "http://", "http://server?x=1", "http://a b"]
)
def test_a_base_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(CannotRunError, match="base_url"):
        conformance.run(url, KEY)


@pytest.mark.parametrize("key", ["", "a b", "ü"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(CannotRunError, match="api_key"):
        conformance.run("http://server", key)


def test_what_an_account_can_not_pay_is_untested() -> None:
    report = run(Transport(credits=12), max_credits=RICH)
    assert report.exit_status == 0
    assert report.count(Verdict.UNTESTED)
    assert report.accepted >= 1


def test_a_failure_that_passes_is_asked_again_under_the_same_key() -> None:
    seen: Counter[str] = Counter()

    async def flaky(request: httpx.Request, ask: Ask) -> httpx.Response:
        key = request.headers.get("idempotency-key", "")
        seen[key] += bool(key)
        if key and seen[key] == 1 and len(seen) % 7 == 0:
            return answer(503)
        return await ask(request)

    report = run(flaky, vectors=[f"{MODEL}/*/type/*"])
    assert report.exit_status == 0
    assert 2 in seen.values()


def test_a_server_that_fails_for_good_is_inconclusive() -> None:
    async def broken(request: httpx.Request, ask: Ask) -> httpx.Response:
        return answer(503) if request.method == "POST" else await ask(request)

    report = run(broken, vectors=[f"{MODEL}/*/maximum/*"])
    assert {o.reason for o in report.outcomes if o.expected == "refused"} == {"server_error"}
    assert report.exit_status == 2


def test_a_server_that_wants_fewer_requests_is_waited_for() -> None:
    seen: Counter[bytes] = Counter()

    async def limited(request: httpx.Request, ask: Ask) -> httpx.Response:
        seen[request.content] += 1
        if seen[request.content] < 3:
            return answer(429, **{"retry-after": "0"})
        return await ask(request)

    assert run(limited, vectors=[f"{MODEL}/*/maximum/*"]).exit_status == 0


def test_a_server_that_wants_a_long_wait_is_not_waited_for() -> None:
    async def limited(request: httpx.Request, ask: Ask) -> httpx.Response:
        if request.method == "POST":
            return answer(429, **{"retry-after": "3600"})
        return await ask(request)

    report = run(limited, vectors=[f"{MODEL}/*/maximum/*"])
    assert {o.reason for o in report.outcomes if o.expected == "refused"} == {"rate_limit"}
    assert report.exit_status == 2


def test_another_status_for_what_is_refused_is_one_finding() -> None:
    async def other(request: httpx.Request, ask: Ask) -> httpx.Response:
        found = await ask(request)
        if found.status_code == 400:
            return answer(422)
        return found

    report = run(other, vectors=[f"{MODEL}/*"])
    (finding,) = report.findings
    assert finding.constraint.id == "images.generate/refusal"
    assert finding.verdict is Verdict.FAIL
    assert len(finding.outcomes) > 50


def test_latency_and_another_order_give_no_false_alarm(chance: Random) -> None:
    async def late(request: httpx.Request, ask: Ask) -> httpx.Response:
        await asyncio.sleep(0.01 * chance.random())
        found = await ask(request)
        await asyncio.sleep(0.01 * chance.random())
        return found

    report = run(late, max_credits=RICH)
    assert [finding.message for finding in report.findings] == []
    assert report.exit_status == 0


def test_the_key_is_nowhere_in_a_report_though_the_server_repeats_it() -> None:
    async def talkative(request: httpx.Request, ask: Ask) -> httpx.Response:
        found = await ask(request)
        body = json.loads(await found.aread())
        if isinstance(body, dict):
            body["you"] = request.headers.get("x-api-key")
        return answer(found.status_code, body, **{"x-you": request.headers.get("x-api-key", "")})

    report = run(talkative, vectors=[f"{MODEL}/*/maximum/*"])
    text = str(asdict(report))
    assert KEY not in text
    assert "$APIFRAME_API_KEY" in text


def test_answers_are_bounded() -> None:
    async def endless(request: httpx.Request, ask: Ask) -> httpx.Response:
        if request.method != "POST":
            return await ask(request)
        return httpx.Response(400, content=b"[" * 5_000_000)

    report = run(endless, vectors=[f"{MODEL}/fluxParams.width/maximum/one-above"])
    (outcome,) = report.outcomes
    assert len(outcome.exchanges[0].answer) <= 64 << 10


async def demanding(request: httpx.Request, ask: Ask) -> httpx.Response:
    """Wants a seed, and has no formats but one."""
    if request.method == "POST" and request.url.path == SUBMIT and "x-api-key" in request.headers:
        body = json.loads(request.content)
        params = body.get("fluxParams") if isinstance(body, dict) else None
        params = params if isinstance(params, dict) else {}
        if "seed" not in params or params.get("output_format", "jpg") != "jpg":
            return answer(400)
    return await ask(request)


def test_what_a_base_lacks_is_blamed_and_the_rest_is_tested_with_it() -> None:
    report = run(demanding, vectors=[f"{MODEL}/*"], max_credits=RICH)
    found = {(f.constraint.parameter, f.constraint.kind, f.verdict) for f in report.findings}
    assert found == {
        ("fluxParams.seed", "optional", Verdict.TIGHTER),
        ("fluxParams.output_format", "values", Verdict.TIGHTER),
    }
    assert not report.count(Verdict.INCONCLUSIVE)


@settings(max_examples=6)
@given(st.integers(1, 150))
def test_where_the_budget_ends_no_verdict_is_another(budget: int) -> None:
    whole = run(demanding, vectors=[f"{MODEL}/*"], max_credits=RICH)
    verdicts = {outcome.vector: outcome.verdict for outcome in whole.outcomes}
    part = run(demanding, vectors=[f"{MODEL}/*"], max_credits=budget)
    assert part.credits <= budget
    for outcome in part.outcomes:
        if outcome.verdict is not Verdict.UNTESTED and outcome.expected == "accepted":
            assert outcome.verdict is verdicts[outcome.vector], outcome.vector


def test_a_combination_is_one_finding() -> None:
    async def picky(request: httpx.Request, ask: Ask) -> httpx.Response:
        if request.method == "POST" and request.url.path == SUBMIT:
            params = json.loads(request.content).get("fluxParams", {})
            if {"seed", "output_quality"} <= set(params) and "width" not in params:
                return answer(400)
        return await ask(request)

    ids = [f"{MODEL}/fluxParams.seed/type/ordinary", f"{MODEL}/fluxParams.output_quality/m*"]
    report = run(picky, vectors=ids, max_credits=RICH)
    tighter = [o for o in report.outcomes if o.verdict is Verdict.TIGHTER]
    assert {outcome.observed for outcome in tighter} <= {"refused-together"}


def test_progress_is_told() -> None:
    told: list[conformance.Progress] = []
    report = run(max_credits=RICH, on_progress=told.append)
    assert told[-1].done == told[-1].total == len(report.outcomes)
    assert [now.done for now in told] == sorted(now.done for now in told)


def test_it_runs_where_another_loop_runs() -> None:
    async def main() -> Report:
        return run(vectors=[f"{MODEL}/*/maximum/*"])

    assert asyncio.run(main()).exit_status == 0


@pytest.mark.parametrize("text", ["<html>", "null", "[" * 100_000])
def test_a_page_that_is_there_for_every_path_is_another_server(text: str) -> None:
    async def other(request: httpx.Request, ask: Ask) -> httpx.Response:
        return httpx.Response(200, text=text)

    with pytest.raises(CannotRunError, match=r"does not look like this API.*answers 200"):
        run(other)


def test_a_server_that_always_fails_is_not_called_another_one() -> None:
    async def failing(request: httpx.Request, ask: Ask) -> httpx.Response:
        return answer(500)

    with pytest.raises(CannotRunError, match="answers 500 and nothing else"):
        run(failing)


def test_an_account_that_is_too_poor_is_the_reason_that_is_told() -> None:
    report = run(Transport(credits=10), max_credits=RICH)
    reasons = Counter(outcome.reason for outcome in report.outcomes if outcome.reason)
    assert reasons["account"] > 20
    assert reasons["budget"] == 0
    assert report.findings == []
