"""Watch-lists: one filter with a name, as a page, a feed and a target, served and published."""

from __future__ import annotations

from pathlib import Path

import feedparser
import pytest

from feeds.formats.channels import WatchList
from feeds.notify.targets import TargetError, load_targets
from feeds.notify.watch_lists import load_watch_lists
from feeds.site.publish import publish
from feeds.web.app import make_app
from storage.archive import Archive
from storage.query import Query
from tests.feeds import sample
from tests.feeds.client import Client
from tests.feeds.test_publish import BASE, state, touched


def read(folder: Path, toml: str) -> list[WatchList]:
    file = folder / "watch.toml"
    file.write_text(toml, "utf-8")
    return load_watch_lists(file)


CASES = [
    ('organisation = "株式会社例示マーケティング"', {"procx", "ppc"}),
    ('organisation = ["福岡県", "三重県"]', {"fukuoka", "mie"}),
    ('word = "再発防止策"', {"ppc"}),
    ('word = "再発防止策 "\nplace = "三重県"', {"ppc", "mie"}),
    ('place = "福岡県"\nkind = "new"', {"fukuoka"}),
    ('organisation = ["福岡県", "三重県"]\nreason = "outcome"', {"mie"}),
    ('organisation = "どこにもない会社"', set()),
    ('publisher = "regulator"', {"ppc"}),
    ("word = '再発防止策\"'", {"ppc"}),
]


@pytest.mark.parametrize(("keys", "sources"), CASES)
def test_any_of_its_organisations_words_and_places_will_do_and_the_rest_restricts(
    told: Archive, tmp_path: Path, keys: str, sources: set[str]
) -> None:
    (watched,) = read(tmp_path, f'[[watch]]\nname = "mine"\n{keys}\n')
    with told.read() as reader:
        found = {change.source for change in reader.changes(watched.query)}
    assert found == sources
    web = Client(make_app(told, watching=[watched]))
    feed = feedparser.parse(web.get("/feeds/watching/mine.atom").content)
    assert {entry.author for entry in feed.entries} == {
        one.name for one in sample.SOURCES if one.id in sources
    }
    assert web.get("/watching/mine.html").text.count("notices/") >= len(sources)


def test_all_mistakes_are_told_at_once_with_their_place(tmp_path: Path) -> None:
    toml = """
        [[watch]]
        name = "mine"
        organisatoin = "例示"
        organisation = "株式会社"

        [[watch]]
        name = "mine"
        word = "!"
        kind = "removed"
        place = 5
        [[watch]]
        name = "no name"
    """
    with pytest.raises(TargetError) as error:
        read(tmp_path, toml)
    said = str(error.value)
    for mistake in (
        "watch[0].organisation[0]: '株式会社' is no name of a body",
        "unknown key organisatoin, did you mean organisation?",
        "watch[1].kind[0]: must be 'new'",
        "watch[1].place: must be a valid list",
        "watch[1].name: 'mine' is the name of watch[0] already",
        "watch[2].name: may hold up to 64",
    ):
        assert mistake in said, (mistake, said)
    assert load_watch_lists(None) == []


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # by one of apprise's plugins
def test_a_target_may_name_a_watch_list_and_restrict_it(told: Archive, tmp_path: Path) -> None:
    (watched,) = read(tmp_path, '[[watch]]\nname = "mine"\norganisation = ["福岡県", "三重県"]\n')
    pytest.importorskip("apprise")
    file = tmp_path / "targets.toml"
    target = '[[target]]\nname = "desk"\nurl = "json://127.0.0.1/x"\nwatch = "{}"\nkind = "updated"\nbody = "三重県"\n'
    file.write_text(target.format("mine"), "utf-8")
    (desk,) = load_targets(file, {}, {"mine": watched.query})
    with told.read() as reader:
        assert {(one.source, one.kind) for one in reader.changes(desk.query)} == {("mie", "updated")}
    file.write_text(target.format("other"), "utf-8")
    for known, said in (({"mine": watched.query}, "one of mine"), ({}, "KOHYO_WATCH names no file")):
        with pytest.raises(TargetError, match=f"no watch-list 'other'; {said}"):
            load_targets(file, {}, known)


def test_a_page_says_what_its_list_holds_and_leads_to_its_bodies(told: Archive) -> None:
    web = Client(make_app(told, watching=[sample.WATCHED]))
    said = web.get("/watching/prefectures.html?lang=en").text
    assert '<a href="../organisations/%E7%A6%8F%E5%B2%A1%E7%9C%8C.html?lang=en" lang="ja">福岡県</a>' in said
    assert '<span lang="ja">例示カード</span>' in said
    assert "カード番号" in said
    assert "watching/prefectures.html" in web.get("/").text
    assert "feeds/watching/prefectures.atom" in web.get("/feeds.opml").text
    assert web.get("/watching/other.html").status_code == 404
    assert web.get("/feeds/watching/other.atom").status_code == 404


def test_what_passes_a_list_touches_it_and_what_does_not_leaves_it_alone(
    archive: Archive, tmp_path: Path
) -> None:
    published = {
        "watching/prefectures.html",
        *(f"feeds/watching/prefectures.{form}" for form in ("atom", "rss", "json")),
    }
    publish(archive, tmp_path, base_url=BASE, watching=[sample.WATCHED])
    before = state(tmp_path)
    sample.many(archive, 1, source="ppc")
    publish(archive, tmp_path, base_url=BASE, watching=[sample.WATCHED])
    between = state(tmp_path)
    assert not touched(before, between) & published
    sample.many(archive, 1, source="mie")
    publish(archive, tmp_path, base_url=BASE, watching=[sample.WATCHED])
    assert touched(between, state(tmp_path)) >= published


def test_a_list_that_holds_something_else_is_published_anew_and_one_that_went_is_emptied(
    archive: Archive, tmp_path: Path
) -> None:
    def entries(name: str) -> list[str]:
        return [
            one.id for one in feedparser.parse((tmp_path / f"feeds/watching/{name}").read_bytes()).entries
        ]

    publish(archive, tmp_path, base_url=BASE, limit=1, watching=[sample.WATCHED])
    first = entries("prefectures/1.atom")
    narrowed = WatchList("prefectures", "三重", Query(material=True, bodies=("三重県",)))
    publish(archive, tmp_path, base_url=BASE, limit=1, watching=[narrowed])
    publish(archive, tmp_path / "fresh", base_url=BASE, limit=1, watching=[narrowed])
    for file in (tmp_path / "fresh/feeds/watching").rglob("*.atom"):
        assert (tmp_path / file.relative_to(tmp_path / "fresh")).read_bytes() == file.read_bytes()
    assert entries("prefectures/1.atom") != first
    publish(archive, tmp_path, base_url=BASE, limit=1)
    assert entries("prefectures.atom") == entries("prefectures/1.atom") == []
    assert "三重" not in (tmp_path / "watching/prefectures.html").read_text("utf-8")
    assert not publish(archive, tmp_path, base_url=BASE, limit=1).written
