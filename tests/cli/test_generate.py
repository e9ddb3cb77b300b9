"""The command `fluxframe generate`: from flags to the wire, and to files."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from fluxframe import Job, _check
from fluxframe._requests import value_of
from fluxframe._resources import Forms
from fluxframe.cli._commands import command_for

from .. import strategies
from .shells import (
    EXAMPLES,
    JPEG,
    MODELS,
    NOBODY,
    QUICK,
    UNKNOWN,
    Shell,
)


def words_of(request: Mapping[str, Any]) -> list[str]:
    """A request in the shape of the API's JSON as a command line, by the names in the spec."""
    model = MODELS.of(request)
    assert model is not None
    words = [command_for(model.operation), model.id, "--no-wait"]
    prompt: list[str] = []
    for parameter in model.parameters.values():
        value = value_of(request, parameter)
        inner = request.get(model.container or "", request)
        flag = "--" + parameter.name.replace("_", "-")
        if value is None and parameter.nullable and parameter.wire_name in inner:
            words += [flag, "null"]
        if value is None or parameter.name == model.discriminator:
            continue
        if parameter.role == "prompt":
            prompt = ["--", value]
            continue
        if isinstance(value, bool):
            words.append(flag if value else f"--no-{flag[2:]}")
            continue
        for item in value if isinstance(value, list) else [value]:
            words += [flag, item if isinstance(item, str) else json.dumps(item)]
    return words + prompt


def has_parent(request: Mapping[str, Any]) -> bool:
    model = MODELS.of(request)
    return model is not None and model.by_role("parent") is not None


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_documented_example_reaches_the_wire_as_the_same_json(
    shell: Shell, example: Mapping[str, Any]
) -> None:
    done = shell(*words_of(example))
    if has_parent(example):  # Which this account has not.
        assert (done.exit_code, "Parent" in done.stderr) == (1, True)
        return
    assert done.exit_code == 0, done.stderr
    assert shell.input_of(done.stdout.strip()) == example


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_legal_request_can_be_written_as_a_command_line(
    shell: Shell, data: st.DataObject
) -> None:
    model = data.draw(st.sampled_from(list(MODELS)))
    request = data.draw(strategies.requests(model))
    inner = request.get(MODELS[model].container or "", request) or {"": []}
    assume(not has_parent(request))
    assume([] not in inner.values() and "-" not in words_of(request)[3:])
    done = shell(*words_of(request))
    if done.exit_code == 1:
        assert "would have no pixels" in done.stderr or "402" in done.stderr
        return
    assert done.exit_code == 0, done.stderr
    assert shell.input_of(done.stdout.strip()) == request


