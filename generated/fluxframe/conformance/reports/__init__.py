# A copy of codegen/runtime/conformance/reports/__init__.py, where it is edited.
"""The reports of a run, each a pure function of it, and how they come into their files."""
