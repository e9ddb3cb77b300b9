"""Finds the links of a built site that lead nowhere."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html

# What is loaded with a page, in the attributes that name it.
_LINKS = "//@href | //@src | //@poster | //@data-src"
_SRCSETS = "//@srcset"
# A stylesheet's own: fonts and images.
_IN_STYLES = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)""")
_LEADS_NOWHERE = ("data", "mailto")
# Names of a branch, after which a path of the repository follows.
_FILE_KINDS = ("blob", "tree", "raw", "edit")


@dataclass
class Checked:
    """What is wrong with a site, in sentences, and the links to other hosts, which were not tried."""

    broken: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    count: int = 0


def check(site: Path, *, address: str, repository: str, tree: Path) -> Checked:
    """Try each link, anchor, image and asset of the pages and stylesheets below `site`.

    `address` is where the site is published, so that an absolute link to it is one of its own; what is linked of
    `repository`, an address on GitHub, is looked for in `tree`.
    """
    checked = Checked()
    base = urlsplit(address)
    for path in sorted(site.rglob("*")):
        if path.suffix not in (".html", ".css"):
            continue
        page = path.relative_to(site).as_posix()
        for link in _links_of(path):
            checked.count += 1
            try:
                parts = urlsplit(link)
            except ValueError as error:  # Such as of a host that begins with a bracket.
                checked.broken.append(f"{page}: {link}: it is not an address: {error}")
                continue
            if link.startswith(f"{repository}/"):
                fault = _fault_in_tree(link.removeprefix(f"{repository}/"), tree)
            elif parts.scheme in ("http", "https") and not link.startswith(address):
                checked.elsewhere.add(link)
                continue
            elif parts.scheme in _LEADS_NOWHERE:
                continue
            elif parts.scheme not in ("", "http", "https"):
                fault = f"{parts.scheme}: is not for a site"  # Such as `javascript:` and `file:`.
            else:
                target = _target(page, parts.path, base.path)
                fault = _fault_in_site(site, target, unquote(parts.fragment))
            if fault:
                checked.broken.append(f"{page}: {link}: {fault}")
    return checked


def _links_of(path: Path) -> Iterator[str]:
    if path.suffix == ".css":
        yield from _IN_STYLES.findall(path.read_text(encoding="utf-8"))
        return
    page = _page(path)
    yield from sorted({str(link).strip() for link in page.xpath(_LINKS)})
    for srcset in page.xpath(_SRCSETS):
        yield from (part.split()[0] for part in str(srcset).split(",") if part.strip())


def _target(page: str, path: str, base: str) -> str | None:
    """The file of the site that a link means, relative to it; None for what is outside."""
    path = unquote(path)
    if path.startswith("/"):
        if not f"{path}/".startswith(base):
            return None
        target = path[len(base) :]
    else:
        target = posixpath.join(posixpath.dirname(page), path) if path else page
    target = posixpath.normpath(target or ".")
    return None if target == ".." or target.startswith("../") else target


def _fault_in_site(site: Path, target: str | None, anchor: str) -> str | None:
    if target is None:
        return "it leads out of the site"
    path = site / target
    if os.path.isdir(path):  # noqa: PTH112 - a name that no file can have is none, and no error
        path /= "index.html"
    if not os.path.isfile(path):  # noqa: PTH113
        return "there is no such file"
    if anchor and path.suffix == ".html" and anchor not in _anchors(path, path.stat().st_mtime_ns):
        return f"the page has no anchor {anchor!r}"
    return None


def _fault_in_tree(link: str, tree: Path) -> str | None:
    kind, _, rest = unquote(urlsplit(link).path).partition("/")
    _branch, _, name = rest.partition("/")
    if kind in _FILE_KINDS and not (tree / name).exists():
        return "the repository has no such file"
    return None


def _page(path: Path) -> lxml.html.HtmlElement:
    parser = lxml.html.HTMLParser(encoding="utf-8")
    return lxml.html.document_fromstring(path.read_bytes(), parser=parser)


@lru_cache(maxsize=1000)
def _anchors(path: Path, _changed: int) -> frozenset[str]:
    return frozenset(map(str, _page(path).xpath("//@id | //a/@name")))
