"""The command `fluxframe upload`."""

from __future__ import annotations

import json
import re

from PIL import Image

from .shells import (
    Shell,
)


def test_a_file_is_uploaded(shell: Shell) -> None:
    Image.new("RGB", (30, 10)).save("car.png")
    done = shell("upload", "car.png")
    assert re.fullmatch(rf"{re.escape(shell.url)}/uploads/\S+\n", done.stdout)
    assert json.loads(shell("upload", "car.png", "--json").stdout)["byteSize"] > 0
