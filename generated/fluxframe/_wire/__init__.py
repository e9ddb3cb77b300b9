# A copy of codegen/runtime/_wire/__init__.py, where it is edited.
"""Turns a Call into a Response: settings, requests, deadlines, retries, transport, files."""
