"""What editors show while a request is typed: that model's parameters and limits, and no other's.

pyright's language server and jedi are asked as editors ask them, on the emitted package.
"""

from __future__ import annotations

import inspect
import pydoc
import sys
from collections.abc import Iterator
from pathlib import Path

import jedi
import pytest
from IPython.core.completer import IPCompleter, provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import fluxframe
from codegen.emit.catalogue import argument_names
from codegen.naming import class_name

from ..servers.language import LanguageServer, language_server
from ..strategies import MODELS, ONE_OF_EACH_FAMILY, WHOLE

each_model = pytest.mark.parametrize("model", MODELS)
# Where asking takes long; pyright is asked of all.
one_of_each_family = pytest.mark.parametrize("model", ONE_OF_EACH_FAMILY)
ROOT = Path(fluxframe.__file__).parents[1]


def arguments(model: str) -> set[str]:
    """What a request for a model takes, by Python name."""
    return set(argument_names(WHOLE, WHOLE.models[model]).values())


def limited(model: str) -> Iterator[tuple[str, str]]:
    """The parameters of a model that have a maximum, by Python name, each with it."""
    names = argument_names(WHOLE, WHOLE.models[model])
    for name, parameter in WHOLE.models[model].parameters.items():
        for limit in (parameter.maximum, parameter.max_items):
            if limit is not None:
                yield names[name], f"{limit:.12g}"


IMPORTS = f"from fluxframe.types import {', '.join(map(class_name, MODELS))}"
# A line for each model, and one for each limit.
CALLS = [f"{class_name(model)}()" for model in MODELS]
LIMITS = [(model, name, limit) for model in MODELS for name, limit in limited(model)]
TEXT = [IMPORTS, *CALLS, *(f"{class_name(model)}({name}=1)" for model, name, _ in LIMITS), ""]


PYRIGHT = [
    sys.executable,
    "-c",
    "from pyright.langserver import entrypoint; entrypoint()",
    "--stdio",
]
SETTINGS = {
    "python": {"pythonPath": sys.executable},
    "python.analysis": {"extraPaths": [str(ROOT)]},
}


@pytest.fixture(scope="module")
def pyright(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    with language_server(PYRIGHT, tmp_path_factory.mktemp("pyright"), SETTINGS) as server:
        server.open("typed.py", "python", "\n".join(TEXT))
        yield server


def test_pyright_offers_each_models_parameters_and_no_others(pyright: LanguageServer) -> None:
    for line, model in enumerate(MODELS, 1):
        found = pyright.at("textDocument/completion", line, TEXT[line].index("(") + 1)
        labels = {item["label"] for item in found["items"]}
        names = {label.removesuffix("=") for label in labels if "=" in label}
        assert names == arguments(model), model


def test_pyright_shows_each_models_limits_of_its_parameters(pyright: LanguageServer) -> None:
    for line, (model, name, limit) in enumerate(LIMITS, 1 + len(CALLS)):
        hover = pyright.at("textDocument/hover", line, TEXT[line].index("(") + 1)
        assert limit in hover["contents"]["value"], (model, name)


def script(text: str) -> tuple[jedi.Script, int, int]:
    before, _, after = text.partition("|")
    project = jedi.Project(ROOT, added_sys_path=[str(ROOT)])
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)
    return jedi.Script(before + after, project=project), line, column


@each_model
def test_jedi_offers_that_models_parameters_and_no_others(model: str) -> None:
    kind = class_name(model)
    asked, *place = script(f"from fluxframe.types import {kind}\n{kind}(|)\n")
    names = {found.name_with_symbols for found in asked.complete(*place)}
    offered = {name.removesuffix("=") for name in names if name.endswith("=")}
    assert offered == arguments(model)


@one_of_each_family
def test_jedi_shows_that_models_limit_of_a_parameter(model: str) -> None:
    kind = class_name(model)
    for name, limit in limited(model):
        text = f"from fluxframe.types import {kind}\n{kind}({name[0]}|{name[1:]}=1)\n"
        asked, *place = script(text)
        shown = [found.description + found.docstring() for found in asked.help(*place)]
        assert any(limit in text for text in shown), (name, shown)


@each_model
def test_help_and_the_signature_show_them_at_run_time(model: str) -> None:
    kind = getattr(fluxframe.types, class_name(model))
    parameters = inspect.signature(kind).parameters
    assert set(parameters) == arguments(model)
    assert {p.kind for p in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    _, _, told = pydoc.plain(pydoc.render_doc(kind)).partition("Args:")
    lines = {line.strip(" |").partition(":")[0]: line for line in told.splitlines()}
    assert arguments(model) <= lines.keys()
    for name, limit in limited(model):
        assert limit in lines[name]


@each_model
def test_ipython_completes_them(model: str) -> None:
    kind = getattr(fluxframe.types, class_name(model))
    shell = InteractiveShell.instance()
    completer: IPCompleter = shell.Completer
    shell.user_ns["Model"] = kind
    for use_jedi in (False, True):
        completer.use_jedi = use_jedi
        text = "Model("
        with provisionalcompleter():
            texts = {found.text for found in completer.completions(text, len(text))}
        # Names of Python's own are offered too, and a parameter may be named like one.
        assert {text.removesuffix("=") for text in texts if text.endswith("=")} == arguments(model)
