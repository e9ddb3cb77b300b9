"""Which URLs are posted to, and how they are read."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxframe.emulator import Emulator
from fluxframe.emulator._webhooks.targets import RefusedError, allowed_hosts, target_of


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://example.com:8443/hook",
        "http://93.184.216.34/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest",
        "http://2852039166/latest",
        "http://0xa9fea9fe/latest",
        "http://[2001:db8::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[::]/",
        "http://localhost.example.com/",
        "http://localhostexample.com/",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "http://127.0.0.1:80@example.com/",
        "http://example.com/#@localhost/",
        "http://example.com?@127.0.0.1/",
        "http://example.com\\@localhost/",
        "http://localhost\r\n.example.com/",
        "http://%6cocalhost/",
        "http://1.2.3.4.5/",
        "http://[::1",
        "http://[::1].example.com/",
        "http://example.com[::1]/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:port/",
        "http:///hook",
        "http://",
        "ftp://127.0.0.1/",
        "data:,localhost",
        "",
    ],
)
def test_a_url_that_leads_elsewhere_or_nowhere_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("http://localhost/", ("127.0.0.1", "::1")),
        ("http://LOCALHOST./", ("127.0.0.1", "::1")),
        ("http://app.localhost:3000/", ("127.0.0.1", "::1")),
        ("http://127.8.8.8/", ("127.8.8.8",)),
        ("http://127.1/", ("127.0.0.1",)),
        ("http://2130706433/", ("127.0.0.1",)),
        ("http://0x7f.0.0.1/", ("127.0.0.1",)),
        ("http://[::1]/", ("::1",)),
        ("http://[0:0:0:0:0:0:0:1]/", ("::1",)),
        ("http://[::ffff:127.0.0.1]/", ("127.0.0.1",)),
        ("http://example.com@127.0.0.1/", ("127.0.0.1",)),
    ],
)
def test_this_machine_is_posted_to_in_whatever_form(url: str, addresses: tuple[str, ...]) -> None:
    assert target_of(url).addresses == addresses


@given(st.ip_addresses())
def test_an_address_is_posted_to_only_if_it_is_loopback(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    is_six = isinstance(address, ipaddress.IPv6Address)
    url = f"http://[{address}]/" if is_six else f"http://{address}/"
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if (mapped or address).is_loopback:
        assert target_of(url).addresses
    else:
        with pytest.raises(RefusedError, match="not loopback and not allowed"):
            target_of(url)
        assert target_of(url, allowed_hosts([str(address)])).addresses == (str(mapped or address),)


@given(st.text())
def test_any_text_is_a_target_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"http://localhost/{text}", f"http://127.0.0.1?{text}"):
        try:
            target = target_of(url)
        except RefusedError:
            continue
        assert set(target.addresses) <= {"127.0.0.1", "::1"} or target.addresses[0][:4] == "127."
        lines = target.head.split(b"\r\n")
        assert lines[0].startswith(b"POST /")
        assert lines[0].count(b" ") == 2
        assert len([line for line in lines if line]) in (2, 3)


def test_the_request_says_the_host_as_the_url_does() -> None:
    target = target_of("http://me:p%40ss@[::1]:8080/a/ü?x=1&y=%20#z")
    assert target.head == (
        b"POST /a/%C3%BC?x=1&y=%20 HTTP/1.1\r\nHost: [::1]:8080\r\n"
        b"Authorization: Basic bWU6cEBzcw==\r\n"
    )
    assert target.shown == "http://[::1]:8080/a/%C3%BC?…"
    assert target_of("https://localhost:443/").head.endswith(b"\r\nHost: localhost\r\n")


def test_a_host_is_allowed_by_its_name_in_any_case() -> None:
    allowed = allowed_hosts(["Host.Docker.internal", "10.0.0.5", "bücher.example"])
    for host in ("host.docker.INTERNAL.", "10.0.0.5", "xn--bcher-kva.example"):
        assert target_of(f"http://{host}:9/", allowed).addresses
    with pytest.raises(RefusedError, match=r"--allow-webhook-host docker\.internal"):
        target_of("http://docker.internal/", allowed)


@pytest.mark.parametrize("host", ["", "http://a.example", "a.example:80", "a b", "a/b", "é" * 99])
def test_what_is_not_a_host_can_not_be_allowed(host: str) -> None:
    with pytest.raises(ValueError, match=r"webhook_hosts: .* is not the name of a host"):
        Emulator(webhook_hosts=[host])


def test_one_text_is_not_several_hosts() -> None:
    with pytest.raises(ValueError, match="expected several"):
        Emulator(webhook_hosts="host.docker.internal")
