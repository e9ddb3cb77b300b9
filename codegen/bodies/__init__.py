"""A request body of an OpenAPI document to a model's file.

    Document ─ schemas ─▶ variants ─ read ─▶ Body ─ split ─▶ Draft ─ compose ─▶ YAML
                                                  limits: a schema to constraints of the spec

Nothing is guessed and nothing is dropped: what the spec can't say is a TODO, as the document has it.
"""
