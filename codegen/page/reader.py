"""A documentation page to what it says of a model: its parameters, their limits, and examples.

Nothing is guessed: a sentence with a number, a quotation or a rule in it that no phrase below
reads is handed back as it stands, for a person to look at.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from typing import Any

from ..naming import class_name, snake_case
from ..spec import model as spec

CELL, CODE, GONE = "\ufdd0", "\ufdd1", "\0"  # What no page holds: they mark cells, code, the read.


class PageError(ValueError):
    """A file is no page of a model; the message says what was expected."""


@dataclass(slots=True)
class Found:
    """What a page says of one parameter, in the words of a model's file."""

    name: str
    constraints: dict[str, Any] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of one model; a text that it does not say is empty."""

    title: str
    summary: str
    description: str
    source: str
    parameters: list[Found]
    examples: dict[str, dict[str, Any]]
    unread: list[str]


def decode(data: bytes) -> str:
    """The text of a page, with line feeds at its line ends. Raises PageError if it is no text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PageError(
            "this is no UTF-8 text; expected a page as text, Markdown or HTML"
        ) from None
    if GONE in text:
        raise PageError("this is a binary file; expected a page as text, Markdown or HTML")
    if not text.strip():
        raise PageError("the file is empty; expected a page as text, Markdown or HTML")
    return re.sub(f"[{CELL}{CODE}]", "", re.sub(r"\r\n?", "\n", text))


def read(text: str, model: str, family: spec.Family, common: Collection[str] = ()) -> Page:
    """What the page in `text` says of `model`.

    `common` names what every request takes, which a table may list beside the parameters.
    Raises PageError if the page has no table of parameters.
    """
    text = _Html.as_text(text) if re.search(r"<table\b.*</table\s*>", text, re.S | re.I) else text
    lines = text.split("\n")
    rows, unread = _rows(lines, family, common)
    readings = {name: _Reading(name, row, family) for name, row in rows.items()}
    for meaning in _LINKS:
        for reading in readings.values():
            reading.read_links(meaning, readings)
    for reading in readings.values():
        reading.check()
    title, summary, description, source = _heading(lines, model, family, unread)
    examples = _examples(lines, model, family.container, unread)
    known = list(family.parameters)
    found = [reading.found for reading in readings.values()]
    found.sort(key=lambda one: known.index(one.name) if one.name in known else len(known))
    return Page(title, summary, description, source, found, examples, unread)


# ---------------------------------------------------------------------------- from HTML to text


