"""Vectors of the spec: what a server must refuse and accept."""
