# A copy of codegen/runtime/cli/commands/__init__.py, where it is edited.
"""One module per command, loaded when it is called."""
