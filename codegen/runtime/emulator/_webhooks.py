"""Posts a job's events to its webhook URL, signed, as they happen."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import json
from typing import Any

import httpx

from .._clock import monotonic
from ._accounts import Job

_PROGRESS = 50


def signature(body: bytes, api_key: str) -> str:
    """The value of X-Webhook-Signature: an HMAC-SHA256 keyed by the SHA-256 of the API key."""
    key = hashlib.sha256(api_key.encode()).digest()
    return f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"


async def deliver(job: Job, api_key: str, base_url: str) -> None:
    """Post the events of a job that its request wants; ends when the job has ended.

    Only loopback addresses are posted to: a local server must not be the one that sends a request
    to another host. Each event is posted once.
    """
    url = str(job.request["webhookUrl"])
    wanted = job.request.get("webhookEvents", ["progress", "completed", "failed"])
    delivered = _is_loopback(url)
    try:
        made = httpx.AsyncClient(timeout=5.0, trust_env=False)
    except OSError:  # OpenSSL reads the environment all the same.
        job.webhook_status = "failed"
        return
    async with made as client:
        await _until(job, share=0.6)
        if "progress" in wanted and delivered:
            delivered = await _post(client, url, api_key, _progress(job))
        await _until(job, share=1.0)
        last = _last(job, base_url)
        if last["event"] in wanted and _is_loopback(url):
            delivered = await _post(client, url, api_key, last)
    job.webhook_status = "delivered" if delivered else "failed"


async def _until(job: Job, *, share: float) -> None:
    """Sleep until a share of the job's time has passed."""
    left = job.begun + share * job.seconds - monotonic()
    await asyncio.sleep(max(0.0, left))


def _progress(job: Job) -> dict[str, Any]:
    return {
        "event": "progress",
        "jobId": job.id,
        "status": "PROCESSING",
        "progress": _PROGRESS,
        "model": job.model,
    }


def _last(job: Job, base_url: str) -> dict[str, Any]:
    shown = job.json(base_url)
    common = {"jobId": job.id, "status": shown["status"], "model": job.model}
    if job.fault:
        return {"event": "failed", **common, "error": shown["error"]}
    members = ("progress", "result", "creditCost", "completedAt")
    return {"event": "completed", **common, **{name: shown[name] for name in members}}


async def _post(client: httpx.AsyncClient, url: str, api_key: str, event: dict[str, Any]) -> bool:
    body = json.dumps(event).encode()
    headers = {
        "Content-Type": "application/json",
        "X-Webhook-Event": event["event"],
        "X-Webhook-Signature": signature(body, api_key),
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
