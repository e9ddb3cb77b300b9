"""A Spec to what is emitted: {path: bytes}, and the folder that holds it."""
