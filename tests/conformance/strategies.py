"""Reports of runs against servers that say anything, as Hypothesis strategies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from codegen.spec.constraints import KINDS
from fluxframe._redact import Secret
from fluxframe.conformance import Constraint, Exchange, Outcome, Report, Verdict
from fluxframe.conformance._security import security

KEY = "afk_0123456789abcdefghij"
SECRET = Secret(KEY)  # Kept, as a key is hidden as long as someone has it.
MARK = f"${security().variable}"
MODELS = ("model-a", "model-b", "<model> & \"c'", None)
OPERATIONS = ("images.generate", "jobs.get", "no.such.operation", None)
PARAMETERS = ("", "prompt", "options.width", "options.input_images", "a.b.c", "naïve-ü")
BESIDE = ("type", "required", "unknown", "discriminator", "rule", "optional", "answer", "paging")

# What readers, shells, terminals and markup stumble over.
PARTS = [
    *("\0", "\x1b[31m", "\x07", "\r\n", "\x85", "\u2028", "\ufeff", "\ufffe", "\U000e0041"),
    *("\u202e", "\ud800", "\udfff", "]]>", "<!--", "</script>", "<b a='\"'>", "&amp;", "%s{}"),
    *("$(id)", "`id`", "'", '"', "\\", "\\n", "!", "#", '"""', "'''", "\t", "漢字", "é", "x" * 300),
    *(KEY, KEY[:12]),
]
TEXT = st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=6).map("".join)
LONG = st.builds(
    lambda unit, times, rest: unit * times + rest,
    st.sampled_from(["x", "ab-", "é", "'", "\\", "&/", "%", "\n", "<", "[", KEY]),
    st.integers(0, 3000),
    TEXT,
)
ANY_TEXT = TEXT | LONG
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)
BODIES = JSON | st.fixed_dictionaries(
    {"prompt": ANY_TEXT, "options": st.fixed_dictionaries({"width": SCALARS, "input_images": JSON})}
)
HEADER_NAMES = st.sampled_from(["Content-Type", "X-Other", "Accept", security().header, "a<b"])
HEADERS = st.dictionaries(HEADER_NAMES, TEXT | st.sampled_from([MARK, f"Bearer {MARK}", "", KEY]))
START, END = datetime(1970, 1, 2), datetime(2100, 1, 1)
MOMENTS = st.datetimes(START, END) | st.datetimes(START, END, timezones=st.just(UTC))


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    content: Any = draw(
        st.sampled_from(["body", "raw", "form", ""]).flatmap(
            lambda kind: st.fixed_dictionaries(
                {kind: {"body": BODIES, "raw": ANY_TEXT, "form": HEADERS}[kind]} if kind else {}
            )
        )
    )
    status = draw(st.none() | st.integers(100, 999))
    return Exchange(
        method=draw(st.sampled_from(["GET", "POST", "HEAD", "PUT", "BREW <'>"])),
        url=draw(st.sampled_from(["http://a.test/v1/x", f"http://[::1/?k={KEY}#"]) | TEXT),
        headers=draw(HEADERS),
        started=draw(MOMENTS),
        seconds=draw(st.floats(0, 100) | st.just(float("nan"))),
        status=status,
        answer_headers=draw(HEADERS),
        answer=draw(ANY_TEXT),
        error=draw(TEXT) if status is None else None,
        **content,
    )


@st.composite
def constraints(draw: st.DrawFn, number: int) -> Constraint:
    kind = draw(st.sampled_from([*(kind.name for kind in KINDS), *BESIDE]) | TEXT)
    parameter = draw(st.sampled_from(PARAMETERS) | TEXT)
    sources = st.sampled_from(["page", "oas", "notes"])
    return Constraint(
        id=f"{draw(TEXT)}{number}/{parameter}/{kind}",
        kind=kind,
        model=draw(st.sampled_from(MODELS)),
        operation=draw(st.sampled_from(OPERATIONS)),
        parameter=parameter,
        limit=draw(JSON),
        unit=draw(st.none() | TEXT),
        source=draw(st.dictionaries(sources, st.lists(TEXT, max_size=2), max_size=2)),
        readings=draw(st.dictionaries(sources | TEXT, JSON, max_size=2)),
    )


@st.composite
def reports(draw: st.DrawFn, most: int = 5) -> Report:
    known = [draw(constraints(number)) for number in range(draw(st.integers(1, 3)))]
    sent = draw(st.lists(exchanges(), max_size=2))
    observed = st.sampled_from(["accepted", "refused", "refused-together", "status 500"]) | TEXT
    outcomes = [
        Outcome(
            vector=f"{constraint.id}/{number}",
            constraint=constraint.id,
            verdict=draw(st.sampled_from(Verdict)),
            says=draw(TEXT),
            expected=draw(observed),
            observed=draw(observed),
            exchanges=tuple(draw(st.lists(st.sampled_from(sent), max_size=2)) if sent else ()),
            reading=draw(st.sampled_from([None, "unknown", "page", "oas"]) | TEXT),
            credits=draw(st.none() | st.integers(0, 1000)),
            reason=draw(st.sampled_from([None, "budget", "network"]) | TEXT),
        )
        for number in range(draw(st.integers(0, most)))
        for constraint in [draw(st.sampled_from(known))]
    ]
    return Report(
        base_url=draw(st.sampled_from(["http://a.test", f"http://u:{KEY}@a.test/?{KEY}"]) | TEXT),
        started=draw(MOMENTS),
        seconds=draw(st.floats(0, 1e6)),
        requests=draw(st.integers(0, 10**6)),
        accepted=draw(st.integers(0, 10**6)),
        credits=draw(st.integers(0, 10**6)),
        estimate=draw(st.integers(0, 10**6)),
        budget=draw(st.integers(0, 10**6)),
        constraints={constraint.id: constraint for constraint in known},
        outcomes=outcomes,
    )


def made(
    *outcomes: Outcome, constraints: dict[str, Constraint] | None = None, **more: Any
) -> Report:
    """A report of outcomes, of a run that is otherwise the same each time."""
    start = datetime(2026, 11, 26, 12, tzinfo=UTC)
    return Report(
        **{
            "base_url": "http://a.test",
            "started": start,
            "seconds": 1.5,
            "requests": len(outcomes),
            "accepted": 0,
            "credits": 0,
            "estimate": 96,
            "budget": 0,
            "constraints": constraints or {},
            "outcomes": outcomes,
            **more,
        }
    )
