"""The base of the pydantic models: requests to the wire as they were written, answers as they came."""

from __future__ import annotations

from typing import Any, TypeVar

import pydantic
from pydantic import ConfigDict

T = TypeVar("T", bound="BaseModel")


class BaseModel(pydantic.BaseModel):
    """A JSON object of the API."""

    # `model_` is no namespace of ours: the API has members such as `model`.
    model_config = ConfigDict(protected_namespaces=())

    def to_wire(self) -> dict[str, Any]:
        """The object's JSON: what was given, under its names in the API, and no default."""
        return self.model_dump(by_alias=True, exclude_unset=True)

    @classmethod
    def from_wire(cls: type[T], data: object) -> T:
        """The object in an answer's JSON.

        A member that is missing or of another type than documented is no error: it keeps its value,
        unchecked, so that an answer that has grown does not break its reader.
        """
        try:
            return cls.model_validate(data)
        except pydantic.ValidationError:
            if not isinstance(data, dict):
                raise
        aliases = {field.alias or name: name for name, field in cls.model_fields.items()}
        given: dict[str, Any] = {
            aliases.get(str(key), str(key)): value for key, value in data.items()
        }
        missing: dict[str, Any] = {name: None for name in cls.model_fields if name not in given}
        return cls.model_construct(set(given), **missing, **given)
