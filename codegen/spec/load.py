"""The folder `spec/` to a checked Spec, or every problem in it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from . import lint
from .diagnostics import Diagnostic, Position, SpecError
from .document import Document, parse
from .model import Api, Definition, Family, Format, Model, Operation, Origin
from .schema import Parameter
from .validate import validated
from .whole import Spec

T = TypeVar("T")
File = TypeVar("File", Family, Model)

LARGEST = 4 * 1024 * 1024  # Bytes of a file.
SPEC = Path(__file__).resolve().parents[2] / "spec"


# Each kind of file of a spec, by its name or the folder that it is in.
FILES: dict[str, Any] = {
    "api": Api,
    "sources": dict[str, Origin],
    "formats": dict[str, Format],
    "objects": dict[str, Definition],
    "operations": dict[str, Operation],
    "families": Family,
    "models": Model,
}
_FOLDERS = ("families", "models")
_SINGLE = tuple(f"{name}.yaml" for name in FILES if name not in _FOLDERS)


def load(folder: Path = SPEC) -> Spec:
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
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix.lower() in (".yaml", ".yml")
    }


def advice(folder: Path = SPEC) -> list[Diagnostic]:
    """What is suspicious in the spec in `folder`, and may be right. Raises SpecError if it has problems."""
    loader = _Loader(read(folder), _shown_folder(folder))
    found = loader.placed(lint.advise(loader.load()))
    return sorted(replace(problem, is_warning=True) for problem in found)


def resolve(files: Mapping[str, bytes], *, root: str = "spec/") -> Spec:
    """The Spec in `files`; `root` goes before their paths in problems."""
    return _Loader(files, root).load()


class _Loader:
    """Reads file after file, and goes on after a problem, to find them all in one run."""

    def __init__(self, files: Mapping[str, bytes], root: str) -> None:
        self.root = root
        self.problems: list[Diagnostic] = []
        self.documents: dict[str, Document] = {}
        self.paths: dict[str, str] = {}  # Where a file is that belongs elsewhere.
        for path, data in sorted(files.items()):
            if not _expected(path):
                self._add(path, "this file does not belong in a spec", _where(path))
                continue
            if len(data) > LARGEST:
                message = f"this file has {len(data)} bytes, and at most {LARGEST} are read"
                self._add(path, message)
                continue
            try:
                self.documents[path] = parse(root + path, data)
            except SpecError as error:
                self.problems += error.diagnostics

    def load(self) -> Spec:
        api = self._single("api.yaml", Api)
        sources = self._single("sources.yaml", dict[str, Origin])
        formats = self._single("formats.yaml", dict[str, Format])
        objects = self._single("objects.yaml", dict[str, Definition])
        operations = self._single("operations.yaml", dict[str, Operation])
        families = dict(self._folder("families", Family))
        models = dict(self._folder("models", Model, families))
        if not models and not self.problems:
            self._add("models", "there are no models", "write one as models/FAMILY/ID.yaml")
        if self.problems or not (api and sources and formats and objects and operations):
            raise SpecError(self.problems)
        spec = Spec(
            api=api,
            sources=sources,
            formats=formats,
            objects={name: extended(name, objects) for name in objects},
            operations=operations,
            families=families,
            models={
                id: _resolved(model, families)
                for id, model in sorted(models.items(), key=lambda item: (item[1].family, item[0]))
            },
            documents=self.documents,
        )
        if problems := self.placed(lint.check(spec)):
            raise SpecError(problems)
        return spec

    def placed(self, problems: Iterable[lint.Problem]) -> list[Diagnostic]:
        """Problems at their positions in the files."""
        return [
            self.documents[self.paths.get(problem.file, problem.file)].problem(
                problem.path, problem.message, problem.hint, at_key=problem.at_key
            )
            for problem in problems
        ]

    def _folder(
        self, folder: str, kind: type[File], families: Container[str] = ()
    ) -> Iterator[tuple[str, File]]:
        found: dict[str, str] = {}
        for path in self.documents:
            if path.startswith(f"{folder}/"):
                entry = self._single(path, kind)
                if entry is None:
                    continue
                problem = self.documents[path].problem
                if Path(path).name != f"{entry.id}.yaml":
                    message = f"the id is `{entry.id}`, and the file is named `{Path(path).stem}`"
                    hint = f"name the file `{entry.id}.yaml`, or change the id"
                    self.problems.append(problem(("id",), message, hint))
                elif entry.id in found:
                    message = f"`{entry.id}` is the id of {self.root}{found[entry.id]} too"
                    self.problems.append(problem(("id",), message, "give one of them another id"))
                elif path != entry.file and Path(entry.file).parent.name in families:
                    named = Path(entry.file).parent.name
                    message = f"the family is `{named}`, and the file is not in its folder"
                    hint = f"move the file to `{entry.file}`, or change the family"
                    self.problems.append(problem(("family",), message, hint))
                found[entry.id] = path
                self.paths[entry.file] = path
                yield entry.id, entry

    def _single(self, path: str, kind: type[T]) -> T | None:
        if path not in self.documents:
            if not any(problem.position.file == self.root + path for problem in self.problems):
                self._add(path, "the file is missing")
            return None
        try:
            return validated(self.documents[path], kind)
        except SpecError as error:
            self.problems += error.diagnostics
            return None

    def _add(self, path: str, message: str, hint: str = "") -> None:
        self.problems.append(Diagnostic(Position(self.root + path, 1, 1), message, hint))


# A file of a folder, whose folders tell the family of a model.
_PLACES = (re.compile(r"families/[^/]+\.yaml"), re.compile(r"models/[^/]+/[^/]+\.yaml"))


def _expected(path: str) -> bool:
    return path in _SINGLE or any(place.fullmatch(path) for place in _PLACES)


def _where(path: str) -> str:
    """Where a file that is out of place belongs."""
    named = Path(path).with_suffix(".yaml").as_posix()
    if named != path and _expected(named):
        return f"name it `{named}`"
    if re.fullmatch(r"models/[^/]+", path):
        return f"move it to `models/FAMILY/{Path(path).stem}.yaml`"
    return "expected " + ", ".join([*_SINGLE, "families/ID.yaml", "models/FAMILY/ID.yaml"])


def _resolved(model: Model, families: Mapping[str, Family]) -> Model:
    """The model with what its family says of each parameter filled in."""
    family = families.get(model.family)
    if family is None:
        return model
    parameters: dict[str, Parameter] = {}
    for name, parameter in model.parameters.items():
        shared = family.parameters.get(name)
        given = {key: getattr(parameter, key) for key in parameter.model_fields_set}
        base = {key: getattr(shared, key) for key in shared.model_fields_set} if shared else {}
        parameters[name] = Parameter.model_construct(**{**base, **given})
    return model.model_copy(update={"parameters": parameters})


def extended(
    name: str, objects: Mapping[str, Definition], above: frozenset[str] = frozenset()
) -> Definition:
    """The object with what it extends filled in; what goes round in a circle is left for lint."""
    definition = objects[name]
    if definition.extends is None or definition.extends not in {*objects} - above:
        return definition
    base = extended(definition.extends, objects, above | {name})
    properties = {**(base.properties or {}), **(definition.properties or {})}
    for left_out in definition.without:
        properties.pop(left_out, None)
    update = {"properties": properties, "type": base.type, "open": definition.open or base.open}
    return definition.model_copy(update=update)
