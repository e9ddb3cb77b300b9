"""Where deliveries go, and whom they trust."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme

from fluxframe.emulator import Emulator

from .receivers import Account, Receiver, account, delivered, until


def test_a_host_that_is_not_allowed_is_refused_with_the_reason(
    me: Account, instant: Emulator
) -> None:
    id = me.submit("https://me:secret@hooks.example.com/a?token=hidden")
    refused = instant.webhooks.one(job=id)
    assert refused.outcome == "refused"
    assert refused.reason == (
        "host hooks.example.com is not loopback and not allowed; pass "
        "webhook_hosts=['hooks.example.com'] or --allow-webhook-host hooks.example.com"
    )
    assert refused.url == "https://hooks.example.com/a"
    assert me.status(id) == "failed"


def test_a_name_that_is_allowed_is_looked_up_and_others_are_not(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []

    async def found(self: object, host: str, port: int, **_: object) -> list[object]:
        looked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.SelectorEventLoop, "getaddrinfo", found)
    with (
        Emulator(job_seconds=0, webhook_hosts=["app.internal"]) as emulator,
        account(emulator) as me,
    ):
        id = me.submit(f"http://app.internal:{receiver.port}/hook")
        emulator.webhooks.wait_for(2, job=id, outcome="delivered")
        other = me.submit(f"http://db.internal:{receiver.port}/hook")
        assert emulator.webhooks.one(job=other).outcome == "refused"
    assert receiver.requests[0].headers["host"] == f"app.internal:{receiver.port}"
    assert set(looked) == {"app.internal"}


def test_localhost_is_this_machine(receiver: Receiver, me: Account, instant: Emulator) -> None:
    id = me.submit(f"http://localhost:{receiver.port}/hook")
    until(lambda: me.status(id) == "delivered", instant)


def test_a_certificate_has_to_be_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with Receiver(tls=context) as secret:
        with Emulator(job_seconds=0) as emulator, account(emulator) as me:
            id = delivered(emulator, me, secret.hook)
            assert "its certificate is not trusted" in (emulator.webhooks.all()[0].reason or "")
            assert me.status(id) == "failed"
            assert secret.requests == []
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        with Emulator(job_seconds=0) as emulator, account(emulator) as me:
            id = delivered(emulator, me, secret.hook)
            assert me.status(id) == "delivered"
            assert secret.names(me.key) == ["progress", "completed"]


def test_proxies_of_the_environment_are_not_asked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Emulator(job_seconds=0) as emulator, account(emulator) as me:
        me.submit(receiver.hook)
        emulator.webhooks.wait_for(2, outcome="delivered")
