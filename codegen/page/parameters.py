"""Rows of a table of parameters to the parameters."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping

from ..spec.model import Family
from .decode import LONGEST, READ
from .draft import ParameterDraft, UnclearError
from .markdown import without_marks
from .meanings import LINKS, MEANINGS
from .phrases import CUES, HEDGES, PATTERNS
from .result import PageParameter
from .sentences import sentences
from .tables import Row

_EMPTY = ("", "-", "–", "—", "none", "n/a", "null")
_BARE = re.compile(r"\W*(?:required|optional|nullable)\W*", re.IGNORECASE)
_BOUNDS = (("minimum", "maximum"), ("min_items", "max_items"), ("min_length", "max_length"))


def read_parameters(
    rows: Mapping[str, Row], family: Family, formats: Mapping[str, str]
) -> list[PageParameter]:
    """What rows say of parameters: those of the family first, in its order."""
    drafts = {name: _read_row(name, row, family, formats) for name, row in rows.items()}
    for meaning, note in LINKS.items():
        for draft in drafts.values():
            for link, match, words in draft.links:
                if link != meaning:
                    continue
                try:
                    note(draft, match, drafts)
                except UnclearError as error:
                    draft.leave(words, str(error))
    for draft in drafts.values():
        _check(draft)
    order = {name: index for index, name in enumerate(family.parameters)}
    parameters = [draft.parameter for draft in drafts.values()]
    return sorted(parameters, key=lambda parameter: order.get(parameter.name, len(order)))


def _read_row(name: str, row: Row, family: Family, formats: Mapping[str, str]) -> ParameterDraft:
    """What a row says by itself; what it says of other parameters is kept as links."""
    description = without_marks(row.description)
    draft = ParameterDraft(name, without_marks(row.type), description, family)
    _read_cell(draft, row.description)
    notes = _type_notes(draft, formats)
    for column, cell in row.others.items():
        if cell.casefold() not in _EMPTY:
            notes.append(f"{column}: {cell}")
    draft.parameter.words += [without_marks(note) for note in notes if _read_cell(draft, note)]
    if draft.shared is None:
        first = (
            words for words, _ in sentences(description[:LONGEST]) if not _BARE.fullmatch(words)
        )
        summary = re.sub(r"\s*\([^)]*\)", "", next(first, "")).strip()
        draft.constraints["summary"] = summary or "TODO"
    return draft


def _type_notes(draft: ParameterDraft, formats: Mapping[str, str]) -> list[str]:
    """What the cell of the type says beside the type and is no format, if it can be read."""
    note = draft.type_note
    format = formats.get(note.casefold())
    if format is not None and draft.format in (None, format):
        if draft.format is None:
            draft.constrain(format=format)
    elif note and any(pattern.search(note) for _, pattern in PATTERNS):
        return [note]
    elif note:
        draft.leave(draft.type_cell, "this is not a known type")
    return []


def _read_cell(draft: ParameterDraft, cell: str) -> bool:
    """Read the sentences of a cell; returns whether they said anything."""
    before = copy.deepcopy(draft.constraints), len(draft.links)
    if len(cell) > LONGEST:
        draft.leave(f"{without_marks(cell[:60])}…", f"{len(cell)} characters are not read")
        return False
    for words, rest in sentences(cell):
        _read_sentence(draft, words, rest)
    return before != (draft.constraints, len(draft.links))


def _read_sentence(draft: ParameterDraft, words: str, rest: str) -> None:
    """Read a sentence, of which `rest` still counts; what is not read is left to a person."""
    before, links, reasons = copy.deepcopy(draft.constraints), len(draft.links), list[str]()
    for meaning, pattern in PATTERNS:
        for match in pattern.finditer(rest):
            if meaning in LINKS:
                draft.links.append((meaning, match, words))
                continue
            try:
                MEANINGS[meaning](draft, match)
            except UnclearError as error:
                reasons.append(str(error))
        rest = pattern.sub(lambda match: READ * len(match[0]), rest)
    if HEDGES.search(rest) and (draft.constraints != before or len(draft.links) > links):
        draft.constraints.clear()
        draft.constraints.update(before)
        del draft.links[links:]
        draft.leave(words)
    elif reasons or CUES.search(rest):
        draft.leave(words, "; ".join(reasons))


def _check(draft: ParameterDraft) -> None:
    """Take back constraints that contradict one another."""
    words, constraints = " ".join(draft.parameter.words), draft.constraints
    for low, high in _BOUNDS:
        if low in constraints and high in constraints and constraints[low] > constraints[high]:
            least, most = constraints.pop(low), constraints.pop(high)
            draft.leave(words, f"the {low} {least} is above {most}")
    default = constraints.get("default")
    if "required" in constraints and default is not None:
        del constraints["default"]
        draft.leave(words, f"it is required, and has the default {default}")
    elif isinstance(default, int | float) and not (
        constraints.get("minimum", default) <= default <= constraints.get("maximum", default)
    ):
        del constraints["default"]
        draft.leave(words, f"the default {default} is out of its range")
