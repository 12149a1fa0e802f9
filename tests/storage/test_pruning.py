"""What nothing needs loses its bytes after a time, and the evidence stays whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from monitor.cli import main
from storage.archive import Archive, open_archive
from storage.query import Prunable
from storage.records import Alert, Check, Version
from storage.topics.proof.pruning import KEPT_CHECKS, KEPT_RUNS
from storage.topics.versions import PRUNED
from tests.storage.builders import NOW, later, publish, read, snapshot

YEAR = timedelta(days=365)
AFTER = NOW + 2 * YEAR
TEXT = "委託先から約900万件の個人情報が流出しました。関係の皆さまに深くお詫び申し上げます。" * 40


def lived(archive: Archive) -> dict[str, int]:
    """A page with a version of two years ago, fetched anew thirty times since, and an alert on one of the times."""
    known: dict[str, int] = {}
    with archive.write() as writer:
        made = publish(writer, TEXT)
        page = writer.page_by_id(made.page)
        assert page is not None
        (version,) = writer.versions(page.id)
        known |= {"page": page.id, "of version": version.snapshot}
        for day in range(1, 31):
            body = f"{TEXT} 閲覧数 {day}".encode()
            stored = writer.add_snapshot(snapshot(page, body, later(days=day)))
            writer.add_check(Check(page.id, None, later(days=day), "same-text", snapshot=stored.id))
            if day == 7:
                writer.raise_alert(
                    Alert("redesign", "example", page.url, "", later(days=day), snapshot=stored.id)
                )
                known["of alert"] = stored.id
        known["newest"] = stored.id
        writer.put_page(replace(page, snapshot=stored.id))
        for hour in range(KEPT_CHECKS + 50):
            writer.add_check(Check(page.id, None, later(days=40, hours=hour), "not-modified"))
    return known


def prune(archive: Archive, before: timedelta = YEAR) -> None:
    with archive.write() as writer:
        while writer.prune_bytes(AFTER - before, AFTER):
            pass
        writer.prune_checks(AFTER - before)


def test_what_goes_is_what_nothing_rests_on(archive: Archive) -> None:
    known = lived(archive)
    with archive.read() as reader:
        found = reader.prunable(AFTER - YEAR)
        bodies = {one.id: reader.snapshot(one.id, body=True) for one in reader.snapshots(known["page"])}
    assert (found.captures, found.checks) == (28, 50 + 28)
    assert found.received > 28 * len(TEXT.encode())
    assert 0 < found.stored < found.received
    prune(archive)
    with archive.read() as reader:
        assert reader.prunable(AFTER - YEAR) == Prunable(0, 0, 0, 0)
        assert reader.pruned() == 28
        for id, before in bodies.items():
            after = reader.snapshot(id, body=True)
            assert before is not None
            assert after is not None
            assert (after.sha256, after.headers, after.captured_at) == (
                before.sha256, before.headers, before.captured_at
            )  # fmt: skip
            stays = id in (known["of version"], known["of alert"], known["newest"])
            assert after.body == (before.body if stays else PRUNED.encode())
        assert len(reader.checks(known["page"], 10_000)) == KEPT_CHECKS + 2
        assert {check.snapshot for check in reader.sightings(known["page"])} == {
            known["of alert"], known["newest"]
        }  # fmt: skip


def test_what_is_young_stays(archive: Archive) -> None:
    lived(archive)
    with archive.read() as reader:
        assert reader.prunable(NOW) == Prunable(0, 0, 0, 0)


def test_crawls_of_which_nothing_is_left_go(archive: Archive) -> None:
    with archive.write() as writer:
        made = publish(writer, TEXT)
        ended = [
            replace(writer.start_run(command, NOW), finished_at=NOW, status="done")  # type: ignore[arg-type]
            for command in ("import", *["crawl"] * (2 * KEPT_CHECKS))
        ]
        for one in ended[:-1]:
            writer.finish_run(one)
        for one in ended:  # a check of each; the newest checks stay
            writer.add_check(Check(made.page, one.id, later(hours=one.id), "not-modified"))
        writer.raise_alert(Alert("redesign", "example", "", "", NOW, run=ended[3].id))
    imported, first, _, of_alert, *_ = (one.id for one in ended)
    with archive.read() as reader:
        found = reader.prunable(AFTER - YEAR)
        # of 200 crawls 100 are told of by checks that stay, one by an alert
        assert (found.checks, found.runs) == (KEPT_CHECKS + 1, KEPT_CHECKS - 1)
    with archive.write() as writer:
        writer.prune_checks(AFTER - YEAR)
        assert writer.prune_runs(AFTER - YEAR) == found.runs
        assert writer.prune_runs(AFTER - YEAR) == 0
    with archive.read() as reader:
        left = {run.id for run in reader.runs()}
    assert {imported, of_alert} < left
    assert first not in left
    assert left - {imported, of_alert} == {one.id for one in ended[-KEPT_RUNS:]}


def test_a_version_of_before_is_read_and_searched_as_before(archive: Archive) -> None:
    known = lived(archive)

    def seen() -> tuple[list[Version], int]:
        with archive.read() as reader:
            return reader.versions(known["page"]), len(reader.search("900万件"))

    before = seen()
    prune(archive)
    assert seen() == before
    with archive.write() as writer:  # what comes next finds bytes to differ from
        page = writer.page_by_id(known["page"])
        assert page is not None
        read(writer, page, TEXT + "追記", at=AFTER)
    assert list(archive.verify()) == []


@pytest.mark.parametrize("answer", ["n\n", "y\n"])
def test_the_command_says_how_much_and_asks(sqlite_url: str, answer: str) -> None:
    with open_archive(sqlite_url) as archive:
        lived(archive)

    def kohyo(*args: str, **more: str) -> str:
        given = ["--db", sqlite_url, *args]
        done = CliRunner().invoke(main, given, env={"KOHYO_NOW": AFTER.isoformat()}, **more)  # type: ignore[arg-type]
        return done.output

    dry = kohyo("prune", "--dry-run")
    assert dry.startswith("28 captures of ")
    assert dry.endswith("; 78 checks; 0 runs\n")
    said = kohyo("prune", input=answer)
    assert "for good?" in said
    gone = answer == "y\n"
    assert said.endswith("done\n") is gone
    verified = kohyo("verify")
    assert verified.startswith("everything is as it was stored\n")
    assert ("28 captures pruned: their digests and headers are kept\n" in verified) is gone
    assert kohyo("prune", "--dry-run").startswith("0 captures" if gone else "28 captures")


def test_what_is_kept_is_told_by_kind(archive: Archive) -> None:
    with archive.write() as writer:
        publish(writer, "本文")
    with archive.read() as reader:
        kept = reader.kept_bytes()
        assert {"captures", "versions", "texts", "index", "facts", "changes", "visits"} <= {*kept}
        assert list(kept.values()) == sorted(kept.values(), reverse=True)
