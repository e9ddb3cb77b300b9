"""Spec to the files of `generated/`: a pure function, the same spec to the same bytes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import yaml
from pydantic import TypeAdapter
from ruff import find_ruff_bin

from ..spec import load
from ..spec import model as spec
from . import openapi, view
from .requests import pydantic_types

HERE = Path(__file__).resolve().parents[1]
RUNTIME = HERE / "runtime"
PACKAGE = "fluxframe"
HEADER = "# Generated from spec/ by `python -m codegen generate`; do not edit."


def emit(whole: spec.Spec) -> dict[str, bytes]:
    """Every file of `generated/` by its path, sorted."""
    document = openapi.build(whole)
    printed = {
        f"{PACKAGE}/_catalog.py": _render("catalog.py.jinja", **view.catalog(whole)),
        f"{PACKAGE}/_client.py": _client(whole, is_async=False),
        f"{PACKAGE}/_async_client.py": _client(whole, is_async=True),
        f"{PACKAGE}/_job_fields.py": _render(
            "fields.py.jinja",
            whose="a job's",
            class_name="JobFields",
            summary="What the server says of a job",
            fields=view.job_fields(whole),
        ),
        f"{PACKAGE}/_event_fields.py": _render(
            "fields.py.jinja",
            whose="an event's",
            class_name="EventFields",
            summary="What a webhook says of a job",
            fields=view.event_fields(whole),
        ),
    }
    with ThreadPoolExecutor(1) as pool:  # The formatter works while the types are made.
        formatting = pool.submit(formatted, printed)
        types = {f"{PACKAGE}/types.py": pydantic_types(document, HEADER)}
        code = {**formatting.result(), **formatted(types)}
    files = {path: text.encode() for path, text in code.items()}
    files["openapi.yaml"] = _yaml(document)
    files[f"{PACKAGE}/emulator/openapi.json"] = _json(document)
    for name, kind in load.FILES.items():
        files[f"spec-schema/{name}.json"] = _json(_spec_schema(name, kind))
    files[f"{PACKAGE}/LICENSE"] = (HERE.parent / "LICENSE").read_bytes()  # It goes with a copy.
    for path, data in _runtime().items():
        files[f"{PACKAGE}/{path}"] = data
    return dict(sorted(files.items()))


def formatted(code: Mapping[str, str]) -> dict[str, str]:
    """Python sources as ruff formats them: templates need not count columns."""
    arguments = [find_ruff_bin(), "format", "--isolated", "--line-length", str(view.WIDTH), "-"]
    running = {
        path: subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for path in code
    }
    result: dict[str, str] = {}
    for path, process in running.items():
        output, errors = process.communicate(code[path].encode())
        if process.returncode:
            raise SyntaxError(f"{path}: the emitted code is no Python: {errors.decode()}")
        result[path] = output.decode()
    return result


def _client(whole: spec.Spec, *, is_async: bool) -> str:
    return _render(
        "client.py.jinja",
        side=_side(is_async=is_async),
        title=whole.api.title,
        base_url=whole.api.base_url,
        resources=view.resources(whole),
        overloads=view.overloads(whole),
        request_types=view.request_types(whole),
        own_docs=view.own_docs(),
    )


def _side(*, is_async: bool) -> dict[str, str | bool]:
    """How the sync and the async client differ in words."""
    prefix, a = ("Async", "a") if is_async else ("", "")
    return {
        "is_async": is_async,
        "prefix": prefix,
        "transport": f"{prefix}Transport",
        "job": f"{prefix}Job",
        "page": f"{prefix}Page",
        "pages": "AsyncPages" if is_async else "Page",
        "iterator": f"{prefix}Iterator",
        "wait_many": "wait_many_async" if is_async else "wait_many",
        "http": f"{prefix}Client",
        "def": "async def" if is_async else "def",
        "await": "await " if is_async else "",
        "close": f"{a}close",
        "enter": f"__{a}enter__",
        "exit": f"__{a}exit__",
    }


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def _render(template: str, **context: Any) -> str:
    return _environment().get_template(template).render(header=HEADER, **context)


def _runtime() -> dict[str, bytes]:
    return {
        path.relative_to(RUNTIME).as_posix(): path.read_bytes()
        for path in sorted(RUNTIME.rglob("*"))
        if path.is_file() and path.suffix in (".py", ".typed")
    }


if TYPE_CHECKING:
    from yaml import SafeDumper as _Base
else:
    # The emitter in C is ten times as fast; both give the same text.
    _Base = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):
    """Writes no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(document: openapi.Json) -> bytes:
    text = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=view.WIDTH
    )
    return f"{HEADER}\n{text}".encode()


def _spec_schema(name: str, kind: Any) -> openapi.Json:
    """A JSON Schema of a kind of spec file, for editors to complete and check by."""
    schema = TypeAdapter(kind).json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_untitled(schema),
        "title": f"Fluxframe spec: {name}",
    }


def _untitled(value: Any) -> Any:
    """The schema without the titles that pydantic makes of names."""
    if isinstance(value, list):
        return [_untitled(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _untitled(inner)
        for key, inner in value.items()
        if not (key == "title" and isinstance(inner, str))
    }


def _json(document: openapi.Json) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
