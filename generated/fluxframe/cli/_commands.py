# A copy of codegen/runtime/cli/_commands.py, where it is edited.
"""Which commands there are: those of every API, and one for each operation that takes requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from .._catalog import OPERATIONS, operation_of
from .._spec import Kind, Operation

# What each does, below what it is for, and the kind of operation without which it is not there.
_OWN: Mapping[str, Mapping[str, tuple[str, Kind | None]]] = MappingProxyType(
    {
        "Jobs": {
            "wait": ("Wait for jobs and save their images.", "job"),
            "jobs": ("List jobs, or show one in full.", "jobs"),
            "batch": ("Run a file of requests, or resume it where it stopped.", None),
        },
        "Without a key": {
            "demo": ("Make an image from each documented example.", None),
            "models": ("Show what each model takes: parameters, limits, rules.", None),
            "check": ("Check the requests in a file; nothing is sent.", None),
            "emulate": ("Serve the API on this machine until Ctrl-C.", None),
            "completion": ("Print the completion script for a shell.", None),
        },
        "Account and server": {
            "me": ("Show the account and its credits.", "account"),
            "upload": ("Upload a file and print its URL.", "upload"),
            "verify-webhook": ("Check that a webhook event was signed by the API.", None),
            "conformance": ("Test whether a server does what its documents say.", None),
        },
    }
)
_NAMES = frozenset(name for commands in _OWN.values() for name in commands)


@cache
def submissions() -> Mapping[str, Operation]:
    """The operations that take requests, by the names of their commands.

    That is the last part of the operation's name, or all of it where that is another command's.
    """
    found: dict[str, Operation] = {}
    for operation in OPERATIONS.values():
        if operation.kind == "submit":
            name = _hyphened(operation.name.rpartition(".")[2])
            if name in _NAMES or name in found:
                name = _hyphened(operation.name)
            found[name] = operation
    return MappingProxyType(found)


def _hyphened(name: str) -> str:
    return name.replace(".", "-").replace("_", "-")


def command_for(operation: str) -> str:
    """The command that submits requests to an operation; its name if there is none."""
    names = (name for name, known in submissions().items() if known.name == operation)
    return next(names, operation)


def summaries() -> Mapping[str, str]:
    """What each command does, by its name."""
    found = {name: summary_of(operation) for name, operation in submissions().items()}
    for commands in _OWN.values():
        for name, (words, kind) in commands.items():
            if not kind or operation_of(kind):
                found[name] = words
    return found


def sections() -> Mapping[str, Sequence[str]]:
    """The names of the commands by what they are for."""
    there = summaries()
    own = {title: [name for name in names if name in there] for title, names in _OWN.items()}
    return {"Requests, with a subcommand for each model": [*submissions()], **own}


def summary_of(operation: Operation) -> str:
    """What a command that submits requests does: the first clause of what its operation does."""
    return operation.summary.partition(";")[0].rstrip(".") + "."
