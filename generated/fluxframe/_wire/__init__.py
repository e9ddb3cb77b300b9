# A copy of codegen/runtime/_wire/__init__.py, where it is edited.
"""A Call to a Response: settings, requests, deadlines, retries, attempts, transport, files."""
