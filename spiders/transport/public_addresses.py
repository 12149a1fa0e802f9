"""What may be fetched at all, and from which machines. Pure; ``spiders.transport.safety`` enforces it.

A page of a stranger decides where its links and redirects lead. Without a gate it could make us
fetch the router, a cloud's metadata service or a database on loopback.
"""

from __future__ import annotations

import re
import socket
import unicodedata
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address

MAX_URL_CHARS = 2083

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")

_INTRANETS = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
_LOOPBACK, _UNIQUE_LOCAL = IPv4Network("127.0.0.0/8"), IPv6Network("fc00::/7")
_RELAY_6TO4, _PROTOCOLS = IPv4Network("192.88.99.0/24"), IPv4Network("192.0.0.0/24")
_UNICAST = IPv6Network("2000::/3")
# Global in name, yet each smuggles or relays another address: Teredo and its neighbours, 6to4, documentation.
_TRANSITION = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


def refuse_url(url: str, *, private: bool = False) -> str | None:
    """Say why this address must not be fetched, or None if it may be.

    Names are not resolved here; ``SafeResolver`` judges what they resolve to.
    """
    if len(url) > MAX_URL_CHARS:
        return f"the address is longer than {MAX_URL_CHARS} characters"
    if _UNPRINTABLE.search(url):
        return "the address holds blanks, backslashes or control characters"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a port out of range raises here
    except ValueError as error:
        return f"not an address: {error}"
    if parts.scheme not in ("http", "https"):
        return f"only http and https are fetched, not {parts.scheme or 'an address without a scheme'}"
    if parts.username is not None or parts.password is not None:
        return "the address holds a user name or password"
    if not host:
        return "the address names no host"
    # Browsers and IDNA fold full-width digits and dots: so do we before judging.
    host = unicodedata.normalize("NFKC", host).replace("。", ".").rstrip(".").lower()
    if address := read_literal(host):
        return refuse_address(address, private=private)
    if not private and (host in _LOCAL_NAMES or host.endswith(tuple(f".{name}" for name in _LOCAL_NAMES))):
        return f"{host} is a name of a local network"
    return None


def read_literal(host: str) -> Address | None:
    """Read the address a host spells, odd spellings (2130706433, 0x7f.1, 127.1, 0177.0.0.1) included.

    None for a name.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        # What the C library would connect to, and nothing it would have to look up.
        return IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except OSError:
        return None


def refuse_address(address: Address, *, private: bool = False) -> str | None:
    """Say why this IP address must not be connected to, or None if it may be."""
    if isinstance(address, IPv6Address):
        near = address == IPv6Address("::1") or address in _UNIQUE_LOCAL
        public = address in _UNICAST and not any(address in network for network in _TRANSITION)
    else:
        near = address in _LOOPBACK or any(address in network for network in _INTRANETS)
        public = (
            address.is_global
            and not address.is_multicast
            and address not in _RELAY_6TO4
            and address not in _PROTOCOLS
        )
    if public or (near and private):
        return None
    if near:
        return f"{address} is a private address, and the source does not declare private = true"
    return f"{address} is not a public address"


def resolve(url: str) -> str:
    """Give the IP address to connect to for a URL that the operator named. Raises OSError where none may be.

    Who spells a near address or a local name means it; a public name must not lead to either.
    """
    near = refuse_url(url) is not None
    if reason := refuse_url(url, private=near):
        raise OSError(reason)
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    found = [str(place[4][0]) for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if reason := refuse_address(ip_address(address.partition("%")[0]), private=near):
            raise OSError(f"{host}: {reason}")
    return found[0]
