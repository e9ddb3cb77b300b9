# A copy of codegen/runtime/conformance/reports/html.py, where it is edited.
"""A report as one HTML page that needs nothing else: no network, no other file, and to be read no script.

On top is what came of the run, then each finding with what was sent and answered, and below a matrix of
all that was tested. Its cells open from JSON that is read when the first is opened.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Sequence

from ..._redact import without_query
from ..._version import __version__
from .. import _words
from .._outcomes import Report, Verdict
from ._data import moment, seconds
from ._page_cards import Card, Cards, finding_cards, reason_cards, text
from ._page_data import SIGNS, Cell, Grid, Group, headline, script_data, slug
from ._page_script import SCRIPT
from ._page_style import STYLE

# A group of so many models has a table, with the parameters that they have in common in columns.
_LEAST_TABLE = 2


def render(report: Report) -> str:
    """The page of a report."""
    grid, found, untold = Grid(report), finding_cards(report.findings), reason_cards(report)
    cards = Cards(report, [*found, *untold])
    body = "".join(
        [
            '<a class="skip" href="#matrix">To the matrix</a>',
            _top(report, grid),
            _filters(report, grid),
            '<main class="wide">',
            _findings(cards, found),
            _untold(cards, untold),
            _matrix(grid),
            f"<noscript>{''.join(_listing(grid))}</noscript>" if grid.cells else "",
            "</main>",
            '<dialog id="panel" aria-labelledby="panel-name"><div class="panel-head">'
            '<h2 id="panel-name" tabindex="-1" autofocus></h2><button type="button">Close</button></div>'
            '<div class="panel"></div></dialog>',
            f'<script type="application/json" id="data">{script_data(grid, cards.shown)}</script>',
        ]
    )
    policy = (
        f"default-src 'none'; style-src '{_hash(STYLE)}'; script-src '{_hash(SCRIPT)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Conformance of {text(without_query(report.base_url))}</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _hash(content: str) -> str:
    """What the policy allows of the page's own content, so that nothing else is obeyed."""
    return f"sha256-{b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _top(report: Report, grid: Grid) -> str:
    started = moment(report.started)
    differences = sum(finding.verdict.is_difference for finding in report.findings)
    heading = _words.headline(
        differences, is_told=report.exit_status != 2, is_whole=not report.count(Verdict.UNTESTED)
    )
    figures = [
        ("Requests", f"{report.requests:,}", ""),
        ("Accepted", f"{report.accepted:,}", ""),
        (
            "Credits",
            f"{report.credits:,}",
            f" of {report.budget:,} allowed; testing all costs at most {report.estimate:,}",
        ),
        ("Models", f"{len(grid.models):,}", ""),
        ("Vectors", f"{len(report.outcomes):,}", ""),
        ("Time", f"{seconds(report.seconds):,.1f}", " s"),
    ]
    listed = "".join(
        f"<div><dt>{name}</dt><dd>{value}{f'<small>{more}</small>' if more else ''}</dd></div>"
        for name, value, more in figures
    )
    return (
        '<header class="wide top"><p class="server"><span>Conformance of '
        f"<b>{text(without_query(report.base_url))}</b></span>"
        f'<time datetime="{started}">{started[:16].replace("T", " ")} UTC</time>'
        f'<span class="version">fluxframe {__version__}</span>'
        '<button type="button" id="theme" aria-label="Change between light and dark" hidden></button></p>'
        f'<h1>{text(heading)}</h1><dl class="figures">{listed}</dl>{_bar(report)}</header>'
    )


