"""What is emitted: the same bytes on every run, no hand edit unnoticed, and a model is one file."""

from __future__ import annotations

import ast
import json
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import jsonschema_rs
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from codegen.__main__ import main
from codegen.emit import tree
from codegen.emit.openapi import build
from codegen.emit.package import RUNTIME, emit
from codegen.naming import argument, class_name, docstring, identifier, literal
from codegen.spec.document import parse
from codegen.spec.load import SPEC, load, resolve

from ..strategies import MODELS
from .few import FILES, WHOLE, emitted, emitted_of, few, written

ROOT = Path(__file__).resolve().parents[2]
ONE = "flux-2-pro"  # Where any model will do.

# Hostile to Python source: quotes, escapes, braces, controls, other scripts, half a surrogate pair.
HOSTILE = st.text(
    st.sampled_from(list("\"'\\{}\n\r\t\0 nNuU0x%#@é漢\u2028\ud800")) | st.characters(), max_size=30
)


def test_generated_is_what_the_spec_says() -> None:
    assert tree.differences(emitted()) == []


def test_generating_again_touches_nothing(tmp_path: Path) -> None:
    files = emitted()
    assert tree.write(files, tmp_path) == sorted(files)
    before = {path: (tmp_path / path).stat().st_mtime_ns for path in files}
    assert tree.write(emit(load()), tmp_path) == []
    assert before == {path: (tmp_path / path).stat().st_mtime_ns for path in files}


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    """Another has other hashes, and runs in a folder with settings of its own."""
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 60\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "codegen", "--out", str(tmp_path / "out"), "generate"],
        check=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONHASHSEED": str(random.randrange(1, 2**32)),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
    )
    out = tmp_path / "out"
    assert {path: (out / path).read_bytes() for path in tree.present(out)} == emitted()


def test_the_order_of_the_files_does_not_matter() -> None:
    assert emit(resolve(dict(reversed(FILES.items())))) == emitted()


