# A copy of codegen/runtime/emulator/_faults/header.py, where it is edited.
"""The header that asks for a fault; it is alone here, so that a server that has none loads no more of faults."""

HEADER = "X-Emulator-Fault"
