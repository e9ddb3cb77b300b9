# A copy of codegen/runtime/emulator/_page/side.py, where it is edited.
"""What can be changed by hand: the clock, and what API keys may spend."""

from __future__ import annotations

from datetime import UTC, datetime

from .._contract.document import Json
from .markup import Inside, Markup, el

_STEPS = (("+1 min", 60), ("+1 h", 3_600), ("+25 h", 90_000))
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def form(token: str, action: str, *inside: Inside, **attributes: str) -> Markup:
    """A form that does something, and which no other page can make."""
    return el(
        "form",
        el("input", type="hidden", name="token", value=token),
        el("input", type="hidden", name="do", value=action),
        inside,
        method="post",
        action="/_emulator/page",
        **attributes,
    )


def clock(told: Json, token: str) -> Markup:
    """The time that jobs live by."""
    moment = datetime.fromtimestamp(told["now"], tz=UTC)
    ahead = f"{_span(told['advanced'])} ahead" if told["advanced"] else "in real time"
    buttons = [el("button", name, name="advance", value=seconds) for name, seconds in _STEPS]
    shown = el(
        "time",
        moment.strftime("%H:%M:%S"),
        datetime=moment.isoformat(timespec="seconds"),
        data_now=int(told["now"] * 1000),
    )
    return el(
        "section",
        el("h2", "Clock", id="clock-title"),
        el("p", shown, el("span", f"UTC, {moment:%d %b %Y}, {ahead}", class_="soft"), class_="now"),
        form(token, "advance", buttons, class_="row"),
        aria_labelledby="clock-title",
        id="clock",
        data_live=True,
    )


def keys(told: list[Json], token: str) -> Markup:
    """API keys and their credits."""
    listed = (_key(one, token) for one in told)
    inside = (
        el("ul", listed, class_="keys", data_keyed=True)
        if told
        else el("p", "None was used yet.", class_="nothing")
    )
    return el(
        "section",
        el("h2", "Keys and credits", id="keys-title"),
        inside,
        aria_labelledby="keys-title",
        id="keys",
        data_live=True,
    )


def _key(one: Json, token: str) -> Markup:
    credits = el(
        "input",
        name="credits",
        type="number",
        min=0,
        max=10**9,
        value=one["credits"],
        aria_label=f"Credits of {one['key']}",
        required=True,
    )
    hidden = el("input", type="hidden", name="key", value=one["id"])
    inside = form(token, "credits", hidden, credits, el("button", "Set"), class_="row")
    return el("li", el("code", one["key"]), inside, id=f"key-{one['id']}")


def _span(seconds: float) -> str:
    """A duration in its two largest units."""
    left, parts = round(seconds), []
    for size, name in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])
