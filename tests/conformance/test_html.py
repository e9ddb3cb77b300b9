"""The HTML page: all is in it, nothing that a server says is obeyed, and it needs nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from fluxframe._redact import Secret
from fluxframe.conformance import Constraint, Exchange, Outcome, Report, Verdict
from fluxframe.conformance.reports.html import render

from .made_reports import report

MEGABYTES = 3_000_000
SOME_OF_ALL = dict.fromkeys(Verdict, 1.0)
FEW = ["flux-2-pro", "flux-2-dev", "bria-bg-remove"]
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "'\"><img src=https://evil.example/x onerror=alert(1)>",
    "</style></noscript></pre></details>",
    "]]>&lt;&#x3c;\\u003cscript",
    "javascript:alert(1)",
    "\x00\x1b[2J\u202e\u2028\ud800",
]


def parsed(page: str) -> html.HtmlElement:
    return html.document_fromstring(page.encode())


def data_of(page: html.HtmlElement) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(page.get_element_by_id("data").text or "")
    return data


def verdicts_in(data: dict[str, Any]) -> Counter[str]:
    return Counter(
        vector[1] for cell in data["cells"] for constraint in cell[2] for vector in constraint[4]
    )


def counts(run: Report) -> Counter[str]:
    return Counter(outcome.verdict.value for outcome in run.outcomes)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def classed(page: html.HtmlElement, name: str) -> list[html.HtmlElement]:
    return page.find_class(name)


@pytest.fixture(scope="module")
def run() -> Report:
    return report(FEW, verdicts=SOME_OF_ALL)


@pytest.fixture(scope="module")
def page(run: Report) -> html.HtmlElement:
    return parsed(render(run))


# All is there


def test_every_verdict_is_there_for_scripts_and_for_readers_without(
    run: Report, page: html.HtmlElement
) -> None:
    assert verdicts_in(data_of(page)) == counts(run)
    read = Counter[str]()
    for item in page.xpath("//noscript//li"):
        told = str(item.text_content()).rpartition(" – ")[2]
        for part in told.split("; "):
            verdict, _, slugs = part.partition(": ")
            read[verdict] += len(slugs.split(", "))
    assert read == counts(run)


def test_every_finding_is_there_with_its_message_and_what_reproduces_it(
    run: Report, page: html.HtmlElement
) -> None:
    cards = [card for card in classed(page, "finding") if classed(card, "id")]
    assert len(cards) == len(run.findings) > 20
    for card, finding in zip(cards, run.findings, strict=True):
        assert text_of(classed(card, "message")[0]) == " ".join(finding.message.split())
        assert text_of(classed(card, "id")[0]) == finding.constraint.id
        assert len(classed(card, "vector")) == len(finding.outcomes)
        captions = [text_of(caption) for caption in card.xpath(".//figcaption")]
        assert captions[:3] == ["curl", "Python", "Answer"]
        for words in finding.constraint.source.values():
            assert " ".join(words[0].split()) in text_of(card)


def test_what_could_not_be_told_is_grouped_by_its_reason(page: html.HtmlElement) -> None:
    cards = [card for card in classed(page, "finding") if not classed(card, "id")]
    assert sorted(card.get("data-v", "") for card in cards) == ["inconclusive", "untested"]


def test_each_cell_has_a_colour_a_sign_and_a_name(run: Report, page: html.HtmlElement) -> None:
    cells = classed(page, "cell")
    data = data_of(page)
    assert len(cells) == len(data["cells"])
    assert len(set(data["signs"].values())) == len(Verdict)
    for cell in cells:
        worst = (cell.get("data-v") or "").split()[0]
        assert worst in (cell.get("class") or "").split()
        assert data["signs"][worst] in str(cell.text_content())
        assert f": {worst}, " in (cell.get("aria-label") or "")


def test_models_with_parameters_in_the_same_place_share_a_table(page: html.HtmlElement) -> None:
    [table] = page.xpath("//table")
    rows = [row.get("data-row") for row in table.xpath(".//tbody/tr")]
    assert rows == ["flux-2-pro", "flux-2-dev"]
    columns = [text_of(head) for head in table.xpath(".//th[@scope='col']")]
    assert "width" in columns
    assert all(len(row.xpath("./td")) == len(columns) for row in table.xpath(".//tbody/tr"))


def test_references_inside_the_page_lead_somewhere(page: html.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = [id for names in page.xpath("//@aria-labelledby") for id in names.split()]
    links = [link.removeprefix("#") for link in page.xpath("//@href")]
    shown = [
        f"v{vector[5]}"
        for cell in data_of(page)["cells"]
        for constraint in cell[2]
        for vector in constraint[4]
        if len(vector) > 5
    ]
    assert shown
    assert {*named, *links, *shown} <= set(ids)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ({}, "The server does what its documents say"),
        (
            {Verdict.UNTESTED: 1.0},
            "The server does what its documents say, as far as it was tested",
        ),
        (
            {Verdict.UNTESTED: 1.0, Verdict.PASS: 0.0},
            "Whether the server does what its documents say could not be told",
        ),
        (
            {Verdict.LOOSER: 1.0, Verdict.PASS: 0.0},
            r"The server and its documents part in \d+ places",
        ),
    ],
)
def test_the_heading_says_what_came_of_it(verdicts: dict[Verdict, float], said: str) -> None:
    page = parsed(render(report(["flux-2-pro"], verdicts=verdicts)))
    assert re.fullmatch(said, text_of(page.xpath("//h1")[0]))


def test_a_run_of_nothing_is_a_page() -> None:
    page = parsed(render(replace(report(["flux-2-pro"]), constraints={}, outcomes=[])))
    assert data_of(page)["cells"] == []


# Nothing is obeyed, nothing is loaded, and no key is shown


def hostile_report(text: str) -> Report:
    """A report with a text wherever a server, a document or a caller may put one."""
    constraint = Constraint(
        id=f"m/{text}/{text}",
        kind=text,
        model=text,
        operation=text,
        parameter=text,
        limit=text,
        unit=text,
        source={text: [text]},
        readings={text: text},
    )
    exchange = Exchange(
        method=text,
        url=f"https://api.example.com/{text}",
        headers={text: text},
        started=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=0,
        body={text: [text]},
        status=400,
        answer_headers={text: text},
        answer=text,
    )
    unanswered = replace(exchange, status=None, error=text, body=None, form={text: text})
    shown = Outcome(
        vector=f"{constraint.id}/{text}",
        constraint=constraint.id,
        verdict=Verdict.LOOSER,
        says=text,
        expected=text,
        observed=text,
        exchanges=[exchange, unanswered, replace(exchange, body=None, raw=text)],
        reading=text,
        reason=text,
    )
    return replace(
        report(["flux-2-pro"]),
        base_url=f"https://api.example.com/{text}",
        constraints={constraint.id: constraint},
        outcomes=[replace(shown, verdict=verdict) for verdict in Verdict],
    )


TAGS = """
    html head meta title style body a header p span b time button h1 h2 h3 h4 dl div dt dd small svg
    rect input select option main section details summary code blockquote cite ul li figure
    figcaption pre kbd noscript dialog script table thead tbody tr th td
