"""What editors offer, show and mark in a model's file: the parameters of its family, by name.

The npm package yaml-language-server, which VS Code's YAML extension is made of, is asked where it
is installed; elsewhere only that each file names the right schema is tested, in test_generated.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..servers.language import LanguageServer, language_server
from .few import WHOLE

ROOT = Path(__file__).resolve().parents[2]
FILE = "spec/models/flux/flux-2-pro.yaml"
LINES = (ROOT / FILE).read_text(encoding="utf-8").splitlines()
WIDTH = LINES.index("  width:")
FAMILY = WHOLE.families["flux"].parameters
SETTINGS = {
    # As .vscode/settings.json has it, and no list of schemas from the network.
    "yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
}
COMMAND = shutil.which("yaml-language-server")

pytestmark = pytest.mark.skipif(COMMAND is None, reason="needs yaml-language-server, of npm")


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    with language_server([COMMAND or "", "--stdio"], ROOT, SETTINGS) as running:
        yield running


def opened(server: LanguageServer, name: str, *typed: str, over: int = 0) -> LanguageServer:
    """The file with lines typed at its parameter `width`, in place of `over` lines."""
    lines = [*LINES[:WIDTH], *typed, *LINES[WIDTH + over :]]
    server.open(f"spec/models/flux/{name}.yaml", "yaml", "\n".join(lines) + "\n")
    return server


def offered(server: LanguageServer, line: int, column: int) -> dict[str, str]:
    """What is offered at a place, by label, each with what is told of it."""
    found = server.at("textDocument/completion", line, column)
    items = found["items"] if isinstance(found, dict) else found
    return {item["label"]: str(item.get("documentation", "")) for item in items}


def test_nothing_is_marked_in_a_file_that_is_right(server: LanguageServer) -> None:
    assert opened(server, "right").problems() == []


def test_the_familys_parameters_are_offered_that_are_not_there_yet(server: LanguageServer) -> None:
    there = WHOLE.models["flux-2-pro"].parameters
    found = offered(opened(server, "offered", "  "), WIDTH, 2)
    assert found == {name: FAMILY[name].summary for name in FAMILY if name not in there}


def test_pointing_at_a_parameter_shows_what_it_is(server: LanguageServer) -> None:
    hover = opened(server, "hover").at("textDocument/hover", WIDTH, 4)
    assert FAMILY["width"].summary in hover["contents"]["value"]


@pytest.mark.parametrize(
    ("typed", "column"),
    [(("    used_when:", "      "), 6), (("    requires:", "      - parameter: "), 19)],
    ids=["used_when", "requires"],
)
def test_rules_offer_the_names_of_other_parameters(
    server: LanguageServer, typed: tuple[str, ...], column: int
) -> None:
    opened(server, f"rules-{column}", "  raw:", *typed)
    assert offered(server, WIDTH + len(typed), column).keys() == FAMILY.keys()


@pytest.mark.parametrize("typed", ["  widht:", "  width:\n    maxmum: 5"])
def test_a_misspelt_name_is_marked(server: LanguageServer, typed: str) -> None:
    marked = opened(server, f"misspelt-{len(typed)}", typed, over=1).problems()
    line = WIDTH + typed.count("\n")
    assert [problem["range"]["start"]["line"] for problem in marked] == [line]
