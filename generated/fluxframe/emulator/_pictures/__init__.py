# A copy of codegen/runtime/emulator/_pictures/__init__.py, where it is edited.
"""What jobs make: pictures of their requests."""
