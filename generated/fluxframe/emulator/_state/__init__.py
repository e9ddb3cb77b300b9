# A copy of codegen/runtime/emulator/_state/__init__.py, where it is edited.
"""What the server remembers."""
