"""The hooks of pre-commit have the versions that the rest of the project has."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from .files import ROOT, group

CONFIG: dict[str, Any] = yaml.safe_load(
    (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
)
HOOKS = {hook["id"]: hook for repository in CONFIG["repos"] for hook in repository["hooks"]}


@pytest.mark.parametrize(
    ("hook", "name"),
    [
        ("ruff-check", "lint"),
        ("ruff-format", "lint"),
        ("spec-lint", "generator"),
        ("codegen-check", "generator"),
    ],
)
def test_a_hook_has_the_versions_of_its_dependency_group(hook: str, name: str) -> None:
    assert sorted(HOOKS[hook]["additional_dependencies"]) == sorted(group(name))


def test_all_hooks_come_from_pypi_at_one_version() -> None:
    assert {repository["repo"] for repository in CONFIG["repos"]} == {"local"}
    for hook in HOOKS.values():
        assert hook["language"] == "python"
        assert all("==" in requirement for requirement in hook["additional_dependencies"])


def test_what_is_generated_is_not_mended() -> None:
    """A hook that changed a generated file would put it out of step."""
    menders = {"trailing-whitespace", "end-of-file"}
    assert {id for id, hook in HOOKS.items() if hook.get("exclude") == "^generated/"} >= menders
