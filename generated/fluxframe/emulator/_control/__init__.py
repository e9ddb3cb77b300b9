# A copy of codegen/runtime/emulator/_control/__init__.py, where it is edited.
"""What a test or a person asks of the server itself, beside the API that it serves."""

PATH = "/_emulator"
# Where a person's browser gets the files of jobs, which is not journaled.
SEEN_FILES = f"{PATH}/files/"
