"""Shows text of the spec in docstrings as it is: it may hold what Markdown would take for HTML or a link."""

from __future__ import annotations

from typing import Any

import griffe

# Where the modules are that are emitted from the spec, below the package.
_EMITTED = "_emitted"


class SpecText(griffe.Extension):
    """Writes what begins an element or a link as characters by their numbers, in what is emitted."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Look at the docstring of an object, when all modules are loaded."""
        if obj.docstring is not None and _EMITTED in obj.path.split(".")[1:]:
            obj.docstring.value = obj.docstring.value.replace("<", "&#60;").replace("[", "&#91;")
