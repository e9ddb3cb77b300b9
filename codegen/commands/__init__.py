"""One module per command of `python -m codegen`, each with `add_arguments` and `run`."""
