"""Lays the pages out as the site has them, each link with what it means there."""

from __future__ import annotations

import html
import posixpath
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from .pictures import Picture

# A table that other pages have, and no page.
_PARTS = ("generated/reference/families.md",)
# What is copied as it is, beside pages.
_ASSETS = (".svg", ".png", ".jpg", ".webp", ".gif")
# Code is passed over; then the target of a link in Markdown, of a reference, or in HTML.
_LINK = re.compile(
    r"""
    (?P<code>
        ^[ ]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^[ ]*(?P=fence)[`~]*[ ]*$
      | (?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)
    )
    | (?<=\]\()  (?P<inline>[^()<>\s]+) (?=(?:\s+"[^"]*")?\))
    | (?P<label>^\[[^\]\n]+\]:[ ]+) (?P<reference>\S+)
    | (?P<name>\b(?:href|src|srcset)=") (?P<html>[^"]+) (?=")
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
# Languages of blocks that Pygments does not know, and would take for Python.
_PLAIN = re.compile(r"^([ ]*`{3,})csv\b", re.MULTILINE)
_MARKER = re.compile(r"<!-- picture: (\S+) (\S+) -->")
_OTHER_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class StagingError(Exception):
    """A page links or shows what is not there; the text has a line for each such place."""


class Stage:
    """The pages and assets of a repository, by where they are in the site.

    Args:
        root: The repository.
        repository: Its address on GitHub, where files are linked that are not pages.
        branch: The branch that they are linked on.
    """

    def __init__(self, root: Path, *, repository: str, branch: str = "main") -> None:
        self.root = root
        self.repository = repository
        self.branch = branch
        self.places = dict(_places(root))
        self.faults: list[str] = []

    def write(
        self,
        folder: Path,
        pictures: Mapping[tuple[str, str], Picture],
        completed: Callable[[str, str], str] = lambda place, text: text,
    ) -> None:
        """Write all of it to `folder`; what is there already and is the same is not touched.

        `completed` returns the text of a page at a place, with what else it is to have.

        Raises StagingError, after all has been written.
        """
        self.faults = []
        for source, place in sorted(self.places.items()):
            path = self.root / source
            if path.suffix == ".md":
                text = self.linked(source, path.read_text(encoding="utf-8"))
                text = self.illustrated(place, text, pictures)
                write(folder / place, completed(place, text))
            else:
                copy(path, folder / place)
        if self.faults:
            raise StagingError("\n".join(self.faults))

    def linked(self, source: str, text: str) -> str:
        """The text of a page with each relative link as the site has it."""

        def link(found: re.Match[str]) -> str:
            if found["code"]:
                return found[0]
            if found["inline"]:
                return self.link(source, found["inline"])
            if found["reference"]:
                return found["label"] + self.link(source, found["reference"])
            # In HTML nothing makes a page of its source later.
            target = self.link(source, found["html"])
            return found["name"] + re.sub(r"^(?![a-z]+:)(.*)\.md(?=#|$)", r"\1.html", target)

        return _LINK.sub(link, _PLAIN.sub(r"\1text", text))

    def link(self, source: str, target: str) -> str:
        """What a link of a page is in the site."""
        path, mark, anchor = target.partition("#")
        if not path or _OTHER_HOST.match(path):
            return target
        meant = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
        if meant.startswith("..") or not (self.root / meant).exists():
            self.faults.append(f"{source}: {target}: the repository has no such file")
            return target
        if (self.root / meant).is_dir() and f"{meant}/index.md" in self.places:
            meant += "/index.md"
        if meant in self.places:
            here = posixpath.dirname(self.places[source])
            return posixpath.relpath(self.places[meant], here or ".") + mark + anchor
        kind = "tree" if (self.root / meant).is_dir() else "blob"
        return f"{self.repository}/{kind}/{self.branch}/{meant}{mark}{anchor}"

    def illustrated(
        self, place: str, text: str, pictures: Mapping[tuple[str, str], Picture]
    ) -> str:
        """The text of a page with a picture for each of its markers."""

        def show(found: re.Match[str]) -> str:
            picture = pictures.get((found[1], found[2]))
            if picture is None:
                self.faults.append(f"{place}: {found[0]}: the emulator draws no such example")
                return found[0]
            to = posixpath.relpath(f"images/{picture.path.name}", posixpath.dirname(place) or ".")
            size = f'width="{picture.width}" height="{picture.height}"'
            alt = html.escape(" ".join(picture.alt.split()))
            return f'<img class="example" src="{to}" alt="{alt}" {size} loading="lazy">'

        return _MARKER.sub(show, text)


def _places(root: Path) -> Iterator[tuple[str, str]]:
    """The files that are pages or shown on them, by their path in the repository."""
    for folder, place in (("docs", ""), ("generated/reference", "reference")):
        for path in sorted((root / folder).rglob("*")):
            source = path.relative_to(root).as_posix()
            inner = path.relative_to(root / folder)
            is_shown = path.suffix in (".md", *_ASSETS) and inner.parts[0] != "theme"
            if is_shown and source not in _PARTS:
                yield source, posixpath.join(place, inner.as_posix())
    if (root / "CHANGELOG.md").exists():
        yield "CHANGELOG.md", "changelog.md"


def copy(source: Path, path: Path) -> None:
    """Copy a file whose content has changed, with the folders above it."""
    if path.is_file() and path.read_bytes() == source.read_bytes():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)


def write(path: Path, text: str) -> None:
    """Write a file whose text has changed, with the folders above it."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
