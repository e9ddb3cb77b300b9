"""YAML to a checked Spec: files and their places, the typed Spec, and lint."""