class _Html(HTMLParser):
    """Prints HTML as text: a row of a table as a line of cells, a heading as in Markdown."""

    SKIPPED = ("script", "style", "title", "template", "svg", "noscript")
    BLOCKS = ("p", "div", "li", "ul", "ol", "section", "article", "header", "main", "br")
    CODES = ("code", "kbd", "tt", "pre")

    def __init__(self) -> None:
        super().__init__()
        self.lines = [""]
        self.skipped = self.verbatim = self.tables = 0
        self.cells: list[str] = []

    @classmethod
    def as_text(cls, text: str) -> str:
        parser = cls()
        try:
            parser.feed(text)
            parser.close()
        except AssertionError as error:  # What the parser raises at a declaration such as `<![x`.
            raise PageError(f"this is no HTML: {error}") from None
        return "\n".join(parser.lines)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.skipped += tag in self.SKIPPED
        self.tables += tag == "table"
        if tag in ("tr", "table"):
            self._end_row()
        elif tag in ("td", "th"):
            self.cells.append("")
        elif re.fullmatch("h[1-6]", tag) and not self.tables:
            self.lines.append("#" * int(tag[1]) + " ")
        elif tag in self.CODES:
            self._code(tag, 1)
        elif tag in self.BLOCKS:
            self.handle_data(" " if self.tables else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= bool(self.skipped) and tag in self.SKIPPED
        if tag in ("tr", "table"):
            self._end_row()
            self.tables -= bool(self.tables) and tag == "table"
            self.lines += [""] if tag == "table" else []
        elif tag in self.CODES:
            self._code(tag, -1)
        elif tag in self.BLOCKS or re.fullmatch("h[1-6]", tag):
            self.handle_data(" " if self.tables else "\n")

    def handle_data(self, data: str) -> None:
        if self.cells and not self.skipped:
            self.cells[-1] += data
        elif not self.tables and not self.skipped:
            first, *rest = data.split("\n")
            self.lines[-1] += first
            self.lines += rest

    def _code(self, tag: str, change: int) -> None:
        if tag == "pre" and not self.tables:
            self.verbatim += change
            self.lines += ["```", ""]
        elif not self.verbatim:
            self.handle_data(CODE)

    def _end_row(self) -> None:
        if self.cells:
            cells = (re.sub(r"[ \t\n\r\f]+", " ", cell) for cell in self.cells)
            self.lines.append(CELL + CELL.join(cells))
        self.cells = []


# ------------------------------------------------------------------------- from text to table rows

_HEADERS = {
    "name": ("parameter", "parameters", "name", "field", "property", "key", "option", "argument"),
    "type": ("type", "data type"),
    "description": ("description", "details", "meaning"),
}
_TYPES = (
    (r"(?:list|array) ?(?:of |<)(\w+?)s?>?|(\w+)\[\]|array|list", "array"),
    (r"string|str|text|enum", "string"),
    (r"integer|int", "integer"),
    (r"number|float|double|decimal", "number"),
    (r"boolean|bool", "boolean"),
    (r"object", "object"),
)
_USUAL = ["name", "type", "description"]
_RUN_TOGETHER = r"((?:string|integer|number|boolean|object|array|float|int|bool)(?:\[\])?)"
_TOKEN = re.compile(r"\\.|\||[^\\|]+|\\")
_MARKUP = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])|(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?P=ticks)(?!`)"
    r"|\*\*(?P<bold>[^*]+)\*\*|\[(?P<link>[^\[\]]+)\]\([^)]*\)|<br ?/?>"
)


def _rows(
    lines: list[str], family: spec.Family, common: Collection[str]
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The rows that tell of parameters by name, and the words of those that can't be read."""
    prefix = f"{family.container}."
    tables = list(_tables(lines, family))
    mine = [table for table in tables if any(row["name"].startswith(prefix) for row in table)]
    if not mine:  # A table need not name the member that the parameters stand in.
        prefix = ""
        mine = [table for table in tables if {row["name"] for row in table} & {*family.parameters}]
    rows: dict[str, dict[str, str]] = {}
    unread: list[str] = []
    for row in (row for table in mine for row in table):
        name = row["name"].removeprefix(prefix)
        readable = row["name"].startswith(prefix) and re.fullmatch(r"[A-Za-z]\w*", name)
        if not row["name"] or row["name"] in common or row == rows.get(name):
            continue
        if readable and not row[""] and name not in rows:
            rows[name] = row
        else:
            unread.append(" | ".join(_words(cell) for cell in row.values() if cell))
    if not rows:
        wanted = f"`Parameter | Type | Description` with rows such as `{family.container}.seed | integer | …`"
        raise PageError(f"there is no table of parameters; expected {wanted}")
    return rows, unread


def _tables(lines: list[str], family: spec.Family) -> Iterator[list[dict[str, str]]]:
    """Each table of the page: its rows by column, with what is beyond the columns as ``""``."""
    columns, table = _USUAL, list[dict[str, str]]()
    for line in [*_outside_fences(lines), ""]:
        cells = _cells(line, family)
        names = [_column(cell) for cell in cells or ()]
        if cells and (set(cells) == {""} or all(re.fullmatch(":?-+:?", cell) for cell in cells)):
            continue
        if cells and not ("name" in names and {"type", "description"} & {*names}):
            pairs = itertools.zip_longest(columns, cells)
            beyond = " | ".join(cell for column, cell in pairs if cell and not column)
            row = dict.fromkeys([*_USUAL, ""], "") | dict(zip(columns, cells, strict=False))
            table.append({**row, "name": _words(row["name"]), "": beyond})
            continue
        if table:
            yield table
        columns, table = names if cells else _USUAL, []


def _outside_fences(lines: list[str]) -> Iterator[str]:
    """The lines, with those of code in fences empty."""
    fenced = False
    for line in lines:
        fence = line.lstrip().startswith("```")
        fenced ^= fence
        yield "" if fenced or fence else line.strip()


def _column(header: str) -> str:
    """What a column holds, in the words of `_HEADERS`; another keeps its own name."""
    plain = _words(header).casefold().rstrip("?: ")
    return next((column for column, names in _HEADERS.items() if plain in names), _words(header))


def _cells(line: str, family: spec.Family) -> list[str] | None:
    """The cells of a line, with code marked; None if it is no row."""
    if line.startswith(CELL):
        return [cell.strip() for cell in line[1:].split(CELL)]
    prefix = re.escape(family.container)
    known = "|".join(sorted(map(re.escape, family.parameters), key=len, reverse=True))
    for name, after in ((known, ""), (r"[A-Za-z]\w*?", "(?![a-z_])")):
        if match := re.fullmatch(rf"({prefix}\.(?:{name})){_RUN_TOGETHER}{after}(.*)", line):
            return list(match.groups())
    cells = [""]
    for token in _TOKEN.findall(line) if "|" in line else ():
        cells += [""] if token == "|" else []
        cells[-1] += "" if token == "|" else token
    if len(cells) > 1:
        cells = cells[line.startswith("|") : -1 if not cells[-1] else None]
    elif "\t" in line:
        cells = line.split("\t")
    elif not line.startswith(f"{family.container}."):
        return None
    return [_marked(cell.strip()) for cell in cells]


def _marked(text: str) -> str:
    """Markdown as its words, with code marked."""

    def plain(match: re.Match[str]) -> str:
        if match["code"] is not None:
            return CODE + match["code"].replace("\\|", "|") + CODE
        return match["escaped"] or _marked(match["bold"] or match["link"] or "") or " "

    return _MARKUP.sub(plain, text)


def _words(cell: str) -> str:
    """The words of a cell as a reader of the page sees them."""
    return cell.replace(CODE, "")


# ---------------------------------------------------------- from the words of a row to constraints

# What a phrase means, and the phrase: a line for each. A space is any white space, words in
# capitals are of `_PARTS`, and of two phrases that read the same words the first has them.
PHRASES = (
    ("nothing", r"not required|optional: YES|required: NO|optional\b(?!:)|\(?inclusive\)?"),
    ("required", r"required: YES|optional: NO|(?:^|[(,]\s*)required(?=\s*[.,;)]|\s*$)"),
    ("ratio", r'in "W:H" format'),
    ("matches", r'use "(?P<value>[^"]+)" to match the (?:first )?(?P<other>[\w ]+?)STOP'),
    ("named", r'use "(?P<value>[^"]+)" (?:to|for)\b'),
    ("values", r'(?:^|:\s*|\(|ONE OF\s*)(?P<values>"[^"\0]+"(?:OR"[^"\0]+")+)END'),
    ("values", r"ONE OF\s*(?P<values>ITEM(?:ORITEM)+)END"),
    ("default", r"(?:the )?defaults?(?: value)?(?: is| to| of)?\s*[:=]?\s*(?P<default>VALUE)END"),
    ("default", r"(?<![^\s(,])(?P<default>VALUE) by default"),
    ("used_when", r"only (?:USED )?(?:when|if|for|with) CONDITION"),
    ("ignored_when", r"UNUSED (?:when|if|for|with) CONDITION"),
    ("limits", r"(?:between|from) LOW (?:and|to) HIGH"),
    ("limits", r"(?:range:?\s*)?LOWDASHHIGH"),
    ("limits", r"(?:(?:up to|at most|(?:no|not) more than|limited to) |(?:≤|<=)\s*)HIGH"),
    ("limits", r"max(?:imum)?\.?(?: value)?(?: of| is)?:?\s*HIGH"),
    ("limits", r"HIGH (?:max(?:imum)?|or (?:less|fewer|lower))\b"),
    ("limits", r"(?:(?:at least|(?:no|not) (?:less|fewer) than) |(?:≥|>=)\s*)LOW"),
    ("limits", r"min(?:imum)?\.?(?: value)?(?: of| is)?:?\s*LOW"),
    ("limits", r"LOW (?:min(?:imum)?|or (?:more|greater|higher))\b"),
    ("limits", r"(?:must be (?:greater than|more than|above) |>\s*)ABOVE"),
    ("limits", r"(?:must be (?:less than|fewer than|below) |<\s*)BELOW"),
    ("limits", r"(?:an? )?(?:multiples? of|divisible by) STEP"),
)
_LINKS = ("matches", "used_when", "ignored_when", "default")  # These are read when all rows are.
_NUMBER = r"[-−+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(?:\.[0-9]{1,20})?"
_UNITS = (
    r"MP|megapixels?|px|pixels?|%|[kmg]i?b|bytes?|characters?|chars?|words?|tokens?|seconds?|secs?"
    r"|ms|s|minutes?|hours?|days?|fps|frames?|wide|tall|high|k|x|×|times|percent"
    r"|dozen|hundred|thousand|million|billion"
)
_MEASURE = (
    rf'(?<![\w"])(?<![0-9][.,:/×])(?P<what>{_NUMBER})(?:\s?(?P<what_unit>{_UNITS})(?!\w))?'
    r"""(?![.,:/×][0-9])(?=[\s,.;:)\]"/|…\0‐‑–—−~-]|$)"""
    r"(?! (?:is|are|gives?|means?|works?|may|might|can|will|for|with|in|on|at|of|by|=)\b)"
)
_PARTS = {
    "LOW": "(?<![-–])" + _MEASURE.replace("what", "low"),
    "HIGH": _MEASURE.replace("what", "high") + r"(?!\s?[-–][0-9])",
    "ABOVE": _MEASURE.replace("what", "above"),
    "BELOW": _MEASURE.replace("what", "below"),
    "STEP": _MEASURE.replace("what", "step"),
    "DASH": r"(?:\s*(?:\.\.\.?|…|[-‐‑–—−~])\s*| (?:to|through) )",
    "ITEM": r'(?:"[^"\0]+"|(?!(?:or|and)\b)[^\s,;()"\0/|]*[^\s,;.:()"\0/|])',
    "VALUE": rf'(?:"[^"\0]+"|{_NUMBER}(?![\w.,:])|[^\s,;()"\0]*[^\s,;.:()"\0])',
    "THING": r'(?:"[^"]+"|[0-9.]+ [a-z]+|[^\s,;()"]*[^\s,;.()"])',
    "EXAMPLE": r"(?:e\.g\.|for example|for instance|such as),?:? THING(?:ORTHING)*(?:,? etc\.?)?",
    "OR": r"(?:\s*,\s*(?:(?:or|and) )?|\s*[/|]\s*| (?:or|and) )",
    "ONE OF": r"(?:one of:?|either|(?:(?:allowed|possible|supported|valid) )?"
    r"(?:values|options|formats):)",
    "CONDITION": r"(?:the )?(?:(?P<pairs>PAIR(?: and PAIR)*)"
    r"|(?P<member>ITEM)(?: (?:images|files|output))?)STOP",
    "PAIR": r'"?[\w.]+"?(?:\s*=+\s*| (?:is set to|is|equals|set to) )ITEM',
    "UNUSED": r"(?:not (?:relevant|used|applicable)|irrelevant|ignored|unused|(?:has )?no effect)",
    "USED": r"(?:used|applied|applies|relevant|valid|available|honou?red|effective|works)",
    "YES": r"(?:yes|true|y|x|required|✓|✔|✅)(?=\W*$)",
    "NO": r"(?:no|false|n|optional|✗|✘|❌)(?=\W*$)",
    "END": r"(?=\s*(?:$|[()\0]|[.,;](?:\s|$|\))))",
    "STOP": r"(?=\s*(?:$|\)|[.;](?:\s|$|\))))",
}


def _compiled(phrase: str) -> re.Pattern[str]:
    names = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))
    while names.search(phrase):
        phrase = names.sub(lambda match: _PARTS[match[0]], phrase)
    return re.compile(phrase.replace(" ", r"\s+"), re.IGNORECASE)


