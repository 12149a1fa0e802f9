"""Ask for addresses as commands do, in a process of its own whose sockets reach nothing; print what came.

    python -m tests.fire.asked_by_commands probe|search < ADDRESSES

``probe`` is what `kohyo read` and `kohyo sources check --live` ask by, ``search`` what `kohyo sources new` does.
Every name leads to this machine. Printed, as JSON: where a connection was tried, and what came of each address.
"""

from __future__ import annotations

import json
import socket
import sys
from errno import ECONNREFUSED

reached: list[str] = []


def _connect(_: socket.socket, address: object) -> int:
    reached.append(repr(address))
    return ECONNREFUSED


def _probe(addresses: list[str]) -> dict[str, str]:
    from monitor.crawl.probe import probe
    from storage.records import Source

    sources = [Source(f"s{number}", "s", "affected", (url,)) for number, url in enumerate(addresses)]
    return {one.url: one.error for one in probe(sources)}


def _search(addresses: list[str]) -> dict[str, str]:
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    from spiders.discovery import DiscoverySpider
    from storage.records import Capture

    came: dict[str, str] = {}

    class Guide:
        private = False
        left = iter(addresses)

        def next(self) -> str | None:
            return next(self.left, None)

        def met(self, capture: Capture) -> None:
            came[capture.url] = capture.error

    settings = Settings()
    settings.setmodule("monitor.settings", priority="project")
    ours = {"ITEM_PIPELINES": {}, "LOG_LEVEL": "CRITICAL"}
    settings.setdict(ours, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(process.create_crawler(DiscoverySpider), guide=Guide())
    process.start()
    return came


def main() -> None:
    """Ask, and print what came."""
    socket.socket.connect_ex = _connect  # type: ignore[method-assign,assignment]
    socket.socket.connect = _connect  # type: ignore[method-assign,assignment]
    socket.gethostbyname = lambda name: "127.0.0.1"
    ask = {"probe": _probe, "search": _search}[sys.argv[1]]
    came = ask(sys.stdin.read().split("\n"))
    print(json.dumps({"reached": reached, "came": came}))


if __name__ == "__main__":
    main()
