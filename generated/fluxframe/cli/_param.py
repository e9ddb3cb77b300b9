# A copy of codegen/runtime/cli/_param.py, where it is edited.
"""The base of types of parameters, which says what they convert to in each version of click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click import ParamType as ParamType
else:

    class ParamType(click.ParamType):
        """Takes `[…]`, as click's own does in its newer versions."""

        def __class_getitem__(cls, item: Any) -> type:
            return cls
