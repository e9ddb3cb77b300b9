"""What all parts of the server hang on."""

from __future__ import annotations

from collections.abc import Iterable

from ._contract.contract import Contract, contract
from ._pictures.gallery import Pictures
from ._state.accounts import Account, Terms
from ._state.clock import Clock
from ._state.journal import Journal
from ._state.shelf import Shelf
from ._webhooks.delivery import Deliveries, Signature


class Service:
    """The state of a server; any number of event loops can answer from it."""

    def __init__(
        self,
        terms: Terms,
        *,
        follow: str | None = None,
        webhook_hosts: Iterable[str] = (),
        webhook_signature: Signature = "digest",
    ) -> None:
        self.contract: Contract = contract(follow)
        self.terms = terms
        self.clock = Clock()
        self.journal = Journal()
        self.shelf = Shelf()
        self.pictures = Pictures(self.shelf)
        self.deliveries = Deliveries(
            self.contract.document, self.clock, hosts=webhook_hosts, signature=webhook_signature
        )
        self._accounts: dict[str, Account] = {}

    def account(self, key: str) -> Account | None:
        """The account of a key: any that begins as keys do has one of its own."""
        if not key.startswith(self.contract.document.security.prefix):
            return None
        if key not in self._accounts:
            self._accounts[key] = Account(key, self.terms.credits)
        return self._accounts[key]
