"""All sample sites, and the declarations that watch them: the bundled ones, led to loopback."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from monitor.demo import publishers
from monitor.demo.commission import PPC
from monitor.demo.model import DemoSite
from spiders.declarations import BUNDLED

SITES: tuple[DemoSite, ...] = (PPC, *publishers.SITES)
_OWN = Path(__file__).parent / "sources"
_START = re.compile(r"^start = \[[^\]]*\]", re.M)


def declarations(sites: Sequence[DemoSite], bases: Mapping[str, str], moment: datetime) -> dict[str, str]:
    """Write the sources that can be declared at a moment, as TOML by file name.

    Each is a declaration of the real site, or one of the samples' own, with the host exchanged and the start
    addresses that do not stand yet left out.
    """
    written = {}
    for file in sorted([*BUNDLED.glob("*.toml"), *_OWN.glob("*.toml")]):
        text = file.read_text("utf-8")
        start = tomllib.loads(text)["start"]
        site = next((site for site in sites if start and start[0].startswith(site.host + "/")), None)
        if site is None:
            continue
        standing = [url for url in start if site.has_stood(urlsplit(url).path, moment)]
        if standing:
            written[file.name] = _led(text, site.host, bases[site.name], standing)
    return written


def _led(text: str, host: str, base: str, start: Sequence[str]) -> str:
    """Rewrite a declaration for another host, in addresses and in patterns, and allow it to go there."""
    text = _START.sub(lambda _: f"private = true\nstart = {json.dumps(start)}", text, count=1)
    text = re.sub(r"^delay = .*\n", "", text, flags=re.M)  # no guest is polite to itself
    return text.replace(host, base).replace(host.replace(".", r"\."), base.replace(".", r"\."))
