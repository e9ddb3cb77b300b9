"""What a test or a person asks of the server itself, beside the API that it serves."""

PATH = "/_emulator"
# Where a person's browser gets the files of jobs, which is not journaled.
SEEN_FILES = f"{PATH}/files/"
