"""A language server, spoken to over its standard streams as an editor speaks to it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What an editor says that it can show.
_ABLE = {
    "workspace": {"configuration": True},
    "textDocument": {"hover": {"contentFormat": ["markdown"]}},
}


class LanguageServer:
    """A running language server, and the text that was opened last."""

    def __init__(
        self, process: subprocess.Popen[bytes], folder: Path, settings: Mapping[str, Any]
    ) -> None:
        self._process = process
        self._folder = folder
        self._settings = settings
        self._id = 0
        self._uri = ""
        self._problems: dict[str, list[dict[str, Any]]] = {}
        root = folder.as_uri()
        self.ask(
            "initialize",
            processId=os.getpid(),
            rootUri=root,
            workspaceFolders=[{"uri": root, "name": "tests"}],
            capabilities=_ABLE,
        )
        self.tell("initialized")

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        self._id += 1
        self._send({"id": self._id, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._id and "method" not in message:
                return message.get("result")

    def open(self, name: str, language: str, text: str) -> None:
        """Show a text, which stays as it is: each change costs the reading of all that it imports."""
        self._uri = (self._folder / name).as_uri()
        document = {"uri": self._uri, "version": 1, "languageId": language, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)

    def at(self, method: str, line: int, column: int) -> Any:
        """Ask about a place in the text; lines and columns count from 0."""
        place = {"line": line, "character": column}
        return self.ask(method, textDocument={"uri": self._uri}, position=place)

    def problems(self) -> list[dict[str, Any]]:
        """What the server marks in the text."""
        while self._uri not in self._problems:
            self._read()
        return self._problems[self._uri]

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        """The next message, after an answer if it asks something."""
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            items = message.get("params", {}).get("items", [])
            values = [self._settings.get(item["section"], {}) for item in items]
            self._send({"id": message["id"], "result": values})
        elif message.get("method") == "textDocument/publishDiagnostics":
            told = message["params"]
            self._problems[told["uri"]] = told["diagnostics"]
        return message


@contextmanager
def language_server(
    command: Sequence[str], folder: Path, settings: Mapping[str, Any]
) -> Iterator[LanguageServer]:
    """A language server that works in a folder, with an editor's settings by section."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    try:
        server = LanguageServer(process, folder, settings)
        yield server
        server.ask("shutdown")
        server.tell("exit")
        process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