def _bar(report: Report) -> str:
    """The share of each verdict, at least a hair of each that there is."""
    total, x, parts = max(1, len(report.outcomes)), 0.0, []
    counts = [(verdict, report.count(verdict)) for verdict in SIGNS]
    widths = [(verdict, max(0.6, 100 * count / total)) for verdict, count in counts if count]
    scale = 100 / max(1, sum(width for _, width in widths))
    for verdict, width in widths:
        parts.append(
            f'<rect class="{verdict}" x="{x:.2f}" width="{width * scale:.2f}" height="1"/>'
        )
        x += width * scale
    return (
        '<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _filters(report: Report, grid: Grid) -> str:
    """What can't be used without scripts is disabled until they run; the counts can be read."""
    options = "".join(f"<option>{text(model)}</option>" for model in grid.models)
    chips = "".join(
        f'<button type="button" class="{verdict}" data-v="{verdict}" data-n="{count}" aria-pressed="false"'
        f' title="{_words.VERDICTS[verdict]}" disabled><span class="sign" aria-hidden="true">'
        f"{SIGNS[verdict]}</span>{count:,} {verdict}</button>"
        for verdict in SIGNS
        for count in [report.count(verdict)]
    )
    return (
        '<div class="filters" role="search"><div class="wide">'
        '<input id="search" type="search" placeholder="Search  /" aria-label="Search" disabled'
        ' autocomplete="off" spellcheck="false">'
        '<select id="model" aria-label="Model" disabled><option value="">All models</option>'
        f'{options}</select><div class="verdicts" role="group" aria-label="Verdicts">{chips}</div>'
        '<p class="shown" role="status"></p></div></div>'
    )


def _findings(cards: Cards, found: Sequence[Card]) -> str:
    note = '<p class="nothing none" hidden>No finding fits.</p>'
    inside = (
        "".join(map(cards.card, found)) + note
        if found
        else '<p class="nothing">No differences.</p>'
    )
    told = "One cause each, with the vectors that show it." if found else ""
    return (
        f'<section aria-labelledby="findings"><div class="head"><h2 id="findings">Findings</h2>'
        f"<p>{told}</p></div>{inside}</section>"
    )


def _untold(cards: Cards, untold: Sequence[Card]) -> str:
    if not untold:
        return ""
    return (
        '<section aria-labelledby="untold"><div class="head"><h2 id="untold">Without a verdict</h2></div>'
        f"{''.join(map(cards.card, untold))}</section>"
    )


def _matrix(grid: Grid) -> str:
    tables = [group for group in grid.groups if group.place and len(group.rows) >= _LEAST_TABLE]
    others = [group for group in grid.groups if group not in tables]
    inside = "".join([*map(_table, tables), *map(_rows, _together(others))])
    return (
        '<section id="matrix" class="matrix" aria-labelledby="matrix-name" tabindex="-1">'
        '<div class="head"><h2 id="matrix-name">All that was tested</h2>'
        '<p class="keys" hidden><kbd>Tab</kbd> and arrows to move, <kbd>Enter</kbd> to open, '
        "<kbd>Esc</kbd> to close</p></div>"
        f'<div class="groups">{inside}</div></section>'
    )


def _together(groups: Sequence[Group]) -> Sequence[Group]:
    """Groups without a table as one for each title."""
    merged: dict[str, Group] = {}
    for group in groups:
        known = merged.get(group.title)
        rows = {**known.rows, **group.rows} if known else group.rows
        merged[group.title] = Group(group.title, "", rows)
    return list(merged.values())


def _table(group: Group) -> str:
    columns = group.columns
    heads = "".join(f'<th scope="col"><span>{text(name)}</span></th>' for name in columns)
    rows = "".join(
        f'<tr data-row="{text(row)}"><th scope="row">{text(row)}</th>'
        + "".join(_cell(cells[name], "td") if name in cells else "<td></td>" for name in columns)
        + "</tr>"
        for row, cells in group.rows.items()
    )
    name = f"{group.title} {group.place}"
    return (
        f'<div class="group"><h3>{text(group.place)}<span class="soft">{text(group.title)}</span></h3>'
        f'<div class="scroll"><table role="grid" aria-label="{text(name)}" data-grid>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>"
    )


def _rows(group: Group) -> str:
    rows = "".join(
        f'<div data-row="{text(row)}"><h4>{text(row)}</h4><div class="chips" role="toolbar" '
        f'aria-label="{text(row)}" data-grid>'
        f"{''.join(_cell(cell, 'button') for cell in cells.values())}</div></div>"
        for row, cells in group.rows.items()
    )
    return (
        f'<div class="group whole"><h3>{text(group.title)}</h3><div class="rows">{rows}</div></div>'
    )


def _cell(cell: Cell, tag: str) -> str:
    verdicts, glyph = cell.verdicts, SIGNS[cell.verdicts[0]]
    inside = glyph if tag == "td" else f"<b>{glyph}</b>{text(cell.name)}"
    extra = ' type="button"' if tag == "button" else ""
    part = " part" if verdicts[-1] is Verdict.UNTESTED and len(verdicts) > 1 else ""
    return (
        f'<{tag} class="cell {verdicts[0]}{part}" data-i="{cell.number}" data-v="{" ".join(verdicts)}"'
        f' tabindex="-1"{extra} aria-label="{text(cell.label)}">{inside}</{tag}>'
    )


def _listing(grid: Grid) -> Iterator[str]:
    """All verdicts as text, for readers without scripts."""
    rows: dict[str, list[Cell]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell)
    yield "<section><h2>Each verdict</h2>"
    for row, cells in rows.items():
        yield f"<details><summary><h3>{text(row)}</h3></summary><ul>"
        for cell in cells:
            for constraint, outcomes in cell.tested:
                by_verdict: dict[Verdict, list[str]] = {}
                for outcome in outcomes:
                    by_verdict.setdefault(outcome.verdict, []).append(text(slug(outcome)))
                told = "; ".join(f"{v}: {', '.join(slugs)}" for v, slugs in by_verdict.items())
                yield f"<li><b>{text(cell.name)}</b> {text(headline(constraint))} – {told}</li>"
        yield "</ul></details>"
    yield "</section>"
