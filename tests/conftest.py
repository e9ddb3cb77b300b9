"""Settings and fixtures of all tests, and a watch over all of them: no API key is shown anywhere."""

from __future__ import annotations

import functools
import logging
import os
import signal
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from .in_step import stop_if_not

stop_if_not()  # Before anything of generated/ is imported.

from fluxframe import AsyncFluxframe, Fluxframe, FluxframeError, Response  # noqa: E402
from fluxframe._jobs import JobBase  # noqa: E402
from fluxframe._results import BaseImage  # noqa: E402
from fluxframe._wire.transport import BaseTransport  # noqa: E402

if TYPE_CHECKING:
    from fluxframe.emulator import Emulator

# A shared machine is slow at times, and a slow example is no failure.
settings.register_profile(
    "fluxframe", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("fluxframe")

# A job in the background of a shell ignores Ctrl-C, and so would every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Nothing of the machine's own settings comes into a test, nor into a process that it starts.
for _name in [name for name in os.environ if name.startswith("APIFRAME_")]:
    del os.environ[_name]
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"


def pytest_xdist_auto_num_workers() -> int:
    """Two a core, as half of the time is spent waiting for servers, timeouts and processes."""
    return 2 * (os.cpu_count() or 1)


class Leaks(logging.Handler):
    """Looks for the keys of all clients that were made, in all that a program may print or log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        # By how they begin, as thousands of keys are looked for in each text, and few texts have one.
        self.keys: dict[str, set[str]] = {}
        self.found: list[str] = []
        # They are looked at late, as what an error says grows on its way.
        self._errors: deque[BaseException] = deque()

    def look(self, where: str, *texts: str) -> None:
        for text in texts:
            if any(
                beginning in text and any(key in text for key in keys)
                for beginning, keys in self.keys.items()
            ):
                self.found.append(where)

    def add_key(self, key: str | None) -> None:
        if key is not None and len(key) >= 8 and len(set(key)) > 3:  # Others occur by chance.
            self.keys.setdefault(key[:4], set()).add(key)

    def add_error(self, error: BaseException) -> None:
        self._errors.append(error)
        if len(self._errors) > 100:
            self._look_at(self._errors.popleft())

    def _look_at(self, error: BaseException) -> None:
        self.look(f"an attribute of {type(error).__name__}", repr(vars(error)))
        for kind, *texts in _told(error):
            self.look(f"the text of {kind}, in {type(error).__name__}", *texts)

    def emit(self, record: logging.LogRecord) -> None:
        words = f"a record of the logger {record.name}"
        self.look(words, record.getMessage(), repr(record.args), record.exc_text or "")
        for _, *texts in _told(record.exc_info[1] if record.exc_info else None):
            self.look(words, *texts)

    def finish(self) -> list[str]:
        """All that was found since the last time."""
        while self._errors:
            self._look_at(self._errors.popleft())
        found, self.found = list(dict.fromkeys(self.found)), []
        return found


def _told(error: BaseException | None) -> Iterator[tuple[str, ...]]:
    """What a traceback shows of an error and its causes, but for lines of the source."""
    while error is not None:
        notes: list[str] = getattr(error, "__notes__", [])
        yield type(error).__name__, str(error), repr(error), repr(error.args), *notes
        error = error.__cause__ or error.__context__


LEAKS = Leaks()


def _after(kind: type, name: str, then: Callable[[Any], None]) -> None:
    """Have something done with an object after each call of its method."""
    method = getattr(kind, name)

    @functools.wraps(method)
    def wrapped(self: Any, *args: Any, **options: Any) -> Any:
        result = method(self, *args, **options)
        then(self)
        return result

    setattr(kind, name, wrapped)


def _look_at_repr(value: object) -> None:
    LEAKS.look(f"the repr of {type(value).__name__}", repr(value), str(value))


def _look_at_transport(transport: BaseTransport) -> None:
    key = transport.settings.api_key
    LEAKS.add_key(None if key is None else key.reveal())
    _look_at_repr(transport)


_after(FluxframeError, "__init__", LEAKS.add_error)
_after(BaseTransport, "__init__", _look_at_transport)
for _kind, _name in (
    (Fluxframe, "__init__"),
    (Fluxframe, "with_options"),
    (AsyncFluxframe, "__init__"),
    (AsyncFluxframe, "with_options"),
    (JobBase, "__init__"),
    (JobBase, "_update"),
    (BaseImage, "__init__"),
    (Response, "__init__"),
):
    _after(_kind, _name, _look_at_repr)
logging.getLogger().addHandler(LEAKS)
logging.getLogger().setLevel(logging.DEBUG)


@pytest.fixture(autouse=True)
def no_key_is_shown() -> Iterator[None]:
    """Fails a test in which an API key came into a log, an error or a repr."""
    yield
    if found := LEAKS.finish():
        pytest.fail(f"an API key is shown in {'; '.join(found)}", pytrace=False)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """One for all tests of a worker; a test is alone in it with the account of its `key`."""
    from fluxframe.emulator import Emulator  # Not needed by most files.

    with Emulator(job_seconds=0.05) as running:
        yield running


@pytest.fixture
def key() -> str:
    """An account of the test's own."""
    return f"afk_{uuid.uuid4().hex}"


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> Random:
    """For what is too much to be tried in each run: others in each, and a failure tells the seed."""
    seed = request.config.getoption("randomly_seed")
    request.node.add_report_section("setup", "seed", f"pytest --randomly-seed={seed}")
    return Random(f"{seed} {request.node.nodeid}")
