from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest

from feeds.formats.websub import ping
from feeds.site.publish import publish
from spiders.transport.public_addresses import resolve
from storage.archive import Archive
from tests.feeds import rules, sample

FEEDS = ["https://kohyo.example/feeds/all.atom"]


class Hub(HTTPServer):
    heard: list[dict[str, list[str]]]


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append(parse_qs(body))
        self.send_response({"/hub": 204, "/away": 302}.get(self.path, 500))
        self.send_header("Location", "/hub")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub(("127.0.0.1", 0), Handler) as server:
        server.heard = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def address(hub: Hub, path: str = "/hub") -> str:
    return f"http://127.0.0.1:{hub.server_port}{path}"


def test_feeds_name_their_hub_and_the_hub_hears_which_are_new(
    archive: Archive, tmp_path: Path, hub: Hub
) -> None:
    url = address(hub)
    first = publish(archive, tmp_path, base_url="https://kohyo.example/", hub=url)
    assert ping(url, first.feeds, resolve) is None
    for form in ("atom", "rss"):
        body = (tmp_path / f"feeds/all.{form}").read_bytes()
        assert f'rel="hub" href="{url}"'.encode() in body
        rules.CHECKS[form](body)
    assert b'"hubs": [{"type": "WebSub"' in (tmp_path / "feeds/all.json").read_bytes()
    heard = hub.heard.pop()
    assert heard["hub.mode"] == ["publish"]
    assert "https://kohyo.example/feeds/all.atom" in heard["hub.url"]

    again = publish(archive, tmp_path, base_url="https://kohyo.example/", hub=url)
    assert ping(url, again.feeds, resolve) is None
    assert hub.heard == []

    with archive.write() as writer:
        notice = writer.notice(3)
        assert notice is not None
        sample.Story(writer).change(notice, "2024-10-01", "updated")
    fresh = publish(archive, tmp_path, base_url="https://kohyo.example/", hub=url).feeds
    names = {feed.removeprefix("https://kohyo.example/feeds/").rpartition(".")[0] for feed in fresh}
    assert names == {"all", "source/mie", f"organisation/{quote('三重県')}", f"incident/{sample.SLUG}"}


def test_a_hub_that_fails_is_told_in_one_line(hub: Hub) -> None:
    assert "500" in (ping(address(hub, "/broken"), FEEDS, resolve) or "")
    assert "not an address" in (ping("file:///etc/passwd", ["x"], resolve) or "")
    assert "hub http://127.0.0.1:1/" in (ping("http://127.0.0.1:1/", ["x"], resolve) or "")


def test_a_hub_leads_nowhere(hub: Hub) -> None:
    assert "302" in (ping(address(hub, "/away"), FEEDS, resolve) or "")
    assert len(hub.heard) == 1


@pytest.mark.parametrize(
    ("name", "led_to", "reached"),
    [
        ("hub.example.com", "127.0.0.1", False),
        ("hub.example.com", "169.254.169.254", False),
        ("hub.example.com", "10.0.0.5", False),
        ("hub.example.com", "::1", False),
        ("metadata.internal", "169.254.169.254", False),
        ("localhost", "127.0.0.1", True),
        ("hub.lan", "10.0.0.5", True),
        ("hub.example.com", "203.0.114.7", True),
    ],
)
def test_a_public_name_leads_to_public_addresses_only(
    name: str, led_to: str, reached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (led_to, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    if reached:
        assert resolve(f"http://{name}/") == led_to
    else:
        with pytest.raises(OSError, match="address"):
            resolve(f"http://{name}/")


def test_a_hub_url_that_is_none_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="hub URL"):
        publish(archive, tmp_path, base_url="https://kohyo.example/", hub="hub")
