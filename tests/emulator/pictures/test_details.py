"""The file of a picture holds the request that it was made for."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fluxframe.emulator._pictures.drawing import file
from fluxframe.emulator._pictures.scene import Scene

from .conftest import Api, decoded, request_of, scene

FORMATS = ["jpg", "png", "webp"]
PROMPT = "Z\u00fcrich <&> \u6771\u4eac \U0001f98a"
SECRET = "http://127.0.0.1:9/hook?token=very-secret"


def comment(image: Image.Image) -> Any:
    """The request, as EXIF has it."""
    kept = image.getexif().get_ifd(0x8769)[0x9286]
    assert kept.startswith(b"ASCII\0\0\0")
    return json.loads(kept[8:])


def xmp(image: Image.Image) -> dict[str, str]:
    """The texts of XMP, by their names without namespaces."""
    raw = image.info.get("xmp") or image.info["XML:com.adobe.xmp"]
    text = raw.decode() if isinstance(raw, bytes) else raw
    root = ElementTree.fromstring(re.sub(r"<\?xpacket.*?\?>", "", text).strip())
    return {
        element.tag.rpartition("}")[2]: element.text or ""
        for element in root.iter()
        if (element.text or "").strip()
    }


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_holds_its_request(format: str, api: Api) -> None:
    request = request_of(PROMPT, output_format=format)
    image = decoded(api.file({**request, "webhookUrl": SECRET, "webhookEvents": ["failed"]}))
    kept = {**request, "webhookEvents": ["failed"]}
    assert comment(image) == kept
    assert image.getexif()[0x0110] == "flux-2-pro"
    assert image.getexif()[0x0131] == "Fluxframe emulator"
    found = xmp(image)
    assert json.loads(found["json"]) == kept
    assert (found["li"], found["model"], found["seed"]) == (PROMPT, "flux-2-pro", "7")
    if format == "png":
        assert image.info["prompt"] == PROMPT
        assert image.info["model"] == "flux-2-pro"
        assert image.info["seed"] == "7"
        assert image.info["Software"] == "Fluxframe emulator"
        assert json.loads(image.info["request"]) == kept


@pytest.mark.parametrize("format", FORMATS)
def test_a_file_does_not_hold_where_its_events_go(format: str, api: Api) -> None:
    content = api.file({**request_of(output_format=format), "webhookUrl": SECRET})
    assert b"very-secret" not in content
    assert "very-secret" not in repr(decoded(content).info)


@pytest.mark.parametrize("format", FORMATS)
def test_what_a_file_holds_has_a_limit(format: str) -> None:
    long = "data:image/png;base64," + "A" * 300_000
    made = scene("\u6771" * 2000, output_format=format, input_images=[long] * 8)
    assert len(file(made)) < 200_000
    kept = comment(decoded(file(made)))
    assert kept["fluxParams"]["output_format"] == format
    assert len(json.dumps(kept)) < 30_000


@pytest.mark.parametrize("format", FORMATS)
def test_the_pictures_of_a_job_hold_their_own_seeds(format: str) -> None:
    made = scene(output_format=format, seed=40)
    assert xmp(decoded(file(Scene(made.plan, 2))))["seed"] == "42"


@given(st.text(max_size=200))
def test_any_prompt_is_held(prompt: str) -> None:
    for format in FORMATS:
        image = decoded(file(scene(prompt, (32, 32), output_format=format)))
        assert comment(image)["prompt"] == prompt
        assert xmp(image)["model"] == "flux-2-pro"
