"""What is published goes by the configuration, and its hub hears of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from feeds.formats import websub
from feeds.site.publish import PublishResult
from monitor.jobs import publishing
from spiders.transport.public_addresses import resolve
from tests.feeds import sample

BASE, HUB = "https://kohyo.example/", "https://hub.example/"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the hub is told, by a hub that refuses it."""
    heard: list[Any] = []

    def ping(*given: Any) -> str:
        heard.append(given)
        return "it answered 503"

    monkeypatch.setattr(websub, "ping", ping)
    monkeypatch.setenv("KOHYO_BASE_URL", BASE)
    return heard


def published(folder: Path, name: str, lang: str = "ja") -> tuple[PublishResult, str]:
    with sample.archive(folder) as archive:
        found = publishing.publish_to(archive, folder / name, lang=lang)
    return found, (folder / name / "feeds" / "all.atom").read_text("utf-8")


def test_a_hub_hears_which_feeds_are_new_and_it_is_said_where_it_does_not(
    told: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KOHYO_HUB", HUB)
    found, feed = published(tmp_path, "site")
    assert told == [(HUB, found.feeds, resolve)]
    assert f"{BASE}feeds/all.atom" in found.feeds
    assert capsys.readouterr().err == f"kohyo: the hub {HUB} was not told: it answered 503\n"
    assert f'href="{HUB}"' in feed
    assert 'xml:lang="ja"' in feed


def test_without_a_hub_nobody_is_told(
    told: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOHYO_HUB", raising=False)
    _, feed = published(tmp_path, "site", "en")
    assert told == []
    assert 'rel="hub"' not in feed
    assert 'xml:lang="en"' in feed