_COMPILED = [
    (meaning, _compiled(rf"(?:\b|(?!\w))(?:must be (?=\S))??(?:{phrase})"))
    for meaning, phrase in PHRASES
]
_EXAMPLES = _compiled(r"\(EXAMPLE\)|EXAMPLE|^examples?:.*")
_ITEMS = _compiled(r"(?<!\w)ITEM")
_PAIRS = _compiled(_PARTS["PAIR"].replace(r"[\w.]+", r"(?P<name>[\w.]+)").replace("ITEM", "(ITEM)"))
# Words that bend a limit or take it back: the sentence around them is left to a person.
_HEDGES = _compiled(
    r"\b(?:when|if|unless|except|only|not|never|otherwise|recommended|suggested|typical\w*|usual\w*"
    r"|ideal\w*|best|about|around|approx\w*|roughly|etc|including|exclusive|per|each|some|often"
    r"|more)\b|[~≈]"
)
# Signs that a sentence says more than was read of it.
_CUES = _compiled(
    r'[\d"≤≥<>]|:\s|\b(?:only|unless|must|cannot|when|if|ignored|relevant|requir\w*|defaults?|max'
    r"|min|maximum|minimum|at (?:most|least)|up to|one of|either|between|limit\w*|multiples?"
    r"|exceed\w*)\b"
)
_RATIO = re.compile("[0-9]+:[0-9]+")
_PRESENCE = ("set", "given", "provided", "present", "specified", "omitted", "empty", "unset", "not")
_TRUTH = {
    **dict.fromkeys(["true", "enabled", "on", "yes"], True),
    **dict.fromkeys(["false", "disabled", "off", "no"], False),
}
_EMPTY = ("", "-", "–", "—", "none", "n/a", "null")
_MEASURES = {
    "mp": "MP",
    "megapixel": "MP",
    "pixel": "px",
    "char": "characters",
    "character": "characters",
}
_NUMERIC = {
    "low": "minimum",
    "high": "maximum",
    "above": "exclusive_minimum",
    "below": "exclusive_maximum",
    "step": "multiple_of",
}
_KEYS = {  # By the type of a parameter and the unit of a limit: which constraint the limit is.
    ("integer", ""): _NUMERIC,
    ("integer", "%"): _NUMERIC,
    ("number", ""): _NUMERIC,
    ("array", ""): {"low": "min_items", "high": "max_items"},
    ("string", "characters"): {"low": "min_length", "high": "max_length"},
    ("string", "MP"): {"high": "quantity"},
}


