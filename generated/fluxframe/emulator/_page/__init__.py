# A copy of codegen/runtime/emulator/_page/__init__.py, where it is edited.
"""What a person sees of the server: its jobs, pictures and requests, as they come."""
