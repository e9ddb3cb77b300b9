"""The pages say all that the spec says, in words that readers see as they are, and their links lead somewhere."""

from __future__ import annotations

import json
import shlex
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from codegen.emit.catalogue import argument_names
from codegen.emit.command_line import COMMANDS, FLAGS
from codegen.emit.markdown import block, code, paragraph, plain, table
from codegen.emit.samples import parent
from codegen.spec.descriptions import cost, stated
from codegen.spec.schema import Parameter, Quantity, Schema
from fluxframe import models
from fluxframe._describe import price
from fluxframe.cli import cli
from fluxframe.cli._commands import submissions, summaries
from fluxframe.cli._lazy_group import LazyGroup
from fluxframe.emulator import Emulator

from ..strategies import MODELS
from .few import WHOLE, emitted
from .read_pages import broken_links, rows, shown, words


@cache
def page(model: str) -> Any:
    return shown(emitted()[f"reference/models/{model}.md"].decode())


@pytest.mark.parametrize("id", MODELS)
def test_a_page_names_each_parameter_and_each_limit(id: str) -> None:
    model = WHOLE.models[id]
    names = argument_names(WHOLE, model)
    by_name = {row[0]: row for row in rows(page(id))}
    for name, schema in {**WHOLE.fields(model), **model.parameters}.items():
        if schema.role == "discriminator":
            continue
        _, takes, meaning = by_name[names[name]]
        assert takes.startswith(schema.type or "")
        assert schema.summary is None or schema.summary in meaning
        assert ("Required." in meaning) == schema.required
        assert takes.endswith(" by default") == (schema.default is not None)
        if schema.default is not None:
            assert f"{json.dumps(schema.default)} by default" in takes
        for value in told(schema):
            assert value in takes, (name, value)


def told(schema: Schema) -> list[str]:
    """The numbers and choices of a value's limits, and of its items'."""
    found: list[str] = []
    for name, value in stated(schema).items():
        if name in ("format", "unique_items", "nullable"):
            continue
        if isinstance(value, Quantity):
            found += [str(value.maximum), value.unit]
        else:
            listed = value if isinstance(value, list) else [value]
            found += [str(one) for one in listed]
    return found + (told(schema.items) if schema.items is not None else [])


@pytest.mark.parametrize("id", MODELS)
def test_a_page_quotes_each_source_and_tells_each_other_reading(id: str) -> None:
    text = words(page(id))
    model = WHOLE.models[id]
    family = WHOLE.families[model.family]
    said = [model.source, *((model.price.source,) if model.price else ())]
    for schema in {**WHOLE.fields(model), **model.parameters}.values():
        if schema.role != "discriminator":
            said.append(schema.source)
        if isinstance(schema, Parameter):
            said += [*schema.sources.values(), *(limit.source for limit in schema.limits)]
            for other in {*schema.used_when, *schema.ignored_when}:
                assert argument_names(WHOLE, model)[other] in text
        for source, reading in schema.readings.items():
            assert f"{WHOLE.sources[source].title}, otherwise" in text
            for value in (reading.minimum, reading.maximum, reading.max_items, reading.default):
                assert value is None or str(value) in text
            assert all(str(value) in text for value in reading.values or ())
    for source in said:
        for origin, quotes in source.items():
            assert WHOLE.sources[origin].title in text
            for quote in [quotes] if isinstance(quotes, str) else quotes:
                assert " ".join(quote.split()) in text
    assert all(" ".join(other.split()) in text for other in family.readings.values())
    assert " ".join(model.description.split()) in text


def test_every_link_leads_somewhere() -> None:
    assert list(broken_links(emitted(), "reference")) == []


def test_each_page_has_its_programs_as_they_are_and_a_place_for_their_pictures() -> None:
    for model, name, _ in WHOLE.examples():
        text = emitted()[f"reference/models/{model.id}.md"].decode()
        for ending in ("py", "sh", "mjs"):
            program = emitted()[f"samples/{model.id}/{name}.{ending}"].decode()
            assert f"\n{program.rstrip()}\n```\n" in text
        assert text.count(f"\n<!-- picture: {model.id} {name} -->\n") == 1


