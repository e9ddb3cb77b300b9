# A copy of codegen/runtime/_version.py, where it is edited.
"""The version of the package."""

__version__ = "0.1.0"
"""The version of the package."""
