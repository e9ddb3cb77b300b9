"""A session of the command line in a terminal, run against the emulator and drawn as SVG."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pyte
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

import fluxframe
from fluxframe.emulator import Emulator

from .sheet import fixed_ids

PATH = Path(__file__).resolve().parents[2] / "docs" / "images" / "terminal.svg"
COLUMNS, ROWS = 86, 50
# How much of its time the job has had when the screen is kept, and how long anything may take.
SHARE, PATIENCE = 0.7, 30.0
PROMPT = "$ "
_JOB_SECONDS = 10_000
SESSION = (
    'fluxframe generate flux-2-pro "a red fox" --width 4000 --output-format gif',
    'fluxframe generate flux-2-pro "a red fox" --aspect-ratio 16:9 --out fox.jpg',
    "fluxframe jobs",
    "fluxframe models | grep -A 5 '^Flux ('",
)
# What differs from run to run, and what is shown in its place.
VOLATILE = (
    (re.compile(r"\d:\d\d:\d\d"), "0:00:02"),
    (re.compile(r"\d\d-\d\d \d\d:\d\d"), "11-30 09:41"),
)
# Units that a character of the picture is wide, as rich draws it.
_CHARACTER = 12.2
# Fonts of the machine that shows it: a picture on a page can't fetch one, and should not.
_FONTS = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_THEME = TerminalTheme(
    (24, 26, 33),
    (214, 217, 224),
    [
        (36, 39, 48), (255, 107, 107), (105, 219, 124), (255, 212, 59),
        (116, 169, 255), (218, 119, 242), (102, 217, 232), (214, 217, 224),
    ],
    [
        (134, 142, 150), (255, 135, 135), (140, 233, 154), (255, 224, 102),
        (145, 190, 255), (229, 153, 247), (153, 233, 242), (255, 255, 255),
    ],
)  # fmt: skip
_PYTE_NAMES = {"brown": "yellow", "brightbrown": "bright_yellow", "default": None}

Line = list[tuple[str, Style]]


@dataclass(frozen=True, slots=True)
class _Screen:
    """What a terminal shows, as a program writes to it."""

    screen: pyte.Screen
    stream: pyte.ByteStream

    @classmethod
    def new(cls) -> _Screen:
        screen = pyte.Screen(COLUMNS, ROWS)
        return cls(screen, pyte.ByteStream(screen))

    def lines(self) -> list[Line]:
        """The lines that have something on them."""
        found = []
        for row in range(ROWS):
            cells = self.screen.buffer[row]
            found.append([(cells[x].data, _style(cells[x])) for x in range(COLUMNS)])
        while found and not plain(found[-1]):
            found.pop()
        return found


def plain(line: Line) -> str:
    """The text of a line."""
    return "".join(char for char, _ in line).rstrip()


def _style(cell: pyte.screens.Char) -> Style:
    name = _PYTE_NAMES.get(cell.fg, cell.fg)
    if name is not None and re.fullmatch("[0-9a-f]{6}", name):
        name = f"#{name}"
    elif name is not None and name.startswith("bright") and "_" not in name:
        name = f"bright_{name.removeprefix('bright')}"
    return Style(color=name, bold=cell.bold or None)


def recorded() -> list[Line]:
    """Run the session; returns the lines of the terminal."""
    found: list[Line] = []
    with (
        TemporaryDirectory() as folder,
        fixed_ids(seed=1),
        Emulator(job_seconds=_JOB_SECONDS) as emulator,
    ):
        for number, command in enumerate(SESSION):
            found += [[]] if number else []
            found.append(_typed(command))
            found += _ran(command, emulator, Path(folder))
    return [_steady(line) for line in found]


def _typed(command: str) -> Line:
    prompt = [(char, Style(color="green", bold=True)) for char in PROMPT]
    return [*prompt, *((char, Style(bold=True)) for char in command)]


def _ran(command: str, emulator: Emulator, folder: Path) -> list[Line]:
    """The lines that a command printed; of a bar, which is removed at the end, those before that too."""
    screen = _Screen.new()
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    with subprocess.Popen(
        ["bash", "--norc", "-c", command],
        env=_environment(emulator),
        cwd=folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    ) as process:
        os.close(slave)
        try:
            bar = _fed(screen, master, _Job(emulator).step)
            process.wait(PATIENCE)
        finally:
            process.kill()
            os.close(master)
    lines = screen.lines()
    if bar is not None:
        row, line = bar
        lines.insert(row, line)
    return lines


class _Job:
    """Has the job that a command waits for be so far, and then done."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._started = len(emulator.jobs)
        self._bar: tuple[int, Line] | None = None
        self._is_forwarded = False

    def step(self, screen: _Screen) -> tuple[int, Line] | None:
        """Move the clock when it is time; returns the line of the bar, and its row, once it is there."""
        if len(self._emulator.jobs) > self._started and not self._is_forwarded:
            self._is_forwarded = True
            self._emulator.clock.advance(_JOB_SECONDS * SHARE)
        if self._is_forwarded and self._bar is None:
            for row, line in enumerate(screen.lines()):
                if re.search(r" [1-9]\d? %", plain(line)):
                    self._bar = row, line
                    self._emulator.clock.advance(_JOB_SECONDS)
        return self._bar


