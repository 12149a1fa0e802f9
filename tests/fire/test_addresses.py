"""No spelling of an address leads where it must not: not in a page, not in a hub."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from ipaddress import IPv4Address, ip_address

import pytest

from feeds.formats.websub import ping
from monitor.cli.common import check_address
from spiders.transport.public_addresses import refuse_address, refuse_url, resolve

LOOPBACK = [
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7F000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "0177.1",
    "127.1",
    "127.0.1",
    "127.000.000.001",
    "127.0.0.1.",
    "127.127.127.127",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "a.localhost",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001:0:0:0:0:0:80ff:fffe]",
    "１２７.０.０.１",
    "①②⑦.0.0.1",
    "127。0。0。1",
    "127｡0｡0｡1",
    "127．0．0．1",
    "0x7f。1",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "localhoſt",
    "ℓocalhost",
]
ELSEWHERE = [
    "0.0.0.0",
    "0",
    "0x0",
    "00",
    "0.0",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "169.254.43518",
    "0251.0376.0251.0376",
    "metadata.google.internal",
    "192.168.0.1",
    "10.0.0.1",
    "10.1",
    "172.16.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "198.18.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "255.255.255.255",
    "240.0.0.1",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[::]",
    "[::ffff:169.254.169.254]",
    "[100::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[2001:db8::1]",
    "printer.local",
    "router.lan",
    "nas.home.arpa",
    "intranet",
]
WHOLE = [
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "ftp://127.0.0.1/x",
    "data:text/html,x",
    "javascript:alert(1)",
    "dict://127.0.0.1:6379/info",
    "http:///127.0.0.1/",
    "//127.0.0.1/",
    "\\\\127.0.0.1\\x",
    "http://user@127.0.0.1/",
    "http://evil.example.jp@127.0.0.1/",
    "http://127.0.0.1\\@evil.example.jp/",
    "http://127.0.0.1:99999/",
    "http://[::1",
    "http://evil.example.jp:80@127.0.0.1/",
    "http://127.0.0.1:x/",
]
SPELLED = [f"http://{host}/" for host in (*LOOPBACK, *ELSEWHERE)] + [
    one.replace("\\\\", "\\") for one in WHOLE
]


@pytest.mark.parametrize("url", SPELLED)
def test_no_spelling_passes_the_gate(url: str):
    assert refuse_url(url)


@pytest.fixture
def packets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that are connected to. Names lead to loopback, and nothing leaves the process."""
    reached: list[str] = []

    def connect(address: tuple[str, int], *_: object) -> None:
        reached.append(address[0])
        raise ConnectionRefusedError

    def names(host: str, port: int, **_: object) -> list[object]:
        try:
            found = socket.inet_ntoa(socket.inet_aton(host))
        except (OSError, UnicodeError):
            found = host if ":" in host else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, port))]

    monkeypatch.setattr(socket, "create_connection", connect)
    monkeypatch.setattr(socket, "getaddrinfo", names)
    return reached


@pytest.mark.parametrize("url", [*SPELLED, "http://hub.example.jp/", "http://127.0.0.1.example.jp/"])
def test_a_hub_leads_to_nothing_but_what_the_operator_spelt(packets: list[str], url: str):
    assert ping(url, ["https://kohyo.example/feeds/all.atom"], resolve)
    for address in packets:  # a near address may be meant, where it stands there as such
        assert refuse_url(url) != refuse_url(url, private=True)
        assert refuse_address(ip_address(address), private=True) is None
        assert ip_address(address) not in (IPv4Address("169.254.169.254"), IPv4Address("0.0.0.0"))
    if "example.jp" in url:
        assert packets == []


def _is_taken(url: str) -> bool:
    """Tell whether a command takes this for an address at all, and asks."""
    try:
        check_address(url)
    except SystemExit:
        return False
    return True


@pytest.mark.parametrize("way", ["probe", "search"])
def test_no_spelling_that_a_command_is_given_is_asked(way: str):
    given = [url for url in SPELLED if url.startswith("http") and _is_taken(url)]
    command = [sys.executable, "-m", "tests.fire.asked_by_commands", way]
    done = subprocess.run(
        command, input="\n".join(given), capture_output=True, text=True, check=True, timeout=100
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["reached"] == []
    assert set(told["came"]) == set(given)
    assert all(told["came"].values())
