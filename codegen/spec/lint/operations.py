"""The operations that take requests can be told apart, and each can be called."""

from __future__ import annotations

from collections.abc import Iterator

from ..whole import OperationKind, Spec
from .problems import Problem

# What the client and its groups of operations have beside the operations.
_OWN = frozenset(
    {"aclose", "base_url", "batch", "close", "run", "wait", "wait_many", "with_options"}
)
# What only groups of operations can do.
_IN_GROUPS = frozenset({"submit", "job", "jobs"})


def check_operations(spec: Spec) -> Iterator[Problem]:
    """What is wrong with the operations of a spec whose references are right."""
    file = "operations.yaml"
    needed: dict[OperationKind, str] = {"submit": "takes requests", "job": "looks a job up"}
    for kind, does in needed.items():
        if spec.operation_kind(kind) is None:
            yield Problem(file, (), f"no operation {does}", "the client can do nothing without it")
    objects: dict[str, str] = {}
    for name, operation in spec.operations.items():
        for part in name.split("."):
            if part in _OWN:
                message = f"`{part}` is a name of the client's own"
                yield Problem(file, (name,), message, "give the operation another name", True)
        is_grouped = operation.body.multipart or spec.kind_of(operation) in _IN_GROUPS
        if is_grouped and "." not in name:
            message = f"{name} is in no group of operations"
            hint = f"name it `GROUP.{name}`: groups submit, wait for jobs and upload"
            yield Problem(file, (name,), message, hint, True)
        request = operation.body.request
        if request is not None and request in objects:
            message = f"{request} is the object of the requests of {objects[request]} already"
            hint = "write an object of its own, with `extends`"
            yield Problem(file, (name, "body", "request"), message, hint)
        objects.setdefault(request or "", name)
        form = operation.body.multipart
        if form is not None and [part.type for part in form.values()].count("file") != 1:
            message = "a form has exactly one part with `type: file`"
            yield Problem(file, (name, "body", "multipart"), message, at_key=True)
        path = operation.path_parameters.values()
        if spec.kind_of(operation) == "job" and not any(p.role == "id" for p in path):
            message = f"no part of the path of {name} has the role id"
            hint = "write `role: id` at the parameter that is the job's id"
            yield Problem(file, (name, "path"), message, hint)


def check_use(spec: Spec) -> Iterator[Problem]:
    """Operations that take requests, and no model's."""
    for name in spec.submissions():
        if not spec.models_of(name):
            message = f"no model is asked for by {name}"
            hint = f"write `operation: {name}` in a family, or remove the operation"
            yield Problem("operations.yaml", (name,), message, hint, at_key=True)


def check_discriminators(spec: Spec) -> Iterator[Problem]:
    """No two models are meant by the same value of the same member."""
    meant: dict[tuple[str, str], str] = {}
    for model in spec.models.values():
        member = spec.discriminator(spec.request_object(model))
        key = member, spec.discriminator_value(model)
        if key in meant:
            message = f"`{member}: {key[1]}` means {meant[key]} already"
            path = ("id",) if model.discriminator is None else ("discriminator",)
            yield Problem(model.file, path, message, "requests could not be told apart")
        meant.setdefault(key, model.id)
