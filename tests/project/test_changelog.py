"""CHANGELOG.md has the form of Keep a Changelog, by which the release takes a version's part of it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt
from packaging.version import Version

from fluxframe import __version__

from .files import ROOT, pyproject

KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def headings(text: str) -> list[tuple[str, str]]:
    """The headings, each as its level and its words."""
    tokens = MarkdownIt("commonmark").parse(text)
    opened = pairwise(tokens)
    return [(token.tag, inner.content) for token, inner in opened if token.type == "heading_open"]


def problems(text: str, released: str, repository: str) -> list[str]:
    """What is wrong with a changelog of a project whose version is `released`."""
    found = []
    (level, title), *rest = headings(text)
    if (level, title) != ("h1", "Changelog"):
        found.append("it has to begin with `# Changelog`")
    sections = [words for tag, words in rest if tag == "h2"]
    if sections[:1] != ["[Unreleased]"]:
        found.append("its first section has to be `## [Unreleased]`")
    versions = []
    for words in sections[1:]:
        parts = re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - \d{4}-(0[1-9]|1[0-2])-\d{2}", words)
        if parts is None:
            found.append(f"`{words}` is not `[X.Y.Z] - YYYY-MM-DD`")
        else:
            versions.append(Version(parts[1]))
    if any(one <= other for one, other in pairwise(versions)):
        found.append("versions have to go from the newest to the oldest")
    if versions and versions[0] > Version(released):
        found.append(f"{versions[0]} is newer than the package, {released}")
    found += [
        f"`{words}` is not a kind" for tag, words in rest if tag == "h3" and words not in KINDS
    ]
    links = dict(re.findall(r"^\[([^\]]+)\]: (\S+)$", text, re.MULTILINE))
    if links.keys() != {"Unreleased", *map(str, versions)}:
        found.append("each version has to have its link, and no other")
    found += [f"{url} leads elsewhere" for url in links.values() if not url.startswith(repository)]
    return found


REPOSITORY: str = pyproject()["project"]["urls"]["Source"]
RIGHT = f"""# Changelog

## [Unreleased]

### Added

- A thing.

## [0.2.0] - 2026-12-01

### Fixed

- Another.

[Unreleased]: {REPOSITORY}/compare/v0.2.0...HEAD
[0.2.0]: {REPOSITORY}/releases/tag/v0.2.0
"""


def test_the_changelog_has_the_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert problems(text, __version__, REPOSITORY) == []


def test_what_is_right_has_no_problem() -> None:
    assert problems(RIGHT, "0.2.0", REPOSITORY) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Changelog\n", "# Changes\n"),
        ("## [Unreleased]", "## Unreleased"),
        ("## [0.2.0] - 2026-12-01", "## [0.2.0] - 2026-13-01"),
        ("## [0.2.0] - 2026-12-01", "## 0.2.0 (2026-12-01)"),
        ("## [0.2.0]", "## [0.3.0]"),
        ("### Fixed", "### Bugs"),
        ("[0.2.0]: ", "[0.1.0]: "),
        (REPOSITORY, "https://example.com"),
    ],
)
def test_what_is_wrong_is_found(old: str, new: str) -> None:
    assert old in RIGHT
    assert problems(RIGHT.replace(old, new), "0.2.0", REPOSITORY) != []
