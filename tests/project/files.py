"""The project's own files, read once: pyproject.toml, the workflows of GitHub, and the sessions of nox."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from packaging.dependency_groups import resolve_dependency_groups

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


class Session(NamedTuple):
    """A session of nox: its tags, and the first line of what it says of itself."""

    tags: list[str]
    title: str


@cache
def pyproject() -> dict[str, Any]:
    """The whole of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def group(name: str) -> tuple[str, ...]:
    """The requirements of a dependency group, with those of the groups that it includes."""
    return resolve_dependency_groups(pyproject()["dependency-groups"], name)


def pythons() -> list[str]:
    """The versions of Python that the classifiers name, oldest first."""
    prefix = "Programming Language :: Python :: 3."
    named = [word for word in pyproject()["project"]["classifiers"] if word.startswith(prefix)]
    return [f"3.{minor}" for minor in sorted(int(word.removeprefix(prefix)) for word in named)]


@cache
def workflow(path: Path) -> dict[Any, Any]:
    """A workflow; YAML 1.1 reads its key `on` as True."""
    read: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


@cache
def sessions() -> dict[str, Session]:
    """The sessions of nox by name, in their order."""
    tree = ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8"))
    found = {}
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for decorator in function.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "nox.session":
                    words = {str(k.arg): ast.literal_eval(k.value) for k in decorator.keywords}
                    title = (ast.get_docstring(function) or "").split("\n")[0]
                    session = Session(words.get("tags", []), title)
                    found[words.get("name", function.name)] = session
    return found
