"""The checks that look at more than one place of a Spec: what names what, and what fits in what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..whole import Spec
from .examples import check_examples
from .models import check_model
from .names import check_names
from .problems import Problem, unknown
from .references import check_api, check_families, check_formats, check_operation, check_sources
from .roles import check_roles
from .schemas import check_schema


def check(spec: Spec) -> Iterator[Problem]:
    """Every problem of a spec whose files are right each by itself."""
    yield from check_sources(spec)
    yield from check_formats(spec)
    yield from check_api(spec)
    for name, definition in spec.objects.items():
        if definition.extends is not None and definition.extends not in spec.objects:
            path = (name, "extends")
            yield unknown("object", "objects.yaml", path, definition.extends, spec.objects)
        yield from check_schema(spec, "objects.yaml", (name,), definition)
    for name, operation in spec.operations.items():
        yield from check_operation(spec, name, operation)
    families = list(check_families(spec))
    yield from families
    submissions = spec.submissions()
    if not submissions:
        message = "no operation takes a model's request"
        yield Problem("operations.yaml", (), message, "write `body: {request: …}` in one of them")
    roles = list(check_roles(spec))
    yield from roles
    # A model repeats what is wrong with its family, its operation, and the object of its requests.
    sound = not families and not roles and spec.objects.keys() >= set(submissions.values())
    for model in spec.models.values() if sound else ():
        if model.family in spec.families:
            yield from check_model(spec, model)
            yield from check_examples(spec, model)
    for model in spec.models.values():
        if model.family not in spec.families:
            file = f"families/{model.family}.yaml"
            unfamiliar = unknown("family", model.file, ("family",), model.family, spec.families)
            yield replace(unfamiliar, hint=f"{unfamiliar.hint} Or write {file}.")
    yield from check_names(spec)
