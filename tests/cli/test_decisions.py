"""What a person decides on the command line: the first decision stands, as on the pages and in the API."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.track.decisions import Decider
from storage.archive import open_archive
from storage.records import LinkStatus
from tests.databases import database_at
from tests.monitor.story import LEAK, Story, html

NOW = datetime(2024, 6, 1, tzinfo=UTC)
SLUG = "ntt-procx-2023"


@pytest.fixture
def db(tmp_path: Path) -> str:
    url = database_at(tmp_path / "kohyo.db")
    with open_archive(url) as archive:
        Story(archive).page(html(LEAK))
    return url


def decide(db: str, *args: str) -> Result:
    return CliRunner().invoke(main, ["--db", db, "incidents", *args], catch_exceptions=False)


def status(db: str) -> LinkStatus:
    with open_archive(db) as archive, archive.read() as reader:
        (link,) = reader.links_of_notice(1)
    return link.status


def test_the_first_decision_stands(db: str):
    assert decide(db, "link", SLUG, "1").exit_code == 0
    assert decide(db, "link", SLUG, "1").exit_code == 0  # the same again says the same
    done = decide(db, "unlink", SLUG, "1")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "--overrules confirmed" in done.stderr
    assert status(db) == "confirmed"


def test_a_decision_is_overruled_by_its_name(db: str):
    decide(db, "unlink", SLUG, "1")
    assert decide(db, "link", SLUG, "1", "--overrules", "rejected").exit_code == 0
    assert status(db) == "confirmed"
    assert decide(db, "link", SLUG, "1", "--overrules", "confirmed").exit_code == 2  # no decision to undo


def test_what_somebody_else_turned_round_meanwhile_is_not_overruled(db: str):
    decide(db, "link", SLUG, "1")
    done = decide(db, "link", SLUG, "1", "--overrules", "rejected")
    assert done.exit_code == 1
    assert "nothing was overruled: the link is not, or no longer, rejected" in done.stderr
    assert status(db) == "confirmed"


def test_the_command_line_and_the_pages_go_through_one_door(db: str):
    with open_archive(db) as archive:
        decider = Decider(archive, list, lambda: NOW, lambda url: {})
        assert decider.decide_link(SLUG, 1, accept=False).outcome == "done"
    assert decide(db, "link", SLUG, "1").exit_code == 1
    with open_archive(db) as archive:
        decider = Decider(archive, list, lambda: NOW, lambda url: {})
        assert decider.decide_link(SLUG, 1, accept=True).outcome == "already"
        assert decider.decide_link(SLUG, 1, accept=True, overrules="rejected").outcome == "done"
    assert decide(db, "unlink", SLUG, "1", "--overrules", "confirmed").exit_code == 0
    assert status(db) == "rejected"


@pytest.mark.parametrize("reason", [" ", "x" * 201])
def test_a_redaction_has_a_reason_that_can_be_read(db: str, reason: str):
    done = CliRunner().invoke(main, ["--db", db, "redact", "1", "--yes", "--reason", reason])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "a redaction has a reason of at most 200 characters" in done.stderr