def test_all_models_are_listed_with_what_they_cost() -> None:
    tree = shown(emitted()["reference/index.md"].decode())
    listed = {row[0]: row for row in rows(tree)}
    of_family = {row[0]: row for row in rows(shown(emitted()["reference/families.md"].decode()))}
    for model in WHOLE.models.values():
        told = price(models[model.id])
        assert listed[model.title][2] == (told or "–")
        family = of_family[WHOLE.families[model.family].title]
        assert model.id in family[2].split(", ")
        assert model.price is None or family[3] != "–"


@pytest.mark.parametrize("id", MODELS)
def test_a_price_has_the_words_that_it_has_at_run_time(id: str) -> None:
    model = WHOLE.models[id]
    names = argument_names(WHOLE, model)
    if model.price is not None:
        assert cost(model.price, lambda name: names.get(name, name)) == price(models[id])


def test_the_commands_and_flags_that_are_taken_are_those_of_the_command_line() -> None:
    assert {*summaries()} - {*submissions()} == COMMANDS
    for name in submissions():
        group = cli.commands.get(name) or cli.load(name)
        assert isinstance(group, LazyGroup)
        own = {
            flag
            for id in group.summaries
            for parameter in group.load(id).params
            if not str(parameter.name).startswith("param_")
            for flag in (*parameter.opts, *parameter.secondary_opts)
            if flag.startswith("--")
        }
        assert own | {"--help"} == FLAGS


def test_each_command_line_sends_what_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    api = WHOLE.api
    with Emulator(job_seconds=0) as emulator:
        monkeypatch.setenv(api.environment.api_key, f"{api.authentication.prefix}of_a_reader")
        monkeypatch.setenv(api.environment.base_url, emulator.url)
        for model, _, example in WHOLE.examples():
            blocks = page(model.id).xpath("//pre/code[@class='language-sh']")
            lines = [one.text for one in blocks if one.text.startswith("fluxframe ")]
            sent = []
            for line in lines:
                words = shlex.split(line.replace("\\\n", ""))[1:]
                done = CliRunner().invoke(cli, [*words, "--no-wait"])
                # The job of the documents is not there, for one to go on from.
                assert done.exit_code == (parent(WHOLE, model) is not None), done.output
                sent.append(emulator.requests.last().json)
            assert example.request in sent


# What Markdown, HTML and the extensions of each reader know, and what it may stand beside.
TEXTS = st.text(
    st.sampled_from(list("\\`*_[](){}<>&|~^$=+-!#:;.@\"'/ \n\t19ab"))
    | st.characters(codec="utf-8"),
    max_size=40,
).filter(lambda text: bool(text.strip()))


@given(TEXTS)
@example("1. one")
@example("- [x] done")
@example("# Title")
@example("a | b")
@example("<b>bold</b> &amp; *more* _it_ __init__ a_b_c `x`")
@example("[a](b) ![c](d) [^1] {: .x } :smile: ==m== ++k++ ~~s~~ ^u^ $x$ --8<-- x")
@example('=== "Python"')
@example("a\\*b")
def test_a_text_of_the_spec_reads_as_it_is(text: str) -> None:
    wanted = plain_words(text)
    assert words(shown(paragraph(text))) == wanted
    assert words(shown(f"- x {plain(text)}")) == f"x {wanted}"
    assert words(shown(f"- {code(text)}")) == wanted
    [[first, second]] = rows(shown(table(["a", "b"], [[plain(text), code(text)]])))
    assert [first, second] == [wanted, wanted]


def plain_words(text: str) -> str:
    """A text as it is to be seen, where what can't be seen is an escape."""
    from codegen.naming import printable

    return " ".join(printable(" ".join(text.split())).split())


@given(st.text(st.sampled_from("`~\n a"), max_size=30).filter(str.strip))
def test_a_block_holds_any_text(text: str) -> None:
    [found] = shown(block("text", text)).xpath("//pre/code")
    assert found.text == text.rstrip() + "\n"
