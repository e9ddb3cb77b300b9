"""A test for each vector: `pytest --fluxframe-base-url URL`, which needs no file of tests.

    pytest --fluxframe-base-url http://127.0.0.1:8000 --fluxframe-max-credits 50 -k "width and maximum"

The key is in the variable of the API. The names of the tests are the ids of the vectors. All that are chosen
go to the server in one run, before the first test, so that it costs what the command line's run costs; with
xdist, one of its processes does that, and the others wait for what comes of it. A vector that was not sent is
skipped, one of which nothing could be told is an error, and one that differs as another source says is an
expected failure.

In tests of your own, choose what is sent:

    from fluxframe import conformance
    from fluxframe.conformance.pytest_plugin import check

    REPORT = conformance.run(URL, KEY, models=["a-model"], kinds=["maximum"])

    @pytest.mark.parametrize("outcome", REPORT.outcomes, ids=lambda outcome: outcome.vector)
    def test_the_server(outcome):
        check(outcome)
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from .._locks import wait_for_lock
from .._redact import excerpt
from ._api import run
from ._errors import CannotRunError
from ._outcomes import Finding, Outcome, Report, Verdict
from ._plan import plan
from ._security import security
from ._target import Target
from ._words import cost_text, outcome_text, reason_text
from .reports.curl import curl

_ROOM = "fluxframe"  # What goes before the names of the tests.
_ELSE = "what-else-differs"  # The test of what was found beside the vectors.


class DifferenceError(AssertionError):
    """The server does not do what the documents say."""


def check(outcome: Outcome, finding: Finding | None = None) -> None:
    """Fail, skip or pass a test, as an outcome says.

    Raises DifferenceError where server and documents part; `finding` is the cause, to be told with it.
    """
    if outcome.verdict is Verdict.DIFFERS:
        pytest.xfail(finding.message if finding else outcome_text(outcome))
    elif outcome.verdict is Verdict.UNTESTED:
        pytest.skip(reason_text(outcome.reason))
    elif outcome.verdict is Verdict.INCONCLUSIVE:
        pytest.fail(f"inconclusive: {reason_text(outcome.reason)}", pytrace=False)
    elif outcome.verdict.is_difference:
        raise DifferenceError("\n".join(_told(outcome, finding)))


def _told(outcome: Outcome, finding: Finding | None) -> Iterator[str]:
    if finding is not None:
        yield finding.message
    yield outcome_text(outcome)
    for exchange in outcome.exchanges[-1:]:
        yield curl(exchange)
        answer = excerpt(exchange.answer, 2000)
        yield f"{exchange.status} {answer}" if exchange.error is None else exchange.error


def plugin_of(config: pytest.Config) -> Plugin:
    """The plugin, with what the command line says. Raises UsageError."""
    options: Any = config.option
    url: str = options.fluxframe_base_url
    credits: int = options.fluxframe_max_credits
    models: list[str] = options.fluxframe_model
    variable = security().variable
    key = os.environ.get(variable, "").strip()
    if not key:
        raise pytest.UsageError(f"set {variable} to the key that the server is asked with")
    if credits < 0:
        raise pytest.UsageError(f"--fluxframe-max-credits {credits} is below 0")
    try:
        vectors = plan(models=models).vectors
        base_url = Target(url, key).base_url
    except CannotRunError as error:
        raise pytest.UsageError(str(error)) from None
    return Plugin(vectors, base_url, key, {"models": models, "max_credits": credits})


class VectorItem(pytest.Item):
    """The test of a vector."""

    def __init__(self, *, plugin: Plugin, **options: Any) -> None:
        super().__init__(**options)
        self._plugin = plugin

    def setup(self) -> None:
        """Leave it out, or say that nothing can be told."""
        for outcome, finding in self._plugin.outcomes(self.name):
            if not outcome.verdict.is_final:
                check(outcome, finding)

    def runtest(self) -> None:
        """Raises DifferenceError."""
        for outcome, finding in self._plugin.outcomes(self.name):
            check(outcome, finding)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What the server does, the request as curl, and its answer."""
        if isinstance(excinfo.value, DifferenceError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where it is: in no file."""
        # Of a name that ends as the id does, the dots would be shown as colons.
        return self.config.rootpath / _ROOM, None, f"{self.name} "


class Room(pytest.Collector):
    """What the tests are in."""

    def __init__(self, *, plugin: Plugin, **options: Any) -> None:
        super().__init__(**options)
        self._plugin = plugin

    def collect(self) -> Iterator[pytest.Item]:
        """The tests."""
        for name in (*self._plugin.vectors, _ELSE):
            yield VectorItem.from_parent(self, name=name, plugin=self._plugin)


class Plugin:
    """Collects a test for each vector, and asks the server once."""

    def __init__(
        self, vectors: Sequence[str], base_url: str, key: str, options: Mapping[str, Any]
    ) -> None:
        self.vectors = vectors
        self._base_url = base_url
        self._key = key
        self._options = options
        self._report: Report | None = None
        self._found: dict[str, list[tuple[Outcome, Finding | None]]] = {}
        self._problem: str | None = None
        self._costs: list[str] = []

    def __repr__(self) -> str:
        return f"<conformance of {self._base_url}>"

    def pytest_report_header(self) -> str:
        """What is tested."""
        return f"fluxframe: {self._base_url}, for at most {self._options['max_credits']} credits"

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Add the tests to those of files."""
        report = yield
        if isinstance(collector, pytest.Session) and report.passed:
            room = Room.from_parent(collector, name=_ROOM, nodeid=_ROOM, plugin=self)
            report.result = [*(report.result or ()), room]
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Ask the server, before a test's time runs. Raises UsageError if it can't be asked."""
        chosen = [item.name for item in session.items if isinstance(item, VectorItem)]
        if not chosen or session.config.option.collectonly:
            return
        worker = getattr(session.config, "workerinput", None)
        try:
            self._keep(self._shared(session.config, chosen) if worker else self._asked(chosen))
        except CannotRunError as error:
            if worker is None:
                raise pytest.UsageError(str(error)) from None
            self._problem = str(error)

    def _asked(self, chosen: Sequence[str]) -> Report:
        names = [name for name in chosen if name != _ELSE]
        narrowed = len(names) < len(self.vectors) and names
        report = run(
            self._base_url,
            self._key,
            **self._options,
            vectors=[_literal(name) for name in names] if narrowed else (),
        )
        self._costs.append(
            cost_text(
                report.requests, report.accepted, report.credits, report.budget, report.seconds
            )
        )
        return report

    def _shared(self, config: Any, chosen: Sequence[str]) -> Report:
        """What came of the run of the first process that gets here, which all others wait for."""
        folder: Path = config._tmp_path_factory.getbasetemp().parent
        path = folder / "fluxframe-conformance"
        with path.open("a+b") as file:
            wait_for_lock(file)
            file.seek(0)
            if content := file.read():
                came: Report | CannotRunError = pickle.loads(content)
            else:
                try:
                    came = self._asked(chosen)
                except CannotRunError as error:
                    came = error
                file.write(pickle.dumps(came))
                config.workeroutput[_ROOM] = self._costs
        if isinstance(came, CannotRunError):
            raise came
        return came

    def _keep(self, report: Report) -> None:
        causes = {id(o): finding for finding in report.findings for o in finding.outcomes}
        known = {*self.vectors}
        for outcome in report.outcomes:
            name = outcome.vector if outcome.vector in known else _ELSE
            self._found.setdefault(name, []).append((outcome, causes.get(id(outcome))))

    def outcomes(self, name: str) -> Sequence[tuple[Outcome, Finding | None]]:
        """What came of a vector, each with its cause."""
        if self._problem is not None:
            pytest.fail(self._problem, pytrace=False)
        return self._found.get(name, ())

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a process of xdist paid."""
        self._costs += getattr(node, "workeroutput", {}).get(_ROOM, [])

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what it cost."""
        for cost in self._costs:
            terminalreporter.write_line(f"fluxframe: {cost}")


def _literal(name: str) -> str:
    """A pattern that an id alone is like."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)
