"""Each block of code of the README and of the guides, run as a reader would run it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from fluxframe.emulator import Emulator

from .blocks import PAGES, ROOT, Block, blocks_of
from .commands import sessions, sessions_in
from .runner import DifferenceError, Reader

# Languages of blocks that are run, and of those that are shown as files or as output.
RUN = {"python", "console", "sh", "js"}
DATA: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}
SHOWN = {"text", "csv", "jsonl"}


def names_of(pages: tuple[Path, ...]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


@contextmanager
def reading(page: str, folder: Path) -> Iterator[Reader]:
    with Emulator(job_seconds=0.2) as emulator, closing(Reader(page, emulator, folder)) as reader:
        yield reader


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", PAGES, ids=names_of(PAGES))
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    with reading(str(page.relative_to(ROOT)), tmp_path) as reader:
        reader.read(blocks_of(page))


@pytest.mark.parametrize("page", PAGES, ids=names_of(PAGES))
def test_the_blocks_of_a_page_can_be_read(page: Path) -> None:
    for block in blocks_of(page):
        assert block.language in RUN | DATA.keys() | SHOWN, block.where
        if block.language in DATA:
            DATA[block.language](block.text)


@pytest.mark.parametrize("page", PAGES, ids=names_of(PAGES))
def test_the_sessions_of_nox_that_are_told_of_exist(page: Path) -> None:
    assert sessions_in(page.read_text(encoding="utf-8")) <= sessions()


def block(language: str, text: str, line: int = 1, title: str | None = None) -> Block:
    return Block(ROOT / "docs/page.md", line, language, title, text)


WRONG = {
    "an error that is not shown": [block("python", "1 / 0\n")],
    "another error": [block("python", "1 / 0\n"), block("text", "KeyError: 'a'\n", 4)],
    "another output": [block("python", "print(1)\n"), block("text", "2\n", 4)],
    "a warning": [block("python", "import warnings\nwarnings.warn('old')\n")],
    "a failed command": [block("console", "$ false\n")],
    "other words of a command": [block("console", "$ echo one two\none\n")],
    "a failed test": [block("python", "def test_it():\n    assert False\n")],
    "a failed script": [block("sh", "exit 3\n")],
    "a failed await": [block("python", "import asyncio\nawait asyncio.sleep('a')\n")],
}


@pytest.mark.parametrize("blocks", WRONG.values(), ids=WRONG)
def test_what_is_wrong_on_a_page_is_found(blocks: list[Block], tmp_path: Path) -> None:
    with reading("docs/page.md", tmp_path) as reader, pytest.raises(DifferenceError) as caught:
        reader.read(blocks)
    assert str(caught.value).startswith("docs/page.md:1: ")


def test_what_is_right_on_a_page_is_not(tmp_path: Path) -> None:
    right = [
        block("python", "x = 1\nprint(x)\n"),
        block("text", "1\n", 6),
        block("python", "print(x)\n1 / 0\n", 10),
        block("text", "1\nZeroDivisionError: …\n", 15),
        block("python", "from data import y\nassert (x, y) == (1, 2)\n", 20),
        block(
            "console",
            "$ echo one && \\\n  echo two\none\ntwo\n$ cat a/b\n…\n$ fluxframe me\n…\n",
            30,
        ),
    ]
    files = [block("python", "y = 2\n", title="data.py"), block("text", "c", title="a/b")]
    with reading("docs/page.md", tmp_path) as reader:
        reader.read([*files, *right])
