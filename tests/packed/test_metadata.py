"""What the project says of itself: where it is, of whom, and for which Pythons."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
URLS: dict[str, str] = PROJECT["urls"]
ADDRESS = re.compile(r"https://[\w.]*github\w*\.\w+/[^\s)\"'>`]*fluxframe[^\s)\"'>`]*")


def test_all_addresses_are_of_the_project() -> None:
    repository, pages = URLS["Source"], URLS["Documentation"]
    path = repository.removeprefix("https://github.com")
    known = (repository, pages, f"https://raw.githubusercontent.com{path}/main/")
    assert pages.endswith("/")
    named = [ROOT / "README.md", ROOT / "CHANGELOG.md"]
    for folder in ("docs", ".github", "codegen", "spec"):
        named += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    for place in named:
        if place.suffix in (".md", ".py", ".toml", ".yaml", ".yml", ".jinja", ".html"):
            for address in ADDRESS.findall(place.read_text(encoding="utf-8")):
                assert address.startswith(known), f"{place}: {address}"
    for address in URLS.values():
        assert address.startswith(known)


def test_the_authors_are_those_of_the_licence() -> None:
    (author,) = PROJECT["authors"]
    assert author["name"] in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_pythons_are_those_from_the_lowest_on() -> None:
    named = [
        int(found[1])
        for words in PROJECT["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: 3\.(\d+)", words))
    ]
    lowest = int(PROJECT["requires-python"].removeprefix(">=3."))
    assert named == [*range(lowest, lowest + len(named))]