class _Reading:
    """Reads the row of one parameter, and then what it says of the others."""

    def __init__(self, name: str, row: Mapping[str, str], family: spec.Family) -> None:
        self.found = Found(name)
        self.said = self.found.constraints
        self.container = family.container
        self.shared = family.parameters.get(name)
        self.links: list[tuple[str, re.Match[str], str]] = []
        self.disputed: set[str] = set()
        self.matched: set[object] = set()
        beside = self._read_type(_words(row["type"]))
        self.text = _words(row["description"])
        self.found.words.append(self.text)
        self._read(row["description"])
        for column, cell in row.items():
            if column not in (*_USUAL, "") and cell.casefold() not in _EMPTY:
                beside.append(f"{column}: {cell}")
        self.found.words += [_words(text) for text in beside if self._read(text)]

    @property
    def format(self) -> str | None:
        return self.said.get("format") or (self.shared.format if self.shared else None)

    def _read_type(self, cell: str) -> list[str]:
        """Take the type from the family or the cell; returns what else the cell says."""
        self.kind, self.items, rest = _type(cell)
        if self.shared is not None:
            kind, items = self.shared.type, self.shared.items.type if self.shared.items else None
            if cell and (kind, items) != (self.kind, self.items):
                self._leave(cell, f"the family says {kind}")
            self.kind, self.items = kind, items
        elif self.kind is None or (self.kind == "array" and self.items is None):
            self._leave(cell or "no type", "this is no type that is known")
        if self.shared is None:
            self.said |= {"type": self.kind} if self.kind else {}
            self.said |= {"items": {"type": self.items}} if self.items else {}
        if rest and not rest.startswith("("):
            self._leave(cell)
        return [rest[1:].removesuffix(")")] if rest.startswith("(") else []

    def _leave(self, words: str, reason: str = "") -> None:
        """Leave words to a person."""
        words = words.strip()
        self.found.unread.append(f"{words.removesuffix('.')}: {reason}" if reason else words)

    def _read(self, cell: str) -> bool:
        """Read the sentences of a cell; returns whether they said anything."""
        before = copy.deepcopy(self.said), len(self.links)
        for words, rest in _sentences(cell):
            self._read_sentence(words, rest)
        return before != (self.said, len(self.links))

    def _read_sentence(self, words: str, rest: str) -> None:
        said, links, reasons = copy.deepcopy(self.said), len(self.links), list[str]()
        for meaning, pattern in _COMPILED:
            rest = pattern.sub(partial(self._take, meaning, words, reasons), rest)
        if _HEDGES.search(rest) and (self.said != said or len(self.links) > links):
            self.said.clear()
            self.said |= said
            del self.links[links:]
            self._leave(words)
        elif any(reasons) or _CUES.search(rest):
            self._leave(words, "; ".join(filter(None, reasons)))

    def _take(self, meaning: str, words: str, reasons: list[str], match: re.Match[str]) -> str:
        """Note what a phrase says, or what is wrong with it; returns what is left of it."""
        if meaning in _LINKS:
            self.links.append((meaning, match, words))
        else:
            reasons.append(getattr(self, f"_{meaning}")(match))
        return GONE * len(match[0])

    def read_links(self, meaning: str, others: Mapping[str, _Reading]) -> None:
        """Read the phrases of one meaning that tell of the other parameters."""
        for kind, match, words in self.links:
            if kind == meaning and (reason := getattr(self, f"_{kind}")(match, others)):
                self._leave(words, reason)

    def check(self) -> None:
        """Take back limits that contradict one another."""
        words, said = " ".join(self.found.words), self.said
        for low in ("minimum", "min_items", "min_length"):
            high = low.replace("mini", "maxi").replace("min_", "max_")
            if low in said and high in said and said[low] > said[high]:
                self._leave(words, f"the {low} {said.pop(low)} is above {said.pop(high)}")
        default = said.get("default")
        if "required" in said and default is not None:
            self._leave(words, f"it is required, and has the default {said.pop('default')}")
        elif isinstance(default, int | float) and not (
            said.get("minimum", default) <= default <= said.get("maximum", default)
        ):
            self._leave(words, f"the default {said.pop('default')} is out of its range")
        if self.shared is None:
            first = next(_sentences(self.text), ("", ""))[0]
            said["summary"] = re.sub(r"\s*\([^)]*\)", "", first).strip() or "TODO"

    def _say(self, key: str, value: object) -> str:
        """Note a constraint; one that is said in two ways is none. Returns what is wrong."""
        if key in self.disputed or self.said.setdefault(key, value) != value:
            self.disputed.add(key)
            self.said.pop(key, None)
            return f"the {key} is said in two ways"
        return ""

    def _value(self, text: str) -> Any:
        """A value of the parameter's type; None if the text is none."""
        plain = text.strip('"')
        if self.kind in ("integer", "number"):
            return _number(plain, self.kind)
        if self.kind == "boolean":
            return _TRUTH.get(plain.casefold())
        return plain if self.kind == "string" else None

    def _known_value(self, text: str, *, word: bool = False) -> Any:
        """A value of the parameter, as the page spells it where it lists it; None if it is none.

        Beside a ratio may stand a `word` that nothing but a rule names.
        """
        value, values = self._value(text), self.said.get("values", [])
        if not isinstance(value, str):
            return value
        for known in values:
            if known.casefold() == value.casefold():
                return known
        if self.format == "ratio":
            return value if _RATIO.fullmatch(value) or (word and value not in _PRESENCE) else None
        return value if text.startswith('"') and not values else None

    def _nothing(self, match: re.Match[str]) -> str:
        return ""

    def _required(self, match: re.Match[str]) -> str:
        return self._say("required", True)

    def _ratio(self, match: re.Match[str]) -> str:
        if self.format is None and self.kind == "string":
            self.said["format"] = "ratio"
        return "" if self.format == "ratio" else f"this is no format of a {self.kind}"

    def _named(self, match: re.Match[str]) -> str:
        if self.format is None:
            return "whether other values are allowed is not said"
        values = self.said.setdefault("values", [])
        values += [match["value"]] if match["value"] not in values else []
        return ""

    def _matches(self, match: re.Match[str], others: Mapping[str, _Reading]) -> str:
        name = snake_case(match["other"])
        name = name if name in others else f"{name}s"
        if reason := self._named(match) or ("" if name in others else f"no parameter is `{name}`"):
            return reason
        self.matched.add(match["value"])
        self._require(match["value"], name)
        return ""

    def _require(self, value: object, name: str) -> None:
        requirement = {"when": value, "parameter": name}
        requires = self.said.setdefault("requires", [])
        requires += [requirement] if requirement not in requires else []

    def _values(self, match: re.Match[str]) -> str:
        values = [self._value(item) for item in _ITEMS.findall(match["values"])]
        if None in values:
            return f"these are no values of the type {self.kind}"
        if self.format is not None:
            return f"values beside the format {self.format} may be all or some"
        return self._say("values", list(dict.fromkeys(values)))

    def _default(self, match: re.Match[str], others: Mapping[str, _Reading]) -> str:
        value = self._known_value(match["default"])
        return "this is none of its values" if value is None else self._say("default", value)

    def _used_when(self, match: re.Match[str], others: Mapping[str, _Reading]) -> str:
        conditions = self._conditions(match, others)
        if isinstance(conditions, str):
            return conditions
        for name, value in conditions.items():
            others[name].take_word(value, self.found)
        return self._say("used_when", conditions)

    def _ignored_when(self, match: re.Match[str], others: Mapping[str, _Reading]) -> str:
        conditions = self._conditions(match, others)
        return conditions if isinstance(conditions, str) else self._say("ignored_when", conditions)

    def take_word(self, value: object, user: Found) -> None:
        """Take a word such as `custom` beside a ratio, which another parameter is only used by."""
        if self.format is None or _RATIO.fullmatch(str(value)) or value in self.matched:
            return
        values = self.said.setdefault("values", [])
        if value not in values:
            values.append(value)
            self.found.words.append(user.words[0])
        self._require(value, user.name)

    def _conditions(
        self, match: re.Match[str], others: Mapping[str, _Reading]
    ) -> dict[str, Any] | str:
        """The values of other parameters that a rule names, or what is wrong with it."""
        if match["member"]:
            holders = {
                name: value
                for name, other in others.items()
                for value in other.said.get("values", ())
                if other is not self
                and str(value).casefold() == match["member"].strip('"').casefold()
            }
            return holders if len(holders) == 1 else "not one parameter has this value"
        conditions: dict[str, Any] = {}
        for name, text in _PAIRS.findall(match["pairs"]):
            name = name.removeprefix(f"{self.container}.")
            if name not in others or others[name] is self:
                return f"no other parameter is `{name}`"
            conditions[name] = others[name]._known_value(text, word=True)
            if conditions[name] is None:
                return f"`{name}` has no such value"
        return conditions

    def _limits(self, match: re.Match[str]) -> str:
        """A least or most value, count or size, by the parameter's type and the unit."""
        said = {key: text for key, text in match.groupdict().items() if text}
        units = {_unit(said.pop(key)) for key in list(said) if key.endswith("_unit")}
        unit = units.pop() if units else ""
        unit = "" if self.shared is not None and unit == self.shared.unit else unit
        keys = _KEYS.get((self.kind or "", unit), {})
        if units or said.keys() - keys or (self.kind == "array" and self.items != "string"):
            return f"this is no limit of the type {self.kind}"
        whole = self.kind if self.kind == "number" else "integer"
        numbers = {key: _number(text, whole) for key, text in said.items()}
        if None in numbers.values():
            return "this is no integer"
        if {"low", "high"} <= numbers.keys() and numbers["low"] > numbers["high"]:
            return "the least is above the most"
        if unit == "MP":
            return self._quantity(unit, numbers["high"])
        if (keys is not _NUMERIC and min(numbers.values()) < 0) or numbers.get("step", 1) <= 0:
            return "this is below zero"
        return "; ".join(filter(None, [self._say(keys[key], n) for key, n in numbers.items()]))

    def _quantity(self, unit: str, most: int) -> str:
        if "in megapixels" not in self.text or self.format is not None or not 1 <= most <= 1000:
            return f"this is no limit of the type {self.kind}"
        return self._say("quantity", {"unit": unit, "maximum": most})


