"""What the README says that no block of it shows."""

from __future__ import annotations

import re

from codegen.spec.load import SPEC
from fluxframe import models

from .blocks import ROOT, blocks_of

README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
# What addresses of the repository begin with, on the page and as raw files.
OURS = re.compile(
    r"https://(?:github\.com/fluxframe/fluxframe/blob/main"
    r"|raw\.githubusercontent\.com/fluxframe/fluxframe/main)/([^\s)#]+)"
)


def test_it_is_read_in_a_minute_or_two() -> None:
    assert TEXT.count("\n") <= 200


def test_its_models_are_those_of_the_spec() -> None:
    _, _, rest = TEXT.partition("<!-- models -->")
    table = (ROOT / "generated/reference/families.md").read_text(encoding="utf-8")
    assert rest.partition("<!-- /models -->")[0].strip() == table.partition("-->")[2].strip()
    told = re.search(r"each of the (\d+) models", TEXT)
    assert told
    actions = [model for model in models.values() if model.by_role("parent") is not None]
    assert int(told[1]) == len(models) - len(actions)


def test_its_yaml_is_the_specs() -> None:
    (shown,) = [block.text for block in blocks_of(README) if block.language == "yaml"]
    path = re.match(r"# (\S+)\n", shown)
    assert path
    text = (SPEC.parent / path[1]).read_text(encoding="utf-8")
    assert "".join(f"  {line}\n" for line in shown.splitlines()[1:]) in text


def test_its_links_are_absolute_as_they_are_followed_elsewhere_too() -> None:
    targets = re.findall(r"\]\(([^)]+)\)|^\[[\w-]+\]: (\S+)", TEXT, re.MULTILINE)
    assert targets
    for target in (inline or defined for inline, defined in targets):
        assert target.startswith("https://"), target
        path = OURS.fullmatch(target)
        assert path is None or (ROOT / path[1]).exists(), target


def test_its_links_are_all_defined_and_used() -> None:
    defined = re.findall(r"^\[([\w-]+)\]: ", TEXT, re.MULTILINE)
    used = re.findall(r"\[[^\]]+\]\[([\w-]+)\]", TEXT)
    assert sorted(defined) == sorted(used)
