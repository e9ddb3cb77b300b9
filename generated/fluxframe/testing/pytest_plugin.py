# A copy of codegen/runtime/testing/pytest_plugin.py, where it is edited.
"""The fixtures `emulator` and `emulator_client` for pytest, which finds them by itself.

pytest does not find a copy under another name by itself: name it in a conftest.py,
`pytest_plugins = ["acme._fluxframe.testing.pytest_plugin"]`.

Options of `Emulator` are those of the file (`emulator_options`, a line each), and those of a test, class or
module (`@pytest.mark.emulator(follow="oas")`), which go first.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .. import Fluxframe
    from ._namespace import Namespace
    from ._servers import Servers

_OPTIONS = "emulator_options"
_MOST_SHOWN = 20
_shown = pytest.StashKey["Namespace"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of the file."""
    parser.addini(
        _OPTIONS,
        "options of the emulator of tests, each a line such as `job_seconds = 0.1`",
        type="linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "emulator(**options): options of the emulator that the test's fixture is"
    )


@pytest.fixture(scope="session")
def _emulators() -> Iterator[Servers]:
    try:
        from ._servers import Servers
    except ModuleNotFoundError as error:
        pytest.fail(str(error), pytrace=False)
    servers = Servers()
    yield servers
    servers.stop()


@pytest.fixture
def emulator(request: pytest.FixtureRequest, _emulators: Servers) -> Iterator[Namespace]:
    """A local server of the API, alone with a key of the test's own; the environment points to it."""
    options = _of_file(request.config)
    for marker in reversed([*request.node.iter_markers("emulator")]):
        if marker.args:
            pytest.fail(
                "the marker takes options by their names, such as credits=10", pytrace=False
            )
        options |= marker.kwargs
    with ExitStack() as stack:
        try:
            namespace = stack.enter_context(_emulators.namespace(**options))
        except (TypeError, ValueError, OSError) as error:
            pytest.fail(f"the emulator can't be: {error}", pytrace=False)
        request.node.stash[_shown] = namespace
        yield namespace


@pytest.fixture
def emulator_client(emulator: Namespace) -> Iterator[Fluxframe]:
    """A client of the test's emulator."""
    with emulator.client() as client:
        yield client


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Show of a test that failed what its emulator was asked."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    namespace = item.stash.get(_shown, None) if report.failed else None
    if namespace is not None and report.when == "call":
        entries = [entry.line() for entry in namespace.requests]
        left = len(entries) - _MOST_SHOWN
        more = [f"… {left} before these"] if left > 0 else []
        text = "\n".join([*more, *entries[-_MOST_SHOWN:]]) or "none"
        report.sections.append(("requests to the emulator", text))


def _of_file(config: pytest.Config) -> dict[str, Any]:
    """The options of the file: a value is JSON, or a text."""
    options: dict[str, Any] = {}
    for line in config.getini(_OPTIONS):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not (name and equals):
            pytest.fail(
                f"{_OPTIONS}: {line!r} is not an option and its value, such as job_seconds = 0.1",
                pytrace=False,
            )
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = value
    return options