"""


@given(st.sampled_from(HOSTILE) | st.text(min_size=1) | st.text("<>&\"'/!-=s \n", min_size=1))
def test_no_text_becomes_a_part_of_the_page(text: str) -> None:
    whole = render(hostile_report(text))
    assert "\x00" not in whole
    page = parsed(whole)
    assert {str(element.tag) for element in page.iter()} <= {*TAGS.split()}
    data, script = page.xpath("//script")
    assert data.get("type") == "application/json"
    assert json.loads(data.text or "")["texts"]
    policy = page.xpath("//meta[@http-equiv]/@content")[0]
    for element, directive in ((script, "script-src"), (page.xpath("//style")[0], "style-src")):
        hashed = b64encode(hashlib.sha256((element.text or "").encode()).digest()).decode()
        assert f"{directive} 'sha256-{hashed}'" in policy
    assert not [name for element in page.iter() for name in element.attrib if name[:2] == "on"]


def test_nothing_is_loaded_from_anywhere(page: html.HtmlElement) -> None:
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    loading = "//@src | //@srcset | //@action | //@poster | //@style | //link | //base | //iframe"
    assert page.xpath(loading) == []
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    own = "".join(page.xpath("//style/text()")) + (page.xpath("//script")[-1].text or "")
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|https?:|innerHTML|eval\(", own)


def test_no_key_is_shown() -> None:
    key = Secret("afk_a_key_that_nobody_may_see")
    run = report(
        ["flux-2-pro"], verdicts={Verdict.LOOSER: 1.0}, answer=f'{{"key": "{key.reveal()}"}}'
    )
    whole = render(run)
    assert key.reveal() not in whole
    assert "$APIFRAME_API_KEY" in whole


# How large it is


@pytest.mark.parametrize(
    ("verdicts", "most_findings"),
    [
        ({}, None),
        ({Verdict.LOOSER: 1.0, Verdict.FAIL: 1.0}, 40),
        ({Verdict.UNTESTED: 1.0, Verdict.INCONCLUSIVE: 1.0}, None),
        ({Verdict.PASS: 0.0, Verdict.LOOSER: 1.0, Verdict.FAIL: 0.3}, None),
    ],
)
def test_a_run_of_all_models_is_small(
    verdicts: dict[Verdict, float], most_findings: int | None
) -> None:
    long = '{"error":"' + "long " * 10_000 + '"}'
    run = report(verdicts=verdicts, most_findings=most_findings, answer=long)
    assert len(run.outcomes) > 8_000
    whole = render(run)
    assert len(whole.encode()) <= MEGABYTES
    page = parsed(whole)
    assert verdicts_in(data_of(page)) == counts(run)
    if most_findings is not None:
        assert all(classed(card, "exchange") for card in classed(page, "finding"))
    assert len(page.xpath("//*[@id][contains(@class, 'finding')][.//*[@class='id']]")) == len(
        run.findings
    )
