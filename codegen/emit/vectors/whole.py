"""The vectors of a request as a whole: what tells which model it is for, and members that are not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...spec.schema import Schema
from .making import Making
from .model import REMOVED
from .told import source_of


def add_least(making: Making) -> None:
    """The request that has nothing but what is required."""
    line = making.lines.model()
    id = making.constraint((), "optional", making.model.source, line)
    making.add(id, "least", "nothing but what is required", {}, accepted=True)


def add_discriminator(making: Making) -> None:
    """Values that nearly tell which model a request is for."""
    place = making.request.discriminator
    member, own = making.request.members[place], making.spec.discriminator_value(making.model)
    source, line = source_of(member, ""), making.line(place, ())
    id = making.constraint(place, "type", source, line, member.type)
    making.add(id, "null", "null", {place: None}, accepted=False)
    id = making.constraint(place, "discriminator", source, line, own)
    operation = making.spec.operation_of(making.model)
    taken = {*map(making.spec.discriminator_value, making.spec.models_of(operation).values())}
    tried = [
        ("other-case", f"`{own}` in the other case", own.swapcase()),
        ("space-after", f"`{own}` with a space after it", f"{own} "),
        ("stranger", "a model that is nowhere", f"{own}-0"),
        *_of_other_operations(making),
    ]
    for name, says, value in tried:
        if value not in taken:
            making.add(id, name, says, {place: value}, accepted=False)


def _of_other_operations(making: Making) -> Iterator[tuple[str, str, str]]:
    """The first model that another operation takes."""
    own = making.spec.operation_of(making.model)
    for model in making.spec.models.values():
        if making.spec.operation_of(model) != own:
            value = making.spec.discriminator_value(model)
            yield "other-operation", f"`{value}`, of another operation", value
            return


def add_container(making: Making) -> None:
    """The member that holds the parameters: not there, and not an object."""
    container = making.request.container
    if container is None:
        return
    source, line = making.spec.families[making.model.family].source, making.lines.container()
    if making.request.container_required:
        id = making.constraint((container,), "required", source, line, True)
        making.add(id, "missing", "without it", {(container,): REMOVED}, accepted=False)
    id = making.constraint((container,), "type", source, line, "object")
    making.add(id, "null", "null", {(container,): None}, accepted=False)
    making.add(id, "list", "a list", {(container,): []}, accepted=False)


def add_unknown(making: Making, others: Mapping[str, Schema]) -> None:
    """Members that a request does not have; `others` are parameters of other models."""
    request = making.request
    source, line = making.model.source, making.lines.model()
    id = making.constraint(request.inside, "unknown", source, line)
    for name, other in others.items():
        if good := request.goods.of(other):
            says, place = f"`{name}`, which other models take", request.place(name)
            put = {place: good[0]}
            making.add(id, f"takes-no-{name}", says, put, accepted=False, of=place)
    known = [name for name in making.model.parameters if request.has_good(request.place(name))]
    first = known[0] if known else None
    value = None if first is None else request.good(request.place(first))
    misspelt = request.place(f"{first or 'unknown'}_")
    if misspelt not in request.members:
        says = f"`{misspelt[-1]}`, which nobody takes"
        making.add(id, "misspelt", says, {misspelt: value}, accepted=False)
    if request.container is None:
        return
    id = making.constraint((), "unknown", source, line)
    if first is not None and (first,) not in request.members:
        says = f"`{first}` outside of `{request.container}`"
        making.add(id, "misplaced", says, {(first,): value}, accepted=False)
    containers = (family.container for family in making.spec.families.values())
    foreign = min(
        name for name in (*containers, "stranger") if name not in (None, request.container)
    )
    says = f"`{foreign}`, which holds the parameters of others"
    making.add(id, "other-container", says, {(str(foreign),): {}}, accepted=False)
