"""One module a command of `python -m codegen`, each with `add_arguments` and `run`."""
