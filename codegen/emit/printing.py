"""What is decided to text, by the templates."""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from ..naming import docstring
from . import source_text

# The name of the package that is emitted.
PACKAGE = "fluxframe"
HEADER = "# Generated from spec/ by `python -m codegen generate`; do not edit."
_TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters |= {
        "js": source_text.json_text,
        "js_constant": lambda source, name: source_text.javascript_constant(name, source),
        "js_key": source_text.javascript_key,
        "js_place": source_text.javascript_place,
        "in_backticks": source_text.in_backticks,
        "jq_place": source_text.jq_place,
        "word": shlex.quote,
        "in_double_quotes": source_text.in_double_quotes,
        "docstring": docstring,
    }
    return environment


def render(template: str, **context: Any) -> str:
    """The text of a template; `header` and `package` are in its context."""
    return _environment().get_template(template).render(header=HEADER, package=PACKAGE, **context)
