"""What may be shown of a text: short whatever comes, in linear time, and without what is secret."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe import _redact

KEY = "afk_0123456789abcdef"
SECRET = _redact.Secret(KEY)  # Kept, as a key is hidden as long as someone has it.

# How each shows a text, and the most characters that come of it.
SHOWN: dict[str, tuple[Callable[[str], str], int]] = {
    "redacted": (_redact.redacted, _redact.SCREENFUL),
    "shown": (_redact.shown, _redact.SCREENFUL),
    "excerpt": (_redact.excerpt, 200),
    "without_query": (_redact.without_query, _redact.SCREENFUL),
    "log_text": (_redact.log_text, 10 * _redact.SCREENFUL),
    "show": (_redact.show, 60 * 10 + 2),  # A character may be written as an escape of ten.
    "cut": (lambda text: _redact.cut(text, 50), 50),
}
each = pytest.mark.parametrize(("function", "most"), SHOWN.values(), ids=SHOWN)
whole = pytest.mark.parametrize(
    "function",
    [
        *(function for function, _ in SHOWN.values()),
        _redact.without_key,
        lambda text: _redact.without_key(text + "…"),
        lambda text: _redact.masked({text: [text]}),
    ],
    ids=[*SHOWN, "without_key", "without_key, cut", "masked"],
)
# Texts over which a pattern that looks for one of these again and again takes squared time.
PARTS = ["//", "://", "//a?", "a", " ", "@", "?#", "//x@", ".1", "/", KEY[:8], KEY, "\u2028"]


@each
@given(parts=st.lists(st.sampled_from(PARTS), max_size=20), times=st.integers(0, 500))
def test_what_is_shown_is_short(
    function: Callable[[str], str], most: int, parts: list[str], times: int
) -> None:
    assert len(function("".join(parts) * times)) <= most


def seconds(function: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    function(text)
    return time.process_time() - start


@whole
@pytest.mark.parametrize("part", PARTS)
def test_time_grows_with_the_text_and_not_faster(
    function: Callable[[str], object], part: str
) -> None:
    text = part * (10**6 // len(part))
    small = min(seconds(function, text[: 10**5]) for _ in range(3))
    # Ten times the text; were it squared time, it would be a hundred times as much. A bit is allowed
    # for what is too short to be measured.
    assert min(seconds(function, text) for _ in range(2)) <= 40 * small + 0.02


@given(
    before=st.text(max_size=50),
    after=st.text(max_size=50),
    width=st.integers(1, 100),
    key=st.sampled_from([KEY, "aaaaaaaaaaaa", "abababababab"]),
)
def test_nothing_of_the_key_is_shown_but_too_few_letters(
    before: str, after: str, width: int, key: str
) -> None:
    secret = _redact.Secret(key)
    shown = _redact.redacted(before + secret.reveal() + after, width)
    assert key not in shown
    if shown.endswith("…"):
        assert not any(
            shown[:-1].endswith(key[:length]) for length in range(_redact.SHORTEST_KEY, len(key))
        )


def test_the_queries_of_urls_are_not_logged() -> None:
    text = 'HTTP Request: GET https://me:pw@files.example/a?X-Signature=topsecret "HTTP/1.1 200"'
    assert _redact.log_text(text) == 'HTTP Request: GET https://files.example/a "HTTP/1.1 200"'
    assert "topsecret" not in _redact.log_text("(b'Location', b'/there?x=topsecret')")
