"""Pages as the site has them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.building.pictures import Picture
from docs.building.staging import Stage, StagingError

from .blocks import ROOT

REPOSITORY = "https://github.com/owner/project"
FILES = {
    "docs/index.md": "# Start\n",
    "docs/guides/one.md": "# One\n",
    "docs/images/a.svg": "<svg/>",
    "docs/theme/404.html": "",
    "docs/build.py": "",
    "generated/reference/index.md": "# Models\n",
    "generated/reference/families.md": "| Family |\n",
    "generated/reference/models/m-1.5.md": "# M\n",
    "generated/samples/m-1.5/x.py": "",
    "CHANGELOG.md": "# Changelog\n",
    "tests/examples/x.py": "",
}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Stage(tmp_path, repository=REPOSITORY)


def test_pages_and_what_they_show_have_their_places(stage: Stage) -> None:
    assert stage.places == {
        "docs/index.md": "index.md",
        "docs/guides/one.md": "guides/one.md",
        "docs/images/a.svg": "images/a.svg",
        "generated/reference/index.md": "reference/index.md",
        "generated/reference/models/m-1.5.md": "reference/models/m-1.5.md",
        "CHANGELOG.md": "changelog.md",
    }


GUIDE, MODEL = "docs/guides/one.md", "generated/reference/models/m-1.5.md"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (GUIDE, "../index.md", "../index.md"),
        (GUIDE, "../index.md#a-b", "../index.md#a-b"),
        (GUIDE, "#here", "#here"),
        (GUIDE, "../images/a.svg", "../images/a.svg"),
        (GUIDE, "../../generated/reference/index.md", "../reference/index.md"),
        (GUIDE, "../../generated/reference/", "../reference/index.md"),
        (GUIDE, "../../generated/reference/models/m-1.5.md", "../reference/models/m-1.5.md"),
        (GUIDE, "../../CHANGELOG.md", "../changelog.md"),
        (GUIDE, "../../tests/examples/x.py#L1", f"{REPOSITORY}/blob/main/tests/examples/x.py#L1"),
        (GUIDE, "../../tests/examples", f"{REPOSITORY}/tree/main/tests/examples"),
        (GUIDE, "https://a.test/b.md", "https://a.test/b.md"),
        (GUIDE, "mailto:a@b.test", "mailto:a@b.test"),
        (MODEL, "../../../docs/guides/one.md", "../../guides/one.md"),
        (MODEL, "../index.md", "../index.md"),
        (
            MODEL,
            "../../samples/m-1.5/x.py",
            f"{REPOSITORY}/blob/main/generated/samples/m-1.5/x.py",
        ),
    ],
)
def test_a_link_means_the_same_on_the_site(
    stage: Stage, source: str, target: str, expected: str
) -> None:
    for text in ("[x]({})", '[`x`]({} "title")', "![x]({})", "[![y](https://a.test/y)]({})"):
        assert stage.linked(source, text.format(target)) == text.format(expected)
    assert stage.linked(source, f"[x]: {target}\n") == f"[x]: {expected}\n"
    assert stage.faults == []


def test_a_link_in_html_means_the_page_that_is_made(stage: Stage) -> None:
    for before, after in (
        ('<a href="../index.md#x">', '<a href="../index.html#x">'),
        ('<source srcset="../images/a.svg">', '<source srcset="../images/a.svg">'),
        ('<a href="https://a.test/b.md">', '<a href="https://a.test/b.md">'),
    ):
        assert stage.linked(GUIDE, before) == after


@pytest.mark.parametrize(
    "code",
    [
        "`[x](nowhere.md)`",
        "`` a`b [x](nowhere.md) ``",
        "```python\n[x](nowhere.md)\n```\n",
        "    text\n\n~~~~text\n```\n[x](nowhere.md)\n~~~~\n",
    ],
)
def test_code_is_left_as_it_is(stage: Stage, code: str) -> None:
    assert stage.linked(GUIDE, code) == code
    assert stage.linked(GUIDE, f"{code} [x](../../CHANGELOG.md)").endswith("(../changelog.md)")
    assert stage.faults == []


def test_what_is_not_there_is_told_of_all_at_once(stage: Stage, tmp_path: Path) -> None:
    page = "[a](no.md) [b](../../../outside.md)\n\n<!-- picture: m-1.5 none -->\n"
    (tmp_path / GUIDE).write_text(page)
    with pytest.raises(StagingError) as caught:
        stage.write(tmp_path / "out", {})
    assert str(caught.value).splitlines() == [
        "docs/guides/one.md: no.md: the repository has no such file",
        "docs/guides/one.md: ../../../outside.md: the repository has no such file",
        "guides/one.md: <!-- picture: m-1.5 none -->: the emulator draws no such example",
    ]


def test_a_picture_takes_the_place_of_its_marker(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / MODEL).write_text("# M\n\n<!-- picture: m-1.5 x -->\n")
    picture = Picture(tmp_path / "m-1.5-x.webp", 640, 360, alt='a "red"\nfox & <hare>')
    stage.write(tmp_path / "out", {("m-1.5", "x"): picture})
    assert (tmp_path / "out/reference/models/m-1.5.md").read_text() == (
        '# M\n\n<img class="example" src="../../images/m-1.5-x.webp" '
        'alt="a &quot;red&quot; fox &amp; &lt;hare&gt;" width="640" height="360" loading="lazy">\n'
    )


def test_what_is_the_same_is_not_written_again(stage: Stage, tmp_path: Path) -> None:
    out = tmp_path / "out"
    stage.write(out, {})
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    (tmp_path / GUIDE).write_text("# Two\n")
    stage.write(out, {})
    changed = {path for path in out.rglob("*") if path.stat().st_mtime_ns != before.get(path)}
    assert changed == {out / "guides/one.md"}


def test_a_block_of_a_language_without_colours_is_plain_text(stage: Stage) -> None:
    block = '```{} title="a"\nmodel,prompt\n```\n'
    assert stage.linked(GUIDE, block.format("csv")) == block.format("text")
    assert stage.linked(GUIDE, block.format("json")) == block.format("json")


def navigation(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        for inner in entry.values():
            yield from [inner] if isinstance(inner, str) else navigation(inner)


def test_every_page_is_in_the_navigation_once() -> None:
    site = tomllib.loads((ROOT / "docs/zensical.toml").read_text(encoding="utf-8"))["project"]
    pages = Stage(ROOT, repository=REPOSITORY).places.values()
    written = {page for page in pages if page.endswith(".md") and not page.startswith("reference/")}
    assert sorted(navigation(site["nav"])) == sorted([*written, "reference/"])


def test_every_link_of_a_page_leads_to_a_file() -> None:
    stage = Stage(ROOT, repository=REPOSITORY)
    for source in stage.places:
        if source.endswith(".md"):
            stage.linked(source, (ROOT / source).read_text(encoding="utf-8"))
    assert stage.faults == []
