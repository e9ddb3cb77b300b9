"""Jobs as tiles: what they make, or how far they are."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .._contract.document import Json
from .markup import Inside, Markup, el

_SHOWN_TEXT = 240
_SHOWN_PICTURES = 4


def gallery(jobs: list[Json], files: tuple[str, str], page: str) -> Markup:
    """The tiles; where files are for people is the second of `files` in place of the first."""
    tiles = (_tile(job, files, page) for job in jobs)
    return el("ul", tiles, class_="gallery", data_keyed=True)


def _tile(job: Json, files: tuple[str, str], page: str) -> Markup:
    name = job["prompt"] or job["model"]
    return el(
        "li",
        _mount(job, files),
        el("p", _cut(name), class_="prompt"),
        el(
            "p",
            el("b", job["model"]) if job["prompt"] else None,
            _dotted(_facts(job)),
            class_="facts",
        ),
        el(
            "details",
            el("summary", "Request by ", job["key"]),
            el("pre", json.dumps(job["input"], indent=2, ensure_ascii=False)[:4_000], tabindex=0),
            el("p", el("a", "In the journal", href=f"{page}?job={job['id']}#requests")),
        ),
        id=f"job-{job['id']}",
        class_=_kind(job),
    )


def _kind(job: Json) -> str:
    if job["failed"]:
        return "failed"
    if not job["ended"]:
        return "running"
    return "done" if job["images"] else "odd"


def _mount(job: Json, files: tuple[str, str]) -> Markup:
    """What is in the frame of a tile."""
    shown = job["images"][:_SHOWN_PICTURES]
    if shown:
        return el("div", _pictures(job, shown, files), class_=f"mount of{len(shown)}")
    status = el("b", str(job["status"]).capitalize())
    if job["failed"]:
        return el("div", status, el("span", _cut(job["error"] or "")), class_="mount")
    if job["ended"]:
        return el("div", status, el("span", "It has no files."), class_="mount")
    progress = el(
        "progress",
        value=job["progress"] or 0,
        max=100,
        aria_label=f"Progress of {job['model']}",
        data_job=job["id"],
    )
    return el("div", status, progress, class_="mount")


def _pictures(job: Json, shown: list[str], files: tuple[str, str]) -> Iterator[Markup]:
    width, height = job["size"] or (None, None)
    for number, url in enumerate(shown, 1):
        more = len(job["images"]) - len(shown) if number == len(shown) else 0
        which = f", {number} of {len(job['images'])}" if len(job["images"]) > 1 else ""
        image = el(
            "img",
            src=files[1] + url.removeprefix(files[0]),
            alt=f"Picture by {job['model']}{which}",
            width=width,
            height=height,
            loading="lazy",
            decoding="async",
        )
        yield el("a", image, el("span", f"+{more}", class_="more") if more else None, href=url)


def _facts(job: Json) -> Iterator[str]:
    if job["size"] and job["images"]:
        yield f"{job['size'][0]} × {job['size'][1]}"
    yield f"{job['credits'] or 0:,} credits"
    if job["webhook"]:
        yield f"webhook {str(job['webhook']).lower()}"


def _dotted(parts: Iterator[str]) -> Iterator[Inside]:
    """Parts with dots between them, each of which stays on its line."""
    before = ""
    for part in parts:
        yield from (before, el("span", part))
        before = " · "


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_TEXT else text[: _SHOWN_TEXT - 1] + "…"
