# A copy of codegen/runtime/batch/__init__.py, where it is edited.
"""Many requests, each paid for once: rows, journal, steps, and threads or tasks that take them."""
