from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from feeds.formats.websub import ping
from feeds.site.publish import publish
from storage.archive import Archive
from tests.feeds import rules, sample


class Hub(HTTPServer):
    heard: list[dict[str, list[str]]]


class Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append(parse_qs(body))
        self.send_response(204 if self.path == "/hub" else 500)
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
    assert ping(url, first.feeds) is None
    for form in ("atom", "rss"):
        body = (tmp_path / f"feeds/all.{form}").read_bytes()
        assert f'rel="hub" href="{url}"'.encode() in body
        rules.CHECKS[form](body)
    assert b'"hubs": [{"type": "WebSub"' in (tmp_path / "feeds/all.json").read_bytes()
    heard = hub.heard.pop()
    assert heard["hub.mode"] == ["publish"]
    assert "https://kohyo.example/feeds/all.atom" in heard["hub.url"]

    again = publish(archive, tmp_path, base_url="https://kohyo.example/", hub=url)
    assert ping(url, again.feeds) is None
    assert hub.heard == []

    with archive.write() as writer:
        notice = writer.notice(3)
        assert notice is not None
        sample.Story(writer).change(notice, "2024-10-01", "updated")
    fresh = publish(archive, tmp_path, base_url="https://kohyo.example/", hub=url).feeds
    names = {feed.removeprefix("https://kohyo.example/feeds/").rpartition(".")[0] for feed in fresh}
    assert names == {"all", "source/mie", f"incident/{sample.SLUG}"}


def test_a_hub_that_fails_is_told_in_one_line(hub: Hub) -> None:
    assert "500" in (ping(address(hub, "/broken"), ["https://kohyo.example/feeds/all.atom"]) or "")
    assert "not an address" in (ping("file:///etc/passwd", ["x"]) or "")
    assert "hub http://127.0.0.1:1/" in (ping("http://127.0.0.1:1/", ["x"]) or "")


def test_a_hub_url_that_is_none_is_refused(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="hub URL"):
        publish(archive, tmp_path, base_url="https://kohyo.example/", hub="hub")
