"""What a reader can hand over as evidence: hashes with the time seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.web.app import make_app
from monitor.comparing.version_pair import compare_versions
from storage.archive import Archive
from tests.feeds import sample
from tests.feeds.client import Client


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with sample.archive(tmp_path_factory.mktemp("evidence")) as archive:
        yield archive


@pytest.fixture(scope="module")
def web(told: Archive) -> Client:
    return Client(make_app(told, compare=compare_versions))


def edited(archive: Archive) -> tuple[int, int, int, int]:
    """A change between two versions: its id, its notice's, and the versions'."""
    with archive.read() as reader:
        change = next(one for one in reader.changes() if one.from_version and one.to_version)
    return change.id, change.notice, change.from_version or 0, change.to_version or 0


def test_every_place_gives_the_digests_of_the_same_bytes(told: Archive, web: Client) -> None:
    change, notice, *versions = edited(told)
    with told.read() as reader:
        read = [reader.version(id) for id in versions]
        bodies = [reader.snapshot(one.snapshot, body=True).body or b"" for one in read if one]  # type: ignore[union-attr]
    before, after = (hashlib.sha256(body).hexdigest() for body in bodies)
    text = hashlib.sha256(read[1].text.encode()).hexdigest()  # type: ignore[union-attr]

    answer = web.get(f"/api/changes/{change}").json()
    assert (answer["from_sha256"], answer["to_sha256"]) == (before, after)
    answer = web.get(f"/api/notices/{notice}/versions/{versions[1]}").json()
    assert (answer["sha256"], answer["text_sha256"]) == (after, text)
    items = json.loads(web.get("/feeds/all.json").content)["items"]
    entry = next(one for one in items if one["id"].split("/")[1] == str(change))
    assert (entry["_kohyo"]["from_sha256"], entry["_kohyo"]["to_sha256"]) == (before, after)
    for page in (f"/notices/{notice}.html", f"/notices/{notice}/diff?a={versions[0]}&b={versions[1]}"):
        shown = web.get(page).text
        assert before in shown
        assert after in shown
        assert text in shown


def test_of_what_was_redacted_the_digest_of_the_bytes_is_left_and_none_of_the_text(tmp_path: Path) -> None:
    with sample.archive(tmp_path) as archive:
        _, notice, _, version = edited(archive)
        with archive.write() as writer:
            writer.redact(notice, "申し出により", sample.at("2024-02-01"))
        answer = Client(make_app(archive)).get(f"/api/notices/{notice}/versions/{version}").json()
    assert answer["text_sha256"] is None
    assert len(answer["sha256"]) == 64
