"""Proxies, certificates and variables: what the environment says is followed, or refused by name."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fluxframe import APIConnectionError, APIError, AsyncImage, ConfigurationError, Fluxframe, Image
from fluxframe._wire import clients, environment, retry
from fluxframe.emulator import Emulator

from ..servers.http1 import Request, http_json
from ..servers.scripted import Server
from .calls import KEY, Kind, both, call, everything_shown

PASSWORD = "hunter2"
DEAD = f"http://user:{PASSWORD}@127.0.0.1:1"
PROXIES = [n for name in ("http_proxy", "all_proxy") for n in (name, name.upper())]
libraries = pytest.mark.parametrize("library", ["httpx", "httpx2"])


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith(("_proxy", "_ca_bundle")) or name.startswith("SSL"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(retry, "FIRST_DELAY", 0.0)


@pytest.fixture
def no_certificates() -> Iterator[None]:
    """None that were read before."""
    clients._tls_context.cache_clear()
    yield
    clients._tls_context.cache_clear()


def me(client: Any) -> Any:
    return client.me()


def answer(request: Request) -> bytes:
    user = {"id": "u", "email": "you@example.com", "role": "admin"}
    return http_json({"user": user, "team": None, "apiKey": None})


# Proxies


@both
@libraries
@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_is_used(
    name: str, library: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(answer=answer) as proxy:
        monkeypatch.setenv(name, f" {proxy.url}\n")
        call(kind, me, base_url="http://api.example", http_client=library)
        assert [request.headers["host"] for request in proxy.requests] == ["api.example"]


@both
@libraries
@pytest.mark.parametrize("name", PROXIES)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_never_asked_for_by_a_proxy(
    host: str, name: str, library: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, DEAD)
    with Server(answer=answer) as server:
        call(kind, me, base_url=server.url.replace("127.0.0.1", host), http_client=library)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost"])
def test_the_emulator_is_never_asked_for_by_a_proxy(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, DEAD)
    with Emulator(host=host, job_seconds=0) as emulator, emulator.client() as client:
        assert client.images.run(model="flux-2-pro", prompt="a fox").images[0].bytes()


@both
@libraries
@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_that_fails_is_named_without_its_password(
    name: str, library: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, DEAD)
    with pytest.raises(APIConnectionError) as caught:
        call(kind, me, base_url="http://api.example", http_client=library, max_retries=0)
    assert f'by the proxy "http://127.0.0.1:1" of {name}' in str(caught.value)
    assert PASSWORD not in everything_shown(caught.value)


@both
@pytest.mark.parametrize("status", [407, 502, 503, 504])
def test_a_proxy_that_refuses_is_named(
    status: int, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(answer=lambda request: http_json({}, status)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with pytest.raises(APIError, match=f'by the proxy "{proxy.url}" of HTTP_PROXY'):
            call(kind, me, base_url="http://api.example", max_retries=0)


MALFORMED = [
    "http://",
    "http://[::1",
    "http://:8080",
    "http://proxy.example:port",
    "http://proxy.example:99999",
    "http://proxy.example:0",
    "http://proxy.example:-1",
    "http://proxy example:80",
    "http://proxy.example:80\nX: y",
    "http://..",
    "http://" + "a" * 70 + ".example",
    "http://ÿ\udcff:1",
    "ftp://proxy.example",
    "socks4://proxy.example:1080",
    "file:///etc/passwd",
    "\ufffehttp://proxy.example",
    "http://" + "a." * 5_000,
    f"http://user:{PASSWORD}@proxy.example:port",
    f"http://user:{PASSWORD}/@proxy.example:port",
    f"http://user:{PASSWORD}#@proxy.example",
    f"ftp://user:{PASSWORD}@proxy.example",
    f"user:{PASSWORD}@proxy.example:port",
    f"user:{PASSWORD}",
    f"http://user:{PASSWORD}",
]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: ascii(value[:30]))
def test_a_proxy_that_is_malformed_is_refused_by_name(
    value: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    (error,) = (
        error for error in environment.proxy_mounts("httpx", str, as_it_is).values() if error
    )
    assert isinstance(error, ConfigurationError)
    assert re.match(f"{name}: .*not the URL of a proxy", str(error))
    assert PASSWORD not in everything_shown(error)
    assert len(str(error)) < 300


@both
@libraries
@pytest.mark.parametrize("value", ["http://[::1", f"ftp://user:{PASSWORD}@proxy.example"])
def test_a_client_with_such_a_proxy_sends_nothing(
    value: str, library: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(ConfigurationError, match=r"^HTTPS_PROXY: ") as caught:
        call(kind, me, http_client=library)
    assert PASSWORD not in everything_shown(caught.value)


@both
@libraries
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_socks_proxy_says_what_to_install(
    scheme: str, library: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://user:{PASSWORD}@proxy.example:1080")
    wanted = rf'^ALL_PROXY: "{scheme}://proxy.example:1080" .*pip install "{library}\[socks\]"'
    with pytest.raises(ConfigurationError, match=wanted) as caught:
        call(kind, me, base_url="http://api.example", http_client=library)
    assert PASSWORD not in everything_shown(caught.value)


def as_it_is(error: ConfigurationError) -> Any:
    return error


@both
@libraries
@pytest.mark.parametrize("value", ["socks5://127.0.0.1:9", "ftp://x", "http://a:99999"])
@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"])
def test_a_proxy_that_can_not_be_used_does_not_keep_from_this_machine(
    name: str, value: str, library: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv(name, value)
    with Emulator() as emulator:
        assert call(kind, me, base_url=emulator.url, http_client=library).user


@both
@libraries
def test_a_download_by_a_proxy_that_can_not_be_used_says_so(
    library: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "ftp://proxy.example")
    image: Any = Image if kind is Fluxframe else AsyncImage

    def fetched(client: Any) -> Any:
        return image(client._transport, "http://files.example/a", job_id="a", index=0).bytes()

    with pytest.raises(ConfigurationError, match=r"^ALL_PROXY: "):
        call(kind, fetched, http_client=library)


NO_PROXY = {
    "": (),
    ",, ,": (),
    "api.example": ("all://*api.example",),
    " api.example , b.example ": ("all://*api.example", "all://*b.example"),
    ".example": ("all://*.example",),
    "*.example": ("all://*.example",),
    "api.example:8080": ("all://*api.example:8080",),
    "10.0.0.1": ("all://10.0.0.1",),
    "fe80::1,[fe80::2]": ("all://[fe80::1]", "all://[fe80::2]"),
    # What httpx can't read, or reads as something else, is passed over.
    "[::1": (),
    "[::1]:80": (),
    "10.0.0.0/8,http://x,fe80::1%eth0,a b,<local>,^,%,ÿ,a:port": (),
    "x" * 100_000: (),
    "," * 100_000: (),
}


@libraries
@pytest.mark.parametrize("value", NO_PROXY, ids=lambda value: value[:30])
def test_each_form_of_no_proxy_is_borne(
    value: str, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(answer=answer) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", value)
        mounts = list(environment.proxy_mounts(library, str, str))
        assert mounts[0] == "http://"
        known = len(environment._LOOPBACK) + 1
        assert mounts[known:] == list(dict.fromkeys(NO_PROXY[value]))
        call(Fluxframe, me, base_url="http://another.invalid", http_client=library)


@both
def test_no_proxy_for_all_ignores_what_is_malformed(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "nonsense://")
    monkeypatch.setenv("NO_PROXY", "a, *")
    with Server(answer=answer) as server:
        call(kind, me, base_url=server.url)


# Certificates


@both
@libraries
@pytest.mark.usefixtures("no_certificates")
@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"])
@pytest.mark.parametrize("what", ["missing", "garbage", "folder", "empty"])
def test_certificates_that_can_not_be_used_are_refused_by_name(
    what: str, name: str, library: Any, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "there" / "no" / "more"
    if what != "missing":
        path.parent.mkdir(parents=True)
    if what == "folder":
        path.mkdir()
    elif what != "missing":
        path.write_bytes(b"\x00\xffgarbage" if what == "garbage" else b"")
    monkeypatch.setenv(name, str(path))
    fits = (name, what) == ("SSL_CERT_DIR", "folder") or (
        name == "SSLKEYLOGFILE" and (what in ("garbage", "empty") or library == "httpx2")
    )
    with Server(answer=answer) as server:
        if fits:
            call(kind, me, base_url=server.url, http_client=library)
            return
        with pytest.raises(ConfigurationError, match=f"^{name}: .*/more.*unset it"):
            call(kind, me, base_url=server.url, http_client=library)


@both
@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_what_others_read_is_not_read(
    name: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "/nonexistent")
    with Server(answer=answer) as server:
        call(kind, me, base_url=server.url)
    assert name in environment.distrust_note()


# Our own variables

DRESS = ["{}\n", "{}\r\n", " {} ", "\ufeff{}", "\t{}\v", "\ufeff{}\r\n"]


@both
@pytest.mark.parametrize("dress", DRESS, ids=ascii)
def test_what_files_put_around_a_variable_is_left_out(
    dress: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(answer=answer) as server:
        monkeypatch.setenv("APIFRAME_API_KEY", dress.format(KEY))
        monkeypatch.setenv("APIFRAME_BASE_URL", dress.format(server.url))
        call(kind, me, api_key=None, base_url=None)
        [request] = server.requests
        assert request.headers["x-api-key"] == KEY


@both
@pytest.mark.parametrize("name", ["APIFRAME_API_KEY", "APIFRAME_BASE_URL"])
@pytest.mark.parametrize("value", [" ", "\n", "\ufeff", "\t\r\n"], ids=ascii)
def test_a_variable_that_is_blank_is_refused_by_name(
    value: str, name: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"^{name}: it is blank.* unset it"):
        kind()


@both
@pytest.mark.parametrize("name", ["APIFRAME_API_KEY", "APIFRAME_BASE_URL"])
def test_a_variable_that_is_empty_is_not_set(
    name: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "")
    assert kind().base_url == Fluxframe(base_url=None).base_url


@both
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("APIFRAME_API_KEY", value)
            for value in (f"{KEY} x", f"{KEY}\n{KEY}", f"{KEY}é", f"\u201c{KEY}\u201d", "\udcff")
        ),
        *(
            ("APIFRAME_BASE_URL", value)
            for value in (
                "api.example",
                "//api.example",
                "ftp://api.example",
                "http://",
                "http://api example",
                "http://[::1",
                "http://api.example:port",
                "http://api.example:99999",
                "http://api.example?x=1",
                "http://api.example#x",
                "http://api.example\nX: y",
                "\udcff",
                f"user:{PASSWORD}@api.example",
                f"ftp://user:{PASSWORD}@api.example",
            )
        ),
    ],
    ids=ascii,
)
def test_a_variable_that_is_malformed_is_refused_by_name(
    name: str, value: str, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=f"^{name}: ") as caught:
        kind()
    assert PASSWORD not in everything_shown(caught.value)
    assert KEY not in everything_shown(caught.value)
