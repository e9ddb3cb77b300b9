"""Servers that break one thing each, made of the OpenAPI document: what a suite of tests has to find."""

from __future__ import annotations

from collections.abc import Iterator

from ._answers import of_answers
from ._asgi import App, Broken
from ._constraints import constraint_mutants
from ._document import Document, Model, document
from ._jobs import Jobs
from ._mutant import Mutant
from ._requests import Requests

__all__ = [
    "App",
    "Broken",
    "Document",
    "Model",
    "Mutant",
    "behaviour_mutants",
    "constraint_mutants",
    "document",
    "mutants_of",
]


def behaviour_mutants(document: Document, model: Model) -> list[Mutant]:
    """All faults of operations, as requests for a model show them."""
    return list(_behaviours(document, model))


def _behaviours(document: Document, model: Model) -> Iterator[Mutant]:
    others = [operation for operation in document.operations if operation.kind != "submit"]
    for operation in [model.operation, *others]:
        yield from of_answers(document, operation)
    yield from Jobs(document, model).all()
    yield from Requests(document, model).all()


def mutants_of(document: Document, family: str) -> list[Mutant]:
    """The constraint mutants of the models of a family, and the faults that its first model shows."""
    models = [model for model in document.models if model.family == family]
    found = [mutant for model in models for mutant in constraint_mutants(document, model)]
    return [*found, *behaviour_mutants(document, models[0])]
