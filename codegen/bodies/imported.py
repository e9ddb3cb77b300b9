"""The files that an OpenAPI document begins: its models, and the families that the spec lacks."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..compare.documents import parse
from ..page.compose import ModelText
from ..spec import pieces
from ..spec.model import Family
from ..spec.pieces import RefusalError
from .compose import family_text, model_text, shared_parameters
from .draft import Draft, Known, draft
from .read import Body, bodies, chosen
from .schemas import Document


def imported(options: argparse.Namespace) -> tuple[dict[Path, ModelText], list[str]]:
    """The files by their paths, those of families first, and the operations that name no models.

    Raises DocumentError or RefusalError.
    """
    folder: Path = options.spec
    source = pieces.source(folder, options.source, "openapi")
    name = str(options.from_openapi)
    document = Document(parse(name, options.from_openapi.read_bytes()))
    known = Known(
        pieces.formats(folder),
        pieces.operations(folder),
        pieces.requests(folder),
        pieces.families(folder),
    )
    everything, nameless = bodies(document)
    found = _of_operation(everything, options)
    if options.all:
        wanted = [body for body in found if _is_new(folder, body.model(options.prefix))]
        if not wanted:
            raise RefusalError(f"the spec has every model that {name} names")
    else:
        wanted = [chosen(found, options.id, options.prefix)]
        if not options.stdout and not _is_new(folder, options.id):
            raise RefusalError(f"there is a model `{options.id}` already, and it is left as it is")
    drafted = {id(body): draft(document, body, known) for body in found}
    names = _Names(known, [drafted[id(body)] for body in found], options)
    files: dict[Path, ModelText] = {}
    written: dict[str, Family] = {}
    for body in wanted:
        own = drafted[id(body)]
        family = names.family(own)
        if family is None:
            new = names.new_id(own)
            if new not in written:
                said = names.said(own, source)
                path = folder / "families" / f"{new}.yaml"
                files[path] = family_text(new, None, None, said)
                written[new] = _stand_in(new, said)
            family = written[new]
        model_id = body.model(options.prefix)
        pieces.check_id(model_id)
        path = folder / "models" / family.id / f"{model_id}.yaml"
        title = options.title if not options.all else None
        files[path] = model_text(own, model_id, title, family, source)
    return files, nameless if options.all and options.operation is None else []


def _of_operation(found: Sequence[Body], options: argparse.Namespace) -> list[Body]:
    """The bodies of the operation that is asked for."""
    if options.operation is None:
        return list(found)
    path = options.operation.rpartition(" ")[2]
    kept = [body for body in found if body.path == path]
    if not kept:
        paths = ", ".join(dict.fromkeys(body.path for body in found))
        raise RefusalError(f"the document has no models at {path}; it has some at {paths}")
    return kept


def _is_new(folder: Path, id: str) -> bool:
    """Whether no family of the spec has a model of this id."""
    return not any(
        os.path.lexists(place / f"{id}.yaml") for place in (folder / "models").glob("*/")
    )


class _Names:
    """Which family a draft belongs to, and how a new one is called."""

    def __init__(self, known: Known, drafted: Sequence[Draft], options: argparse.Namespace) -> None:
        self._known = known
        self._drafted = drafted
        self._said: str | None = options.family
        self._prefix: str = options.prefix
        containers = dict.fromkeys(each.container for each in drafted if each.container)
        self._common = _common_end(containers)

    def family(self, own: Draft) -> Family | None:
        """The family of the spec; None if the spec lacks it."""
        if self._said is not None:
            return self._known.families.get(self._said)
        for family in self._known.families.values():
            if own.container == family.container:
                # Without a container nothing but the operation tells.
                known = own.operation == family.operation
                if known or (own.container is not None and own.operation is None):
                    return family
        return None

    def new_id(self, own: Draft) -> str:
        """An id for a new family: its container's name, without what all containers end with."""
        if self._said is not None:
            return self._said
        if own.container is None:
            return self._prefix.strip("-._") or own.body.path.rstrip("/").rpartition("/")[2]
        name = own.container.removesuffix(self._common) or own.container
        id = "-".join(re.findall(r"[A-Z]*[a-z]+|[A-Z]+|[0-9]+", name)).lower()
        if id in self._known.families:
            hint = f"say another with --family, as {own.body.operation} is not its operation"
            raise RefusalError(f"there is a family `{id}` already; {hint}")
        return id

    def said(self, own: Draft, source: str) -> dict[str, Any]:
        """What the file of a new family says."""
        alike = [
            each
            for each in self._drafted
            if (each.container, each.body.operation) == (own.container, own.body.operation)
        ]
        place = own.container or own.body.operation
        return {
            "operation": own.operation,
            "unknown_operation": f"operations.yaml has no {own.body.operation}; write it there",
            "container": own.container,
            "container_required": all(each.container_required for each in alike),
            "source": {source: place},
            "parameters": shared_parameters(alike),
        }


def _stand_in(id: str, said: Mapping[str, Any]) -> Family:
    """A family that is about to be written, for its models to be written beside."""
    parameters = {
        name: {**shared, "summary": shared["summary"] or "TODO"}
        for name, shared in said["parameters"].items()
    }
    return Family.model_validate(
        {
            "id": id,
            "title": "TODO",
            "vendor": "TODO",
            "operation": said["operation"] or "TODO",
            "container": said["container"],
            "container_required": said["container_required"],
            "source": said["source"],
            "parameters": parameters,
        }
    )


def _common_end(names: Iterable[str]) -> str:
    """The word that all of several names in camel case end with."""
    lasts = {(re.findall(r"[A-Z][a-z]+", name) or [""])[-1] for name in names}
    whole = list(names)
    word = lasts.pop() if len(lasts) == 1 and len(whole) > 1 else ""
    return word if all(name.endswith(word) for name in whole) else ""
