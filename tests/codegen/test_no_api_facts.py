"""No fact of the vendor's API stands in Python or in a template: all of them are in the spec.

The words that are searched for are the spec's own, so that a member that is added there is searched
for as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

import codegen
from codegen.naming import snake_case
from codegen.spec.load import load
from codegen.spec.schema import Role, Schema
from codegen.spec.whole import Spec

FOLDER = Path(codegen.__file__).parent
SPEC = load()
SOURCES = {
    path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(FOLDER.rglob("*"))
    if path.suffix in (".py", ".jinja")
}
# What the vendor's API has, and others have too, with where the word is from.
ALLOWED = {
    "apiKey": "the name that OpenAPI has for keys in headers",
    "model_type": "pydantic's name of an error, which lint words anew",
}


def names(schema: Schema) -> Iterator[str]:
    """The names of all members, at any depth."""
    for name, member in (schema.properties or {}).items():
        yield name
        yield from names(member)
    for inner in (schema.items, *(schema.any_of or ())):
        if inner is not None:
            yield from names(inner)


def tells(name: str) -> bool:
    """Whether a name is one's own choice, and no single English word."""
    return "_" in name or re.search("[a-z][A-Z]", name) is not None


def facts(spec: Spec) -> Iterator[str]:
    """The words that belong to this API, as they would stand in source."""
    api = spec.api
    yield from (api.title, api.name, api.name.upper(), api.name.lower(), api.base_url)
    yield from (api.authentication.header, api.authentication.prefix, api.request_id_header)
    yield from (api.environment.api_key, api.environment.base_url)
    yield from (api.webhooks.event_header, api.webhooks.signature_header)
    yield from spec.models
    for operation in spec.operations.values():
        yield operation.path
        # Its beginning alone, such as the version; another API has other segments.
        yield from re.findall(r"^/v\d+(?=/)", operation.path)
    for status in api.job.transitions:
        yield from (f'"{status}"', f"'{status}'")
    shared = set(get_args(Role))
    for name in spec.request_objects() | set(spec.objects):
        yield from filter(tells, names(spec.objects[name]))
    for operation in spec.operations.values():
        yield from filter(tells, operation.query)
    for family in spec.families.values():
        yield from filter(None, [family.container])
        own = {name for name in family.parameters if tells(name)}
        yield from own - shared
        yield from (snake_case(name) for name in own if snake_case(name) not in shared)


def found(words: set[str], sources: dict[str, str]) -> list[str]:
    """Where the words stand, as whole words of their own."""
    each = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])(?:{each})(?![\w-])")
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in sources.items()
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


WORDS = {word for word in facts(SPEC) if len(word) > 2} - set(get_args(Role))


def test_no_word_of_the_api_stands_in_the_code() -> None:
    here = found(WORDS - set(ALLOWED), SOURCES)
    assert not here, "\n" + "\n".join(here)


def test_what_is_allowed_is_there() -> None:
    assert {word for word in ALLOWED if not found({word}, SOURCES)} == set()
    assert set(ALLOWED) <= WORDS


@pytest.mark.parametrize(
    "line",
    [
        f'if job.status == "{SPEC.api.job.succeeded[0]}":',
        f"path = '{next(iter(SPEC.operations.values())).path}'",
        f"headers['{SPEC.api.authentication.header}'] = key",
        f"os.environ['{SPEC.api.environment.api_key}']",
        f"# As {SPEC.api.name} has it.",
        f'"""Such as {next(iter(SPEC.models))}."""',
    ],
)
def test_a_word_of_the_api_would_be_found(line: str) -> None:
    assert found(WORDS, {"a.py": f"import os\n{line}\n"})
