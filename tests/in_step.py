"""The tests run on generated/ as spec/ and codegen/ make it, and on no other."""

from __future__ import annotations

import os
import sys

from codegen.emit import tree
from codegen.spec.diagnostics import SpecError
from codegen.spec.load import SPEC, load


def stop_if_not() -> None:
    """End the process with one line that says what to type; a worker leaves it to who started it."""
    if "PYTEST_XDIST_WORKER" in os.environ or tree.in_step(SPEC):
        return
    try:
        whole = load()
    except SpecError as error:
        sys.exit(f"spec/ has problems ({len(error.diagnostics)}); run: python -m codegen lint")
    from codegen.emit.package import emit  # Loads the generators, which take a while.

    lines = tree.differences(emit(whole))
    if lines:
        more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
        sys.exit(
            f"generated/ is out of step with spec/ and codegen/ ({lines[0]}{more}); "
            "run: python -m codegen generate"
        )
    tree.note(SPEC)
