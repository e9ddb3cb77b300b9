# A copy of codegen/runtime/emulator/_service.py, where it is edited.
"""What all parts of the server hang on."""

from __future__ import annotations

import asyncio

from ._contract.document import failures, operations, security
from ._contract.models import all_models, asked_model
from ._faults.faults import Faults
from ._faults.scenario import Scenario
from ._pictures.files import Files
from ._state.accounts import Account, Terms
from ._state.clock import Clock
from ._state.journal import Journal


class Service:
    """The state of a server; any number of event loops can answer from it."""

    def __init__(self, terms: Terms, scenario: Scenario | None = None) -> None:
        self.terms = terms
        self.faults = Faults(
            operations(),
            lambda: (model.id for model in all_models()),
            asked_model,
            failures(),
            scenario or Scenario(),
        )
        self.clock = Clock()
        self.journal = Journal()
        self.files = Files()
        self.deliveries: set[asyncio.Task[None]] = set()
        self._accounts: dict[str, Account] = {}

    def account(self, key: str) -> Account | None:
        """The account of a key: any that begins as keys do has one of its own."""
        if not key.startswith(security().prefix):
            return None
        if key not in self._accounts:
            self._accounts[key] = Account(key, self.terms.credits)
        return self._accounts[key]
