"""Generates the fluxframe package and its OpenAPI document from the YAML under `spec/`.

Run as `python -m codegen`. Who imports whom, from the bottom up:

    diagnostics   a problem in a spec file, shown as a compiler would
    document      YAML text to plain values that remember their positions
    spec          the typed Spec, one class a kind of file
    load          the folder `spec/` to a checked Spec, or every problem in it
    lint          the checks that look at more than one place of a Spec
    naming        names in the API to names in Python
    words         a parameter in words
    openapi       Spec to an OpenAPI 3.1 document
    pydantic_types  OpenAPI document to pydantic models, by datamodel-code-generator
    view          Spec to what the templates print
    emit          Spec to {path: text}, a pure function
    tree          {path: bytes} to a folder that holds just that, whole or not at all
    diff          two Specs to the changes between them
    schemas       schemas of other OpenAPI documents to what they allow
    drift         another OpenAPI document against a Spec
    page          a documentation page to what it says of a model
    vendor        copies of the client in other projects
    commands      one module a command
"""
