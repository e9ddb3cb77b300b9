"""What a change of the spec means: each kind of change, there and back."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.__main__ import main
from codegen.commands import explain
from codegen.compare.diff import Change, Effect, bump, changelog, diff
from codegen.spec import whole as spec
from codegen.spec.load import SPEC, read, resolve

FILES = read(SPEC)
OLD = resolve(FILES)
FLEX, PRO = "models/flux/flux-2-flex.yaml", "models/flux/flux-2-pro.yaml"
B, A, E = Effect.BREAKING, Effect.ADDITIVE, Effect.EDITORIAL

NEW_PARAMETER = """\
  safety_tolerance:
    type: integer
    summary: How much is let through.
    source: {docs: words}
"""

# Path, what stands there, what comes in its place, where it is felt, its effect there and back.
CHANGES = [
    (FLEX, "maximum: 50", "maximum: 40", "flux-2-flex.steps", B, A),
    (FLEX, "minimum: 1.5", "minimum: 1", "flux-2-flex.guidance", A, B),
    (FLEX, "    maximum: 10\n", "", "flux-2-flex.guidance", A, B),
    (FLEX, "max_items: 10", "max_items: 9", "flux-2-flex.input_images", B, A),
    (FLEX, "maximum: 4}", "maximum: 3}", "flux-2-flex.resolution", B, A),
    (FLEX, "    quantity: {unit: MP, maximum: 4}\n", "", "flux-2-flex.resolution", A, B),
    (FLEX, "[jpg, png, webp]", "[jpg, png]", "flux-2-flex.output_format", B, A),
    (FLEX, "[match_input_image, custom]", "[custom, match_input_image]", None, None, None),
    (FLEX, "default: 30", "default: 25", "flux-2-flex.steps", B, B),
    (FLEX, "    default: 30\n", "", "flux-2-flex.steps", B, B),
    (FLEX, "  seed:\n", "  seed:\n    nullable: true\n", "flux-2-flex.seed", A, B),
    (FLEX, "  seed:\n", "  seed:\n    multiple_of: 8\n", "flux-2-flex.seed", B, A),
    (FLEX, "  seed:\n", NEW_PARAMETER + "  seed:\n", "flux-2-flex.safety_tolerance", A, B),
    (FLEX, "title: Flux 2 Flex", "title: Flux 2 Flexible", "flux-2-flex", E, E),
    (FLEX, "Number of inference steps", "How many steps", "flux-2-flex.steps", E, E),
    (FLEX, "    used_when: {aspect_ratio: custom}\n", "", "flux-2-flex.width", A, A),
    (FLEX, "parameter: width}", "parameter: width, enforced: true}", "flux-2-flex.aspect_ratio", B, A),
    ("families/flux.yaml", "Guidance scale.", "How close.", "flux-2-flex.guidance", E, E),
    ("families/flux.yaml", "type: integer\n    summary: Number", "type: number\n    summary: Number", "flux-2-flex.steps", A, B),
    ("formats.yaml", '"[0-9]+:[0-9]+"', '"[0-9]{1,9}:[0-9]+"', "formats.ratio", B, B),
    ("objects.yaml", "max_length: 2000", "max_length: 1000", "images.generate.prompt", B, A),
    ("objects.yaml", "    maxConcurrentJobs: {", "    gone: {", "Team.maxConcurrentJobs", B, A),
    ("objects.yaml", "FAILED, CANCELLED]\n  open", "FAILED]\n  open", "JobStatus", B, A),
    ("operations.yaml", "path: /v2/me", "path: /v3/me", "me", B, B),
    ("operations.yaml", "maximum: 100, default: 20", "maximum: 50, default: 20", "jobs.list.limit", B, A),
    ("api.yaml", "https://api.apiframe.ai\n", "https://api.apiframe.com\n", "api", B, B),
    ("api.yaml", "deadline_seconds: 600", "deadline_seconds: 900", "api", E, E),
]  # fmt: skip


def changes(path: str, old: str, new: str) -> tuple[list[Change], list[Change]]:
    """The changes of an edit, there and back."""
    text = FILES[path].decode()
    assert old in text
    edited = resolve({**FILES, path: text.replace(old, new, 1).encode()})
    return diff(OLD, edited), diff(edited, OLD)


def gravest(found: list[Change], where: str | None) -> Effect | None:
    effects = [change.effect for change in found if change.where == where]
    return max(effects, default=None)


@pytest.mark.parametrize(
    ("path", "old", "new", "where", "there", "back"),
    CHANGES,
    ids=[f"{number} {new or 'gone'}" for number, (_, _, new, *_) in enumerate(CHANGES)],
)
def test_a_change_has_its_effect_there_and_back(
    path: str,
    old: str,
    new: str,
    where: str | None,
    there: Effect | None,
    back: Effect | None,
) -> None:
    forwards, backwards = changes(path, old, new)
    assert gravest(forwards, where) is there
    assert gravest(backwards, where) is back
    if there is None:
        assert forwards == backwards == []


@pytest.mark.parametrize(
    ("edit", "where", "back"),
    [("", "flux-2-flex.seed", A), (NEW_PARAMETER, "flux-2-flex.safety_tolerance", B)],
)
def test_what_has_to_be_given_breaks_the_calls_without_it(
    edit: str, where: str, back: Effect
) -> None:
    name = where.rpartition(".")[2]
    text = (
        FILES[FLEX]
        .decode()
        .replace("      fluxParams:\n", f"      fluxParams:\n        {name}: 1\n")
    )
    one = text if not edit else text.replace(f"        {name}: 1\n", "")
    old = resolve({**FILES, FLEX: one.encode()})
    two = (
        text.replace("  seed:\n", f"{edit}    required: true\n  seed:\n", 1)
        if edit
        else text.replace("  seed:\n", "  seed:\n    required: true\n", 1)
    )
    new = resolve({**FILES, FLEX: two.encode()})
    assert gravest(diff(old, new), where) is B
    assert gravest(diff(new, old), where) is back


def test_a_model_that_goes_breaks_and_one_that_comes_adds() -> None:
    without = resolve({path: data for path, data in FILES.items() if path != PRO})
    assert diff(OLD, without) == [Change(B, "flux-2-pro", "model removed")]
    assert diff(without, OLD) == [Change(A, "flux-2-pro", "model added")]


def test_a_line_holds_the_constraint_and_both_values() -> None:
    found, _ = changes(PRO, "maximum: 2048", "maximum: 1440")
    assert [str(change) for change in found] == [
        "breaking   flux-2-pro.width: maximum: 2048 → 1440 px"
    ]


@pytest.mark.parametrize(
    ("effects", "version", "after"),
    [
        ([], "1.2.3", "1.2.3"),
        ([E], "1.2.3", "1.2.4"),
        ([E, A], "1.2.3", "1.3.0"),
        ([A, B], "1.2.3", "2.0.0"),
        ([E], "0.2.3", "0.2.4"),
        ([A], "0.2.3", "0.2.4"),
        ([B], "0.2.3", "0.3.0"),
    ],
)
def test_the_version_follows_the_gravest_change(
    effects: list[Effect], version: str, after: str
) -> None:
    assert bump([Change(effect, "x", "y") for effect in effects], version) == after


def test_the_changelog_has_every_change_under_its_heading() -> None:
    found, _ = changes(FLEX, "maximum: 50", "maximum: 40")
    more, _ = changes(FLEX, "max_items: 10", "max_items: 12")
    text = changelog(found + more, "0.2.0")
    changed = "- **Breaking:** `flux-2-flex.steps`: maximum: 50 → 40"
    assert text.startswith(f"## [0.2.0]\n\n### Changed\n\n{changed}")
    assert "### Added\n\n- `flux-2-flex.input_images`: max_items: 10 → 12" in text


bounds: st.SearchStrategy[int | None] = st.none() | st.integers(0, 20)


def ranged(low: int | None, high: int | None) -> spec.Spec:
    """The spec with another range for the seed of flux-2-pro."""
    model = OLD.models["flux-2-pro"]
    seed = model.parameters["seed"].model_copy(update={"minimum": low, "maximum": high})
    parameters = {**model.parameters, "seed": seed}
    models = {**OLD.models, model.id: model.model_copy(update={"parameters": parameters})}
    fields: dict[str, Any] = {name: getattr(OLD, name) for name in spec.Spec.__dataclass_fields__}
    return spec.Spec(**{**fields, "models": models})


@given(bounds, bounds, bounds, bounds)
def test_a_range_breaks_just_if_a_value_is_refused_that_was_not(
    low: int | None, high: int | None, new_low: int | None, new_high: int | None
) -> None:
    def holds(value: int, least: int | None, most: int | None) -> bool:
        return (least is None or value >= least) and (most is None or value <= most)

    sample = range(-3, 25)
    before = {value for value in sample if holds(value, low, high)}
    after = {value for value in sample if holds(value, new_low, new_high)}
    found = diff(ranged(low, high), ranged(new_low, new_high))
    if not before or not after:
        return  # An empty range is not a limit but a mistake, which the linter finds.
    effect = max((change.effect for change in found), default=None)
    assert (effect is B) == bool(before - after)
    assert (effect is A) == (bool(after - before) and not before - after)


def test_the_command_compares_folders_and_revisions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, data in FILES.items():
        (tmp_path / "spec" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "spec" / path).write_bytes(data)
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "first"],
    ):
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True)
    folder = str(tmp_path / "spec")
    assert main(["--spec", folder, "diff", "HEAD"]) == 0
    assert capsys.readouterr().out == "No change.\n"
    pro = tmp_path / "spec" / PRO
    pro.write_bytes(FILES[PRO].replace(b"max_items: 8", b"max_items: 7"))
    assert main(["--spec", folder, "diff", "HEAD"]) == 0
    assert "breaking   flux-2-pro.input_images: max_items: 8 → 7" in capsys.readouterr().out
    assert main(["--spec", folder, "diff", str(SPEC), folder, "--fail-on", "breaking"]) == 1
    assert main(["--spec", folder, "diff", folder, str(SPEC), "--fail-on", "breaking"]) == 0


@pytest.mark.parametrize("revision", ["no-such-revision", "--output=x", ""])
def test_what_is_not_a_revision_is_told_in_a_line(
    revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "--", revision]) == 2
    said = capsys.readouterr().err
    assert "revision" in said
    assert said.count("\n") == 1


def test_explain_tells_limits_sources_and_other_readings(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "flux-1.1-pro.width"]) == 0
    said = capsys.readouterr().out
    assert "maximum: 1440" in said
    assert "Width (256–1440). Only used when aspect_ratio is custom" in said
    assert "The vendor's OpenAPI 3.1 document, as of 2026-07-16: maximum: 2048" in said
    assert "fluxParams.width" in said


def test_explain_knows_everything_that_a_model_takes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explain, "load", lambda folder: OLD)  # Which is read once for all.
    for model in OLD.models.values():
        assert main(["explain", model.id]) == 0
        assert all(name in capsys.readouterr().out for name in list(model.parameters)[:1])
        for name in (*OLD.fields(model), *model.parameters):
            assert main(["explain", f"{model.id}.{name}"]) == 0
            assert name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("what", "hint"),
    [
        ("flux-2-prp", "did you mean `flux-2-pro`?"),
        ("flux-2-pro.heigth", "did you mean `height`?"),
        ("flux-2-prp.width", "did you mean `flux-2-pro`?"),
    ],
)
def test_explain_names_the_nearest_right_name(
    what: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", what]) == 1
    assert hint in capsys.readouterr().err
