"""What the generator's commands print fits the terminal, and is whole in a pipe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.spec.load import SPEC, load

PARAMETERS = [f"{model.id}.{name}" for model in load().models.values() for name in model.parameters]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(patch: pytest.MonkeyPatch, width: int | None, *words: str) -> str:
    stream = io.StringIO() if width is None else Screen()
    with patch.context() as within:
        within.setenv("COLUMNS", str(width or ""))
        within.setattr("sys.stdout", stream)
        main(words)
    return stream.getvalue()


def broken(text: str, width: int) -> list[str]:
    """Lines that are wider than the screen, but for a word and a command to be copied."""
    return [
        line
        for line in text.splitlines()
        if len(line) > width and len(line.split()) > 1 and not line.startswith("  tests: pytest ")
    ]


@pytest.mark.parametrize("name", [*list(load().models)[::20], *PARAMETERS[::200]])
def test_what_is_known_of_a_model_fits_the_screen(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole = printed(monkeypatch, None, "explain", name).split()
    for width in (40, 60, 80, 120):
        text = printed(monkeypatch, width, "explain", name)
        assert broken(text, width) == []
        assert text.split() == whole


def test_what_differs_fits_the_screen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = (SPEC.parent / "generated" / "openapi.yaml").read_text(encoding="utf-8")
    theirs = tmp_path / "theirs.yaml"
    theirs.write_text(other.replace("maximum: 2048", "maximum: 1024"), encoding="utf-8")
    text = printed(monkeypatch, 40, "drift", str(theirs))
    assert "1024" in text
    assert broken(text, 40) == []
    assert text.split() == printed(monkeypatch, None, "drift", str(theirs)).split()
