"""Spec to the files of `generated/`: a pure function, the same spec to the same bytes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from ruff import find_ruff_bin

from ..naming import class_name
from ..spec.whole import Spec
from . import client, openapi, readings, spec_schema, tree, vectors
from .catalogue import catalogue
from .json_schema import Json
from .printing import HEADER, PACKAGE, render
from .reference import reference
from .requests import request_modules
from .samples import samples

HERE = Path(__file__).resolve().parents[1]
RUNTIME = HERE / "runtime"


def emit(spec: Spec) -> dict[str, bytes]:
    """Every file of `generated/` by its path, sorted."""
    document = openapi.build(spec)
    printed = {
        "_emitted/answers.py": render("answers.py.jinja", answers=client.answers(spec)),
        "_emitted/resources.py": _resources(spec, is_async=False),
        "_emitted/async_resources.py": _resources(spec, is_async=True),
        "_emitted/__init__.py": f'{HEADER}\n"""All that the spec decides."""\n',
        "_emitted/requests/__init__.py": f'{HEADER}\n"""Typed requests, one module per family."""\n',
        "types.py": _types(spec),
    }
    with ThreadPoolExecutor(1) as pool:  # The formatter works while the requests are made.
        formatting = pool.submit(formatted, printed)
        modules = request_modules(spec, HEADER)
        requests = {f"_emitted/requests/{name}.py": code for name, code in modules.items()}
        code = {**formatting.result(), **formatted(requests)}
    files = {f"{PACKAGE}/{path}": text.encode() for path, text in code.items()}
    for name, data in catalogue(spec).items():
        files[f"{PACKAGE}/_emitted/{name}"] = data
    files[f"{PACKAGE}/_emitted/openapi.json"] = _json(document)
    patches = readings.patches(spec, document)
    files[f"{PACKAGE}/_emitted/openapi-readings.json"] = _json(patches)
    files["openapi.yaml"] = _yaml(document)
    for name, data in vectors.files(spec).items():  # For any language, and in the package.
        files[f"vectors/{name}"] = files[f"{PACKAGE}/_emitted/vectors/{name}"] = data
    made = samples(spec)
    for name, text in reference(spec, made).items():
        files[f"reference/{name}"] = text.encode()
    for sample in made:
        for ending, text in sample.texts.items():
            files[f"samples/{sample.path(ending)}"] = text.encode()
    for name, schema in spec_schema.schemas(spec).items():
        files[f"spec-schema/{name}.json"] = _json(schema)
    files[f"{PACKAGE}/LICENSE"] = tree.unix(
        (HERE.parent / "LICENSE").read_bytes()
    )  # It goes with a copy.
    for path, data in runtime().items():
        files[f"{PACKAGE}/{path}"] = data
    return tree.with_manifest(files)


def runtime() -> dict[str, bytes]:
    """The hand-written files of the package by their path in it, each headed by where it is edited."""
    return {
        (name := path.relative_to(RUNTIME).as_posix()): _copy(name, tree.unix(path.read_bytes()))
        for path in sorted(RUNTIME.rglob("*"))
        if path.is_file() and path.suffix in (".py", ".typed")
    }


def _copy(name: str, data: bytes) -> bytes:
    if not name.endswith(".py"):
        return data
    return f"# A copy of codegen/runtime/{name}, where it is edited.\n".encode() + data


def formatted(code: Mapping[str, str]) -> dict[str, str]:
    """Python sources as ruff formats them: templates need not count columns."""
    options = ["--isolated", "--line-length", str(client.WIDTH), "-"]
    rules = ["--fix-only", "--select", "F401,I,RUF022"]
    sort = [find_ruff_bin(), "check", "--quiet", *rules, *options]
    form = [find_ruff_bin(), "format", *options]
    return _piped(form, _piped(sort, code))


def _piped(arguments: list[str], code: Mapping[str, str]) -> dict[str, str]:
    """What a command makes of each source; they run side by side."""
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
            raise SyntaxError(f"{path}: the emitted code is not valid Python: {errors.decode()}")
        result[path] = output.decode()
    return result


def _resources(spec: Spec, *, is_async: bool) -> str:
    return render(
        "resources.py.jinja",
        side=_side(is_async=is_async),
        resources=client.resources(spec),
        own=client.own_methods(spec),
        answers=sorted({class_name(name) for name in client.answer_objects(spec)}),
    )


def _side(*, is_async: bool) -> dict[str, str | bool]:
    """How the sync and the async client differ in words."""
    prefix = "Async" if is_async else ""
    return {
        "is_async": is_async,
        "prefix": prefix,
        "job": f"{prefix}Job",
        "pages": "AsyncPages" if is_async else "Page",
        "def": "async def" if is_async else "def",
        "file": f"{prefix}FileLike",
        "await": "await " if is_async else "",
    }


def _types(spec: Spec) -> str:
    families = [
        {"name": f"_emitted.requests.{module}", "classes": names}
        for module, names in client.request_classes(spec).items()
    ]
    shared = sorted(class_name(name) for name in spec.submissions().values())
    resources = sorted(resource.class_name for resource in client.resources(spec))
    modules = [
        {"name": "_request", "classes": ["Request"]},
        {"name": "_emitted.requests.common", "classes": shared},
        {"name": "_emitted.resources", "classes": resources},
        {"name": "_emitted.async_resources", "classes": [f"Async{name}" for name in resources]},
        *families,
    ]
    answers = sorted(class_name(name) for name in client.answer_objects(spec))
    return render(
        "types.py.jinja",
        families=families,
        modules=modules,
        answers=answers,
        names=sorted([*answers, *(name for module in modules for name in module["classes"])]),
    )


if TYPE_CHECKING:
    from yaml import SafeDumper as _Base
else:
    # The emitter in C is ten times as fast; both produce the same text.
    _Base = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_Base):
    """Writes no aliases."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(document: Json) -> bytes:
    text = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=client.WIDTH
    )
    return f"{HEADER}\n{text}".encode()


def _json(document: Json) -> bytes:
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
