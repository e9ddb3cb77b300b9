"""The page in a browser: it goes on by itself, keeps what a reader does, and fits where it is shown."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from fluxframe.emulator import Emulator

from .browser import PROGRAM, Browser, browser, until
from .conftest import KEY, Asking

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="there is no Chromium")


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture
def page(opened: Browser, emu: Emulator) -> Iterator[Browser]:
    """The page, live; the browser has nothing against it at the end."""
    opened.size(1280, 900)
    opened.open(emu.page)
    opened.until("document.body.dataset.server === 'there'")
    yield opened
    assert opened.complaints() == []
    opened.open("about:blank#")


def count(page: Browser, what: str) -> int:
    found: int = page.run(f"document.querySelectorAll({json.dumps(what)}).length")
    return found


def click(page: Browser, what: str) -> None:
    assert page.run(f"!!document.querySelector({json.dumps(what)})"), what
    page.run(f"document.querySelector({json.dumps(what)}).click()")


def test_jobs_and_requests_come_up_by_themselves(page: Browser, ask: Asking) -> None:
    assert count(page, ".gallery li") == 0
    id = ask.submit(prompt="a fox <img src=x onerror=alert(1)>")
    page.until(f"document.querySelector('#job-{id}.done img')?.complete")
    assert page.run("document.querySelector('.gallery .prompt').textContent").startswith("a fox <")
    page.until("document.querySelectorAll('.journal li').length === 1")
    assert page.run("document.querySelector('.gallery img').naturalWidth") > 0
    assert len(ask.emulator.requests) == 1  # What the page loads is not a request of the API's.


def test_a_job_is_seen_while_it_runs(opened: Browser) -> None:
    with Emulator(job_seconds=3_600.0) as emu:
        opened.open(emu.page)
        opened.until("document.body.dataset.server === 'there'")
        id = Asking(emu).submit()
        opened.until(f"document.querySelector('#job-{id}.running progress')")
        emu.clock.advance(1_800)
        opened.until("document.querySelector('progress')?.value > 20")
        emu.clock.advance(1_800)
        opened.until(f"document.querySelector('#job-{id}.done img')")
        assert opened.until("document.querySelector('[role=status]').textContent").startswith(
            "flux"
        )
    opened.until("document.body.dataset.server === 'gone'")
    opened.open("about:blank#")


def test_what_a_reader_opened_and_reached_stays_so(page: Browser, ask: Asking) -> None:
    ask.submit(prompt="first")
    page.until("document.querySelectorAll('.journal li').length === 1")
    page.run("document.querySelector('.journal details').open = true")
    page.run("document.querySelector('.journal summary').focus()")
    first = page.run("document.activeElement.closest('li').id")
    for number in range(3):
        ask.submit(prompt=f"later {number}")
    page.until("document.querySelectorAll('.journal li').length === 4")
    assert page.run("document.activeElement.closest('li').id") == first
    assert page.run(f"document.querySelector('#{first} details').open")
    page.run(
        "const i = document.querySelector('.keys input[type=number]'); i.focus(); i.value = '12'"
    )
    ask.submit()
    page.until("document.querySelectorAll('.journal li').length === 5")
    assert page.run("document.activeElement.value") == "12"  # It is being typed.


def test_the_controls_do_what_they_say(page: Browser, ask: Asking) -> None:
    ask.submit()
    page.until("document.querySelector('.keys input[type=number]')")
    click(page, "#clock button[value='90000']")
    page.until("document.querySelector('#clock').textContent.includes('1 d 1 h ahead')")
    assert ask.emulator.clock.advanced == 90_000
    click(page, "#faults .switches button")
    page.until("document.querySelector('#faults .switches button[aria-pressed=true]')")
    assert ask("GET", "/v2/models").status == 503
    page.run(
        "const i = document.querySelector('#faults .fill input[name=fault]'); i.value = 'statu=1';"
        "i.form.requestSubmit()"
    )
    assert "statu" in page.until("document.querySelector('[role=alert]')?.textContent")
    page.run(
        "const k = document.querySelector('.keys input[type=number]'); k.value = '5';"
        "k.form.requestSubmit()"
    )
    until(lambda: ask("GET", "/_emulator/keys").json[0]["credits"] == 5, "credits")
    click(page, ".danger")
    page.until("document.querySelectorAll('.gallery, .journal').length === 0")
    page.events.clear()  # It complains of the answer 400, which was asked for.


def test_what_is_refused_is_told_where_it_can_be_seen(opened: Browser, emu: Emulator) -> None:
    for number in range(6):
        Asking(emu).submit(prompt=f"fox {number}")
    opened.size(390, 500)
    opened.open(emu.page)
    opened.until("document.body.dataset.server === 'there'")
    opened.run(
        "const i = document.querySelector('#faults .fill input[name=fault]'); i.value = 'statu=1';"
        "i.scrollIntoView(); i.form.requestSubmit()"
    )
    opened.until("document.querySelector('.problem')")
    top, bottom = opened.run(
        "(r => [r.top, r.bottom])(document.querySelector('.problem').getBoundingClientRect())"
    )
    assert 0 <= top < bottom <= 500
    opened.open("about:blank#")


def test_a_request_is_copied(page: Browser, ask: Asking) -> None:
    ask.submit()
    page.until("document.querySelector('[data-copy]')")
    page.run(
        "navigator.clipboard.writeText = async (text) => { window.copied = text; };"
        "document.querySelector('.journal details').open = true"
    )
    click(page, "[data-copy]")
    assert page.until("window.copied") == ask.emulator.requests.last().curl()
    assert page.run("window.copied.includes('$APIFRAME_API_KEY')")
    assert KEY not in page.run("document.documentElement.outerHTML + window.copied")


def test_it_can_be_paused(page: Browser, ask: Asking) -> None:
    click(page, "#pause")
    seen = page.run(
        "new Promise(done => new EventSource('/_emulator/events').onopen = () => done(1))"
    )
    assert seen == 1
    ask.submit()
    page.run("new Promise(done => setTimeout(done, 900))")
    assert count(page, ".journal li") == 0
    click(page, "#pause")
    page.until("document.querySelectorAll('.journal li').length === 1")


def test_all_is_reached_by_keyboard(page: Browser, ask: Asking) -> None:
    ask.submit()
    page.until("document.querySelector('.journal')")
    wanted = page.run(
        "[...document.querySelectorAll('a, button, input, select, summary')]"
        ".filter((e) => e.checkVisibility() && e.type !== 'hidden').length"
    )
    reached = set()
    for _ in range(wanted + 20):
        page.key("Tab", 9)
        reached.add(
            page.run(
                "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
                "return [[...document.querySelectorAll('*')].indexOf(e), e.tagName,"
                "s.outlineStyle !== 'none' && s.outlineWidth !== '0px'].join() })()"
            )
        )
    shown = [one for one in reached if ",BODY," not in one and ",HTML," not in one]
    assert len(shown) >= wanted
    assert all(one.endswith("true") for one in shown)  # Each shows that it has the focus.
    page.run("document.querySelector('.journal summary').focus()")
    page.key("Enter", 13, "\r")
    page.until("document.querySelector('.journal details').open")


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1280, 1920])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_and_can_be_read(opened: Browser, emu: Emulator, width: int, dark: bool) -> None:
    ask = Asking(emu)
    ask.submit(prompt="w" * 400)
    emu.faults.add(delay=0.001, path="/v2/jobs/*", operation="jobs.get")
    ask("GET", "/v2/jobs/" + "x" * 300, key=KEY)
    opened.size(width, 800, dark=dark, still=True)
    opened.open(emu.page)
    opened.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert opened.run("document.documentElement.scrollWidth") <= width
    assert opened.run(PALE) == []
    opened.open("about:blank#")


def test_requests_follow_the_jobs_at_once(page: Browser, ask: Asking) -> None:
    ask.submit()
    page.until("document.querySelectorAll('.journal li').length === 1")
    gap = page.run(
        "document.querySelector('#requests').getBoundingClientRect().top"
        " - document.querySelector('#gallery').getBoundingClientRect().bottom"
    )
    assert 0 < gap < 60


# Texts that differ too little from what is behind them, by the formula of WCAG.
PALE = """(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = (c) => [...c].slice(0, 3).map((v) => v / 255)
    .map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, n) => sum + v * [.2126, .7152, .0722][n], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c[3] === 255) return c;
    }
    return rgb('white');
  };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility() || e.closest('script, option, .unseen')) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    if ((a + .05) / (b + .05) < 4.5) found.push(e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 40));
  }
  return found;
})()"""


def test_without_script_it_shows_and_does_the_same(opened: Browser, emu: Emulator) -> None:
    ask = Asking(emu)
    ask.submit()
    opened.size(1280, 900)
    opened.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened.open(emu.page)
        assert count(opened, ".gallery li") == count(opened, ".journal li") == 1
        click(opened, "#clock button[value='3600']")
        until(lambda: emu.clock.advanced == 3_600, "an hour")
        opened.until("document.querySelector('#clock')?.textContent.includes('1 h ahead')")
    finally:
        opened.call("Emulation.setScriptExecutionDisabled", value=False)
        opened.open("about:blank#")


def test_a_page_of_another_site_can_do_nothing(opened: Browser, emu: Emulator) -> None:
    """A real browser, with all that it sends by itself."""
    with Emulator() as other:  # Another port is another origin.
        opened.open(other.page)
        script = """(async () => {
          const said = [];
          const url = %s;
          for (const [path, options] of [
            ['/_emulator/state', {}],
            ['/_emulator/clock', {method: 'POST', body: '{"advance": 60}', mode: 'no-cors'}],
            ['/_emulator/clock', {method: 'POST', body: '{"advance": 60}',
                                  headers: {'content-type': 'application/json'}}],
            ['/_emulator/page', {method: 'POST', mode: 'no-cors', body: new URLSearchParams('do=advance')}],
            ['/_emulator/requests', {method: 'DELETE'}],
          ]) {
            try { said.push((await fetch(url + path, options)).type); } catch { said.push('failed'); }
          }
          return said;
        })()"""
        Asking(emu)("GET", "/v2/models")
        # The page's own policy lets it ask nobody else; a page of an attacker has none.
        opened.call("Page.setBypassCSP", enabled=True)
        try:
            opened.open(other.page + "?again")
            said = opened.run(script % json.dumps(emu.url))
        finally:
            opened.call("Page.setBypassCSP", enabled=False)
            opened.open("about:blank#")
    assert said == ["failed"] * 5
    assert emu.clock.advanced == 0
    assert len(emu.requests) == 1
