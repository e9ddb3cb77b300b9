"""The folder `spec/` to a checked Spec, or every problem in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from . import lint
from . import model as spec
from .diagnostics import Diagnostic, Position, SpecError, nearest
from .document import Document, parse

T = TypeVar("T")

SPEC = Path(__file__).resolve().parents[2] / "spec"


# Each kind of file of a spec, by its name or the folder that it is in.
FILES: dict[str, Any] = {
    "api": spec.Api,
    "sources": dict[str, spec.Origin],
    "formats": dict[str, spec.Format],
    "objects": dict[str, spec.Definition],
    "operations": dict[str, spec.Operation],
    "families": spec.Family,
    "models": spec.Model,
}
_FOLDERS = ("families", "models")
_SINGLE = tuple(f"{name}.yaml" for name in FILES if name not in _FOLDERS)


def load(folder: Path = SPEC) -> spec.Spec:
    """The Spec in `folder`.

    Raises SpecError with every problem found, each with its file, line and column.
    """
    return resolve(read(folder), root=_shown_folder(folder))


def _shown_folder(folder: Path) -> str:
    """How the folder is named in problems: from where the reader stands, if it is below."""
    folder, here = folder.resolve(), Path.cwd()
    shown = folder.relative_to(here) if folder.is_relative_to(here) else folder
    return f"{shown.as_posix()}/"


def read(folder: Path) -> dict[str, bytes]:
    """The YAML files below `folder` by their path, sorted; nothing is parsed."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.y*ml"))
        if path.is_file()
    }


def resolve(files: Mapping[str, bytes], *, root: str = "spec/") -> spec.Spec:
    """The Spec in `files`; `root` goes before their paths in problems."""
    return _Loader(files, root).load()


class _Loader:
    """Reads file after file, and goes on after a problem, to find them all in one run."""

    def __init__(self, files: Mapping[str, bytes], root: str) -> None:
        self.root = root
        self.problems: list[Diagnostic] = []
        self.documents: dict[str, Document] = {}
        for path, data in sorted(files.items()):
            if not _expected(path):
                hint = "expected " + ", ".join([*_SINGLE, *(f"{d}/*.yaml" for d in _FOLDERS)])
                self._add(path, "this file has no place in a spec", hint)
                continue
            try:
                self.documents[path] = parse(root + path, data)
            except SpecError as error:
                self.problems += error.diagnostics

    def load(self) -> spec.Spec:
        api = self._single("api.yaml", spec.Api)
        sources = self._single("sources.yaml", dict[str, spec.Origin])
        formats = self._single("formats.yaml", dict[str, spec.Format])
        objects = self._single("objects.yaml", dict[str, spec.Definition])
        operations = self._single("operations.yaml", dict[str, spec.Operation])
        families = dict(self._folder("families", spec.Family))
        models = dict(self._folder("models", spec.Model))
        if not models and not self.problems:
            self._add("models", "there is no model", "write one as models/ID.yaml")
        if self.problems or not (api and sources and formats and objects and operations):
            raise SpecError(self.problems)
        whole = spec.Spec(
            api=api,
            sources=sources,
            formats=formats,
            objects={name: _extended(name, objects) for name in objects},
            operations=operations,
            families=families,
            models={id: _resolved(model, families) for id, model in models.items()},
        )
        problems = [
            self.documents[problem.file].problem(
                problem.path, problem.message, problem.hint, at_key=problem.at_key
            )
            for problem in lint.check(whole)
        ]
        if problems:
            raise SpecError(problems)
        return whole

    def _folder(self, folder: str, kind: type[T]) -> Iterator[tuple[str, T]]:
        for path in self.documents:
            if path.startswith(f"{folder}/"):
                entry = self._single(path, kind)
                if entry is None:
                    continue
                id = cast(Any, entry).id
                if path != f"{folder}/{id}.yaml":
                    message = f"the id is `{id}`, and the file is named `{Path(path).stem}`"
                    hint = f"name the file `{id}.yaml`, or give it the other id"
                    self.problems.append(self.documents[path].problem(("id",), message, hint))
                yield id, entry

    def _single(self, path: str, kind: type[T]) -> T | None:
        if path not in self.documents:
            if not any(problem.position.file == self.root + path for problem in self.problems):
                self._add(path, "the file is missing")
            return None
        document = self.documents[path]
        try:
            return TypeAdapter(kind).validate_python(document.value)
        except ValidationError as error:
            found = [_diagnose(document, details, kind) for details in error.errors()]
            self.problems += _merged(found)
            return None

    def _add(self, path: str, message: str, hint: str = "") -> None:
        self.problems.append(Diagnostic(Position(self.root + path, 1, 1), message, hint))


