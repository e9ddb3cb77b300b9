"""Pages of another origin ask the server: by what the protocol says, and in a browser."""

from __future__ import annotations

import http.server
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fluxframe.emulator import Emulator
from fluxframe.emulator._http.cors import Cors

from .raw import KEY, REQUEST, ask, head, post
from .test_uploads import TAKEN, upload

GENERATE = "/v2/images/generate"
ORIGIN = "http://localhost:5173"
PREFLIGHT = {
    "X-API-Key": "",
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type,idempotency-key,x-api-key",
}
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)


@pytest.mark.parametrize("target", [GENERATE, "/v2/me", "/v2/jobs/x", "/files/x.png", "/no"])
def test_a_browser_that_asks_whether_it_may_ask_is_told_so(url: str, target: str) -> None:
    answer = ask(url, head("OPTIONS", target, PREFLIGHT))
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "POST" in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"]
    assert allowed == PREFLIGHT["Access-Control-Request-Headers"]
    assert "access-control-allow-private-network" not in answer.headers


def test_a_public_page_may_ask_a_private_network(url: str) -> None:
    wanted = {**PREFLIGHT, "Access-Control-Request-Private-Network": "true"}
    answer = ask(url, head("OPTIONS", GENERATE, wanted))
    assert answer.headers["access-control-allow-private-network"] == "true"


def test_options_that_is_no_question_of_a_browser_is_a_method_that_is_not_there(url: str) -> None:
    assert ask(url, head("OPTIONS", GENERATE, {"Origin": ORIGIN})).status == 405


@pytest.mark.parametrize(
    "origin",
    [ORIGIN, "http://127.0.0.1:1", "https://[::1]", "http://app.test", "http://10.0.0.7:3000"],
)
def test_every_answer_can_be_read_by_a_page(url: str, origin: str) -> None:
    asked = {"Origin": origin}
    requests = [
        head("GET", "/v2/me", asked),
        head("GET", "/v2/me", {**asked, "X-API-Key": ""}),
        head("GET", "/v2/no", asked),
        head("PUT", "/v2/me", asked),
        post(GENERATE, b"{", asked),
        post(GENERATE, b"x", {**asked, "Content-Type": "text/plain"}),
        head("GET", upload(url, TAKEN["png"][0]).json["url"], asked),
    ]
    for request in requests:
        headers = ask(url, request).headers
        assert headers["access-control-allow-origin"] == origin
        exposed = headers["access-control-expose-headers"].lower().split(", ")
        assert {"x-request-id", "retry-after"} <= {*exposed}


def allows(cors: Cors, origin: str) -> bool:
    """Whether a page of an origin may ask, which is the same before and after it did."""
    with Emulator(cors=cors) as emulator:
        asks = ask(emulator.url, head("OPTIONS", GENERATE, {**PREFLIGHT, "Origin": origin}))
        headers = ask(emulator.url, head("GET", "/v2/me", {"Origin": origin})).headers
    permitted = [name for name in headers if name.startswith("access-control")]
    assert asks.status == (204 if permitted else 405)
    return bool(permitted)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://8.8.8.8",
        "http://localhost.evil.example",
        "x",
        "http://[",
        "http://",
    ],
)
def test_a_page_of_another_site_may_ask_only_where_any_may(origin: str) -> None:
    """With a key that it makes up, and a webhook, it would have this machine post to itself."""
    assert not allows("local", origin)
    assert allows("any", origin)


def test_it_can_be_switched_off() -> None:
    assert not allows("none", ORIGIN)
    with pytest.raises(ValueError, match="cors: 'no' is not one of local, any, none"):
        Emulator(cors="no")  # type: ignore[arg-type]


# A page in a browser. What it finds it posts to where it comes from.

SCRIPT = """
<script type="module">
const base = BASE, key = {"X-API-Key": KEY}, found = {};
async function ask(name, path, options) {
  try {
    const answer = await fetch(base + path, options);
    const text = await answer.text();
    found[name] = {status: answer.status, id: answer.headers.get("x-request-id") !== null, size: text.length};
    return text;
  } catch (error) { found[name] = String(error); }
}
const json = {...key, "Content-Type": "application/json", "Idempotency-Key": "k"};
await ask("models", "/v2/models");
await ask("me", "/v2/me", {headers: key});
await ask("stranger", "/v2/me");
const made = await ask("submit", "/v2/images/generate", {method: "POST", headers: json, body: REQUEST});
const job = JSON.parse(await ask("job", "/v2/jobs/" + JSON.parse(made).jobId, {headers: key}));
await ask("picture", new URL(job.result.images[0]).pathname);
await ask("part", new URL(job.result.images[0]).pathname, {headers: {Range: "bytes=0-9"}});
const form = new FormData();
form.append("file", new Blob([Uint8Array.from([0x47, 0x49, 0x46, 0x38, 0x39, 0x61])]), "a.gif");
await ask("upload", "/v2/uploads", {method: "POST", headers: key, body: form});
await fetch("/found", {method: "POST", body: JSON.stringify(found)});
</script>
"""


@contextmanager
def page(text: str) -> Iterator[tuple[str, list[bytes], threading.Event]]:
    """A server of one page: its URL, what is posted to it, and when something was."""
    posted: list[bytes] = []
    done = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(text.encode())

        def do_POST(self) -> None:
            posted.append(self.rfile.read(int(self.headers["Content-Length"])))
            self._say(b"")
            done.set()

        def _say(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", posted, done
        server.shutdown()


@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_a_page_in_a_browser_does_all_that_a_client_does(
    emulator: Emulator, tmp_path: Path
) -> None:
    small = {**REQUEST, "fluxParams": {"aspect_ratio": "custom", "width": 256, "height": 256}}
    words = {"BASE": emulator.url, "KEY": KEY, "REQUEST": json.dumps(small)}
    text = SCRIPT
    for word, value in words.items():
        text = text.replace(word, json.dumps(value), 1)
    with page(text) as (url, posted, done):
        arguments = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}"]
        browser = subprocess.Popen(
            [str(CHROMIUM), *arguments, "--no-first-run", "--remote-debugging-port=0", url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert done.wait(60), "the page said nothing"
        finally:
            browser.terminate()
            browser.wait()
    found = json.loads(posted[0])
    wanted = {
        "models": 200, "me": 200, "stranger": 401, "submit": 202, "job": 200, "picture": 200,
        "part": 206, "upload": 201,
    }  # fmt: skip
    assert {name: each["status"] for name, each in found.items()} == wanted, found
    assert all(each["id"] for each in found.values())
    assert found["part"]["size"] <= 10
