"""The command line of the invented API, as processes, against its emulator."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from .conftest import PACKAGE
from .orders import WATER, oil

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(project: Path, server: Any, token: str, tmp_path: Path) -> Run:
    """Runs a command; gives what came of it, in which the token is nowhere."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "PYTHONPATH": str(project),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONWARNINGS": "error",
        "COLUMNS": "100",
        "PAINTWORKS_TOKEN": token,
        "PAINTWORKS_URL": server.url,
    }

    def run(*arguments: object, status: int = 0, text: str = "") -> Any:
        done = subprocess.run(
            [sys.executable, "-m", PACKAGE, *map(str, arguments)],
            cwd=tmp_path,
            env=environment,
            input=text,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
        said = done.stdout + done.stderr
        assert token not in said
        assert "Traceback" not in said
        assert done.returncode == status, said
        return done

    return run


def size_of(path: Path) -> tuple[str | None, tuple[int, int]]:
    with Image.open(path) as image:
        image.load()
        return image.format, image.size


def test_each_operation_that_takes_orders_is_a_command(run: Run) -> None:
    said = run("--help").stdout
    assert "PAINTWORKS_TOKEN" in said
    assert "PAINTWORKS_URL" in said
    assert re.search(r"^  paint +Order a painting", said, re.MULTILINE)
    assert re.search(r"^  refine +Order that something is done", said, re.MULTILINE)
    assert {"Oil.2024-06", "Watercolour_XL"} <= set(run("paint", "--help").stdout.split())
    help = run("refine", "larger", "--help").stdout
    assert "--picture" in help
    assert "PROMPT" not in help


def test_paint_saves_the_pictures(run: Run, tmp_path: Path) -> None:
    done = run(
        "paint", "Oil.2024-06", "a harbour", "--canvas", "160x90", "--filed", "png", "--in", "light",
        "--copies", "2", "--interval", "0.05", "--out", "shots",
    )  # fmt: skip
    paths = [tmp_path / line for line in done.stdout.splitlines()]
    assert len(paths) == 2
    assert [size_of(path) for path in paths] == [("PNG", (160, 90))] * 2


def test_paint_refuses_what_the_model_does_not_take(run: Run) -> None:
    wrong = run("paint", "Oil.2024-06", "a harbour", "--copies", "3", "--filed", "png", status=2)
    assert "copies" in wrong.stderr
    assert run("paint", "larger", status=2).stderr
    assert "words" in run("paint", "Watercolour_XL", "ox", status=2).stderr


def test_refine_uploads_the_file_that_it_is_given(run: Run, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "teal").save(tmp_path / "boat.png")
    done = run(
        "refine", "larger", "--picture", "boat.png", "--factor", "2", "--interval", "0.05",
        "--out", "large.png",
    )  # fmt: skip
    assert done.stdout.strip() == "large.png"
    assert size_of(tmp_path / "large.png") == ("PNG", (80, 60))
    assert run("refine", "larger", status=2).stderr


def test_check_tells_right_from_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "right.json").write_text(json.dumps(oil(copies=2)))
    run("check", "right.json")
    (tmp_path / "wrong.json").write_text(json.dumps(oil(copies=5)))
    assert "copies: 5 is above the maximum of 4" in run("check", "wrong.json", status=2).stdout


def test_a_batch_places_the_orders_of_both_operations(run: Run, tmp_path: Path) -> None:
    orders = [oil(copies=2), WATER, {"kind": "enlarge", "picture": "https://example.org/1.png"}]
    flat = {"engine": "oil:2024", "words": "a flat order", "filed": "png"}
    lines = [json.dumps(order) for order in [*orders, flat]]
    (tmp_path / "orders.jsonl").write_text("\n".join(lines) + "\n")
    run("batch", "orders.jsonl", "--out", "made", "--journal", "made.journal")
    assert len([p for p in (tmp_path / "made").rglob("*") if p.suffix in (".jpg", ".png")]) == 6


def test_a_table_of_orders_has_their_parameters_as_columns(run: Run, tmp_path: Path) -> None:
    rows = ["engine,words,in,dots,kind,picture", "oil:2024,a harbour,pigment,300,,"]
    rows.append(",,,,enlarge,https://example.org/1.png")
    (tmp_path / "orders.csv").write_text("\n".join(rows) + "\n")
    run("check", "orders.csv")
    run("batch", "orders.csv", "--out", "made", "--journal", "made.journal")
    assert len(list((tmp_path / "made").iterdir())) == 2


def test_a_task_is_followed_by_its_id(run: Run, tmp_path: Path) -> None:
    id = run("paint", "Watercolour_XL", "a lake", "--no-wait").stdout.strip()
    paths = run("wait", id, "--interval", "0.05", "--out", "kept").stdout.splitlines()
    assert len(paths) == 2
    assert all((tmp_path / path).is_file() for path in paths)
    listed = run("jobs").stdout
    assert "Watercolour_XL" in listed
    assert "done" in listed
    shown = json.loads(run("jobs", id, "--json").stdout)
    assert shown["task"]["uuid"] == id
    assert id in run("jobs", "--status", "done", "--json").stdout
    assert run("jobs", "--status", "broken", "--json").stdout == ""


def test_models_are_shown_with_their_limits(run: Run) -> None:
    said = run("models").stdout
    assert {"Oil.2024-06", "Watercolour_XL", "larger", "again"} <= set(said.split())
    one = run("models", "Oil.2024-06").stdout
    assert "1 to 4" in one


def test_upload_and_account(run: Run, tmp_path: Path, server: Any) -> None:
    Image.new("RGB", (40, 30), "teal").save(tmp_path / "boat.png")
    assert "days: 8 is above" in run("upload", "boat.png", "--days", "8", status=2).stderr
    done = run("upload", "boat.png", "--purpose", "mask", "--days", "2")
    assert done.stdout.startswith(server.url)
    assert "10000" in run("me").stdout


def test_an_event_is_verified(run: Run, tmp_path: Path, token: str) -> None:
    import hashlib
    import hmac

    body = json.dumps({"about": "task.moved", "task": {"uuid": "one", "state": "painting"}})
    (tmp_path / "event.json").write_text(body)
    seal = "v1=" + hmac.new(token.encode(), body.encode(), hashlib.sha256).hexdigest()
    assert "task.moved" in run("verify-webhook", "event.json", "--signature", seal).stdout
    run("verify-webhook", "event.json", "--signature", "v1=" + "0" * 64, status=1)


def test_the_demo_makes_a_picture_of_each_example(run: Run, tmp_path: Path) -> None:
    run("demo", "--out", "demo", "--job-seconds", "0.05")
    made = {path.stem.rpartition("-")[0] or path.stem for path in (tmp_path / "demo").iterdir()}
    assert len(made) >= 4


def test_wrong_input_is_told_in_words(run: Run) -> None:
    assert "Oil.2024-06" in run("paint", "Oil.2024-07", "a harbour", status=2).stderr
    assert "uuid" in run("jobs", "one", status=2).stderr


def test_the_emulator_says_how_to_ask_it(project: Path, tmp_path: Path) -> None:
    serving = subprocess.Popen(
        [sys.executable, "-m", PACKAGE, "emulate", "--port", "0", "--job-seconds", "0"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(project), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with serving:
        assert serving.stdout is not None
        try:
            said = dict(serving.stdout.readline().split()[1].split("=", 1) for _ in range(2))
        finally:
            serving.terminate()
    assert [*said] == ["PAINTWORKS_URL", "PAINTWORKS_TOKEN"]
    assert said["PAINTWORKS_TOKEN"].startswith("pw-")
