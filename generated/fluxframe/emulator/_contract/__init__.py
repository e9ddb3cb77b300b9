# A copy of codegen/runtime/emulator/_contract/__init__.py, where it is edited.
"""What the OpenAPI document says: the requests that it allows, and the answers that it promises."""
