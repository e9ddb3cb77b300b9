"""Orders of the invented API, right ones and wrong ones."""

from __future__ import annotations

from typing import Any

OIL: dict[str, Any] = {"engine": "oil:2024", "words": "a harbour"}
WATER: dict[str, Any] = {"engine": "Watercolour_XL", "words": "a lake", "settings": {}}
LARGER: dict[str, Any] = {"kind": "enlarge", "picture": "https://example.org/harbour.png"}
# The task of an order that is about another one; a test that places it orders one first.
A_TASK = "0b54c1de-5f0e-4c55-9b5e-0c8f8f0e6b1a"
AGAIN: dict[str, Any] = {"kind": "again", "of": A_TASK, "which": 1}
A_LINK, ANOTHER = "https://example.org/1.png", "https://example.org/2.png"
# The name of the class of typed requests, by what tells orders apart.
CLASSES = {
    "oil:2024": "Oil202406",
    "Watercolour_XL": "WatercolourXL",
    "enlarge": "Larger",
    "again": "Again",
}


def oil(**settings: Any) -> dict[str, Any]:
    return {**OIL, "settings": settings}


def without(order: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in order.items() if key != name}


GOOD: dict[str, dict[str, Any]] = {
    "no settings": OIL,
    "a proportion": oil(shape="3/2"),
    "a named proportion": oil(shape="portrait"),
    "a canvas": oil(canvas="640x480"),
    "all copies": oil(copies=4),
    "all copies as png": oil(copies=2, filed="png"),
    "references": oil(referenceImages=[A_LINK, ANOTHER]),
    "pigment": oil(**{"in": "pigment", "dots": 600}),
    "light": oil(**{"in": "light"}),
    "no grain": oil(grain=None),
    "a little grain": oil(grain=0.001),
    "half a coat": oil(coats=0.5),
    "one coat": oil(coats=1),
    "a tone": oil(tones=["cold"]),
    "a mood in words": oil(mood="wild"),
    "a mood in numbers": oil(mood=10),
    "accents": oil(accents=[{"colour": "#00ff00", "weight": 1}, {"colour": "#0000ff", "maxWidth": None}]),
    "longest words": {**OIL, "words": "x" * 40},
    "empty settings": WATER,
    "a size": {**WATER, "settings": {"across": 64, "down": 128}},
    "no luck": {**WATER, "settings": {"luck": None}},
    "longer words": {**WATER, "words": "x" * 500},
    "larger": LARGER,
    "by a fraction": {**LARGER, "factor": 1.5},
    "an edge": {**LARGER, "edge": {"width": 20, "soft": True}},
    "again": AGAIN,
    "a callback": {**AGAIN, "callback": "http://127.0.0.1:9/", "callbackEvents": ["task.done"]},
}  # fmt: skip
# Each with the place of what is wrong.
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "words too short": ({**OIL, "words": "ox"}, "words"),
    "words too long for oil": ({**OIL, "words": "x" * 41}, "words"),
    "words too long": ({**WATER, "words": "x" * 501}, "words"),
    "no words": (without(OIL, "words"), "words"),
    "not a proportion": (oil(shape="3:2"), "settings.shape"),
    "a proportion beside a canvas": (oil(shape="3/2", canvas="640x480"), "settings.shape"),
    "not a canvas": (oil(canvas="640×480"), "settings.canvas"),
    "too many copies": (oil(copies=5), "settings.copies"),
    "too many copies as png": (oil(copies=3, filed="png"), "settings.copies"),
    "unknown file": (oil(filed="gif"), "settings.filed"),
    "pigment without dots": (oil(**{"in": "pigment"}), "settings.in"),
    "too few dots": (oil(dots=71), "settings.dots"),
    "too many references": (oil(referenceImages=[f"{A_LINK}?{n}" for n in range(4)]), "settings.referenceImages"),
    "a reference twice": (oil(referenceImages=[A_LINK, A_LINK]), "settings.referenceImages"),
    "no grain at all": (oil(grain=0), "settings.grain"),
    "null, which only grain may be": (oil(dots=None), "settings.dots"),
    "three quarters of a coat": (oil(coats=0.75), "settings.coats"),
    "two coats": (oil(coats=2), "settings.coats"),
    "no tones": (oil(tones=[]), "settings.tones"),
    "an unknown tone": (oil(tones=["warm", "pale"]), "settings.tones"),
    "a mood that is none": (oil(mood="calmer"), "settings.mood"),
    "too much mood": (oil(mood=11), "settings.mood"),
    "a mood that is a fraction": (oil(mood=1.5), "settings.mood"),
    "an accent without colour": (oil(accents=[{"weight": 1}]), "settings.accents"),
    "an accent of no colour": (oil(accents=[{"colour": "#ff"}]), "settings.accents"),
    "an accent that weighs too much": (oil(accents=[{"colour": "#ff0000", "weight": 1.1}]), "settings.accents"),
    "an accent with more": (oil(accents=[{"colour": "#ff0000", "shine": 1}]), "settings.accents"),
    "too many accents": (oil(accents=[{"colour": "#ff0000"}] * 3), "settings.accents"),
    "another engine's setting": (oil(across=64), "settings.across"),
    "not a multiple of 8": ({**WATER, "settings": {"across": 65}}, "settings.across"),
    "no picture": (without(LARGER, "picture"), "picture"),
    "not a picture": ({**LARGER, "picture": "harbour.png"}, "picture"),
    "an unknown factor": ({**LARGER, "factor": 1.75}, "factor"),
    "words that it does not take": ({**LARGER, "words": "a harbour"}, "words"),
    "an edge without width": ({**LARGER, "edge": {"soft": True}}, "edge"),
    "an edge that is too wide": ({**LARGER, "edge": {"width": 21}}, "edge"),
    "not a task": ({**AGAIN, "of": "one"}, "of"),
    "no such picture": ({**AGAIN, "which": 0}, "which"),
    "events of none": ({**AGAIN, "callbackEvents": []}, "callbackEvents"),
}  # fmt: skip
