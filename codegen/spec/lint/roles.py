"""What code has to find by its role is there, and no two members of an object have one role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..document import Path
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
        for role, places in spec.role_places(name).items():
            if len({place[:-1] for place in places}) > 1:
                told = " and ".join(".".join(place) for place in places)
                message = f"{told} have the role {role}, and code could find only one of them"
                yield Problem("objects.yaml", (name,), message, "take it from all but one", True)
    yield from _lacking(spec, spec.api.job.object, _JOB)
    for name, operation in spec.operations.items():
        answer = operation.success.object
        match spec.kind_of(operation):
            case "submit":
                yield from _lacking(spec, operation.body.request, ("discriminator",))
                yield from _lacking(spec, answer, _JOB)
            case "jobs":
                yield from _lacking(spec, answer, _PAGE)
                if not any(schema.role == "cursor" for schema in operation.query.values()):
                    message = f"no parameter of {name} has the role cursor"
                    hint = "write `role: cursor` at the one that asks for the next page"
                    yield Problem("operations.yaml", (name, "query"), message, hint, at_key=True)
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
