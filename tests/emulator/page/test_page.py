"""The page: what it shows, that nothing in it is obeyed, and that it works without its script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from fluxframe.emulator import Emulator
from fluxframe.emulator._page.markup import Markup, el, text

from .conftest import GENERATE, KEY, Asking

FORM = "application/x-www-form-urlencoded"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "'\"><img src=https://evil.example/x onerror=alert(1)>",
    "</style></details></pre>",
    "javascript:alert(1)",
    "&lt;script&gt;&#x3c;",
    "\x00\x1b[2J\u202e\u2028",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=60)


def parsed(page: str) -> html.HtmlElement:
    return html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))


def post(ask: Asking, form: html.HtmlElement, **more: str) -> int:
    fields = {i.get("name"): i.get("value", "") for i in form.xpath(".//input[@name]")}
    return ask(
        "POST", form.get("action", ""), urlencode({**fields, **more}), {"Content-Type": FORM}
    ).status


def test_it_shows_jobs_their_pictures_and_requests(ask: Asking) -> None:
    id = ask.submit(prompt="a red fox in the snow")
    page = parsed(ask("GET", "/").text)
    [tile] = page.xpath("//ul[@class='gallery']/li")
    assert tile.get("id") == f"job-{id}"
    assert "a red fox in the snow" in tile.text_content()
    for source in tile.xpath(".//img/@src"):
        assert ask("GET", source).status == 200
    [row] = page.xpath("//ol[@class='journal']/li")
    assert GENERATE in row.text_content()
    assert "afk_0123…" in row.text_content()
    assert ask.emulator.requests.last().path == GENERATE  # What it loads is not in the journal.


def test_ids_are_used_once_and_references_lead_somewhere(ask: Asking) -> None:
    ask.submit()
    page = parsed(ask("GET", "/").text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = page.xpath("//@aria-labelledby")
    assert {*named, *(link[1:] for link in page.xpath("//@href") if link[0] == "#")} <= set(ids)
    for control in page.xpath("//input[not(@type='hidden')] | //select"):
        assert control.get("aria-label") or control.xpath("ancestor::label//text()")
    for link in page.xpath("//a/@href"):
        if link.startswith("/_emulator"):
            assert ask("GET", link).status == 200


def test_it_needs_nothing_else_and_obeys_nothing_else(ask: Asking) -> None:
    answer = ask("GET", "/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    [nonce] = set(re.findall("'nonce-([^']+)'", policy))
    page = parsed(answer.text)
    assert [element.get("nonce") for element in page.xpath("//script | //style")] == [nonce] * 2
    assert not page.xpath("//@style | //@onclick | //@onload")
    other = ask("GET", "/").headers["content-security-policy"]
    assert nonce not in other
    for source in page.xpath("//@src | //link/@href"):
        assert source.startswith(("/", "data:"))


@pytest.fixture(scope="module")
def shared() -> Iterator[Asking]:
    with Emulator(job_seconds=0.0) as running:
        yield Asking(running)


@settings(max_examples=40)
@given(prompt=TEXTS, path=TEXTS, header=TEXTS, key=TEXTS, find=TEXTS)
def test_nothing_that_a_caller_sent_is_obeyed(
    shared: Asking, prompt: str, path: str, header: str, key: str, find: str
) -> None:
    shared("POST", "/_emulator/reset", {})
    plain = structure(shared("GET", "/?find=x").text)
    shared.submit(prompt="a fox")
    shared("GET", "/v2/x", key=KEY)
    expected = structure(shared("GET", "/?find=v2").text)
    assert plain != expected
    shared("POST", "/_emulator/reset", {})

    def sent(value: str) -> str:
        value = value.encode("ascii", "xmlcharrefreplace").decode()
        return re.sub("[^ -~]", "?", value)

    shared("POST", GENERATE, {"model": "flux-2-pro", "prompt": prompt, "x": prompt}, key=KEY)
    target = "/v2/" + urlencode({"": path})[1:] + "?" + urlencode({"q": path})
    shared("GET", target, headers={"X-Mine": sent(header)}, key=sent(f"afk_{key}"))
    page = shared("GET", "/?" + urlencode({"find": find, "operation": find, "status": find})).text
    everything = shared("GET", "/").text
    for shown in (page, everything):
        allowed = {*plain, *expected}
        assert {*structure(shown)} <= allowed


def structure(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes."""
    return [
        (str(element.tag), tuple(sorted(set(element.keys()) - {"selected", "title", "open"})))
        for element in parsed(page).iter()
    ]


