"""Where constraints stand in the files of a spec."""

from __future__ import annotations

from collections.abc import Iterator

from ...spec.document import Path
from ...spec.model import Model
from ...spec.whole import Spec

Line = tuple[str, int]


def of_operation(spec: Spec, operation: str | None) -> Line:
    """Where an operation stands, or the API as a whole."""
    file, path = (
        ("api.yaml", ("errors",)) if operation is None else ("operations.yaml", (operation,))
    )
    document = spec.documents.get(file)
    place = document.keys.get(path) if document else None
    return file, place[0] + 1 if place else 1


class Places:
    """The lines of the constraints of a model, from 1; of those that are nowhere, that of the model."""

    def __init__(self, spec: Spec, model: Model) -> None:
        self._spec, self._model = spec, model
        self._family = spec.families[model.family].file

    def parameter(self, name: str, path: Path) -> Line:
        """Where something of a parameter stands."""
        where = ("parameters", name)
        return self._first(
            (self._model.file, (*where, *path)),
            (self._family, (*where, *path)),
            (self._model.file, where),
        )

    def field(self, name: str, path: Path) -> Line:
        """Where something of a field of the requests stands."""
        objects = [("objects.yaml", (object, "properties", name)) for object in self._objects()]
        own = (self._model.file, ("fields", name))
        return self._first(
            *((file, (*where, *path)) for file, where in (own, *objects)), own, *objects
        )

    def container(self) -> Line:
        """Where the member is named that holds the parameters."""
        return self._first((self._family, ("container",)))

    def model(self) -> Line:
        """Where the model's parameters begin."""
        return self._first()

    def _objects(self) -> Iterator[str]:
        name: str | None = self._spec.request_object(self._model)
        while name is not None and name in self._spec.objects:
            yield name
            name = self._spec.objects[name].extends

    def _first(self, *places: tuple[str, Path]) -> Line:
        for file, path in (*places, (self._model.file, ("parameters",))):
            document = self._spec.documents.get(file)
            if document is not None and path in document.values:
                found = document.keys.get(path, document.values[path])
                return file, found[0] + 1
        return self._model.file, 1
