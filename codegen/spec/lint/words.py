"""Words that are quoted for a limit and name other numbers: a slip of the pen, or a stale quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..constraints import KINDS
from ..document import Path
from ..schema import Constraints, Parameter, Source
from ..whole import Spec
from .problems import Problem

_LIMITS = [kind.name for kind in KINDS if kind.is_bound]
_NUMBER = re.compile(r"(?<![\w.])[-−]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")


def check_words(spec: Spec) -> Iterator[Problem]:
    """Each limit that is none of the numbers which its source's words name."""
    for model in spec.models.values():
        for name, parameter in model.parameters.items():
            yield from _check_parameter(model.file, ("parameters", name), parameter)


def _check_parameter(file: str, path: Path, parameter: Parameter) -> Iterator[Problem]:
    for limit in _LIMITS:
        yield from _check_limit(file, path, parameter, limit, parameter.source_of(limit))


def _check_limit(
    file: str, path: Path, schema: Constraints, name: str, source: Source
) -> Iterator[Problem]:
    limit = getattr(schema, name)
    if limit is None:
        return
    # A source that says nothing of this limit is no contradiction; words in which a range stands are.
    said = numbers(source)
    if said and float(limit) not in said:
        words = ", ".join(f"{number:g}" for number in sorted(said))
        message = f"the {name} is {limit}, and the words of its source name {words}"
        hint = f"correct one of them, or write `sources: {{{name}: …}}` with the words that say it"
        yield Problem(file, (*path, name), message, hint, at_key=True)


def numbers(source: Source) -> set[float]:
    """The numbers that the words of a source name."""
    texts = [
        text for words in source.values() for text in ([words] if isinstance(words, str) else words)
    ]
    found = (number for text in texts for number in _NUMBER.findall(text))
    return {float(number.replace(",", "").replace("−", "-")) for number in found}
