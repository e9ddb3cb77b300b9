"""The faults: which of them happens to a request, and how often each has happened."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from threading import Lock
from typing import Any, Unpack

from starlette.exceptions import HTTPException
from starlette.requests import Request

from .._contract.contract import Contract
from .._contract.document import Operation
from .._options import OptionError
from .._state.exchange import Exchange
from .._state.fate import Fate
from .._state.wildcards import wildcard
from .act import Act
from .delays import drawn
from .fault import Fault, Words, shown
from .forms import fault_of, fault_of_header
from .header import HEADER
from .holds import Holds
from .scenario import MOST_FAULTS, Scenario


class Planned:
    """A fault that waits for its requests; as a context manager, it is removed at the end."""

    def __init__(self, faults: Faults, id: int, fault: Fault, chance: str) -> None:
        self._faults = faults
        self._chance = chance
        self._patterns = {
            name: wildcard(said)
            for name in Fault.MATCHES
            if (said := getattr(fault, name)) is not None
        }
        if fault.method is not None:
            self._patterns["method"] = re.compile(re.escape(fault.method.upper()))
        self.id = id
        self.fault = fault
        self.seen = 0
        self.happened = 0

    def __repr__(self) -> str:
        return f"<{self.fault.label}: happened to {self.happened} of {self.seen} requests>"

    def __enter__(self) -> Planned:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Let it happen no more. It may be removed already."""
        self._faults.discard(self)

    def matches(self, texts: Mapping[str, str | None]) -> bool:
        """Whether a request is one of those that it is for."""
        return all(
            (text := texts[name]) is not None and pattern.fullmatch(text)
            for name, pattern in self._patterns.items()
        )

    def draw(self) -> Random | None:
        """Count a request that matches; None if it does not happen to it, else the chance of its delay.

        What chance says of one request is not changed by what became of others.
        """
        self.seen += 1
        fault, number = self.fault, self.seen - self.fault.after
        if number < 1 or number % fault.every or fault.nth not in (None, number):
            return None
        if fault.times is not None and self.happened >= fault.times:
            return None
        chance = Random(f"{self._chance} {self.seen}")
        if chance.random() >= fault.rate:
            return None
        self.happened += 1
        return chance


