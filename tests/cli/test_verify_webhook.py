"""The command `fluxframe verify-webhook`."""

from __future__ import annotations

import hashlib
import hmac
import json

from .shells import (
    Shell,
)


def signed(body: bytes, key: str) -> str:
    secret = hashlib.sha256(key.encode()).digest()
    return f"sha256={hmac.new(secret, body, hashlib.sha256).hexdigest()}"


def test_an_event_is_the_apis_own_or_not(shell: Shell) -> None:
    body = b'{"event": "completed", "jobId": "7", "status": "COMPLETED"}'
    good = ("verify-webhook", "--signature", signed(body, shell.key))
    done = shell(*good, input=body)
    assert (done.exit_code, done.stdout) == (0, "the signature is valid: completed of job 7\n")
    assert json.loads(shell(*good, "--json", input=body).stdout)["event"] == json.loads(body)
    for other in (body + b" ", b"{}"):
        forged = shell(*good, input=other)
        assert (forged.exit_code, forged.stdout) == (1, "")
    assert shell("verify-webhook", "--signature", "t=1,v1=00", input=body).exit_code == 1
