"""Spec to vectors: what a server must refuse and accept, as data that any language can run."""
