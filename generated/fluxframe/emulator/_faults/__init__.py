# A copy of codegen/runtime/emulator/_faults/__init__.py, where it is edited.
"""Misbehaviour on request."""
