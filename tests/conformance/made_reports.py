"""Reports as a run over all models makes them, without a run: of the constraints of the spec."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

from codegen.spec.constraints import KINDS
from fluxframe.conformance import Constraint, Exchange, Outcome, Report, Verdict

from ..strategies import MODELS, WHOLE, parameters, path_of

KEY_VARIABLE = WHOLE.api.environment.api_key
_SLUGS = {
    "accepted": ("at", "one-below", "middle"),
    "refused": ("one-above", "far-above", "numeric-text", "null"),
}
_VALUES = {"at": 2048, "one-below": 2047, "middle": 1024, "one-above": 2049, "far-above": 10**9}


def constraints(models: list[str]) -> Iterator[Constraint]:
    """The constraints of models, about as many as there are vectors of."""
    for model in models:
        known = WHOLE.models[model]
        for name, schema in parameters(model).items():
            where = path_of(model, name)
            shared = {"model": model, "operation": WHOLE.families[known.family].operation}
            source = {
                id: [said] if isinstance(said, str) else said for id, said in schema.source.items()
            }
            limits = {
                "type": schema.type,
                **{kind.name: getattr(schema, kind.name) for kind in KINDS},
            }
            for kind, limit in limits.items():
                if limit is not None:
                    yield Constraint(
                        id=f"{model}/{where}/{kind}",
                        kind=kind,
                        parameter=where,
                        limit=limit if not hasattr(limit, "model_dump") else limit.model_dump(),
                        unit=schema.unit,
                        source=source,
                        readings={
                            id: said
                            for id, reading in schema.readings.items()
                            if (said := getattr(reading, kind, None)) is not None
                        },
                        **shared,
                    )
    for operation, known_operation in WHOLE.operations.items():
        for aspect in ("auth", "method", "refusal", "idempotency"):
            yield Constraint(
                id=f"{operation}/{aspect}",
                kind=aspect,
                operation=operation,
                limit="as documented",
                source={"docs": [known_operation.summary or "It says so"]},
            )


def report(
    models: list[str] | None = None,
    *,
    verdicts: Mapping[Verdict, float] | None = None,
    seed: int = 1,
    most_findings: int | None = None,
    answer: str = '{"error":"width: too large","code":"bad_request"}',
) -> Report:
    """A report in which each vector has a verdict drawn by chance, in the shares that are given."""
    chance = Random(seed)
    shares = {Verdict.PASS: 1.0, **(verdicts or {})}
    held = {one.id: one for one in constraints(models or MODELS)}
    blamed = set(chance.sample(sorted(held), most_findings)) if most_findings is not None else held
    outcomes = [
        _outcome(constraint, slug, expected, chance, shares if id in blamed else None, answer)
        for id, constraint in held.items()
        for expected, slugs in _SLUGS.items()
        for slug in slugs
    ]
    sent = sum(len(outcome.exchanges) for outcome in outcomes)
    return Report(
        base_url="https://api.example.com",
        started=datetime(2026, 11, 26, 21, 30, tzinfo=UTC),
        seconds=12.34,
        requests=sent,
        accepted=61,
        credits=244,
        estimate=610,
        budget=500,
        constraints=held,
        outcomes=outcomes,
    )


def _outcome(
    constraint: Constraint,
    slug: str,
    expected: str,
    chance: Random,
    shares: Mapping[Verdict, float] | None,
    answer: str,
) -> Outcome:
    verdict = Verdict.PASS
    if shares is not None:
        [verdict] = chance.choices(list(shares), list(shares.values()))
    if verdict in (Verdict.LOOSER, Verdict.TIGHTER):
        verdict = Verdict.LOOSER if expected == "refused" else Verdict.TIGHTER
    other = {"accepted": "refused", "refused": "accepted"}[expected]
    observed = {Verdict.PASS: expected, Verdict.FAIL: "422 with another body"}.get(verdict, other)
    seen = verdict is not Verdict.UNTESTED
    return Outcome(
        vector=f"{constraint.id}/{slug}",
        constraint=constraint.id,
        verdict=verdict,
        says=slug.replace("-", " ") + " the limit",
        expected=expected,
        observed=observed,
        exchanges=[_exchange(constraint, slug, verdict, observed, answer)] if seen else [],
        reading=next(iter(constraint.readings), None) if verdict is Verdict.DIFFERS else None,
        credits=4 if verdict is Verdict.LOOSER else None,
        reason={Verdict.UNTESTED: "budget", Verdict.INCONCLUSIVE: "server_error"}.get(verdict),
    )


def _exchange(
    constraint: Constraint, slug: str, verdict: Verdict, observed: str, answer: str
) -> Exchange:
    operation = WHOLE.operations[constraint.operation or next(iter(WHOLE.operations))]
    value = _VALUES.get(slug, "2048" if slug == "numeric-text" else None)
    body: dict[str, Any] | None = None
    if constraint.model is not None:
        body = {"model": constraint.model, "prompt": "a lighthouse at dusk"}
        place_: dict[str, Any] = body
        *way, last = constraint.parameter.split(".")
        for name in way:
            place_ = place_.setdefault(name, {})
        place_[last] = value
    took = {"accepted": 202, "refused": 400}.get(observed, 422)
    status = 503 if verdict is Verdict.INCONCLUSIVE else took
    return Exchange(
        method=operation.method,
        url=f"https://api.example.com{operation.path}",
        headers={
            "X-API-Key": f"${KEY_VARIABLE}",
            "Content-Type": "application/json",
            "Idempotency-Key": "3f0c9f7e-5f0e-4c55-9b5e-0c8f8f0e6b1a",
        },
        started=datetime(2026, 11, 26, 21, 30, tzinfo=UTC),
        seconds=0.02,
        body=body,
        status=status,
        answer_headers={"content-type": "application/json"},
        answer=answer,
    )