class Faults:
    """The faults that are planned, in their order: of those that match a request, the first that is due happens.

    What only delays comes on top of that. A request counts for a fault if none before it has happened to it.
    """

    def __init__(self, contract: Contract, scenario: Scenario) -> None:
        self._contract = contract
        self._operations = {each.name: each for each in contract.document.operations}
        self._scenario = scenario
        self._lock = Lock()
        self._numbers = itertools.count(1)
        self._planned: list[Planned] = []
        self._drawn_by_header = itertools.count(1)
        self.holds = Holds()
        for number, fault in enumerate(scenario.faults, 1):
            try:
                self._check(fault)
            except ValueError as error:
                raise OptionError(
                    "scenario", f"{scenario.where}: fault {number}: {error}", is_placed=True
                ) from None
        self.reset()

    def __iter__(self) -> Iterator[Planned]:
        return iter(list(self._planned))

    def __len__(self) -> int:
        return len(self._planned)

    def __repr__(self) -> str:
        return f"<{', '.join(planned.fault.label for planned in self) or 'no faults'}>"

    def add(
        self, fault: Fault | Mapping[str, Any] | None = None, /, **words: Unpack[Words]
    ) -> Planned:
        """Plan a fault, or one that the words say, to happen until it is removed.

        Raises ValueError for one that makes no sense, and RuntimeError for one too many.
        """
        if fault is None:
            fault = fault_of(words)
        elif words:
            raise ValueError("expected a fault or its words, and not both")
        elif not isinstance(fault, Fault):
            fault = fault_of(fault)
        return self.add_all([fault])[0]

    def add_all(self, faults: Iterable[Fault]) -> list[Planned]:
        """Plan several, all or none. Raises ValueError and RuntimeError as `add` does."""
        wanted = list(faults)
        for fault in wanted:
            self._check(fault)
        with self._lock:
            if len(self._planned) + len(wanted) > MOST_FAULTS:
                raise RuntimeError(
                    f"{len(self._planned)} faults are there and {len(wanted)} are to be added; "
                    f"at most {MOST_FAULTS} are planned, and clear() removes them"
                )
            ids = [next(self._numbers) for _ in wanted]
            planned = [
                Planned(self, id, fault, f"{self._scenario.seed} {id}")
                for id, fault in zip(ids, wanted, strict=True)
            ]
            self._planned = [*self._planned, *planned]
        return planned

    def remove(self, planned: Planned | int) -> None:
        """Let a fault, or the one with an id, happen no more. Raises KeyError if there is none."""
        id = planned if isinstance(planned, int) else planned.id
        found = next((each for each in self._planned if each.id == id), None)
        if found is None:
            raise KeyError(id)
        self.discard(found)

    def discard(self, planned: Planned) -> None:
        """Let a fault happen no more, if it is there."""
        with self._lock:
            self._planned = [each for each in self._planned if each is not planned]

    def clear(self) -> None:
        """Remove all faults. Responses that are held back are released."""
        with self._lock:
            self._planned = []
        self.holds.let_go()

    def reset(self, key: str | None = None) -> None:
        """As at the start: only the faults of the scenario, and none of them has seen a request.

        With a key, only the faults that are for this key are removed.
        """
        if key is not None:
            with self._lock:
                self._planned = [each for each in self._planned if each.fault.key != key]
            return
        self.clear()
        self._numbers, self._drawn_by_header = itertools.count(1), itertools.count(1)
        self.add_all(self._scenario.faults)

    def begin(self, headers: Mapping[str, str]) -> Act | None:
        """What may happen to a request; None if nothing can."""
        if not self._planned and HEADER.lower() not in headers:
            return None
        return Act(self.holds.begin())

    async def choose(
        self, act: Act, request: Request, exchange: Exchange, operation: Operation | None
    ) -> None:
        """Let happen what is to happen. Raises HTTPException for a header that makes no sense."""
        text = exchange.headers.get(HEADER.lower())
        if text is not None:
            self._take_header(act, text, operation)
            return
        model = None
        if operation is not None and any(planned.fault.model for planned in self._planned):
            model = await self._model(operation, request)
        texts = {
            "key": exchange.key,
            "operation": exchange.operation,
            "model": model,
            "method": exchange.method,
            "path": exchange.path,
        }
        makes_jobs = operation is not None and operation.kind == "submit"
        with self._lock:
            for planned in self._planned:
                fault = planned.fault
                if (fault.job and not makes_jobs) or not planned.matches(texts):
                    continue
                if chance := planned.draw():
                    act.take(fault, drawn(fault.delay or 0, chance), self._fate(fault))
                    if not fault.only_delays:
                        return

    def _take_header(self, act: Act, text: str, operation: Operation | None) -> None:
        try:
            fault = fault_of_header(text)
            if extra := [name for name in fault.to_dict() if name in (*fault.MATCHES, *fault.WHEN)]:
                raise ValueError(f"{extra[0]}: the header is for its request alone; leave it out")
            if fault.job and (operation is None or operation.kind != "submit"):
                raise ValueError(f"job: {self._no_jobs(operation.name if operation else 'this')}")
        except ValueError as error:
            raise HTTPException(400, f"{HEADER}: {error}") from None
        chance = Random(f"{self._scenario.seed} header {next(self._drawn_by_header)}")
        act.take(fault, drawn(fault.delay or 0, chance), self._fate(fault))

    async def _model(self, operation: Operation, request: Request) -> str | None:
        if operation.requests is None:
            return None
        try:
            body = json.loads(await request.body())
        except (ValueError, RecursionError):
            return None
        return self._contract.models.asked(operation.requests, body)

    def _fate(self, fault: Fault) -> Fate | None:
        if fault.job is None:
            return None
        reason = fault.reason
        if fault.job == "fail":
            known = self._contract.document.failures
            reason = known.get((reason or "").lower(), reason or next(iter(known.values()), None))
        return Fate(fault.job, reason)

    def _check(self, fault: Fault) -> None:
        """Raises ValueError for names that the API does not have."""
        if fault.operation is not None:
            found = _known("operation", fault.operation, self._operations)
            if fault.job and not any(self._operations[name].kind == "submit" for name in found):
                raise ValueError(f"job: {self._no_jobs(fault.operation)}")
        if fault.model is not None:
            _known("model", fault.model, (model.id for model in self._contract.models.all))
        if fault.path is not None and "*" not in fault.path:
            self._check_path(fault.path)
        methods = {"HEAD", "OPTIONS", *(each.method for each in self._operations.values())}
        if fault.method is not None and fault.method.upper() not in methods:
            listed = ", ".join(sorted(methods))
            raise ValueError(f"method: {shown(fault.method)} is not one of {listed}")

    def _check_path(self, path: str) -> None:
        """Raises ValueError for a path where nothing is."""
        document = self._contract.document
        own = [document.own_path(name) for name in ("files", "uploads")]
        there = [operation.path for operation in self._operations.values()]
        patterns = (re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(each)) for each in there)
        if any(path.startswith(f"{each}/") for each in own):
            return
        if not any(re.fullmatch(pattern, path) for pattern in patterns):
            _known("path", path, [*there, *(f"{each}/*" for each in own)])

    def _no_jobs(self, operation: str) -> str:
        making = [name for name, each in self._operations.items() if each.kind == "submit"]
        return f"{operation} makes no job; expected one of {', '.join(making)}"


def _known(word: str, text: str, names: Iterable[str]) -> list[str]:
    """The names that a text with `*` means. Raises ValueError if there are none."""
    known = list(names)
    pattern = wildcard(text)
    if found := [name for name in known if pattern.fullmatch(name)]:
        return found
    import difflib  # Only mistakes need it.

    near = difflib.get_close_matches(text, known, 3, 0.6) or difflib.get_close_matches(
        text.rpartition(".")[2], known, 3, 0.4
    )
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    elif len(known) <= 12:
        hint = f"expected one of {', '.join(known)}"
    else:
        hint = f"expected one of {len(known)}, such as {', '.join(known[:3])}"
    raise ValueError(f"{word}: there is no {shown(text)}; {hint}")
