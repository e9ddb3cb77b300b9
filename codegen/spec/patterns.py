"""Regular expressions from outside, searched in linear time whatever they and the texts are."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, ValidationError, core_schema

LONGEST = 2000  # Characters of a pattern that is read.
# What another engine reads of more characters than those of ASCII.
_CLASSES = re.compile(r"\\[dDwWsSbB]")


def searched(pattern: str, text: str) -> bool | None:
    """Whether a pattern is found in a text; None where that can't be decided.

    The engine is that of the typed requests: it does not backtrack, and knows no look-around.
    """
    engine = _engine(pattern)
    if engine is None or (not text.isascii() and _CLASSES.search(pattern)):
        return None
    try:
        engine.validate_python(text)
    except ValidationError as error:
        mismatch = error.errors(include_input=False)[0]["type"] == "string_pattern_mismatch"
        return False if mismatch else None
    return True


def matched(pattern: str, text: str) -> bool | None:
    """Whether a pattern is the whole of a text; None where that can't be decided."""
    return searched(f"^(?:{pattern})$", text)


def fault(pattern: str) -> str:
    """What is wrong with a pattern, in words; empty if every engine can read it."""
    if len(pattern) > LONGEST:
        return f"this regular expression has more than {LONGEST} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # Python will read it otherwise.
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        return f"this is not a valid regular expression: {str(error) or type(error).__name__}"
    if _engine(pattern) is None:
        return "this regular expression needs an engine that backtracks, or is too large"
    return ""


@lru_cache(1000)
def _engine(pattern: str) -> SchemaValidator | None:
    if len(pattern) > 2 * LONGEST:
        return None
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except (SchemaError, UnicodeError):
        return None
