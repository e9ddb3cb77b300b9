"""Documentation pages of the models of the spec, in each form that pages come in."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

from codegen.spec.load import load
from codegen.spec.model import Model
from codegen.spec.schema import Schema

SPEC = load()
FLUX = SPEC.families["flux"]
HEADER = ("Parameter", "Type", "Description")
Rows = list[tuple[str, ...]]


def words(parameter: Schema) -> str:
    """The words of a parameter's own row: the first that its source has."""
    said = parameter.source["page"]
    return said if isinstance(said, str) else said[0]


def type_words(parameter: Schema) -> str:
    inner = parameter.items.type if parameter.items else ""
    return f"{inner}[]" if parameter.type == "array" else str(parameter.type)


def rows(model: Model) -> Rows:
    return [
        (
            ".".join(filter(None, [SPEC.container(model), name])),
            type_words(parameter),
            words(parameter),
        )
        for name, parameter in model.parameters.items()
    ]


def endpoint(model: Model) -> tuple[str, str]:
    """Where a model is asked for, and what stands for it there."""
    operation = SPEC.operations[SPEC.operation_of(model)]
    member = SPEC.discriminator(SPEC.request_object(model))
    value = SPEC.discriminator_value(model)
    return f"{operation.method} {operation.path}", f'{member}: "{value}"'


def curl(request: dict[str, Any], indent: int) -> str:
    body = json.dumps(request, ensure_ascii=False, indent=indent).replace("'", "'\\''")
    return f"curl -X POST https://api.example.com/v2/images/generate \\\n  -H \"A: b\" \\\n  -d '{body}'"


OTHER_CODE = 'import requests\n# A comment\nrequests.post(\njson={\n"a": True,\n},\n)\nprint(response.json());'


def run_together(model: Model, table: Rows) -> str:
    lines = ["Apiframe Docs", "Image GenerationFlux", "", model.title, "", model.summary, ""]
    lines += ["Use in Studio", "", "".join(endpoint(model)), ""]
    lines += [model.description, "", "Model-specific parameters", "", "".join(HEADER)]
    lines += ["".join(row) for row in table] + ["", "Code examples", ""]
    for example in model.examples.values():
        lines += [example.summary, "", curl(example.request, 2), OTHER_CODE, ""]
    return "\n".join([*lines, "Try it"])


def bare_pipes(model: Model, table: Rows) -> str:
    lines = ["Image GenerationFlux", model.title, model.summary]
    lines += [" — ".join(endpoint(model)), model.description]
    lines += ["See the overview.", f"| {' | '.join(HEADER)} |", "|---|---|---|"]
    lines += [" | ".join([*row[:2], escaped(row[2])]) + " |" for row in table]
    lines.append("Code examples")
    for example in model.examples.values():
        lines += [example.summary, curl(example.request, 0) + OTHER_CODE]
    return "\n".join(lines) + "Try it"


def escaped(text: str) -> str:
    return re.sub(r"([\\`*\[\]|<])", r"\\\1", text)


def markdown(model: Model, table: Rows) -> str:
    lines = [
        f"# {model.title}",
        "",
        model.summary,
        "",
        " ".join(endpoint(model)),
        "",
    ]
    lines += [model.description, "", "## Parameters", ""]
    lines += ["| Description | Parameter | Required | Type |", "|:--|---|:-:|--:|"]
    for name, kind, said in table:
        coded = re.sub(r'"([\w]+)"', r"`\1`", said) if "\\" not in said else escaped(said)
        lines.append(f"| {coded} | **`{name}`** | No | `{kind}` |")
    lines += ["", "## Code examples", ""]
    for example in model.examples.values():
        lines += [f"### {example.summary}", "", "```bash", curl(example.request, 2), "```", ""]
        lines += ["```python", "# A comment | is | no heading", OTHER_CODE, "```", ""]
    return "\n".join(lines)


def as_html(model: Model, table: Rows) -> str:
    def row(cells: tuple[str, ...], tag: str = "td") -> str:
        return "<tr>" + "\n".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    parts = ["<html><head><title>Docs</title><style>td{a|b}</style></head><body>"]
    parts += [f"<h1>{html.escape(model.title)}</h1><p>{html.escape(model.summary)}</p>"]
    path, member = endpoint(model)
    parts += [f"<p><b>POST</b> <code>{path.removeprefix('POST ')}</code> {member}</p>"]
    parts += [f"<p>{html.escape(model.description)}</p><table><thead>", row(HEADER, "th")]
    for name, kind, said in table:
        cells = (f"<code>{name}</code>", f"<span>{kind}</span>", f"<em>{html.escape(said)}</em>")
        parts.append(row(cells))
    parts.append("</table><h2>Code examples</h2>")
    for example in model.examples.values():
        code = html.escape(curl(example.request, 2))
        parts.append(f"<h3>{html.escape(example.summary)}</h3><pre><code>{code}</code></pre>")
    return "\n".join(parts) + "</body></html>"


FORMS: dict[str, Callable[[Model, Rows], str]] = {
    "run together": run_together,
    "bare pipes": bare_pipes,
    "markdown": markdown,
    "html": as_html,
}