def _fed(
    screen: _Screen, master: int, step: Callable[[_Screen], tuple[int, Line] | None]
) -> tuple[int, Line] | None:
    """Feed what a terminal gets to the screen until nothing more comes."""
    bar, end = None, time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not select.select([master], [], [], 1.0)[0]:
            continue
        try:
            part = os.read(master, 4096)
        except OSError:  # Linux says so when nobody is at the other end any more.
            return bar
        if not part:
            return bar
        screen.stream.feed(part)
        bar = step(screen)
    raise TimeoutError("a command of the session did not end")


def _environment(emulator: Emulator) -> Mapping[str, str]:
    here = Path(sys.executable).parent
    return {
        "PATH": f"{here}:{os.environ.get('PATH', '')}",
        "HOME": os.environ.get("HOME", "/"),
        "PYTHONPATH": str(Path(fluxframe.__file__).parents[1]),
        "APIFRAME_API_KEY": "afk_showcase",
        "APIFRAME_BASE_URL": emulator.url,
        "NO_PROXY": "*",
        "TERM": "xterm-256color",
        "LC_ALL": "C.UTF-8",
    }


def _steady(line: Line) -> Line:
    """The line with what differs from run to run made equal."""
    text = "".join(char for char, _ in line)
    for pattern, instead in VOLATILE:
        for match in pattern.finditer(text):
            for at, char in enumerate(instead, match.start()):
                line[at] = (char, line[at][1])
    return line


def svg(lines: Iterable[Line]) -> str:
    """The lines as a picture of a terminal."""
    console = Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
    )
    for line in lines:
        console.print(Text.assemble(*line, end=""), no_wrap=True, overflow="ignore")
    template = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    template = template.replace("Fira Code, monospace", _FONTS).replace("arial", "sans-serif")
    text = console.export_svg(
        title="fluxframe", theme=_THEME, code_format=template, unique_id="terminal"
    )
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip() + "\n"


def text_of(picture: str) -> Sequence[str]:
    """The lines of text in such a picture, from the top."""
    rows: dict[float, dict[int, str]] = {}
    for element in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"):
        if "clip-path" in element.attrib:  # All but the title.
            row = rows.setdefault(float(element.attrib["y"]), {})
            row[round(float(element.attrib["x"]) / _CHARACTER)] = element.text or ""
    return [_joined(row) for _, row in sorted(rows.items())]


def _joined(row: Mapping[int, str]) -> str:
    """The texts of a row, each at its column."""
    line = ""
    for column, text in sorted(row.items()):
        line = line.ljust(column) + text.replace("\u00a0", " ")
    return line.rstrip()
