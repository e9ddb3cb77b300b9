"""Shows the defaults of arguments as values, where they are constants that no page tells of."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import griffe


class Defaults(griffe.Extension):
    """Puts the value of a constant of the package in place of its name."""

    def on_function(self, *, func: griffe.Function, **kwargs: Any) -> None:
        """Look at the parameters of a function, when all modules are loaded."""
        for parameter in (p for form in (func, *(func.overloads or ())) for p in form.parameters):
            default = parameter.default
            if isinstance(default, griffe.ExprName) and default.name.isupper():
                module, _, name = default.canonical_path.rpartition(".")
                if module.partition(".")[0] == func.package.name:
                    parameter.default = repr(getattr(import_module(module), name))