def test_a_picture_is_saved_under_the_name_of_its_job(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--output-format", "png", *QUICK)
    assert done.exit_code == 0
    (path,) = shell.folder.iterdir()
    assert done.stdout == f"{path.name}\n"
    assert path.suffix == ".png"
    assert path.stem[:-2] in done.stderr
    assert done.stderr.splitlines()[-1].endswith("COMPLETED 100 %")
    with Image.open(path) as image:
        assert image.format == "PNG"


@pytest.mark.parametrize("out", ["fox.jpg", "new/folder/"])
def test_a_picture_is_saved_where_it_is_wanted(shell: Shell, out: str) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--out", out, "--quiet", *QUICK)
    assert (done.exit_code, done.stderr) == (0, "")
    path = Path(done.stdout.strip())
    assert path.read_bytes().startswith(JPEG)
    assert str(path).startswith(out)


@pytest.mark.parametrize("out", ["none/fox.jpg", "file/fox.jpg", "file/", "x" * 5000, ""])
def test_a_place_that_can_not_be_written_to_costs_nothing(shell: Shell, out: str) -> None:
    Path("file").touch()
    done = shell("generate", "flux-2-pro", "a fox", "--out", out)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "fluxframe: --out: " in done.stderr
    assert shell.jobs() == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_picture_goes_into_what_is_not_a_plain_file(shell: Shell) -> None:
    os.mkfifo("pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(Path("pipe").read_bytes()))
    reader.start()
    assert shell("generate", "flux-2-pro", "a fox", "--out", "pipe", *QUICK).exit_code == 0
    reader.join()
    assert read[0].startswith(JPEG)
    assert Path("pipe").is_fifo()
    Path("file").touch()
    Path("file").chmod(0o600)
    Path("link").symlink_to("file")
    assert shell("generate", "flux-2-pro", "a fox", "--out", "link", *QUICK).exit_code == 0
    assert Path("link").is_symlink()
    assert Path("file").read_bytes().startswith(JPEG)
    assert Path("file").stat().st_mode & 0o777 == 0o600


def test_a_prompt_comes_from_stdin(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "-", "--no-wait", input="a fox,\r\nin “snow”\n")
    sent = shell.input_of(done.stdout.strip())
    assert sent == {"model": "flux-2-pro", "prompt": "a fox,\r\nin “snow”"}
    wrong = shell("generate", "flux-2-pro", "-", input=b"\xff")
    assert wrong.exit_code == 2
    assert "not UTF-8 text" in wrong.stderr


def test_problems_are_told_one_a_line_and_nothing_is_sent(shell: Shell) -> None:
    away = Shell(NOBODY, shell.key, shell.folder)
    flags = ["--width", 4000, "--height", "tall", "--output-format", "gif", "--seed", "1_5"]
    done = away("generate", "flux-2-pro", "", *flags)
    assert (done.exit_code, done.stdout) == (2, "")
    told = done.stderr.splitlines()
    assert [line.split(": ")[:2] for line in told] == [
        ["fluxframe", name] for name in ("prompt", "width", "height", "output_format", "seed")
    ]
    as_json = away("generate", "flux-2-pro", "", *flags, "--json")
    error = json.loads(as_json.stdout)["error"]
    assert error["type"] == "InvalidRequestError"
    assert [f"fluxframe: {problem['message']}" for problem in error["problems"]] == told
    assert (as_json.exit_code, as_json.stderr) == (2, "")


def test_what_is_legal_and_not_meant_is_warned_of(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--width", "512", "--no-wait", "-q")
    assert done.exit_code == 0
    assert done.stderr.startswith("warning: width: 512 will be ignored")
    assert len(done.stderr.splitlines()) == 1


def test_the_check_can_be_put_off(shell: Shell) -> None:
    call = ["generate", "flux-2-pro", "a fox", "--width", "1", "--validation"]
    for validation, warned in (("warn", True), ("off", False)):
        done = shell(*call, validation)
        assert done.exit_code == 1, "the server refuses it itself"
        assert "images.generate: 400" in done.stderr
        assert ("warning: width: 1 is below" in done.stderr) == warned


def test_parameters_that_are_not_known_go_as_they_are(shell: Shell) -> None:
    away = Shell(NOBODY, shell.key, shell.folder)
    done = shell("generate", "flux-2-pro", "a", "--extra", 'style={"a": [1]}')
    assert "style" in done.stderr, "the server does not know it"
    assert done.exit_code == 1
    for wrong, hint in (("style", "NAME=JSON"), ("style=fine", "'\"fine\"'")):
        refused = away("generate", "flux-2-pro", "a", "--extra", wrong)
        assert refused.exit_code == 2
        assert hint in refused.stderr
    twice = away("generate", "flux-2-pro", "a", "--seed", "1", "--extra", "seed=2")
    assert twice.exit_code == 2
    assert "seed: given twice" in twice.stderr


def test_a_file_is_uploaded_where_a_url_is_wanted(shell: Shell) -> None:
    Image.new("RGB", (300, 100)).save("car.png")
    url = "https://example.com/car.jpg"
    flags = [word for value in ("car.png", url, "car.png") for word in ("--input-images", value)]
    done = shell("generate", "flux-2-pro", "blue", *flags, "--no-wait")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.count("uploaded car.png") == 1
    sent = shell.input_of(done.stdout.strip())
    assert sent is not None
    first, second, third = sent["fluxParams"]["input_images"]
    assert first.startswith(f"{shell.url}/uploads/")
    assert (second, third) == (url, first)


def test_a_file_is_not_uploaded_for_a_request_that_is_wrong(shell: Shell) -> None:
    Image.new("RGB", (30, 10)).save("car.png")
    away = Shell(NOBODY, shell.key, shell.folder)
    image = ["--input-images", "car.png"]
    for wrong in (["--width", "1"], ["--idempotency-key", "é"], ["--extra", "input_images=1"]):
        done = away("generate", "flux-2-pro", "blue", *image, *wrong)
        assert done.exit_code == 2, done.stderr
        assert "uploaded" not in done.stderr
    long = away("generate", "flux-2-pro", "blue", "--input-images", "x" * 5000)
    assert long.exit_code == 2
    done = away("generate", "flux-2-pro", "blue", "--input-images", "bus.png")
    assert done.exit_code == 2
    assert 'input_images[0]: "bus.png" is not an absolute URL' in done.stderr
    assert "and no such file exists" in done.stderr


def test_no_file_is_sent_to_where_events_go(shell: Shell) -> None:
    Path("secret.txt").write_text("secret")
    done = shell("generate", "flux-2-pro", "a", "--webhook-url", "secret.txt")
    assert done.exit_code == 2
    assert "uploaded" not in done.stderr


def test_a_submission_is_paid_for_once(shell: Shell) -> None:
    call = ["generate", "flux-2-pro", "a fox", "--no-wait", "--idempotency-key", "one"]
    first, second = shell(*call), shell(*call)
    assert first.stdout == second.stdout
    assert shell.jobs() == 1
    other = shell("generate", "flux-2-pro", "a cat", *call[3:])
    assert other.exit_code == 1
    assert "409" in other.stderr


def test_the_name_of_the_file_asks_for_its_format(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--out", "fox.png", *QUICK)
    assert done.exit_code == 0
    assert Path("fox.png").read_bytes().startswith(b"\x89PNG")
    assert "--output-format png, as --out ends" in done.stderr
    flags = ("--output-format", "webp", "--out", "fox.jpg", *QUICK)
    done = shell("generate", "flux-2-pro", "a fox", *flags)
    assert done.exit_code == 0
    assert '"fox.jpg" is named as jpg, but the image is webp' in done.stderr
    assert Path("fox.jpg").read_bytes()[8:].startswith(b"WEBP")


def test_a_flag_of_another_model_is_told_whose_it_is(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a fox", "--steps", 5)
    assert done.exit_code == 2
    assert "steps: flux-2-pro does not take it; flux-" in done.stderr


def test_a_picture_that_can_not_be_had_says_how_to_go_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **kwargs: object) -> Path:
        raise OSError(28, "No space left on device", "fox.jpg")

    monkeypatch.setattr("fluxframe._results.Image.save", full)
    done = shell("generate", "flux-2-pro", "a fox", "--out", "fox.jpg", *QUICK)
    assert done.exit_code == 1
    told = done.stderr.splitlines()[-2:]
    assert told[0] == "fluxframe: fox.jpg: No space left on device"
    assert re.fullmatch(r"fluxframe: go on with: fluxframe wait \S+ --out fox.jpg", told[1])


@pytest.mark.parametrize(("validation", "checks"), [("error", 1), ("warn", 1), ("off", 0)])
def test_a_request_is_checked_once_and_not_at_all_if_that_is_off(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, validation: str, checks: int
) -> None:
    seen: list[object] = []
    check = _check.check_wire

    def counted(request: Any) -> Any:
        seen.append(request)
        return check(request)

    for name, module in list(sys.modules.items()):
        if name.startswith("fluxframe.") and hasattr(module, "check_wire"):
            monkeypatch.setattr(module, "check_wire", counted)
    Image.new("RGB", (300, 100)).save("car.png")
    flags = ["--input-images", "car.png", "--no-wait", "--validation", validation]
    assert shell("generate", "flux-2-pro", "a fox", *flags).exit_code == 0
    assert len(seen) == checks


@pytest.mark.parametrize("url", [None, "/uploads/car.png", 7])
def test_an_upload_that_has_no_url_costs_nothing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, url: Any
) -> None:
    answer = SimpleNamespace(raw={"url": url})
    monkeypatch.setattr(Forms, "_form", lambda self, *arguments: answer)
    Image.new("RGB", (300, 100)).save("car.png")
    done = shell("generate", "flux-2-pro", "a fox", "--input-images", "car.png")
    assert (done.exit_code, shell.jobs()) == (1, 0)
    assert "fluxframe: car.png was uploaded, but the answer has no URL\n" in done.stderr


def test_a_file_for_events_is_not_told_to_be_missing(shell: Shell) -> None:
    Path("here.txt").touch()
    done = shell("generate", "flux-2-pro", "a", "--webhook-url", "here.txt")
    assert "not an absolute URL" in done.stderr
    for words in ("such a file", "upload"):
        assert words not in done.stderr


def test_the_argument_of_a_model_is_not_a_flag(shell: Shell) -> None:
    done = shell("generate", "flux-2-pro", "a", "--prompt", "b")
    assert done.exit_code == 2
    assert "--prompt" in done.stderr.splitlines()[-2]


def test_a_dash_puts_the_picture_on_stdout(shell: Shell) -> None:
    call = ["generate", "flux-2-pro", "a fox", "--out", "-", *QUICK]
    done = shell(*call)
    assert done.exit_code == 0
    assert done.stdout_bytes.startswith(JPEG)
    (id,) = shell.submitted()
    assert shell("wait", id, "--out", "-", *QUICK).stdout_bytes.startswith(JPEG)
    assert list(shell.folder.iterdir()) == []


def test_stdout_that_takes_no_picture_is_told_before_a_job_is_paid(shell: Shell) -> None:
    for line, said in (
        (["generate", "flux-2-pro", "a", "--out", "-", "--json"], "--json goes to stdout, too"),
        (["wait", UNKNOWN, UNKNOWN[:-1] + "2", "--out", "-"], "of one job"),
        (["demo", "--out", "-"], "a folder is expected"),
        (["batch", "new.jsonl", "--out", "-", "--journal", "j"], "a folder is expected"),
    ):
        Path("new.jsonl").touch()
        done = shell(*line)
        assert (done.exit_code, done.stdout if "--json" not in line else "") == (2, "")
        assert said in done.output
    assert shell.jobs() == 0
    assert not Path("-").exists()


def test_several_pictures_are_not_mixed_on_stdout(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Job, "images", property(lambda job: [None, None]))
    done = shell("generate", "flux-2-pro", "a fox", "--out", "-", *QUICK)
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.search(
        r"has 2 images, and stdout takes one; .* fluxframe wait \S+ --out \.", done.stderr
    )