def _type(cell: str) -> tuple[str | None, str | None, str]:
    """The type that a cell names, that of its items, and the rest of the cell."""
    cell = cell.strip()
    for pattern, kind in _TYPES:
        if match := re.match(rf"(?:{pattern})(?!\w)", cell, re.IGNORECASE):
            item = next(filter(None, match.groups()), "")
            return kind, _type(item)[0] if item else None, cell[match.end() :].strip()
    return None, None, ""


def _sentences(cell: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a cell, as it stands and without what is only an example."""
    text = re.sub(f'"?{CODE}(.*?){CODE}"?', _quoted, cell)
    text = re.sub("[“”„]", '"', re.sub(r"(?<!\w)['‘]([^'’]+)['’](?!\w)", r'"\1"', text))
    rest = _EXAMPLES.sub(lambda match: GONE * len(match[0]), text)
    ends = [match.end() for match in re.finditer(r"(?<=[.;!?])\s+", rest)]
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        if text[start:end].strip():
            yield text[start:end], rest[start:end]


def _quoted(code: re.Match[str]) -> str:
    bare = re.fullmatch(r"""[-−+\d.,–…\s]+|true|false|.*["'=].*""", code[1])
    return code[1] if bare else f'"{code[1]}"'


def _number(text: str, kind: str) -> Any:
    """The number in a text; None if it is none, or no integer where one is due."""
    if not re.fullmatch(_NUMBER, text):
        return None
    plain = text.replace(",", "").replace("−", "-")
    if "." not in plain:
        return int(plain)
    number = float(plain)
    return number if kind == "number" else int(number) if number.is_integer() else None


def _unit(text: str) -> str:
    return _MEASURES.get(text.casefold().removesuffix("s"), text.casefold())


# -------------------------------------------------------------- from the rest of a page to a model

_ENDPOINT = re.compile(r'\b(?P<path>POST */[\w/.{}-]+?) *(?:[—–-]+ *)?model: *"(?P<model>[^"]+)"')
_DATA = re.compile(r"(?:-d|--data(?:-raw|-binary)?|--json)[ =]*'\s*(?=\{)")
_LABELS = ("curl", "bash", "shell", "sh", "http", "json", "request")
_SECTION = re.compile(r"(?:code )?examples?|usage|quick ?start", re.IGNORECASE)


def _heading(
    lines: list[str], model: str, family: spec.Family, unread: list[str]
) -> tuple[str, str, str, str]:
    """The title, summary, description and source of a model, each empty if it is not there."""
    plain = _outside_fences(lines)
    parts = _paragraphs(itertools.takewhile(lambda line: _cells(line, family) is None, plain))
    names = [class_name(part).casefold() for part in parts]
    own = [index for index, name in enumerate(names) if name == class_name(model).casefold()]
    own += [index for index, part in enumerate(parts) if part.startswith("#")]
    title = own[0] if own else -1
    ends = [index for index, part in enumerate(parts) if _ENDPOINT.search(part)]
    prose = [
        (index, part)
        for index, part in enumerate(parts)
        if index > title and index not in ends and not part.startswith(("#", "See "))
        if part.endswith((".", "!")) or len(part) >= 60
    ]
    summary = prose[0][1] if prose else ""
    end = ends[0] if ends else title
    description = next((part for index, part in prose[1:] if index > end), "")
    source = ""
    if ends and (match := _ENDPOINT.search(parts[ends[0]])):
        source = f'{re.sub(" *(?=/)", " ", match["path"], count=1)}, model: "{match["model"]}"'
        if match["model"] != model:
            unread.append(f"{source}: this is the page of another model")
    return _plain(parts[title]) if own else "", summary, description, source


def _paragraphs(lines: Iterable[str]) -> list[str]:
    """The lines, with those that a long line goes on in joined to it."""
    parts: list[str] = []
    goes_on = False
    for line in lines:
        if line and goes_on and not line.startswith("#") and not _ENDPOINT.search(line):
            parts[-1] += f" {line}"
        elif line:
            parts.append(_words(_marked(line)))
        goes_on = len(line) >= 60 and line[-1] not in ".!?:"
    return parts


def _plain(part: str) -> str:
    return part.lstrip("#").strip()


def _examples(
    lines: list[str], model: str, container: str, unread: list[str]
) -> dict[str, dict[str, Any]]:
    """The requests of the page's curl commands that are for the model, by name."""
    text = "\n".join(lines).replace("'\\''", "'")
    examples: dict[str, dict[str, Any]] = {}
    for match in _DATA.finditer(text):
        try:
            request, _ = json.JSONDecoder().raw_decode(text, match.end())
            json.dumps(request, allow_nan=False, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, match.start()) + 1
            unread.append(f"the JSON of the curl command at line {line}: {error}")
            continue
        if request.get("model") != model or any(e["request"] == request for e in examples.values()):
            continue
        section, heading = _above(text[: match.start()].rpartition("curl")[0])
        given = request.get(container)
        edits = isinstance(given, dict) and given.get("input_images")
        summary = heading or ("Image editing with references" if edits else "Text to image")
        name = snake_case(heading) or ("edit_with_references" if edits else "text_to_image")
        while name in examples:
            name += "_"
        source = ", ".join(filter(None, [section, heading])) or "curl command"
        examples[name] = {"summary": summary, "request": request, "source": {"page": source}}
    return examples


def _above(text: str) -> tuple[str, str]:
    """The section that a code block stands in, and its own heading, each empty if there is none."""
    lines = [line.rpartition(");")[2].strip() for line in _outside_fences(text.split("\n"))]
    headings = [_plain(_words(_marked(line))) for line in lines if line.lstrip("`")]
    section = next((line for line in reversed(headings) if _SECTION.fullmatch(line)), "")
    marked = [line for line in lines if line.startswith("#") and "```" in text]
    while headings and headings[-1].casefold() in _LABELS:
        headings.pop()
    heading = _plain(marked[-1]) if marked else headings[-1] if headings else ""
    title = re.fullmatch(r"[^\W\d_][^{}()\[\];=<>|\\$\"]{0,79}", heading)
    return section, heading.rstrip(":") if title and heading != section else ""
