"""The sentences of refusals, in the manner of the real server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import jsonschema_rs

Json: TypeAlias = dict[str, Any]
Details: TypeAlias = dict[str, list[str]]

KEY_MISSING = "API key is required"
KEY_UNKNOWN = "Invalid API key"
KEY_INACTIVE = "API key is inactive"
NOT_ADMIN = "Only admins can see the jobs of their team"
TOO_MANY_REQUESTS = "Rate limit exceeded"
TOO_MANY_JOBS = "Too many concurrent jobs"
INVALID = "Invalid request"
INVALID_JSON = "Invalid JSON in request body"
INVALID_FORM = "Invalid multipart data."
MISSING = "Invalid input: expected a value, received undefined"
TOO_DEEP = "Invalid input: nested too deeply"
NO_FILE = "No file provided"
FILE_EXPECTED = "Invalid input: expected a file"
FILE_TYPE = "Unsupported file type"
FILE_SIZE = "File too large"
NO_JOB = "Job not found"
NOT_FOUND = "Not found"
NO_CREDITS = "Insufficient credits"
UNKNOWN_CURSOR = "Invalid input: unknown cursor"
PARENT_UNKNOWN = "Parent job not found"
PARENT_NOT_DONE = "Parent job is not completed"
FAILED = "generation failed"
SERVER_ERROR = "Internal server error"


def key_used(header: str) -> str:
    """Of a key that stands for another request."""
    return f"{header} was used with another request"


def payload_too_large(most: int) -> str:
    """Of a body that is not read to its end."""
    return f"Payload too large: expected at most {most} bytes"


def file_too_large(most: int, size: int) -> str:
    """Of a file in a form."""
    return f"Too big: expected at most {most} bytes, received {size}"


def media_type(wanted: str, received: str) -> str:
    """Of a body."""
    return f"Unsupported media type: expected {wanted}, received {received or 'none'}"


def content_coding(received: str) -> str:
    """Of a body."""
    return f"Unsupported content encoding: expected identity, received {received}"


def unsupported(content_type: str) -> str:
    """Of a file in a form."""
    return f"Invalid input: {content_type}"


def provider(reason: str) -> str:
    """Of a job that failed."""
    return f"Provider returned an error: {reason}"


def no_picture(index: int, count: int) -> str:
    """Of a job that has fewer pictures."""
    return f"Invalid input: the parent has {count} images, received {index}"


def not_an_object(value: Any) -> str:
    """Of a body."""
    return f"Invalid input: expected object, received {_kind(value)}"


def not_an_option(options: list[str], value: Any) -> str:
    """Of a value that is not one of some."""
    listed = "|".join(json.dumps(option) for option in options)
    return f"Invalid option: expected one of {listed}, received {_show(value)}"


def of_fault(error: jsonschema_rs.ValidationError, schema: Json) -> list[tuple[str, str]]:
    """The member that an error of a schema is about, below the error's path, and what to say of it."""
    fault: Json = error.kind.as_dict()
    value, limit = error.instance, fault.get("limit")
    size = len(value) if isinstance(value, str | list) else value
    match error.kind.name:
        case "minimum":
            text = f"Too small: expected number to be >={limit}, received {value}"
        case "maximum":
            text = f"Too big: expected number to be <={limit}, received {value}"
        case "exclusiveMinimum":
            text = f"Too small: expected number to be >{limit}, received {value}"
        case "exclusiveMaximum":
            text = f"Too big: expected number to be <{limit}, received {value}"
        case "minLength":
            text = f"Too small: expected string to have >={limit} characters, received {size}"
        case "maxLength":
            text = f"Too big: expected string to have <={limit} characters, received {size}"
        case "minItems":
            text = f"Too small: expected array to have >={limit} items, received {size}"
        case "maxItems":
            text = f"Too big: expected array to have <={limit} items, received {size}"
        case "enum":
            text = not_an_option(fault["options"], value)
        case "type":
            wanted = " or ".join(fault["types"])
            text = f"Invalid input: expected {wanted}, received {_described(value)}"
        case "format":
            text = f"Invalid {fault['format']}: received {_show(value)}"
        case "pattern":
            about = schema.get("description", fault["pattern"])
            text = f"Invalid string: received {_show(value)}. {about}"
        case "additionalProperties":
            return [(name, f'Unrecognized key: "{name}"') for name in fault["unexpected"]]
        case "required":
            missing = str(fault["property"])
            return [(missing, MISSING)]
        case _:
            text = error.message
    return [("", text)]


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "boolean": bool,
    "number": (int, float),
    "string": str,
    "array": list,
    "object": dict,
}


def _described(value: Any) -> str:
    """The kind of a value, and the value where that says more."""
    return "null" if value is None else f"{_kind(value)} {_show(value)}"


def _kind(value: Any) -> str:
    return next((name for name, kinds in _KINDS.items() if isinstance(value, kinds)), "null")


def _show(value: Any, width: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= width else f"{text[: width - 1]}…"
