"""An edit without a word leads wherever it is told, and is told alike."""

from __future__ import annotations

import csv
import json
from email.message import EmailMessage
from pathlib import Path

import feedparser
import lxml.html
from click.testing import CliRunner

from feeds.addresses import Site
from feeds.formats.entries import load_names
from feeds.notify.message import compose_message
from feeds.site.publish import publish
from feeds.web.app import make_app
from monitor.cli import main
from storage.archive import Archive
from storage.query import Query
from storage.records import Change
from tests.databases import database_at
from tests.feeds import sample
from tests.feeds.client import Client

LEAD = "断りなく書き換え: 可能性あり → 確認されていない"
HEADLINE = f"{LEAD} ほか1件 — 三重県「委託先における個人情報の流出の可能性」"
STOOD = "本文は変わりましたが、ページ自身の更新日は変わっていません"


def mie(archive: Archive) -> Change:
    with archive.read() as reader:
        (found,) = reader.changes(Query(sources=("mie",), kinds=("updated",)))
    return found


def test_feeds_and_pages_lead_with_it(archive: Archive, tmp_path: Path) -> None:
    tree = tmp_path / "site"
    publish(archive, tree, base_url="https://kohyo.example/")
    for form in ("atom", "rss"):
        titles = [entry.title for entry in feedparser.parse(str(tree / f"feeds/source/mie.{form}")).entries]
        assert titles[0] == HEADLINE
    (newest, *_) = json.loads((tree / "feeds/source/mie.json").read_bytes())["items"]
    assert newest["title"] == HEADLINE
    assert newest["content_html"].index(LEAD.partition(":")[0]) < newest["content_html"].index(STOOD)
    for page, row in (
        ("index.html", '//li[.//span[contains(@class, "silent")]][contains(., "三重県")]'),
        (f"incidents/{sample.SLUG}.html", '//li[.//span[contains(@class, "silent")]][contains(., "三重県")]'),
        (f"notices/{mie(archive).notice}.html", f'//article[@id="change-{mie(archive).id}"]'),
    ):
        (shown,) = lxml.html.parse(str(tree / page)).xpath(row)
        said = " ".join(shown.text_content().split())
        assert said.startswith("断りなく書き換え 可能性あり → 確認されていない"), page
    assert HEADLINE in (tree / f"incidents/{sample.SLUG}.html").read_text("utf-8")  # in the picture
    assert STOOD in (tree / f"notices/{mie(archive).notice}.html").read_text("utf-8")


def test_mail_and_chat_say_in_plain_text_all_that_html_says(archive: Archive) -> None:
    change = mie(archive)
    with archive.read() as reader:
        names = load_names(reader)
    site = Site("https://kohyo.example/", live=True)
    alone = compose_message("desk", [change], names, site, single=True)
    assert alone.title == HEADLINE
    digest = compose_message("desk", [change], names, site, single=False)
    for message in (alone, digest):
        for said in (STOOD, "約2,400件", "流出した可能性があります", "確認されていません。", change.url):
            assert said in message.text, said
            assert said in message.html, said
        assert message.changes[0]["headline"] == HEADLINE
    assert HEADLINE in digest.text.splitlines()[:6]
    mail = EmailMessage()
    mail["Subject"] = alone.title
    assert mail["Subject"] == HEADLINE


def test_the_command_line_files_and_the_api_say_the_same(archive: Archive, tmp_path: Path) -> None:
    def run(*args: str) -> str:
        done = CliRunner().invoke(main, ["--db", database_at(tmp_path / "kohyo.db"), "--lang", "ja", *args])
        assert done.exit_code == 0, done.output
        return done.output

    assert f"2024-03-28 10:00  {HEADLINE}" in run("changes", "--source", "mie").splitlines()[0]
    assert json.loads(run("--json", "changes", "--source", "mie").splitlines()[0])["headline"] == HEADLINE
    assert HEADLINE in run("show", str(mie(archive).notice))
    assert HEADLINE in run("search", "確認されていません")
    assert f" mie: {HEADLINE}" in run("incidents", "show", sample.SLUG)
    run("export", "--format", "csv", f"{tmp_path}/out.csv")
    with open(tmp_path / "out.csv", encoding="utf-8-sig") as file:
        assert HEADLINE in [row["headline"] for row in csv.DictReader(file)]
    web = Client(make_app(archive))
    assert web.get("/api/changes?source=mie").json()["items"][0]["headline"] == HEADLINE
    assert HEADLINE in web.get("/api/changes.csv?source=mie").text
    timeline = web.get(f"/api/incidents/{sample.SLUG}").json()["timeline"]
    assert HEADLINE in [row["headline"] for row in timeline]


def test_an_english_run_leads_with_it_in_english(archive: Archive, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--db", database_at(tmp_path / "kohyo.db"), "--lang", "en", "changes"])
    assert "Rewritten without a word: possible → not confirmed and 1 more — 三重県" in done.output
