"""What the rows of a batch share while they are under way."""

from __future__ import annotations

import time

from .._check import check_wire, enforce
from .._problems import Validation
from .._wire.settings import Settings
from ._approvals import Approvals
from ._entry import Entry, account_of, key_of
from ._gate import Gate
from ._options import RowOptions
from ._rows import Row


class BatchState:
    """The options, the gate, and whether the batch goes on; threads use it at once.

    `batch` names the batch in the keys of its rows, and `place` where their entries are, for messages.
    `settings` are the client's, and `approvals` the rows that need no further check. `shared` is
    whether other processes may have the same rows.
    """

    def __init__(
        self,
        batch: str,
        place: str,
        options: RowOptions,
        settings: Settings,
        *,
        gate: Gate,
        approvals: Approvals,
        shared: bool = False,
    ) -> None:
        self.batch = batch
        self.place = place
        self.options = options
        self.gate = gate
        self.shared = shared
        self.error: BaseException | None = None
        self.stopping = False
        # Consecutive rows that were left without a conclusive answer.
        self.unsettled_in_a_row = 0
        self._validation: Validation = settings.validation
        self._approvals = approvals
        self._account = account_of(batch, settings.api_key)

    def fail(self, error: BaseException) -> None:
        """Stop submitting; the first error given is the one that the batch raises."""
        self.stopping = True
        self.error = self.error or error

    def check(self, row: Row) -> None:
        """Check a row that is about to be sent, if that was not done yet. Raises InvalidRequestError."""
        if self._validation != "off" and row.request is not None and row not in self._approvals:
            enforce(check_wire(row.request), self._validation)

    def key(self, row: Row, attempt: int) -> str:
        """The idempotency key of an attempt at a row."""
        return key_of(self.batch, row.position, attempt, row.content)

    def attempt(self, row: Row, attempt: int) -> Entry:
        """A new attempt at a row."""
        return Entry(
            row=row.position,
            attempt=attempt,
            key=self.key(row, attempt),
            at=time.time(),
            state="intent",
            account=self._account,
            model=row.model,
            seed=row.seed,
        )

    def is_ours(self, entry: Entry) -> bool:
        """Whether a row was submitted with this client's API key: each has its own idempotency keys."""
        return entry.account == self._account
