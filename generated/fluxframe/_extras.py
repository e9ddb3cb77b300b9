# A copy of codegen/runtime/_extras.py, where it is edited.
"""What the parts of the package need beside the client's packages, and how that is installed.

The packages themselves are named: an extra can be asked for where the package is published, and a copy of it has
none.
"""

from __future__ import annotations

from collections.abc import Mapping

# As in pyproject.toml.
EXTRAS: Mapping[str, tuple[str, ...]] = {
    "cli": ("click>=8.2.1", "rich>=14"),
    "conformance": ("jsonschema-rs>=0.60,<1",),
    "emulator": (
        "h11>=0.16",
        "jsonschema-rs>=0.60,<1",
        "pillow>=12",
        "python-multipart>=0.0.20",
        "starlette>=1.8,<2",
        "uvicorn>=0.40",
    ),
    "httpx2": ("httpx2>=2.16,<3",),
}


def hint(extra: str) -> str:
    """The command that installs what an extra brings, for every shell: cmd has no other quotes."""
    return " ".join(["pip install", *(f'"{requirement}"' for requirement in EXTRAS[extra])])


def missing(what: str, extra: str, *modules: str | None) -> ModuleNotFoundError:
    """The error when modules of an extra are not installed that something needs."""
    names = " and ".join(map(str, modules))
    return ModuleNotFoundError(
        f"{what} needs {names}, of the extra {extra!r}; install it with: {hint(extra)}",
        name=modules[0],
    )
