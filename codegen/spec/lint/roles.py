"""What code has to find by its role is there, and no two members of an object have one role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..document import Path
from ..schema import Schema
from ..whole import Spec
from .problems import Problem

# Without these nothing can be done with an answer.
_JOB = ("id", "status")
_PAGE = ("items", "next_cursor")


def check_roles(spec: Spec) -> Iterator[Problem]:
    """What is wrong with the roles of an otherwise sound spec."""
    for name, definition in spec.objects.items():
        seen: dict[str, str] = {}
        for member, schema in (definition.properties or {}).items():
            if schema.role is None:
                continue
            if schema.role in seen:
                message = f"`{seen[schema.role]}` has the role {schema.role} already"
                where: Path = (name, "properties", member, "role")
                yield Problem("objects.yaml", where, message, "give the role to one of them")
            seen.setdefault(schema.role, member)
    yield from _lacking(spec, spec.api.job.object, _JOB)
    for name, operation in spec.operations.items():
        answer = operation.success.object
        match spec.kind_of(operation):
            case "submit":
                yield from _lacking(spec, operation.body.request, ("discriminator",))
                yield from _lacking(spec, answer, _JOB)
            case "job":
                yield from _unasked(name, "path_parameters", operation.path_parameters, "id")
            case "jobs":
                yield from _lacking(spec, answer, _PAGE)
                yield from _unasked(name, "query", operation.query, "cursor")
    for name, result in spec.api.results.items():
        if result.object in spec.objects and not (
            {"images", "videos", "audio"} & spec.roles(result.object).keys()
        ):
            message = f"the object {result.object} has no list of files"
            hint = "write `role: images` at the member that lists their URLs"
            yield Problem("api.yaml", ("results", name, "object"), message, hint)


def _lacking(spec: Spec, object: str | None, roles: Iterable[str]) -> Iterator[Problem]:
    """The roles that an object, which is known, has no member for."""
    if object is None or object not in spec.objects:
        return
    found = spec.roles(object)
    for role in roles:
        if role not in found:
            message = f"no member of {object} has the role {role}"
            hint = f"write `role: {role}` at the member that is it"
            yield Problem("objects.yaml", (object,), message, hint, at_key=True)


def _unasked(
    operation: str, part: str, parameters: Mapping[str, Schema], role: str
) -> Iterator[Problem]:
    """That an operation can't be asked for a job, or for the next page."""
    if not any(schema.role == role for schema in parameters.values()):
        message = f"no parameter of {operation} has the role {role}"
        hint = f"write `role: {role}` at the one of `{part}` that is it"
        yield Problem("operations.yaml", (operation, part), message, hint, at_key=True)