def _expected(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    return path in _SINGLE or (folder in _FOLDERS and name.endswith(".yaml"))


def _resolved(model: spec.Model, families: Mapping[str, spec.Family]) -> spec.Model:
    """The model with what its family says of each parameter filled in."""
    family = families.get(model.family)
    if family is None:
        return model
    parameters: dict[str, spec.Parameter] = {}
    for name, parameter in model.parameters.items():
        shared = family.parameters.get(name)
        given = {key: getattr(parameter, key) for key in parameter.model_fields_set}
        base = {key: getattr(shared, key) for key in shared.model_fields_set} if shared else {}
        parameters[name] = spec.Parameter.model_construct(**{**base, **given})
    return model.model_copy(update={"parameters": parameters})


def _extended(name: str, objects: Mapping[str, spec.Definition]) -> spec.Definition:
    """The object with what it extends filled in."""
    definition = objects[name]
    if definition.extends is None or definition.extends not in objects:
        return definition
    base = objects[definition.extends]
    properties = {**(base.properties or {}), **(definition.properties or {})}
    for left_out in definition.without:
        properties.pop(left_out, None)
    update = {"properties": properties, "type": base.type, "open": definition.open or base.open}
    return definition.model_copy(update=update)


# pydantic's error types, and what to say for them.
_EXPECTED = {
    "string_type": "text",
    "int_type": "an integer",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "a mapping",
    "list_type": "a list",
    "model_type": "a mapping",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_pattern_mismatch": "text that matches {pattern}",
}


def _diagnose(document: Document, details: ErrorDetails, kind: object) -> Diagnostic:
    """The problem that pydantic found, at its place in the file."""
    error, found, last = details["type"], details["input"], details["loc"][-1]
    path: tuple[int | str, ...] = ()
    for part in details["loc"]:  # Parts that are no place in the file name branches of a union.
        if (*path, part) in document.values:
            path = (*path, part)
    if error == "extra_forbidden":
        hint = nearest(str(last), _keys(kind, path[:-1]))
        return document.problem(path, f"unknown key `{last}`", hint, at_key=True)
    if error == "missing":
        return document.problem(path, f"`{last}` is missing", f"write `{last}: …`", at_key=True)
    if error == "literal_error":
        names = _literals(kind, path)
        return document.problem(path, f"{_show(found)} is no {last}", nearest(str(found), names))
    expected = details["msg"][:1].lower() + details["msg"][1:]
    if error in _EXPECTED:
        expected = _EXPECTED[error].format(**details.get("ctx", {}))
    return document.problem(path, f"found {_show(found)}, expected {expected}")


def _merged(problems: list[Diagnostic]) -> list[Diagnostic]:
    """One problem a place: a union reports once a branch, and a misspelt key is missing too."""
    meant = {p.hint for p in problems if p.message.startswith("unknown key")}
    problems = [
        problem
        for problem in problems
        if f"did you mean {problem.message.removesuffix(' is missing')}?" not in meant
    ]
    places: dict[Position, list[Diagnostic]] = {}
    for problem in problems:
        places.setdefault(problem.position, []).append(problem)
    result: list[Diagnostic] = []
    for same in places.values():
        start, expected, first = same[0].message.partition(", expected ")
        if len(same) > 1 and expected and all(p.message.startswith(start) for p in same):
            wanted = dict.fromkeys([first, *(p.message.partition(expected)[2] for p in same)])
            if "a number" in wanted:  # An integer is one.
                wanted.pop("an integer", None)
            same = [replace(same[0], message=start + expected + " or ".join(sorted(wanted)))]
        result += same
    return result


def _annotation(kind: Any, path: Iterable[int | str]) -> Any:
    """The type that a spec class gives to the value at `path`."""
    for part in path:
        kind = _plain(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = kind.model_fields[str(part)].annotation
        else:
            kind = [Any, *get_args(kind)][-1]
    return _plain(kind)


def _plain(kind: Any) -> Any:
    """The type without Annotated and without `| None`."""
    while get_origin(kind) in (Annotated, Union, UnionType):
        kind = next(arg for arg in get_args(kind) if arg is not NoneType)
    return kind


def _keys(kind: Any, path: Iterable[int | str]) -> list[str]:
    entry = _annotation(kind, path)
    known = isinstance(entry, type) and issubclass(entry, BaseModel)
    return list(entry.model_fields) if known else []


def _literals(kind: Any, path: Iterable[int | str]) -> list[str]:
    return [str(value) for value in get_args(_annotation(kind, path))]


def _show(value: object) -> str:
    """A value of a spec file, as its reader would name it."""
    if isinstance(value, str):
        return f'the text "{value}"'
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return "nothing" if value is None else json.dumps(value)
