# A copy of codegen/runtime/emulator/_service.py, where it is edited.
"""What all parts of the server hang on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from ._contract.contract import Contract, contract
from ._faults.header import HEADER
from ._state.accounts import Account, Terms
from ._state.clock import Clock
from ._state.journal import Journal
from ._state.keys import Key, checked, may_be
from ._state.limits import Rate
from ._state.store import Store
from ._state.uploads import Uploads
from ._webhooks.delivery import Deliveries, Signature

if TYPE_CHECKING:
    from ._faults.act import Act
    from ._faults.faults import Faults
    from ._faults.scenario import Scenario
    from ._pictures.gallery import Pictures
    from ._pictures.plan import Plan

# Accounts that are at hand; the rest of them is in the store.
_AT_HAND = 4096


class Service:
    """The state of a server; any number of event loops can answer from it.

    `keys` are those that are good; None is any that begins as keys do. `data` is a folder that keeps all.
    """

    def __init__(
        self,
        terms: Terms,
        *,
        follow: str | None = None,
        keys: Iterable[Key] | None = None,
        data: Path | None = None,
        scenario: Scenario | None = None,
        webhook_hosts: Iterable[str] = (),
        webhook_signature: Signature = "digest",
    ) -> None:
        self.contract: Contract = contract(follow)
        self.terms = terms
        # A scenario that makes no sense is refused at once.
        self._faults: Faults | None = None if scenario is None else self._planned(scenario)
        self._pictures: Pictures | None = None
        self._lock = Lock()
        self.clock = Clock()
        self.journal = Journal()
        self.keys = None if keys is None else checked(keys, self.contract.document.security.prefix)
        self.store = Store(self.contract, self.clock, data)
        self.uploads = Uploads(self.store)
        self.rate = Rate(self.clock, terms.requests_per_minute)
        self.deliveries = Deliveries(self.store, hosts=webhook_hosts, signature=webhook_signature)
        self._accounts: dict[str, Account] = {}
        self._changed: dict[str, Key] = {}
        if scenario is not None:  # What makes no sense in it is refused now.
            self.faults  # noqa: B018 - raises at once

    # What no server needs to start is loaded when it is first used.

    @property
    def faults(self) -> Faults:
        """What goes wrong."""
        with self._lock:
            if self._faults is None:
                self._faults = self._planned(None)
            return self._faults

    def _planned(self, scenario: Scenario | None) -> Faults:
        from ._faults.faults import Faults
        from ._faults.scenario import Scenario

        return Faults(self.contract, scenario or Scenario())

    def act(self, headers: Mapping[str, str]) -> Act | None:
        """What may happen to a request; None if nothing can."""
        if self._faults is None and HEADER.lower() not in headers:
            return None
        return self.faults.begin(headers)

    def let_go(self) -> None:
        """End what faults hold up."""
        if self._faults is not None:
            self._faults.holds.let_go()

    @property
    def pictures(self) -> Pictures:
        """What jobs make."""
        with self._lock:
            if self._pictures is None:
                from ._pictures.gallery import Pictures

                self._pictures = Pictures(self)
            return self._pictures

    @property
    def drawn_bytes(self) -> int:
        """The bytes of drawn files that are kept."""
        return 0 if self._pictures is None else self._pictures.size

    def account(self, key: str) -> Account | None:
        """The account of a key that is good."""
        account = self._accounts.get(key)
        if account is None:
            said = self._key(key)
            if said is None:
                return None
            if len(self._accounts) >= _AT_HAND:
                self._accounts.clear()
            account = Account(self.store, self.terms, said, self._team(said))
            self._accounts[key] = account
        return account

    def accounts(self, limit: int) -> list[Account]:
        """The accounts of the keys that are listed, or of those that came last."""
        keys = self.store.ledger.keys(limit) if self.keys is None else [*self.keys][:limit]
        return [account for key in keys if (account := self.account(key)) is not None]

    def change(self, account: Account, *, active: bool, admin: bool) -> None:
        """Change what may be done with a key."""
        said = replace(account.said, active=active, admin=admin)
        (self._changed if self.keys is None else self.keys)[said.key] = said
        self._accounts.clear()

    def _key(self, key: str) -> Key | None:
        if self.keys is not None:
            return self.keys.get(key)
        if key in self._changed:
            return self._changed[key]
        good = key.startswith(self.contract.document.security.prefix) and may_be(key)
        return Key(key, admin=True, team=key) if good else None

    def _team(self, said: Key) -> tuple[str, ...]:
        """The keys of a key's team."""
        if self.keys is None:
            return (said.key,)
        return tuple(key.key for key in self.keys.values() if key.team == said.team)

    def reset(self, key: str | None = None) -> None:
        """Forget the jobs, uploads, requests, credits and faults of a key, or of all."""
        number = None if key is None else self.store.ledger.account(key)
        if key is None or number is not None:
            self.uploads.reset(number)
            self.store.reset(number)
        self.journal.clear(key)
        self.faults.reset(key)
        if key is None:
            self.deliveries.log.reset()
            self.rate.reset()
            self._changed.clear()
        self._accounts.clear()

    def open(self) -> None:
        """Use the folder of the data again, if it was let go of. Raises DataError."""
        self.store.reopen()

    def close(self) -> None:
        """Let go of the folder of the data."""
        self.store.close()

    # Where pictures are looked for.

    def uploaded(self, id: str) -> bytes | None:
        """The content of an upload that is there."""
        found = self.uploads.get(id)
        return found[0] if found else None

    def planned(self, id: str) -> Plan | None:
        """The plan of a job whose pictures are there."""
        return self.store.planned(id)
