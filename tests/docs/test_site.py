"""The site that `python -m docs.build` has made, as a reader without a network sees it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

import fluxframe
from docs.build import SITE
from fluxframe._wire.settings import DEFAULT_TIMEOUT
from tests.emulator.page.browser import PROGRAM, Browser, browser

from .blocks import ROOT, blocks_of

# The pages are many, and a shared machine is slow at times.
pytestmark = [pytest.mark.site, pytest.mark.timeout(600)]

PUBLIC = ("", ".types", ".webhooks", ".batch", ".emulator", ".testing", ".conformance")
# Modules are pages of their own.
MODULES = {"fluxframe.types", "fluxframe.webhooks"}
PHONE, DESKTOP = 360, 1280


def pages() -> list[str]:
    """All pages that are written by hand, and one of a model's."""
    found = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
    models = [page for page in found if page.startswith("reference/models/")]
    return [page for page in found if page not in models and page != "404.html"] + models[:1]


@pytest.fixture(scope="module")
def screen() -> Iterator[Browser]:
    if PROGRAM is None:
        pytest.skip("needs Chromium")
    with browser() as opened:
        yield opened


@cache
def html_of(page: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(page.read_bytes())


def requested(screen: Browser) -> set[str]:
    return {
        event["params"]["request"]["url"]
        for event in screen.events
        if event.get("method") == "Network.requestWillBeSent"
    }


def assert_all_are_of_the_site(urls: set[str]) -> None:
    assert urls
    for url in urls:
        parts = urlsplit(url)
        is_ours = parts.scheme == "file" and Path(unquote(parts.path)).is_relative_to(SITE)
        assert is_ours or parts.scheme == "data", url


def test_a_page_asks_no_other_host_and_fits_a_phone(screen: Browser) -> None:
    for page in pages():
        for width, dark in ((PHONE, False), (DESKTOP, True)):
            screen.size(width, 800, dark=dark, still=True)
            screen.open((SITE / page).as_uri())
            assert_all_are_of_the_site(requested(screen))
            assert screen.complaints() == [], page
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert screen.run(wide) <= 0, f"{page} is wider than {width} px"


def test_search_works_without_a_server(screen: Browser) -> None:
    screen.size(DESKTOP, 800, still=True)
    screen.open((SITE / "index.html").as_uri())
    screen.run("document.querySelector('.md-search__button').click()")
    dialog = "[...document.querySelectorAll('div')].find(e => e.shadowRoot)?.shadowRoot"
    screen.until(f"{dialog}?.querySelector('input') === {dialog}?.activeElement")
    screen.call("Input.insertText", text="wait_many")
    links = f"[...({dialog}?.querySelectorAll('a') ?? [])].map(a => a.href).join(' ')"
    found = screen.until(f"{links}.includes('wait_many') && {links}").split()
    assert (
        f"{(SITE / 'api/client.html').as_uri()}?h=wait_many#fluxframe.types.Jobs.wait_many" in found
    )
    assert_all_are_of_the_site(requested(screen))


def test_a_copied_session_is_its_commands(screen: Browser) -> None:
    screen.open((SITE / "getting-started.html").as_uri())
    screen.run("""document.addEventListener(
        "copy", () => (window.copied ??= []).push(document.activeElement.value))""")
    buttons = "[...document.querySelectorAll('.language-console .md-code__button')]"
    screen.until(f"{buttons}.length")
    screen.run(f"{buttons}.forEach(button => button.click())")
    commands = [
        re.findall(r"^\$ (.+)", block.text, re.MULTILINE)
        for block in blocks_of(ROOT / "docs/getting-started.md")
        if block.language == "console"
    ]
    # An empty line is left of each line of output, which a shell passes over.
    assert [[*filter(None, text.split("\n"))] for text in screen.run("window.copied")] == commands


# The ratio of luminances, as WCAG 2 defines it, of each text to what is behind it; the lowest.
CONTRAST = """(() => {
  const light = c => c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const dot = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const over = colors => {
    dot.clearRect(0, 0, 1, 1);
    for (const color of colors) { dot.fillStyle = color; dot.fillRect(0, 0, 1, 1); }
    return [...dot.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  let lowest = [99, ''];
  for (const e of document.querySelectorAll('article :is(p, li, a, td, th, code, h1, h2, h3)')) {
    if (!e.innerText?.trim() || e.closest('.headerlink')) continue;
    const behind = [];
    for (let up = e; up; up = up.parentElement) behind.unshift(getComputedStyle(up).backgroundColor);
    const [a, b] = [light(over([...behind, getComputedStyle(e).color])), light(over(behind))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < lowest[0]) lowest = [ratio, e.outerHTML.slice(0, 200)];
  }
  return lowest;
})()"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read(screen: Browser, dark: bool) -> None:
    screen.size(DESKTOP, 800, dark=dark, still=True)
    for page in ("index.html", "api/client.html", pages()[-1]):
        screen.open((SITE / page).as_uri())
        ratio, element = screen.run(CONTRAST)
        assert ratio >= 4.5, f"{page}: {element}"


def test_every_public_name_is_on_a_page() -> None:
    shown = {str(id) for page in SITE.rglob("*.html") for id in html_of(page).xpath("//@id")}
    for place in PUBLIC:
        module = importlib.import_module(f"fluxframe{place}")
        for name in module.__all__:
            # What has two names is on a page by one of them.
            names = {f"fluxframe{place}.{name}"}
            if getattr(fluxframe, name, None) is getattr(module, name):
                names.add(f"fluxframe.{name}")
            assert names & (shown | MODULES), names


def test_no_private_name_is_on_a_page() -> None:
    for page in SITE.rglob("*.html"):
        for name in html_of(page).xpath("//*[contains(@class, 'doc-object-name')]"):
            text = name.text_content().strip()
            assert not text.startswith("_") or text == "__version__", f"{page}: {text}"


def test_every_image_is_told_in_words() -> None:
    for page in SITE.rglob("*.html"):
        for image in html_of(page).xpath("//article//img"):
            assert image.get("alt"), f"{page}: {image.get('src')}"


def test_the_page_of_what_is_not_there_works_at_any_depth() -> None:
    links = [str(link) for link in html_of(SITE / "404.html").xpath("//@href | //@src")]
    assert len(links) > 20
    assert [link for link in links if not link.startswith(("/", "https://", "#"))] == []


def test_defaults_are_shown_as_values() -> None:
    client = html_of(SITE / "api/client.html").text_content()
    assert f"timeout: float = {DEFAULT_TIMEOUT}" in client
    for page in SITE.glob("api/*.html"):
        assert "DEFAULT_" not in html_of(page).text_content(), page
