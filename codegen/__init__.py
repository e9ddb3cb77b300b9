"""Generates the fluxframe package and its OpenAPI document from the YAML under `spec/`.

Run as `python -m codegen`. Who imports whom, from the bottom up:

    diagnostics   a problem in a spec file, shown as a compiler would
    document      YAML text to plain values that remember their positions
    model         the typed Spec, one class per kind of file
    constraints   the kinds of constraints, one row per kind
    words         a parameter in words
    validate      a file of the spec to an instance of its class, or every problem in it
    lint          the checks that look at more than one place of a Spec
    load          the folder `spec/` to a checked Spec, or every problem in it
    naming        names in the API to names in Python
    openapi       Spec to an OpenAPI 3.1 document
    pydantic_types  OpenAPI document to pydantic models, by datamodel-code-generator
    view          Spec to what the templates print
    samples       Spec to a program for each documented request
    reference     Spec to a page for each model
    emit          Spec to {path: text}, a pure function
    tree          {path: bytes} to a folder that holds just that, whole or not at all
    diff          two Specs to the changes between them
    documents     a file to an OpenAPI document
    values        sets of JSON values, and `patterns` to such sets
    alternatives  a JSON Schema to one alternative of what it allows
    shapes        schemas of other OpenAPI documents to what they allow
    verdicts      a shape beside another
    drift         another OpenAPI document against a Spec, told by `drift_words`
    page          a documentation page to what it says of a model
    vendor        copies of the client in other projects
    commands      one module per command
"""
