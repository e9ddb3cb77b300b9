"""Runs the blocks of Python of a page, one after another, in a process of its own.

Reads a block a line, as JSON, and writes what came of it, as JSON.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import inspect
import io
import json
import subprocess
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any


class Interpreter:
    """A process in which the blocks of a page run, with the names that those before have made."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=environment,
        )

    def run(self, source: str, line: int, name: str) -> tuple[str, bool]:
        """What a block prints, its warnings and its error too, and whether it did more than print."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([source, line, name]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{name}: the process ended"
        printed, complained = json.loads(answer)
        return printed, complained

    def close(self) -> None:
        """End the process."""
        with self._process:
            if self._process.stdin is not None:
                self._process.stdin.close()


def _run(source: str, line: int, name: str, names: dict[str, Any]) -> tuple[str, bool]:
    printed = io.StringIO()
    complained = False
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            # Lines of a traceback are those of the page.
            tree = ast.parse("\n" * line + source, name)
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            done = eval(compile(tree, name, "exec", flags=flags, dont_inherit=True), names)
            if inspect.iscoroutine(done):
                asyncio.run(done)
        except Exception as error:
            complained = True
            printed.write("".join(traceback.format_exception_only(error)))
    for warning in caught:
        complained = True
        printed.write(f"{warning.category.__name__}: {warning.message}\n")
    return printed.getvalue(), complained


def main() -> None:
    """Answer each block of stdin, until it ends."""
    sys.path[0] = str(Path.cwd())
    names: dict[str, Any] = {"__name__": "__main__"}
    answers = sys.stdout
    for text in sys.stdin:
        source, line, name = json.loads(text)
        print(json.dumps(_run(source, line, name, names)), file=answers, flush=True)


if __name__ == "__main__":
    main()
