# Generated from spec/ by `python -m codegen generate`; do not edit.
"""All that the spec decides."""
