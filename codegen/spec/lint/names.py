"""Names of the spec can be names in Python and in an OpenAPI document, and no two become the same."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable, Iterator

from ...naming import class_name, identifier, snake_case
from ..document import Path
from ..whole import Spec
from .problems import Problem

# The module that the families' modules share.
SHARED = "common"
# What the modules of typed requests import, or define beside the models' classes.
_TAKEN = frozenset(
    {"Annotated", "Any", "Field", "Literal", "Request"}
    | {"StrictBool", "StrictFloat", "StrictInt", "StrictStr"}
)
_COMPONENT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OPERATION = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
# Of an example: it is that of files, in file systems that don't tell small letters from capitals too.
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FAMILY = re.compile(r"[A-Za-z][A-Za-z0-9._\-]*")


def check_names(spec: Spec) -> Iterator[Problem]:
    """What can't be a name where it is one, and names that become the same in Python."""
    words = "expected letters, digits and `_`, a letter first"
    for file, names in (("objects.yaml", spec.objects), ("formats.yaml", spec.formats)):
        yield from _unfit(file, names, _COMPONENT, words)
    for status, error in spec.api.errors.items():
        if not _COMPONENT.fullmatch(error.name):
            message = f"`{error.name}` can't be a name"
            yield Problem("api.yaml", ("errors", status, "name"), message, words)
    for key, variable in spec.api.environment.model_dump().items():
        if not _VARIABLE.fullmatch(variable):
            message = f"`{variable}` can't be the name of an environment variable"
            yield Problem("api.yaml", ("environment", key), message, words)
    yield from _check_examples(spec)
    hint = "expected `name` or `group.name`, of small letters, digits and `_`"
    yield from _unfit("operations.yaml", spec.operations, _OPERATION, hint)
    for name in spec.operations:
        for part in name.split("."):
            if keyword.iskeyword(part):
                message = f"`{part}` is a keyword of Python"
                yield Problem("operations.yaml", (name,), message, "give it another name", True)
    for id in spec.families:
        module = snake_case(id)
        if not _FAMILY.fullmatch(id) or keyword.iskeyword(module) or module == SHARED:
            message = f"`{id}` can't be the id of a family: its module could not be imported"
            if module == SHARED:
                message = f"`{id}` can't be the id of a family: it is the module of all families"
            hint = "expected letters, digits, `.`, `_` and `-`, a letter first, and no keyword"
            yield Problem(spec.families[id].file, ("id",), message, hint)
    yield from _alike(
        "module", snake_case, ((spec.families[id].file, ("id",), id, False) for id in spec.families)
    )
    yield from _alike(
        "name", identifier, (("operations.yaml", (id,), id, True) for id in spec.operations)
    )
    for file, known in (("objects.yaml", spec.objects), ("formats.yaml", spec.formats)):
        yield from _alike("class", class_name, ((file, (id,), id, True) for id in known))
    yield from _check_classes(spec)


def _check_examples(spec: Spec) -> Iterator[Problem]:
    """The names of a model's examples can be those of files, and no two would be the same file."""
    hint = "expected letters, digits, `.`, `_` and `-`, neither `.` nor `-` first"
    for model in spec.models.values():
        path: Path = ("examples",)
        for name in model.examples:
            if not _FILE.fullmatch(name):
                message = f"`{name}` can't be the name of an example: its samples are files"
                yield Problem(model.file, (*path, name), message, hint, at_key=True)
        named = ((model.file, (*path, name), name, True) for name in model.examples)
        yield from _alike("file", str.lower, named)


def _check_classes(spec: Spec) -> Iterator[Problem]:
    """No two models have classes of one name, or of a name that their module uses already."""
    objects = {class_name(name) for name in spec.objects}
    # The groups of operations are classes beside those of requests.
    groups = {class_name(name.rpartition(".")[0]) for name in spec.operations if "." in name}
    objects |= groups | {f"Async{name}" for name in groups}
    for id in spec.models:
        if (name := class_name(id)) in _TAKEN | objects:
            message = f"`{id}` would be the class {name}, which is there already"
            yield Problem(spec.models[id].file, ("id",), message, "give it another id")
    yield from _alike(
        "class", class_name, ((spec.models[id].file, ("id",), id, False) for id in spec.models)
    )


def _unfit(
    file: str, names: Iterable[str], pattern: re.Pattern[str], hint: str
) -> Iterator[Problem]:
    for name in names:
        if not pattern.fullmatch(name):
            yield Problem(file, (name,), f"`{name}` can't be a name", hint, at_key=True)


def _alike(
    what: str, become: Callable[[str], str], names: Iterable[tuple[str, Path, str, bool]]
) -> Iterator[Problem]:
    """Names of which two become the same."""
    first: dict[str, str] = {}
    for file, path, name, at_key in names:
        python = become(name)
        if python in first:
            message = f"`{name}` and `{first[python]}` would both be the {what} {python}"
            yield Problem(file, path, message, "give one of them another id", at_key)
        first.setdefault(python, name)
