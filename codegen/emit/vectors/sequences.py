"""Spec to `api.json`: what holds for operations, whatever model a request is for, as steps that can be run."""

from __future__ import annotations

from ...spec.model import Model
from ...spec.whole import Spec
from ..json_schema import Json
from .sequences_files import files
from .sequences_jobs import jobs
from .sequences_parts import Collection, Place, pointer, words
from .sequences_requests import every, whole


def sequences(spec: Spec) -> Json:
    """The whole of the file; the same spec always makes the same."""
    found = Collection(spec)
    places = [Place(spec, name, operation) for name, operation in spec.operations.items()]
    whole(found, places)
    for place in places:
        every(found, place)
        files(found, place)
    jobs(found, places)
    return {
        "format": 1,
        "authentication": {
            "header": spec.api.authentication.header,
            "value": f"{spec.api.authentication.scheme} {{key}}".lstrip(),
        },
        "operations": {place.name: _operation(place) for place in places},
        "job": _job(found),
        "constraints": found.constraints,
        "sequences": sorted(found.sequences, key=lambda sequence: int(sequence["stage"])),
    }


def _operation(place: Place) -> Json:
    operation, object = place.operation, place.operation.success.object
    rule = place.spec.api.idempotency
    result: Json = {
        "kind": place.kind,
        "method": operation.method,
        "path": operation.path,
        "authenticated": operation.authenticated,
        "success": place.success(),
        "errors": place.errors(),
        "at": {role: pointer(path) for role, path in place.roles(object).items()},
    }
    if operation.idempotent_by_key:
        result["idempotency"] = {"header": rule.header, "max_length": rule.max_length}
    return result


def _job(found: Collection) -> Json:
    """The life of a job, and how it is followed."""
    spec, life = found.spec, found.spec.api.job
    name = spec.operation_kind("job")
    if name is None:
        return {}
    place = Place(spec, name, spec.operations[name])
    source = words(life.source)

    def told(aspect: str, kind: str, says: str) -> str:
        return found.constraint(
            f"{name}/{aspect}", kind, operation=name, limit=says, source=source or place.source
        )

    roles = place.roles(spec.api.job.object)
    item = place.roles_of_files(spec.api.job.object)
    return {
        "operation": name,
        "path": place.path({"id": "{job}"}),
        "initial": life.initial,
        "transitions": life.transitions,
        "succeeded": life.succeeded,
        "polling": {
            "first_seconds": spec.api.polling.first_seconds,
            "factor": spec.api.polling.factor,
            "most_seconds": spec.api.polling.maximum_seconds,
            "deadline_seconds": spec.api.polling.deadline_seconds,
        },
        "files": [pointer(roles[role]) for role in item if role in roles],
        "results": {
            model.id: counted
            for model in spec.models.values()
            if (counted := _files_of(spec, model)) != {"count": 1}
        },
        "constraints": {
            "stored": told("stored", "stored", "a submitted job is found"),
            "same": told("same-job", "stored", "a job stays what was submitted"),
            "input": told("input", "stored", "a job says what was submitted"),
            "transitions": told(
                "life/transitions", "life", "each status follows from the one before"
            ),
            "progress": told("life/progress", "life", "progress never falls"),
            "ends": told("life/ends", "life", "a job ends"),
            "files": told("life/files", "life", "a job that succeeded has the files asked for"),
            "ended_at": told("life/ended-at", "life", "the end is told when it has come"),
            "credits": told("life/credits", "life", "a cost is not negative"),
        },
    }


def _files_of(spec: Spec, model: Model) -> Json:
    """How many files a job of a model has: what a parameter says, or always the same."""
    container = spec.container(model)
    for name, parameter in model.parameters.items():
        if parameter.role == "count":
            at = pointer((name,) if container is None else (container, name))
            counted = parameter.default if isinstance(parameter.default, int) else 1
            return {"count": counted, "at": at}
    return {"count": model.count or 1}
