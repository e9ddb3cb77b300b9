"""The check of the site's links, and the addresses that pages name."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from docs.building.links import Checked, check

from .blocks import ROOT

ADDRESS = "https://site.test/project/"
REPOSITORY = "https://github.com/owner/project"
PAGE = '<!doctype html><html><body><h1 id="top">Page</h1>{}</body></html>'


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code/a b.py").write_text("")
    site = tmp_path / "site"
    (site / "guides").mkdir(parents=True)
    (site / "guides/index.html").write_text(PAGE.format('<a name="old">x</a>'))
    (site / "guides/one.html").write_text(PAGE.format('<h2 id="größe">y</h2>'))
    (site / "image.svg").write_text("<svg/>")
    return tmp_path


def checked(tree: Path, body: str, page: str = "guides/page.html") -> Checked:
    (tree / "site" / page).write_text(PAGE.format(body), encoding="utf-8")
    return check(tree / "site", address=ADDRESS, repository=REPOSITORY, tree=tree)


GOOD = [
    "one.html",
    "one.html#top",
    "one.html#gr%C3%B6%C3%9Fe",
    "one.html?h=word#top",
    "#top",
    "#",
    "",
    ".",
    "..//guides/one.html",
    "../guides",
    "../guides/#old",
    "/project/guides/one.html#top",
    "/project/guides/",
    f"{ADDRESS}guides/one.html",
    f"{REPOSITORY}/blob/main/code/a%20b.py#L3",
    f"{REPOSITORY}/tree/main/code",
    f"{REPOSITORY}/issues",
    "mailto:a@b.test",
    "data:image/svg+xml,x",
]


@pytest.mark.parametrize("link", GOOD)
def test_a_link_that_leads_somewhere_is_passed(tree: Path, link: str) -> None:
    found = checked(tree, f'<a href="{link}">x</a>')
    assert (found.broken, found.elsewhere) == ([], set())
    assert found.count == 1


BROKEN = {
    "two.html": "there is no such file",
    "one.html#bottom": "the page has no anchor 'bottom'",
    "#bottom": "the page has no anchor 'bottom'",
    "../guides/#new": "the page has no anchor 'new'",
    "../../outside.html": "it leads out of the site",
    "/guides/one.html": "it leads out of the site",
    "/project/two.html": "there is no such file",
    f"{ADDRESS}guides/two.html": "there is no such file",
    f"{REPOSITORY}/blob/main/code/c.py": "the repository has no such file",
    f"{REPOSITORY}/tree/main/c": "the repository has no such file",
    "javascript:alert(1)": "javascript: is not for a site",
    "JavaScript:alert(1)": "javascript: is not for a site",
    "file:///etc/passwd": "file: is not for a site",
    "http://[x/": "it is not an address: Invalid IPv6 URL",
    "x" * 5000: "there is no such file",
}


@pytest.mark.parametrize(("link", "fault"), BROKEN.items())
def test_a_link_that_leads_nowhere_is_told_of(tree: Path, link: str, fault: str) -> None:
    assert checked(tree, f'<a href="{link}">x</a>').broken == [f"guides/page.html: {link}: {fault}"]


@pytest.mark.parametrize(
    "element",
    [
        '<img src="{}">',
        '<img src="../image.svg" srcset="../image.svg 1x, {} 2x">',
        '<picture><source srcset="{}"></picture>',
        '<script src="{}"></script>',
        '<link rel="stylesheet" href="{}">',
        '<video poster="{}"></video>',
    ],
)
def test_what_a_page_loads_has_to_be_there(tree: Path, element: str) -> None:
    assert not checked(tree, element.format("../image.svg")).broken
    assert len(checked(tree, element.format("../no.svg"), "guides/other.html").broken) == 1


def test_what_a_stylesheet_loads_has_to_be_there(tree: Path) -> None:
    style = "a{b:url(image.svg)} a{b:url('data:x')} a{b:url(\"no.woff2\")} a{b:url(#id)}"
    (tree / "site/style.css").write_text(style)
    assert checked(tree, "").broken == ["style.css: no.woff2: there is no such file"]


def test_links_to_other_hosts_are_listed(tree: Path) -> None:
    body = '<a href="https://other.test/x">x</a><a href="https://other.test/x">y</a>'
    found = checked(tree, body)
    assert (found.broken, found.elsewhere) == ([], {"https://other.test/x"})


def test_all_name_the_same_addresses() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    site = tomllib.loads((ROOT / "docs/zensical.toml").read_text(encoding="utf-8"))["project"]
    assert site["site_url"] == urls["Documentation"]
    assert site["repo_url"] == urls["Source"]
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        text = page.read_text(encoding="utf-8")
        for clone in re.findall(r"git clone (\S+)", text):
            assert clone.removesuffix(".git") == urls["Source"], page
