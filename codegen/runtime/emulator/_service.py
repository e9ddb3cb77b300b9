"""What all parts of the server hang on."""

from __future__ import annotations

from ._contract.document import security
from ._pictures.files import Files
from ._state.accounts import Account, Terms
from ._state.clock import Clock
from ._state.journal import Journal
from ._webhooks.delivery import Deliveries
from ._webhooks.log import Webhooks


class Service:
    """The state of a server; any number of event loops can answer from it."""

    def __init__(self, terms: Terms, webhooks: Webhooks | None = None) -> None:
        self.terms = terms
        self.clock = Clock()
        self.journal = Journal()
        self.files = Files()
        self.deliveries = Deliveries(self.clock, webhooks or Webhooks())
        self._accounts: dict[str, Account] = {}

    def account(self, key: str) -> Account | None:
        """The account of a key: any that begins as keys do has one of its own."""
        if not key.startswith(security().prefix):
            return None
        if key not in self._accounts:
            self._accounts[key] = Account(key, self.terms.credits)
        return self._accounts[key]