def test_a_hand_edit_fails_the_check_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree.write(emitted(), tmp_path)
    for path in ("fluxframe/_client.py", "fluxframe/extra.py", "openapi.yaml"):
        with (tmp_path / path).open("a") as file:
            file.write("# by hand\n")
    (tmp_path / "fluxframe/types.py").unlink()
    assert main(["--out", str(tmp_path), "check"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert {line for line in said if ": " in line and line.split(": ")[1] in found(tmp_path)} == {
        "changed: fluxframe/_client.py",
        "not generated: fluxframe/extra.py",
        "changed: openapi.yaml",
        "missing: fluxframe/types.py",
    }


def found(root: Path) -> set[str]:
    return {*emitted(), *tree.present(root)}


def test_generate_mends_what_was_edited(tmp_path: Path) -> None:
    spec, out = written(few(ONE), tmp_path / "spec"), tmp_path / "out"
    old = {**emitted_of(ONE), "fluxframe/old/extra.py": b""}
    tree.write(tree.with_manifest(old), out)
    (out / "fluxframe/types.py").write_text("by hand")
    places = ["--spec", str(spec), "--out", str(out)]
    assert main([*places, "generate"]) == 0
    assert main([*places, "check"]) == 0
    assert not (out / "fluxframe/old").exists()


def test_a_broken_spec_is_shown_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = {p: data.replace(b"maximum: 2048", b"maxmum: 2048") for p, data in few(ONE).items()}
    written(broken, tmp_path / "spec")
    out = tmp_path / "out"
    assert main(["--spec", str(tmp_path / "spec"), "--out", str(out), "generate"]) == 1
    error = capsys.readouterr().err
    assert "did you mean `maximum`?" in error
    assert "Traceback" not in error
    assert not out.exists()


def test_the_runtime_is_copied_unchanged_below_a_line_that_says_where_it_is_edited() -> None:
    for path in RUNTIME.rglob("*.py"):
        name = path.relative_to(RUNTIME).as_posix()
        first, _, rest = emitted()[f"fluxframe/{name}"].partition(b"\n")
        assert f"codegen/runtime/{name}" in first.decode()
        assert rest == path.read_bytes()


def test_the_openapi_document_is_valid() -> None:
    document = yaml.safe_load((tree.GENERATED / "openapi.yaml").read_text(encoding="utf-8"))
    validate(document, cls=OpenAPIV31SpecValidator)
    emulated = tree.GENERATED / "fluxframe/_emitted/openapi.json"
    assert document == json.loads(emulated.read_text(encoding="utf-8"))


@cache
def openapi() -> Any:
    return build(WHOLE)


@pytest.mark.parametrize("model", MODELS)
def test_the_openapi_document_is_as_tight_as_the_spec(model: str) -> None:
    """Each model has a shape of its own, which holds its limits and no other model's."""
    schemas = openapi()["components"]["schemas"]
    request = schemas[f"{class_name(model)}Request"]
    known = WHOLE.models[model]
    params = schemas[f"{class_name(model)}Params"] if WHOLE.container(known) else request
    assert request["additionalProperties"] is False
    assert params["additionalProperties"] is False
    told = request["properties"][WHOLE.discriminator(WHOLE.request_object(known))]
    assert told["const"] == WHOLE.discriminator_value(known)
    fields = {} if WHOLE.container(known) else WHOLE.fields(known)
    assert set(params["properties"]) == {*fields, *known.parameters}
    pairs = [("minimum", "minimum"), ("maximum", "maximum"), ("max_items", "maxItems")]
    for name, parameter in WHOLE.models[model].parameters.items():
        for ours, theirs in pairs:
            assert params["properties"][name].get(theirs) == getattr(parameter, ours)


def test_emitted_code_imports_only_relatively_from_itself() -> None:
    for path in (tree.GENERATED / "fluxframe").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert all(not alias.name.startswith("fluxframe") for alias in node.names), path
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                assert not str(node.module).startswith("fluxframe"), path


def test_nobody_imports_against_the_direction() -> None:
    """The generator knows nothing of what it emits; the client nothing of what is extra."""
    for path in (ROOT / "codegen").glob("*.py"):
        assert "import fluxframe" not in path.read_text(encoding="utf-8")
    for path in (tree.GENERATED / "fluxframe").glob("*.py"):
        if path.name != "__main__.py":
            assert ".emulator" not in path.read_text(encoding="utf-8"), path
    for path in (tree.GENERATED / "fluxframe/emulator").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level > 1:
                allowed = {"Fluxframe", "AsyncFluxframe", "missing", "monotonic"}
                assert {alias.name for alias in node.names} <= allowed


SIXTH = """\
id: flux-kontext-max
title: Flux Kontext Max
family: flux
summary: Edits a picture by a prompt.
description: Takes one input image, and a strength that no other model has.
source: {docs: flux-kontext-max}
parameters:
  aspect_ratio:
    values: [match_input_image]
    source: {docs: Aspect ratio}
  output_format:
    values: [jpg, png]
    source: {docs: jpg or png}
  safety_tolerance:
    type: integer
    summary: How much is let through.
    minimum: 0
    maximum: 6
    default: 2
    source: {docs: "0 to 6, 2 by default"}
  class:
    type: string
    values: [fast, fine]
    summary: A name that Python keeps for itself.
    source: {docs: class}
examples:
  edit:
    summary: Edit
    request: {prompt: make it blue, model: flux-kontext-max, fluxParams: {safety_tolerance: 3}}
    source: {docs: Example}
"""

USE_OF_THE_SIXTH = """
import json, warnings
import fluxframe
from fluxframe.emulator import Emulator
limits = fluxframe.models["flux-kontext-max"].parameters["safety_tolerance"]
said = []
with Emulator(job_seconds=0) as emu, emu.client() as client:
    job = client.images.generate(
        model="flux-kontext-max", prompt="x", safety_tolerance=6, class_="fine", output_format="png"
    )
    content = job.wait(interval=0.01).images[0].bytes()
    for validation in ("error", "off"):
        try:
            client.with_options(validation=validation).images.generate(
                model="flux-kontext-max", prompt="x", safety_tolerance=7
            )
        except fluxframe.FluxframeError as error:
            said.append([type(error).__name__, str(error)])
fluxframe.types.FluxKontextMax(prompt="x", safety_tolerance=0)
print(json.dumps([limits.maximum, job.raw["input"], content[:4].hex(), said]))
"""


def test_a_sixth_model_is_one_file(tmp_path: Path) -> None:
    files = {**few(ONE), "models/flux/flux-kontext-max.yaml": SIXTH.encode()}
    tree.write(emit(resolve(files)), tmp_path)
    requests = (tmp_path / "fluxframe/_emitted/requests/flux.py").read_text(encoding="utf-8")
    assert 'model: Literal["flux-kontext-max"]' in requests
    assert "How much is let through. 0 to 6. The server's default is 2." in requests
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", USE_OF_THE_SIXTH],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    maximum, sent, magic, said = json.loads(done.stdout)
    assert maximum == 6
    assert sent["fluxParams"] == {"safety_tolerance": 6, "class": "fine", "output_format": "png"}
    assert bytes.fromhex(magic) == b"\x89PNG"
    assert said[0] == [
        "InvalidRequestError",
        "safety_tolerance: 7 is above the maximum of 6 for flux-kontext-max",
    ]
    assert said[1][0] == "BadRequestError"
    assert "safety_tolerance: Too big: expected number to be <=6, received 7" in said[1][1]


@given(HOSTILE)
def test_a_literal_reads_back_as_itself(text: str) -> None:
    source = literal(text)
    assert "\n" not in source
    assert ast.literal_eval(source) == text


@given(
    st.recursive(
        HOSTILE | st.integers() | st.booleans() | st.none(),
        lambda x: st.lists(x, max_size=3) | st.dictionaries(HOSTILE, x, max_size=3),
    )
)
def test_a_structure_reads_back_as_itself(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


@given(HOSTILE)
def test_a_docstring_reads_back_as_itself(text: str) -> None:
    module = ast.parse(f'"""{docstring(text)}"""\nx = 1')
    assert isinstance(module.body[0], ast.Expr)
    assert len(module.body) == 2
    assert ast.literal_eval(module.body[0].value) == text


@given(HOSTILE | st.sampled_from(["class", "match", "self", "None", "1.1", "webhookUrl", "_", ""]))
def test_an_identifier_is_one_and_is_not_taken(name: str) -> None:
    found = identifier(name, {"self", "timeout"})
    assert found.isidentifier()
    assert found not in {"self", "timeout", "class", "match", "None"}
    ast.parse(f"def f({found}): return {found}")


@settings(max_examples=8)  # More are in test_hostile_spec.
@given(text=HOSTILE.map(lambda text: text.encode("utf-8", "ignore").decode()).filter(str.strip))
@example(text="a line\x85that ends\u2028elsewhere")
def test_no_text_of_the_spec_breaks_what_is_emitted(text: str) -> None:
    few_models = resolve(few("flux-2-flex"))
    model = few_models.models["flux-2-flex"]
    steps = model.parameters["steps"].model_copy(update={"summary": text, "unit": text})
    format = model.parameters["output_format"].model_copy(update={"values": [text, "png"]})
    hostile = model.model_copy(
        update={
            "title": text,
            "summary": text,
            "description": text,
            "parameters": {**model.parameters, "steps": steps, "output_format": format},
        }
    )
    files = emit(replace(few_models, models={model.id: hostile}))
    as_it_is = emitted_of(model.id)
    for path, data in files.items():
        if path.endswith(".py") and data != as_it_is[path]:
            ast.parse(data)
    said = json.loads(files["fluxframe/_emitted/families/flux.json"])[model.id]
    assert said["title"] == text
    assert said["parameters"]["output_format"]["values"] == [text, "png"]


def retrieved(uri: str) -> Any:
    """The schema at a file's URI, as an editor reads it beside the one that names it."""
    return json.loads(Path(url2pathname(urlsplit(uri).path)).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_spec_file_names_the_schema_that_it_keeps(path: str) -> None:
    """So that an editor completes and checks what is typed."""
    text = FILES[path].decode()
    modeline = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert modeline
    place = ((SPEC / path).parent / modeline[1]).resolve()
    named = path.removesuffix(".yaml") if "/" not in path else path.rpartition("/")[0]
    assert place == ROOT / "generated" / "spec-schema" / f"{named}.json"
    schema = json.loads(place.read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(
        schema, base_uri=place.as_uri(), retriever=retrieved
    )
    value = parse(path, text.encode()).value
    assert isinstance(value, dict)
    assert list(validator.iter_errors(value)) == []
    nested = (
        next(iter(value.values())) if "$defs" in schema and "properties" not in schema else value
    )
    nested["no_such_key"] = 1
    assert not validator.is_valid(value)


def test_a_parameter_is_named_like_no_member_of_its_class_and_no_option_of_a_call() -> None:
    """The API's names stay on the wire; in Python they get a `_`, as `class_` has."""
    from fluxframe._request import BaseModel
    from fluxframe._requests import OPTIONS

    taken = {*OPTIONS, *(name for name in dir(BaseModel) if not name.startswith("_"))}
    assert taken > {"copy", "model_dump", "to_wire", "timeout"}
    assert not {argument(name) for name in taken} & taken


USE_OF_COPY = """
import warnings
from fluxframe.types import FluxKontextMax
import fluxframe
one = FluxKontextMax(prompt="x", copy_=3, timeout_="fast", class_="fine")
print(one.to_wire() == {
    "prompt": "x", "model": "flux-kontext-max",
    "fluxParams": {"copy": 3, "timeout": "fast", "class": "fine"},
})
"""


def test_a_parameter_named_like_a_member_works(tmp_path: Path) -> None:
    text = SIXTH.replace("safety_tolerance", "copy")
    text = text.replace(
        "  class:\n",
        "  timeout:\n    type: string\n    summary: A name of an option.\n"
        "    source: {docs: timeout}\n  class:\n",
    )
    files = {**few(ONE), "models/flux/flux-kontext-max.yaml": text.encode()}
    tree.write(emit(resolve(files)), tmp_path)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", USE_OF_COPY],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
