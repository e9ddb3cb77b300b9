# A copy of codegen/runtime/emulator/_http/__init__.py, where it is edited.
"""A request becomes an answer."""
