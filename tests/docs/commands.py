"""What the runner of the pages does with commands that it can't run as they stand."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from .blocks import ROOT

# Commands that set up an environment, and the tests that run them.
ELSEWHERE = {
    r"git clone \S+( \S+)?": "the address is checked by tests/docs/test_links.py",
    r"(python3? -m )?pip install .*": "tests/packed installs the package with each of its extras",
    r"python3? noxfile\.py( -[st] (?!codegen -- )[\w-]+)?( -- .*)?": "tests/docs/test_blocks.py: the session exists",
    r"python3 -m venv \S+|\. \S+/bin/activate": "the environment is that of the tests",
    r"cd \S+": "each page is run in a folder of its own",
    r"export \w+=.*": "the environment is that of the page's emulator",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A command that goes on until it is interrupted: the line by which it is ready has its URL."""

    command: str
    any_port: str
    ready: str


SERVERS = (
    Server(r"fluxframe emulate\b.*", "--port 0", r"APIFRAME_BASE_URL=(http://\S+)"),
    Server(r"(python -m )?uvicorn \S+.*", "--port 0", r"running on (http://\S+)"),
)


def covered_elsewhere(command: str) -> bool:
    """Whether a command is one that other tests run."""
    return any(re.fullmatch(pattern, command, re.DOTALL) for pattern in ELSEWHERE)


def sessions_in(text: str) -> set[str]:
    """The names of the sessions of nox that a text tells to run."""
    return {
        name
        for names in re.findall(r"(?:noxfile\.py|nox) -s ((?:[a-z][\w-]*(?: (?!--))?)+)", text)
        for name in names.split()
    }


def sessions() -> set[str]:
    """The names of the sessions of nox, each a function that is decorated as one."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    return {
        _name(function, decorator)
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        if ast.unparse(decorator).startswith("nox.session")
    }


def _name(function: ast.FunctionDef, decorator: ast.expr) -> str:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    names = [ast.literal_eval(word.value) for word in keywords if word.arg == "name"]
    return str(names[0]) if names else function.name
