"""Spec to the vectors: what a server must refuse and accept, as data that any language can send."""

from __future__ import annotations

from .files import files

__all__ = ["files"]