@given(TEXTS)
def test_a_text_is_a_text_wherever_it_is(said: str) -> None:
    page = parsed(str(el("p", said, title=said, data_x=said)))
    [element] = page.xpath("//p")
    shown = html.fromstring(f"<p>{text('a' + said)}</p>").text_content()
    assert len(page.xpath("//body/*")) == 1
    assert element.get("title") == element.get("data-x")
    assert shown.replace("\r", "\n")[0] == "a"
    assert not element.xpath("./*")


def test_markup_is_not_escaped_again() -> None:
    assert el("b", el("i", "<"), ["&", None, 3], class_="x", hidden=True, id=None) == Markup(
        '<b class="x" hidden><i>&lt;</i>&amp;3</b>'
    )


# Without its script


def test_forms_do_what_they_say(ask: Asking) -> None:
    ask.submit()
    page = parsed(ask("GET", "/").text)
    [clock] = page.xpath("//section[@id='clock']//form")
    assert post(ask, clock, advance="3600") == 303
    assert ask("GET", "/_emulator/clock").json["advanced"] == 3600
    assert "1 h ahead" in ask("GET", "/").text
    active, key = page.xpath("//section[@id='keys']//form")
    assert post(ask, key, credits="5") == 303
    assert ask("GET", "/_emulator/keys").json[0]["credits"] == 5
    assert post(ask, key, credits="many") == 400
    assert post(ask, active, active="") == 303
    assert not ask("GET", "/_emulator/keys").json[0]["active"]
    assert ask("GET", "/v2/me", key=KEY).status in (401, 403)
    switch = page.xpath("//section[@id='faults']//form")[0]
    said = switch.xpath(".//button/@value")[0]
    assert post(ask, switch, fault=said) == 303
    assert ask("GET", "/v2/models").status == 503
    [pressed] = parsed(ask("GET", "/").text).xpath(
        "//section[@id='faults']//button[@aria-pressed='true']/ancestor::form"
    )
    assert post(ask, pressed, fault=pressed.xpath(".//button/@value")[0]) == 303
    words = page.xpath("//section[@id='faults']//form")[-1]
    assert post(ask, words, fault="statu=503") == 400
    assert post(ask, words, fault="delay=0.001; path=/v2/models") == 303
    planned = ask("GET", "/_emulator/faults").json["faults"]
    assert [one["fault"]["path"] for one in planned] == ["/v2/models"]
    [reset] = page.xpath("//button[.='Forget everything']/ancestor::form")
    assert post(ask, reset) == 303
    assert len(ask.emulator.requests) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Content-Type": "text/plain"},
    ],
)
def test_no_other_page_can_send_its_forms(ask: Asking, headers: dict[str, str]) -> None:
    page = parsed(ask("GET", "/").text)
    token = page.xpath("//input[@name='token']/@value")[0]
    known = token if headers else "a guess"
    body = urlencode({"token": known, "do": "advance", "advance": "60"})
    answer = ask("POST", "/_emulator/page", body, {"Content-Type": FORM, **headers})
    assert answer.status in (400, 403, 415)
    assert ask("GET", "/_emulator/clock").json["advanced"] == 0


def test_the_journal_is_filtered_by_a_form(ask: Asking) -> None:
    ask.submit()
    ask("GET", "/v2/nowhere")

    def rows(query: str) -> int:
        return len(parsed(ask("GET", f"/?{query}").text).xpath("//ol[@class='journal']/li"))

    assert rows("") == 2
    assert rows("find=NOWHERE") == rows("status=4xx") == rows("operation=images.generate") == 1
    assert rows("find=nothing+of+it") == 0
    assert rows("status=%00&find=") == 2


def test_an_operation_at_the_root_comes_before_the_page() -> None:
    from fluxframe.emulator._contract.document import Document, Operation
    from fluxframe.emulator._control.door import Door

    class Contract:
        document = Document({})

    class Service:
        contract = Contract()

    Contract.document.__dict__["operations"] = (Operation(Document({}), "/", "GET", {}),)
    door = Door(Service())  # type: ignore[arg-type]
    assert door.page == "/_emulator/page"
    assert door.takes("/_emulator/page")
    assert not door.takes("/")
    assert not door.takes("/_emulators")
