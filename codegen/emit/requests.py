"""OpenAPI document to pydantic models, by datamodel-code-generator."""

from __future__ import annotations

from typing import Any

from datamodel_code_generator import generate
from datamodel_code_generator.enums import (
    DataModelType,
    InputFileType,
    StrictTypes,
    TargetPydanticVersion,
)
from datamodel_code_generator.format import Formatter, PythonVersion
from datamodel_code_generator.parser import LiteralType

from .openapi import Json


def pydantic_types(document: Json, header: str) -> str:
    """The source of a module with a class for every schema of the document."""
    source = generate(
        _numbers_as_written(document),
        input_file_type=InputFileType.OpenAPI,
        output_model_type=DataModelType.PydanticV2BaseModel,
        target_python_version=PythonVersion.PY_311,
        target_pydantic_version=TargetPydanticVersion.V2_12,
        custom_file_header=f'{header}\n"""The API\'s JSON as pydantic models."""',
        disable_timestamp=True,
        formatters=[Formatter.BUILTIN],
        # The base keeps what was written, and takes answers that have grown.
        import_overrides={"BaseModel": "._model"},
        # Lax mode would take "512", True and 512.0 for an integer.
        strict_types=[StrictTypes.str, StrictTypes.int, StrictTypes.float, StrictTypes.bool],
        # An id is shown and sent as it came.
        type_mappings=["string+uuid=string"],
        enum_field_as_literal=LiteralType.All,
        use_one_literal_as_default=True,
        snake_case_field=True,
        allow_population_by_field_name=True,
        use_annotated=True,
        field_constraints=True,
        use_type_alias=True,
        use_standard_collections=True,
        use_union_operator=True,
        use_schema_description=True,
        use_field_description=True,
        use_single_line_docstring=True,
        use_double_quotes=True,
        disable_future_imports=True,
    )
    if not isinstance(source, str):
        raise TypeError("datamodel-code-generator gave no single module")
    return source


def _numbers_as_written(value: Any) -> Any:
    """The document with integers beside numbers, so that a 5 is not sent as 5.0."""
    if isinstance(value, list):
        return [_numbers_as_written(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: _numbers_as_written(inner) for key, inner in value.items()}
    return {**result, "type": ["integer", "number"]} if value.get("type") == "number" else result
