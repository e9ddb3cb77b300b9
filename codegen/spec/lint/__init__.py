"""The checks that look at more than one place of a Spec: what names what, and what fits in what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..whole import Spec
from .examples import check_examples
from .models import check_model
from .names import check_names
from .operations import check_discriminators, check_operations, check_use
from .problems import Problem as Problem
from .problems import unknown
from .readings import check_readings
from .references import check_api, check_families, check_formats, check_operation, check_sources
from .roles import check_roles
from .schemas import check_schema
from .words import check_words


def check(spec: Spec) -> Iterator[Problem]:
    """Every problem of a spec whose files are right each by itself."""
    for model in spec.models.values():
        if model.family not in spec.families:
            unfamiliar = unknown("family", model.file, ("family",), model.family, spec.families)
            hint = f"{unfamiliar.hint} Or write families/{model.family}.yaml.".lstrip()
            yield replace(unfamiliar, hint=hint)
    # What follows says nothing of a model whose family nobody knows.
    familiar = {id: model for id, model in spec.models.items() if model.family in spec.families}
    yield from _check(replace(spec, models=familiar))


def _check(spec: Spec) -> Iterator[Problem]:
    yield from check_sources(spec)
    yield from check_readings(spec)
    yield from check_formats(spec)
    yield from check_api(spec)
    yield from _check_objects(spec)
    for name, operation in spec.operations.items():
        yield from check_operation(spec, name, operation)
    families = list(check_families(spec))
    yield from families
    submissions = spec.submissions()
    if not submissions:
        message = "no operation takes a model's request"
        yield Problem("operations.yaml", (), message, "write `body: {request: …}` in one of them")
    # A model repeats what is wrong with its family, its operation, and the object of its requests.
    if not families and spec.objects.keys() >= set(submissions.values()):
        roles = [*check_roles(spec), *check_operations(spec)]
        yield from roles
        if not roles:
            yield from check_discriminators(spec)
        for model in spec.models.values() if not roles else ():
            yield from check_model(spec, model)
            yield from check_examples(spec, model)
    yield from check_names(spec)


def _check_objects(spec: Spec) -> Iterator[Problem]:
    for name, definition in spec.objects.items():
        path = (name, "extends")
        if definition.extends is not None and definition.extends not in spec.objects:
            yield unknown("object", "objects.yaml", path, definition.extends, spec.objects)
        elif name in _above(spec, name):
            yield Problem("objects.yaml", path, f"`{name}` extends itself", "end the circle")
        yield from check_schema(spec, "objects.yaml", (name,), definition)


def _above(spec: Spec, name: str) -> set[str]:
    """What an object extends, and what that extends."""
    found: set[str] = set()
    above = spec.objects[name].extends
    while above is not None and above in spec.objects and above not in found:
        found.add(above)
        above = spec.objects[above].extends
    return found


def advise(spec: Spec) -> Iterator[Problem]:
    """What is suspicious in a sound spec, and may be right all the same."""
    yield from check_use(spec)
    yield from check_words(spec)
