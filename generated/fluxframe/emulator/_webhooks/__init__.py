# A copy of codegen/runtime/emulator/_webhooks/__init__.py, where it is edited.
"""Events of jobs, posted where they were asked for."""
