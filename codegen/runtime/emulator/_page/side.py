"""What can be changed by hand: the clock, and what API keys may spend."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from .._contract.document import Json
from .._faults.faults import Planned
from .._faults.forms import fault_of_header, header_of
from .markup import Inside, Markup, el

_STEPS = (("+1 min", 60), ("+1 h", 3_600), ("+25 h", 90_000))
# As the header of a request would say them.
_USUAL = (
    ("503 once", "status=503; times=1"),
    ("429 with Retry-After", "status=429; retry_after=2"),
    ("500 half the time", "status=500; rate=0.5"),
    ("2 s late", "delay=2"),
    ("Reset after the work", "reset=after"),
    ("Truncated bodies", "truncate=20"),
    ("Jobs fail", "job=fail"),
    ("Jobs hang", "job=hang"),
    ("Jobs vanish", "job=vanish"),
    ("Results expired", "job=expired"),
)
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


def faults(told: Iterable[tuple[Planned, str]], token: str) -> Markup:
    """What goes wrong: some of it by a switch, and anything by its words."""
    planned = list(told)
    by_words = {said: str(one.id) for one, said in planned}
    usual = [(name, header_of(fault_of_header(said))) for name, said in _USUAL]
    switches = (_switch(name, said, by_words.get(said), token) for name, said in usual)
    others = [
        _planned(one, said, token)
        for one, said in planned
        if said not in {said for _, said in usual}
    ]
    words = el(
        "input",
        name="fault",
        aria_label="A fault in words",
        placeholder="status=503; delay=0.5",
        required=True,
        autocomplete="off",
        spellcheck="false",
    )
    return el(
        "section",
        el("h2", "Faults", id="faults-title"),
        el("div", switches, class_="switches"),
        el("ul", others, class_="planned") if others else None,
        form(token, "fault", words, el("button", "Add"), class_="row fill"),
        aria_labelledby="faults-title",
        id="faults",
        data_live=True,
    )


def _switch(name: str, said: str, id: str | None, token: str) -> Markup:
    button = el(
        "button", name, title=said, aria_pressed="false" if id is None else "true", name="fault",
        value=said if id is None else id,
    )  # fmt: skip
    return form(token, "fault" if id is None else "no-fault", button)


def _planned(one: Planned, said: str, token: str) -> Markup:
    count = f"happened to {one.happened} of {one.seen}"
    button = el("button", "Remove", name="fault", value=str(one.id), aria_label=f"Remove {said}")
    return el(
        "li",
        el("code", said),
        el("div", el("span", count, class_="soft"), form(token, "no-fault", button)),
        id=f"fault-{one.id}",
    )


def webhooks(told: list[Json]) -> Markup | None:
    """What was posted last; None if nothing was."""
    if not told:
        return None
    listed = (_delivery(one) for one in told)
    return el(
        "section",
        el("h2", "Webhooks", id="webhooks-title"),
        el("ol", listed, class_="deliveries"),
        el("p", el("a", "All deliveries", href="/_emulator/webhooks"), class_="all"),
        aria_labelledby="webhooks-title",
    )


def _delivery(one: Json) -> Markup:
    came = " ".join(str(part) for part in (one["status"], one["reason"]) if part)
    attempt = f", attempt {one['attempt']}" if one["attempt"] > 1 else ""
    kind = "good" if one["outcome"] == "delivered" else "bad"
    said = f"{one['outcome']}{f': {came}' if came else ''}{attempt}"
    return el(
        "li",
        el("b", f"{one['event']} ") if one["event"] else None,
        el("span", said.capitalize() if not one["event"] else said, class_=kind),
        el("code", one["url"]),
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
    switch = el(
        "button",
        "Active" if one["active"] else "Inactive",
        name="active",
        value="" if one["active"] else "yes",
        aria_pressed="true" if one["active"] else "false",
        aria_label=f"{one['key']} is active",
    )
    active = form(token, "active", hidden, switch)
    return el("li", el("code", one["key"]), active, inside, id=f"key-{one['id']}")


def _span(seconds: float) -> str:
    """A duration in its two largest units."""
    left, parts = round(seconds), []
    for size, name in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])
