"""A Spec to the OpenAPI document that it would be if a source were right where it is on record."""

from __future__ import annotations

from ..emit import openapi
from ..spec.as_read import as_read_by
from ..spec.whole import Spec
from .documents import Json


def document_of(spec: Spec, source: str) -> Json:
    """The OpenAPI document of the spec as a source reads it."""
    document = openapi.build(as_read_by(spec, source))
    for operation in spec.operations.values():
        reading = operation.readings.get(source)
        answers = document["paths"][operation.path][operation.method.lower()]["responses"]
        for status, name in (reading.answers if reading else {}).items():
            schema = {"$ref": f"#/components/schemas/{name}"}
            answers[status] = {"content": {"application/json": {"schema": schema}}}
    api = spec.api.readings.get(source)
    if api and api.base_urls:
        document["servers"] = [{"url": url} for url in api.base_urls]
    for index, way in enumerate(api.authentication if api else ()):
        scheme = {"type": "apiKey", "in": "header", "name": way.header}
        if way.scheme:
            scheme = {"type": "http", "scheme": way.scheme}
        document["components"]["securitySchemes"][f"way{index}"] = scheme
        document["security"].append({f"way{index}": []})
    return document
