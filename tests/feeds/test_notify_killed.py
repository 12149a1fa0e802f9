"""kill -9 at every arrow of the outbox: each notification once to a target that acknowledges, never none."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feeds.notify.run import notify
from feeds.notify.targets import load_targets
from storage.archive import Archive
from storage.holding import ARCHIVE, NOTIFY
from storage.records import Alert
from tests.commands import Started, kohyo, start
from tests.databases import database_at
from tests.feeds import killing, sample
from tests.feeds.receivers import Hook, PostOffice

pytest.importorskip("apprise")
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # by one of apprise's plugins

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as opened:
        yield opened


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


class Command:
    """``kohyo notify`` as a process of its own."""

    def __init__(self, folder: Path, *urls: str) -> None:
        self.file = folder / "targets.toml"
        self.file.write_text(
            "\n".join(
                f'[[target]]\nname = "target{number}"\nurl = "{url}"\n' for number, url in enumerate(urls)
            )
        )
        self.db = database_at(folder / "kohyo.db")

    def introduce(self, archive: Archive) -> None:
        """The targets have been seen; from here on they hear."""
        notify(
            archive, load_targets(self.file), base_url="https://kohyo.example/", now=lambda: datetime.now(UTC)
        )

    def start(self, point: Callable[[], None] = killing.nowhere) -> Started:
        return start("--db", self.db, "notify", "--targets", str(self.file), prepare=point)

    def run(self, point: Callable[[], None] = killing.nowhere) -> str:
        done = self.start(point).end()
        told = done.stdout + done.stderr
        assert done.returncode == (0 if point is killing.nowhere else -signal.SIGKILL), told
        return told


def test_a_web_hook_hears_each_change_once(archive: Archive, tmp_path: Path, hook: Hook) -> None:
    command = Command(tmp_path, hook.url)
    command.introduce(archive)
    changes = [change.id for change in sample.many(archive, 3)]  # and the crawl is killed right behind

    command.run(killing.while_queueing)
    with archive.read() as reader:
        assert reader.deliveries() == []
    command.run(killing.before_sending)
    with archive.read() as reader:
        assert [row.change for row in reader.deliveries()] == changes
    assert hook.got == []

    process = command.start()

    def killed(_: object) -> bool:
        process.kill()
        return False

    hook.before = killed
    process.end()
    assert [post.body["changes"][0]["id"] for post in hook.got] == changes[:1]
    assert hook.acknowledged == []

    hook.before = lambda _: True
    assert "messages sent: 3, changes waiting: 0" in command.run()
    assert [post.body["changes"][0]["id"] for post in hook.acknowledged] == changes
    command.introduce(archive)  # once more there is nothing to tell
    assert len(hook.acknowledged) == len({post.key for post in hook.acknowledged}) == 3
    assert hook.got[0].key == hook.acknowledged[0].key


def test_what_comes_twice_is_known_by_its_identity(
    archive: Archive, tmp_path: Path, hook: Hook, office: PostOffice
) -> None:
    """Between the acknowledgement and its mark nobody can know: it comes again, and says that it does."""
    command = Command(tmp_path, hook.url, office.url)
    command.introduce(archive)
    sample.many(archive, 2)
    command.run(killing.before_marking)  # the hook's first
    assert "messages sent: 4" in command.run()
    posts = [post.key for post in hook.acknowledged]
    assert (len(posts), len(set(posts)), posts[0]) == (3, 2, posts[1])
    sample.many(archive, 1, first="2025-03-01")
    hook.before = lambda _: False  # so that the mail is the first to be acknowledged
    command.run(killing.before_marking)
    hook.before = lambda _: True
    assert "messages sent: 1" in command.run()
    mails = [mail["Message-ID"] for mail in office.acknowledged]
    assert (len(mails), len(set(mails)), mails[2]) == (4, 3, mails[3])


def test_an_alert_is_told_once_and_so_is_that_it_is_over(
    archive: Archive, tmp_path: Path, hook: Hook
) -> None:
    command = Command(tmp_path, hook.url)
    command.file.write_text(command.file.read_text() + "alerts = true\n")
    command.introduce(archive)
    with archive.read() as reader:
        notice = reader.notices()[0]
    now = datetime.now(UTC)
    with archive.write() as writer:
        writer.raise_alert(Alert("unreachable", notice.source, notice.url, "HTTP 503", now))
    command.run(killing.while_queueing)
    command.run(killing.before_sending)
    assert hook.got == []
    command.run(killing.before_marking)
    assert "messages sent: 1" in command.run()
    assert "messages sent: 0" in command.run()
    assert hook.acknowledged[0].key == hook.acknowledged[1].key
    with archive.write() as writer:
        page = writer.page_by_id(notice.page)
        assert page is not None
        writer.put_page(replace(page, last_success=now + timedelta(seconds=1)))
    command.run(killing.while_queueing)
    assert "messages sent: 1" in command.run()
    assert "messages sent: 0" in command.run()
    turns = [post.body["alerts"][0]["turn"] for post in hook.acknowledged]
    assert turns == ["raised", "raised", "recovered"]


def test_two_at_once_do_not_both_send(archive: Archive, tmp_path: Path, hook: Hook) -> None:
    command = Command(tmp_path, hook.url)
    command.introduce(archive)
    sample.many(archive, 1)
    with archive.hold("notify", NOTIFY):
        done = command.start().end()
    assert done.returncode == 3
    assert "another run is at work" in done.stderr
    assert hook.got == []
    with archive.hold("crawl", ARCHIVE):  # a crawl does not hold notifications up
        assert "messages sent: 1" in command.run()


def test_a_dry_run_prints_and_remembers_nothing(archive: Archive, tmp_path: Path, hook: Hook) -> None:
    command = Command(tmp_path, hook.url)
    command.file.write_text(command.file.read_text() + "since = 2024-09-01\n")
    told = kohyo("--db", command.db, "notify", "--dry-run", env={"KOHYO_TARGETS": str(command.file)}).stdout
    assert told.startswith("to target0: 掲載終了: 例示マーケティング")
    assert told.endswith("messages that would be sent: 1\n")
    assert hook.got == []
    with archive.read() as reader:
        assert reader.setting("notify:target0") is None


def test_without_apprise_one_line_says_what_to_install(archive: Archive, tmp_path: Path, hook: Hook) -> None:
    command = Command(tmp_path, hook.url)
    (tmp_path / "apprise.py").write_text("raise ImportError('not installed')")
    done = subprocess.run(
        [sys.executable, "-m", "monitor.cli", "--db", command.db, "notify", "--targets", str(command.file)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    python = shlex.quote(sys.executable)
    assert done.stderr == f"kohyo: notifications need apprise: `{python} -m pip install 'apprise>=2'`\n"
