"""Runs the blocks of a page as a reader would, in an empty folder, against an emulator of its own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from fluxframe.emulator import Emulator

from .blocks import ROOT, Block
from .commands import SERVERS, Server, covered_elsewhere
from .expected import difference
from .interpreter import Interpreter
from .pages import set_up

# The port that `fluxframe emulate` has where nothing else has it, and so the one that pages show.
_SHOWN = "http://127.0.0.1:8000"
_SECONDS = 60
# A reader has none of the plugins of these tests, which take longer to load than the tests of a page.
_PYTEST_ALONE = (
    "-p no:schemathesis -p no:hypothesispytest -p no:pytest_cov -p no:xdist -p no:randomly"
)


class DifferenceError(AssertionError):
    """A block does something else than its page says."""


class Reader:
    """Somebody who does all that a page says, in its order."""

    def __init__(self, page: str, emulator: Emulator, folder: Path) -> None:
        self._folder = folder
        self._urls = {_SHOWN: emulator.url}
        self._servers: list[tuple[subprocess.Popen[str], threading.Thread]] = []
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("COV_")},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(
                # A clone of the page's own comes first, as after `pip install -e`.
                map(str, (folder, folder / "generated", ROOT / "generated"))
            ),
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "COLUMNS": "80",
            "PYTEST_ADDOPTS": _PYTEST_ALONE,
            "APIFRAME_API_KEY": "afk_reader",
            "APIFRAME_BASE_URL": emulator.url,
        }
        beforehand = set_up(page, emulator, folder)
        self._interpreter = Interpreter(folder, self._environment)
        if beforehand:
            self._python(Block(ROOT / "tests/docs/pages.py", 0, "python", None, beforehand), None)

    def close(self) -> None:
        """End the servers that the page started, and its Python."""
        self._interpreter.close()
        for server, _ in self._servers:
            server.send_signal(signal.SIGINT)
        for server, drain in self._servers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=_SECONDS)
            server.kill()
            server.wait()
            drain.join()
            assert server.stdout is not None
            server.stdout.close()

    def read(self, blocks: list[Block]) -> None:
        """Do what each block says. Raises DifferenceError at the first that does something else."""
        for number, block in enumerate(blocks):
            after = blocks[number + 1] if number + 1 < len(blocks) else None
            shown = after.text if after is not None and _is_output(block, after) else None
            try:
                self._do(block, shown)
            except DifferenceError as error:
                raise DifferenceError(f"{block.where}: {error}") from error

    def _do(self, block: Block, shown: str | None) -> None:
        if block.title is not None:
            path = self._folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._here(block.text), encoding="utf-8")
            return
        match block.language:
            case "python":
                self._python(block, shown)
            case "console":
                self._console(block.text)
            case "sh":
                self._compare(self._run(["bash", "-eu", "-c", self._here(block.text)]), shown)
            case "js":
                script = self._folder / "page.mjs"
                script.write_text(self._here(block.text), encoding="utf-8")
                if shutil.which("node") is not None:
                    self._compare(self._run(["node", str(script)]), shown)

    def _python(self, block: Block, shown: str | None) -> None:
        if re.search(r"^(async )?def test_", block.text, re.MULTILINE):
            script = self._folder / f"test_line_{block.line}.py"
            script.write_text(block.text, encoding="utf-8")
            words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(script)]
            self._compare(self._run(words), shown)
            return
        printed, complained = self._interpreter.run(block.text, block.line, block.where)
        if shown is not None or complained:
            _expect(shown or "", printed)

    def _console(self, text: str) -> None:
        for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, shown = _split(step)
            server = next((one for one in SERVERS if re.fullmatch(one.command, command)), None)
            if server is not None:
                self._serve(server, command, shown)
            elif not covered_elsewhere(re.sub(r"\s+# .*", "", self._here(command))):
                done = self._run(["bash", "-c", self._here(command)])
                if shown.strip():
                    _expect(shown, done.stdout)
                else:
                    self._compare(done, None)

    def _serve(self, server: Server, command: str, shown: str) -> None:
        """Start a server on a port that is free, wherever the page says that it is."""
        port = re.search(r"--port[ =](\d+)", command)
        command = re.sub(r" --port[ =]\d+", "", command)
        process = subprocess.Popen(
            ["bash", "-c", f"exec {self._here(command)} {server.any_port}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self._folder,
            env={**self._environment, "PYTHONUNBUFFERED": "1"},
        )
        assert process.stdout is not None
        printed = ""
        url = None
        lines = shown.strip("\n").count("\n") + 1 if shown.strip() else 0
        while url is None or printed.count("\n") < lines:
            line = process.stdout.readline()
            if not line:
                with process:
                    process.kill()
                raise DifferenceError(f"{command} ended:\n{printed}")
            printed += line
            found = re.search(server.ready, line)
            url = found[1] if found is not None else url
        # What it prints from here on would fill the pipe, and then hold it up.
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        self._servers.append((process, drain))
        self._urls[f"http://127.0.0.1:{port[1]}" if port is not None else _SHOWN] = url
        if shown.strip():
            _expect(shown, printed)

    def _here(self, text: str) -> str:
        """A text of the page, with the addresses of the servers that run in this reading."""
        for shown, url in self._urls.items():
            text = text.replace(shown, url)
        return re.sub(r"python3? noxfile\.py -s codegen -- ", "python -m codegen ", text)

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=self._folder,
            env=self._environment,
            timeout=_SECONDS,
            check=False,
        )

    def _compare(self, done: subprocess.CompletedProcess[str], shown: str | None) -> None:
        if done.returncode != 0 and shown is None:
            raise DifferenceError(f"exit status {done.returncode}:\n{done.stdout}")
        if shown is not None:
            _expect(shown, done.stdout)


def _expect(shown: str, printed: str) -> None:
    if (differs := difference(shown, printed)) is not None:
        raise DifferenceError(differs)


def _split(step: str) -> tuple[str, str]:
    """A step at the prompt: what is typed, over lines that end with a backslash, and what is shown."""
    lines = step.split("\n")
    end = 0
    while lines[end].endswith("\\"):
        end += 1
    return "\n".join(lines[: end + 1]), "\n".join(lines[end + 1 :])


def _is_output(block: Block, after: Block) -> bool:
    """Whether a block shows what the one before it prints: nothing but an empty line is between."""
    between = block.line + block.text.count("\n") + 2
    return after.language == "text" and after.title is None and after.line - between <= 1
