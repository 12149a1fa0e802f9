"""Programs that people read feeds with, over three publications with changes between."""

from __future__ import annotations

import mailbox
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.feeds.clients.conftest import Site, change_id

FORMATS = ("atom", "rss")


def called(name: str, folder: Path, *arguments: str) -> str:
    """Runs a program that may not be here, with a home of its own and no way out of this machine."""
    program = shutil.which(name, path=os.defpath + ":/usr/bin")
    assert program
    environment = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "PATH": os.defpath, "no_proxy": "*"}
    done = subprocess.run(
        [program, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def installed(name: str, package: str) -> pytest.MarkDecorator:
    missing = shutil.which(name, path=os.defpath + ":/usr/bin") is None
    return pytest.mark.skipif(missing, reason=f"{name} is not installed (apt-get install {package})")


class Newsboat:
    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        (folder / "urls").write_text(f"{address}\n")
        (folder / "config").write_text("")

    def refresh(self) -> None:
        called(
            "newsboat", self.folder, "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"
        )  # fmt: skip

    def seen(self) -> list[int]:
        with closing(sqlite3.connect(self.folder / "cache.db")) as cache:
            return [change_id(tag) for (tag,) in cache.execute("SELECT guid FROM rss_item ORDER BY id")]


class Rss2email:
    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.mails = folder, folder / "mail"
        self.mails.mkdir()
        (folder / "r2e.cfg").write_text(
            "[DEFAULT]\nfrom = kohyo@example.com\nto = desk@example.com\nforce-from = True\n"
            f"email-protocol = maildir\nmaildir-path = {self.mails}\nmaildir-mailbox = inbox\n"
            "html-mail = True\nmultipart-html = True\n"
        )
        self._run("add", "kohyo", address)

    def _run(self, *arguments: str) -> None:
        called("r2e", self.folder, "-c", "r2e.cfg", "-d", "r2e.json", *arguments)

    def refresh(self) -> None:
        self._run("run")

    def seen(self) -> list[int]:
        inbox = mailbox.Maildir(self.mails / "inbox", create=True)
        found = [re.search(r"#change-(\d+)", str(mail["X-RSS-URL"])) for mail in inbox]
        return [int(link[1]) for link in found if link]


CLIENTS = [
    pytest.param(Newsboat, marks=installed("newsboat", "newsboat")),
    pytest.param(Rss2email, marks=installed("r2e", "rss2email")),
]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("client", CLIENTS)
def test_every_change_is_seen_once_over_three_publications(
    site: Site, tmp_path: Path, client: Callable[[Path, str], Newsboat | Rss2email], form: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    reader = client(home, f"{site.url}/feeds/all.{form}")
    path = f"/feeds/all.{form}"
    for count, first in ((0, ""), (3, "2025-01-01"), (2, "2025-02-01")):
        if count:
            site.happen(count, first)
        reader.refresh()
        assert sorted(reader.seen()) == site.told()
    site.publish()
    for _ in range(2):
        reader.refresh()
    # rss2email forgets a validator that a 304 does not repeat, so it asks in full every other time
    assert 304 in site.statuses(path)[-2:]
    assert sorted(reader.seen()) == site.told()


@installed("newsboat", "newsboat")
def test_a_change_that_stands_in_several_feeds_is_shown_once(site: Site, tmp_path: Path) -> None:
    reader = Newsboat(tmp_path, "")
    addresses = [f"{site.url}/feeds/{name}.atom" for name in ("all", "source/fukuoka", "incident/procx-2023")]
    (tmp_path / "urls").write_text("\n".join(addresses) + "\n")
    reader.refresh()
    assert sorted(reader.seen()) == site.told()


@installed("r2e", "rss2email")
def test_a_mail_of_rss2email_is_readable(site: Site, tmp_path: Path) -> None:
    reader = Rss2email(tmp_path, f"{site.url}/feeds/source/ppc.atom")
    reader.refresh()
    (mail,) = mailbox.Maildir(reader.mails / "inbox")
    plain, html = (part.get_payload(decode=True).decode() for part in mail.walk() if not part.is_multipart())
    for body in (plain, html):
        assert "https://www.example.go.jp/news/press/2023/240124_houdou/" in body
        assert "第148条第1項" in body
