"""Spec to the reference: a page of all models, a page for each, and a table of the families."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..naming import class_name
from ..spec.descriptions import cost
from ..spec.model import Family, Model
from ..spec.whole import Spec
from . import command_line
from .catalogue import argument_names
from .markdown import block, code, paragraph, plain, table
from .printing import PACKAGE, render
from .reference_limits import Limits, quoted
from .samples import Sample

NOT_TOLD = "–"


def reference(spec: Spec, samples: Iterable[Sample]) -> dict[str, str]:
    """The files of the reference by their paths in `reference/`."""
    of_model: dict[str, list[Sample]] = {}
    for sample in samples:
        of_model.setdefault(sample.model.id, []).append(sample)
    return {
        "families.md": render("families.md.jinja", table=families(spec)),
        "index.md": render("models.md.jinja", **_index(spec)),
        **{
            f"models/{model.id}.md": render(
                "model.md.jinja", **_page(spec, model, of_model.get(model.id, []))
            )
            for model in spec.models.values()
        },
    }


def families(spec: Spec) -> str:
    """A table of the families: who makes their models, which they are, and what they cost."""
    rows = []
    for family in _by_title(spec):
        models = [model for model in spec.models.values() if model.family == family.id]
        ids = ", ".join(code(model.id) for model in models)
        rows.append([plain(family.title), plain(family.vendor), ids, _credits(models)])
    return table(["Family", "By", "Models", "Credits"], rows)


def _by_title(spec: Spec) -> list[Family]:
    """The families in the order of their titles, that with a number after that without one."""
    return sorted(spec.families.values(), key=lambda family: (family.title.casefold(), family.id))


def _credits(models: Iterable[Model]) -> str:
    """What requests for any of the models cost, from the least to the most."""
    prices = [model.price for model in models]
    costs: dict[str, list[int]] = {}
    for price in filter(None, prices):
        found = [price.credits, price.default]
        found += [credits for costs in (price.by or {}).values() for credits in costs.values()]
        what = f" a {price.per}" if price.per else " a picture" if price.times else ""
        costs.setdefault(what, []).extend(one for one in found if one is not None)
    words = [
        f"{min(each)}{f' to {max(each)}' if max(each) > min(each) else ''}{what}"
        for what, each in costs.items()
    ]
    if not words:
        return NOT_TOLD
    return "; ".join(words) + (" where stated" if None in prices else "")


def _index(spec: Spec) -> dict[str, Any]:
    shown = []
    for family in _by_title(spec):
        rows = [
            [
                f"[{plain(model.title)}](models/{model.id}.md)",
                plain(model.summary),
                NOT_TOLD if model.price is None else plain(_cost(spec, model)),
                "; ".join(Limits(spec, model).in_brief()),
            ]
            for model in spec.models.values()
            if model.family == family.id
        ]
        head = ["Model", "What it does", "Price", "In brief"]
        shown.append(
            {
                "id": family.id,
                "title": plain(family.title),
                "vendor": plain(family.vendor),
                "operation": code(family.operation),
                "table": table(head, rows),
            }
        )
    origins = [
        {"title": plain(origin.title), "summary": plain(origin.summary)}
        for origin in spec.sources.values()
    ]
    return {
        "name": plain(spec.api.name),
        "families": shown,
        "origins": origins,
    }


def _cost(spec: Spec, model: Model) -> str:
    """What a request for a model costs, in words, with the names that Python has."""
    names = argument_names(spec, model)
    assert model.price is not None
    return cost(model.price, lambda name: names.get(name, name))


def _page(spec: Spec, model: Model, samples: Iterable[Sample]) -> dict[str, Any]:
    family = spec.families[model.family]
    limits = Limits(spec, model)
    return {
        "title": plain(model.title),
        "summary": paragraph(f"{model.summary} {model.description}"),
        "family": f"[{plain(family.title)}](../index.md#{family.id})",
        "vendor": plain(family.vendor),
        "is_idempotent": spec.operations[spec.operation_of(model)].idempotent_by_key,
        "facts": list(_facts(spec, model)),
        "table": limits.table(),
        "rules": list(limits.rules()),
        "origins": list(_origins(spec, model)),
        "parameters": list(limits.sections()),
        "samples": [_sample(spec, sample) for sample in samples],
    }


def _facts(spec: Spec, model: Model) -> Iterator[tuple[str, str]]:
    """What is known of a model as a whole, and what each of it is."""
    operation = spec.operations[spec.operation_of(model)]
    discriminator = spec.discriminator(spec.request_object(model))
    container = spec.container(model)
    if model.price is None:
        yield "Price", "No source says what it costs."
    else:
        said = "".join(f" {text}." for text in quoted(spec, model.price.source))
        words = _cost(spec, model)
        yield "Price", f"{plain(words[0].upper() + words[1:])}.{said}"
    yield "Result", _result(spec, model)
    yield "Python", code(f"from {PACKAGE}.types import {class_name(model.id)}")
    command = command_line.command(spec, spec.operation_of(model))
    yield "Command line", code(f"{PACKAGE} {command} {model.id} --help")
    where = f", the parameters below in {code(container)}" if container else ""
    told = f'"{discriminator}": "{spec.discriminator_value(model)}"'
    yield "HTTP", f"{code(f'{operation.method} {operation.path}')} with {code(told)}{where}"


def _result(spec: Spec, model: Model) -> str:
    """What a job of a model makes, in words."""
    result = spec.api.results[spec.result_of(model)]
    names = argument_names(spec, model)
    counted = next((n for n, p in model.parameters.items() if p.role == "count"), None)
    if model.count is not None:
        words = f"{model.count} {result.media}{'s' if model.count > 1 else ''}"
    elif counted is not None:
        words = f"as many {result.media}s as {code(names[counted])} says"
    else:
        words = f"{result.media}s"
    if "composite" in spec.roles(result.object):
        words += f", and one {result.media} that shows all of them"
    hours = spec.api.job.kept_hours
    words += f"; kept for {hours} hours at least" if hours else ""
    return f"{words[0].upper()}{words[1:]}."


def _origins(spec: Spec, model: Model) -> Iterator[str]:
    """What sources say of a model, and of its family, as a whole."""
    family = spec.families[model.family]
    yield from quoted(spec, model.source)
    for id, words in {**family.readings, **model.readings}.items():
        yield f"{plain(spec.sources[id].title)}, otherwise: {plain(words)}"


def _sample(spec: Spec, sample: Sample) -> dict[str, Any]:
    words = command_line.words(spec, sample.model, sample.model.examples[sample.name].request)
    names = {"py": ("Python", "python"), "sh": ("curl", "sh"), "mjs": ("JavaScript", "js")}
    return {
        "model": sample.model.id,
        "name": sample.name,
        "summary": plain(sample.summary),
        "command": block("sh", command_line.line(PACKAGE, words)),
        "programs": [
            {
                "language": names[ending][0],
                "file": f"{sample.name}.{ending}",
                "path": f"../../samples/{sample.path(ending)}",
                "code": block(names[ending][1], text),
            }
            for ending, text in sample.texts.items()
        ],
    }
