"""The idioms that pages say limits, defaults and conditions in: `PHRASES`."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Meaning: TypeAlias = Literal[
    "nothing",
    "required",
    "nullable",
    "ratio",
    "matches",
    "beside",
    "named",
    "values",
    "default",
    "used_when",
    "ignored_when",
    "limits",
]

# What a phrase means, which a function in `meanings` notes, and the phrase: a line for each.
# A space is any white space, words in capitals stand for an entry of `_PARTS`, and of two phrases
# that match the same words the first has them.
# Words that mean two things need two phrases: one that only looks ahead, `(?=…)`, and `nothing`.
PHRASES: tuple[tuple[Meaning, str], ...] = (
    ("nothing", r"not required|optional: YES|required: NO|optional\b(?!:)|\(?inclusive\)?"),
    ("nothing", r"(?<!\S)/[a-z][\w/{}-]*"),
    ("required", r"required: YES|optional: NO|(?:^|[(,]\s*)required(?=\s*[.,;)]|\s*$)"),
    ("nullable", r"nullable|(?:can|may) be null"),
    ("ratio", r'(?:in )?"W:H" format'),
    (
        "matches",
        r'use "(?P<value>[^"]+)" to match (?:the )?(?:first )?(?P<other>[\w ]+?)(?:STOP|(?=, or\b))',
    ),
    ("beside", r"\(used? (?:together )?with (?P<other>NAME)\)"),
    ("named", r'(?:use|set(?: it)? to) "(?P<value>[^"]+)" (?:to|for)\b'),
    ("values", r"(?:^|:\s*|\(|ONE OF\s*)(?P<values>QUOTED(?:ORQUOTED)+)LISTEND"),
    ("values", r"ONE OF\s*(?P<values>LISTED(?:ORLISTED)+)LISTEND"),
    ("values", r"(?:^|\bformats?:\s*)(?P<values>CHOICE(?:, CHOICE)+,? or CHOICE)LISTEND"),
    ("values", r"^(?P<values>WORDDEFAULT or CHOICE|CHOICE or WORDDEFAULT)LISTEND"),
    ("values", r"^(?P<values>FIGURE or FIGURE)LISTEND"),
    ("default", r"(?:the )?defaults?(?: value)?(?: is| to| of)?\s*[:=]?\s*(?P<default>VALUE)END"),
    ("default", r"(?<![^\s(,])(?P<default>VALUE) by default"),
    ("used_when", r"only (?:USED )?(?:when|if|for|with) CONDITION"),
    ("ignored_when", r"UNUSED (?:when|if|for|with) CONDITION"),
    ("limits", r"(?:in )?(?:CLOSED|HALFOPEN|OPENHALF)"),
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

NUMBER = r"[-−+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,20})(?:\.[0-9]{1,20})?"
_UNITS = (
    r"MP|megapixels?|px|pixels?|%|[kmg]i?b|bytes?|characters?|chars?|words?|tokens?|seconds?|secs?"
    r"|ms|s|minutes?|hours?|days?|fps|frames?|wide|tall|high|k|x|×|times|percent"
    r"|dozen|hundred|thousand|million|billion"
)
_MEASURE = (
    rf'(?<![\w"])(?<![0-9][.,:/×])(?P<what>{NUMBER})(?:\s?(?P<what_unit>{_UNITS})(?!\w))?'
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
    "CLOSED": rf"\[(?P<low>{NUMBER})\s*,\s*(?P<high>{NUMBER})\]",
    "HALFOPEN": rf"\[(?P<low_>{NUMBER})\s*,\s*(?P<below>{NUMBER})\)",
    "OPENHALF": rf"\((?P<above>{NUMBER})\s*,\s*(?P<high_>{NUMBER})\]",
    "ITEM": r'(?:"[^"\0]+"|(?!(?:or|and)\b)[^\s,;()"\0/|…]*[^\s,;.:()"\0/|…])',
    # An item of a list may have a note, which may say that it is the default.
    "DEFAULT": r' \((?:[^()"\0]*, )?default(?:, [^()"\0]*)?\)',
    "NOTE": r'(?:DEFAULT| \((?![^()]*default)[^()"\0]*\))?',
    "QUOTED": r'"[^"\0]+"NOTE',
    "LISTED": r"ITEMNOTE",
    "CHOICE": r"WORDNOTE",
    "FIGURE": r"[0-9.]*[0-9]NOTE",
    "LISTEND": r"(?!DEFAULT)(?!,?\s*(?:…|\.\.\.))END",
    "WORD": r"(?-i:(?!or\b)[a-z0-9](?:[a-z0-9._:-]*[a-z0-9])?)",
    "NAME": r'"?[A-Za-z]\w*(?:\.\w+)?"?',
    "VALUE": rf'(?:"[^"\0]+"|\[[^\[\]\0]*\]|{NUMBER}(?![\w.,:])|[^\s,;()"\0]*[^\s,;.:()"\0])',
    "THING": r'(?:"[^"]+"|[0-9.]+ [a-z]+|[^\s,;()"]*[^\s,;.()"])',
    "EXAMPLE": r"(?:e\.g\.|for example|for instance|such as),?:? THING(?:ORTHING)*"
    r"(?:,? etc\.?|,? and (?:many )?(?:more|others))?",
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


def _compile(phrase: str) -> re.Pattern[str]:
    """A phrase with its parts put in."""
    names = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))
    while names.search(phrase):
        phrase = names.sub(lambda match: _PARTS[match[0]], phrase)
    return re.compile(phrase.replace(" ", r"\s+"), re.IGNORECASE)


PATTERNS: list[tuple[Meaning, re.Pattern[str]]] = [
    (meaning, _compile(rf"(?:\b|(?!\w))(?:must be (?=\S))??(?:{phrase})"))
    for meaning, phrase in PHRASES
]
NOTES = _compile(r"(?P<default>DEFAULT)| \([^()]*\)")
EXAMPLES = _compile(r"\(EXAMPLE\)|EXAMPLE|^examples?:.*")
ITEMS = _compile(r"(?<!\w)ITEM")
PAIRS = _compile(_PARTS["PAIR"].replace(r"[\w.]+", r"(?P<name>[\w.]+)").replace("ITEM", "(ITEM)"))
# Words that soften or reverse a limit: the sentence around them is left to a person.
HEDGES = _compile(
    r"\b(?:when|if|unless|except|only|not|never|otherwise|recommended|suggested|typical\w*|usual\w*"
    r"|ideal\w*|best|about|around|approx\w*|roughly|etc|including|exclusive|per|each|some|often"
    r"|more)\b|[~≈]"
)
# Signs that a sentence says more than was read of it.
CUES = _compile(
    r'[\d"≤≥<>]|:\s|\b(?:only|unless|must|cannot|when|if|ignored|relevant|requir\w*|defaults?|max'
    r"|min|maximum|minimum|at (?:most|least)|up to|one of|either|between|limit\w*|multiples?"
    r"|exceed\w*)\b|^\w+ or \w+\W*$"
)
