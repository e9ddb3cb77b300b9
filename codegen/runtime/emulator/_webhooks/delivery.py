"""Posts a job's events to its webhook URL, signed, as they happen."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import httpx

from .._contract.document import Event, events, life, webhook_word
from .._contract.shape import Known
from .._state.job import Job

_PROGRESS = 50
# Of a job's time, the share after which its progress is told.
_TOLD_SHARE = 0.6


def signature(event: Event, body: bytes, api_key: str) -> str:
    """The value of the signature's header."""
    key = api_key.encode()
    if event.scheme == "hmac_sha256_of_key_digest":
        key = hashlib.sha256(key).digest()
    return event.prefix + hmac.new(key, body, hashlib.sha256).hexdigest()


async def deliver(
    job: Job, url: str, wanted: Sequence[str] | None, api_key: str, base_url: str
) -> None:
    """Post the events of a job that its request wants (None: all); ends when the job has ended.

    Only loopback addresses are posted to: a local server must not be the one that sends a request
    to another host. Each event is posted once.
    """
    delivered = is_local = _is_loopback(url)
    try:
        made = httpx.AsyncClient(timeout=5.0, trust_env=False) if is_local else nullcontext()
    except OSError:  # OpenSSL reads the environment all the same.
        job.webhook_status, job.told = webhook_word("failed"), None
        return
    async with made as client:
        for share, moment in ((_TOLD_SHARE, "progress"), (1.0, "ended")):
            await _until(job, share=share)
            if moment == "ended":
                moment = "succeeded" if job.is_done else "failed"
            event = events()[moment]
            if event is None or (wanted is not None and event.name not in wanted) or job.removed:
                continue
            known = _known(job, event, base_url, in_progress=moment == "progress")
            delivered = client is not None and await _post(client, url, api_key, event, known)
    job.webhook_status, job.told = webhook_word("delivered" if delivered else "failed"), None


async def _until(job: Job, *, share: float) -> None:
    """Sleep until a share of the job's time has passed."""
    await job.home.clock.until(job.begun + share * job.seconds)


def _known(job: Job, event: Event, base_url: str, *, in_progress: bool) -> Known:
    known = Known({**job.known(base_url), "event": event.name})
    if in_progress:
        status = (*life().running, life().initial)[0]
        nothing = dict.fromkeys(("result", "images", "composite", "error", "ended_at"))
        known.update({"status": status, "progress": _PROGRESS, **nothing})
    return known


async def _post(
    client: httpx.AsyncClient, url: str, api_key: str, event: Event, known: Known
) -> bool:
    told: Any = event.body.filled(known)
    body = json.dumps(told).encode()
    headers = {
        "Content-Type": "application/json",
        **event.headers,
        event.signature_header: signature(event, body, api_key),
    }
    try:
        answer = await client.post(url, content=body, headers=headers)
    except Exception:  # Whatever a URL leads to, the delivery has failed.
        return False
    return answer.is_success


def _is_loopback(url: str) -> bool:
    try:
        host = httpx.URL(url).host
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except (ValueError, httpx.InvalidURL):
        return False
