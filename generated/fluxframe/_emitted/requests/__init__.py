# Generated from spec/ by `python -m codegen generate`; do not edit.
"""Typed requests, one module per family."""
