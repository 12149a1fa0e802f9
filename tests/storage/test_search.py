"""Search finds exactly what a scan of the folded text finds, newest first."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive import Archive, open_archive
from storage.db.index import looking, search_index
from storage.db.kept import grams
from storage.query import Query
from storage.records import Incident, IncidentLink
from storage.text.asked.excerpt import excerpt
from storage.text.asked.phrases import phrases
from storage.text.asked.relevance import Evidence, rank
from storage.text.fold import fold
from storage.topics import search
from tests.storage.builders import later, notice, publish, read, watch
from tests.storage.former import to_the_first_schema

TEXTS = (
    "個人情報の漏えいについて\n約928万件のお客様情報が流出しました。①氏名 ②住所",
    "不正アクセスによる情報漏洩のおそれ（第２報）\n対象は１３３，６５５人です",
    "サーバーの脆弱性　ＮＴＴ㈱ ProCX — 03−1234−5678",
    'quotes " and \' and % and _ and * and \\ and (AND) NEAR NOT "x"',
    "葛\U000e0100城市 𠮷野家 👨‍👩‍👧 \U0001f600 髙﨑 ﾊﾟｽﾜｰﾄﾞ が",
    "control \x00 \x01 \x1b \ud800 \uffff end",
    "aaaaaaaaab",
    "短",
)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    with archive.write() as writer:
        for number, text in enumerate(TEXTS, 1):
            publish(writer, text, number=number, title=f"見出し{number}", at=later(days=number))
    return archive


@given(st.text("個人情報の漏えい12𠮷", max_size=40))
def test_a_long_document_is_indexed_part_by_part_as_if_it_were_one(text: str) -> None:
    whole = grams.numbers(text, title=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grams, "_PART_CHARS", 3)
        assert grams.numbers(text, title=True) == whole


def scan(query: str) -> list[int]:
    wanted = phrases(query)
    documents = [(fold(f"見出し{n}"), fold(text)) for n, text in enumerate(TEXTS, 1)]
    holding = [any(all(one in text for one in wanted) for text in texts) for texts in documents]
    return [n for n, found in enumerate(holding, 1) if wanted and found][::-1]


QUERIES = [
    "漏", "漏え", "漏えい", "漏洩", "928", "約928万件", "９２８万", "928万", "(1)", "①", "133,655", "万件の",
    "procx", "ＰＲＯＣＸ", "03-1234", "-", "%", "_", "*", '"', "'", "\\", "(and)", 'NOT "x"', "near", "OR", "a", "ab", "aab",
    "aaaaaaaaaa", "葛城", "𠮷", "𠮷野", "👨", "\U0001f600", "高崎", "髙﨑", "パスワード", "が", "\x01", "\x00", "\ud800", "\uffff",
    "\x1b", "について約", "見出し3", "3サーバー", "", " ", "　\n", "短", "存在しない", "a" * 10_000, "'; DROP TABLE notice; --",
    "漏 情報", "流出 個人情報", "見出し1 流出", "見出し2 流出", "の　が", '"について 約"', '"約 について"', "について 約", "漏えい 存在しない",
    '"', '""', '" "', '"漏 え', "漏え 漏えい 漏", "AND OR", " ".join("個人情報の漏えいについて約九二八万件のお客様情報が流出した"), "漏 " * 5_000,
]  # fmt: skip


def test_search_equals_a_scan(filled: Archive) -> None:
    with filled.read() as reader:
        for query in QUERIES:
            assert [hit.notice.id for hit in reader.search(query)] == scan(query), query
            narrowed = reader.notices(Query(text=query))
            assert sorted(n.id for n in narrowed) == sorted(scan(query)), query


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_substring_is_found(filled: Archive, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    starts = data.draw(st.lists(st.integers(0, len(text) - 1), min_size=1, max_size=3))
    part = " ".join(text[start : start + data.draw(st.integers(1, 30))] for start in starts)
    query = data.draw(
        st.sampled_from([part, part.upper(), part + data.draw(st.text(max_size=1)), part.swapcase()])
    )
    with filled.read() as reader:
        hits = reader.search(query)
    assert [hit.notice.id for hit in hits] == scan(query)
    for hit in hits:
        marked = [fold(hit.snippet[start:end]) for start, end in hit.spans]
        assert marked
        assert all(any(one in said for one in phrases(query)) for said in marked)


def test_a_long_query_is_compared_to_its_end(archive: Archive) -> None:
    long = "".join(chr(0x4E00 + n % 5000) for n in range(9_000))
    with archive.write() as writer:
        publish(writer, long, number=1)
        publish(writer, long[:-1] + "終", number=2, at=later(days=1))
        assert [hit.notice.id for hit in writer.search(long)] == [1]
        (hit,) = writer.search(long)
        assert len(hit.snippet) < 500


def test_a_notice_is_found_once_by_its_newest_version(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        made = writer.add_notice(notice(page, "漏えいのお知らせ"))
        versions = [read(writer, page, f"第{n}報 漏えい", at=later(days=n)) for n in range(5)]
        old = read(writer, page, "昔の漏えい", at=later(days=-900))
        hits = writer.search("漏えい")
        assert [(hit.notice.id, hit.version) for hit in hits] == [(made.id, versions[-1].id)]
        assert [hit.version for hit in writer.search("第1報")] == [versions[1].id]
        assert [hit.version for hit in writer.search("昔の")] == [old.id]
        assert [hit.version for hit in writer.search("漏えいのお知らせ")] == [None]


def test_newest_is_by_the_time_of_capture_not_of_storing(archive: Archive) -> None:
    with archive.write() as writer:
        for number, day in enumerate((5, 1, 9, 3), 1):
            publish(writer, "同じ言葉", number=number, at=later(days=day))
        assert [hit.notice.id for hit in writer.search("同じ言葉")] == [3, 1, 4, 2]


def test_an_attachment_speaks_for_the_notice_it_hangs_on(archive: Archive) -> None:
    with archive.write() as writer:
        made = publish(writer, "別紙のとおり")
        paper = writer.add_page("example", "https://www.example.jp/x.pdf", "attachment", parent=made.page)
        version = read(writer, paper, "約928万件", at=later(days=1))
        assert [(hit.notice.id, hit.version) for hit in writer.search("928万")] == [(made.id, version.id)]


def test_a_page_may_stand_for_several_notices(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        made = [writer.add_notice(notice(page, f"件名{n}")) for n in range(100)]
        read(writer, page, "一覧 漏えい", at=later(days=1))
        assert {hit.notice.id for hit in writer.search("漏えい")} == {n.id for n in made}
        assert [hit.notice.id for hit in writer.search("件名42")] == [made[42].id]


def test_filters_and_paging(archive: Archive) -> None:
    with archive.write() as writer:
        for number in range(1, 151):
            publish(writer, "漏えい", number=number, at=later(days=number))
        known = writer.put_incident(Incident("i", "I"))
        writer.set_link(IncidentLink(known.id, 7, "confirmed"))
        found = [hit.notice.id for hit in writer.search("漏えい")]
        assert found == list(range(150, 0, -1))
        pages, after = [], None
        while hits := writer.search("漏えい", Query(limit=40, after=after)):
            pages.append([hit.notice.id for hit in hits])
            after = hits[-1].notice.id
        assert [len(page) for page in pages] == [40, 40, 40, 30]
        assert [id for page in pages for id in page] == found
        assert [hit.notice.id for hit in writer.search("漏えい", Query(incident="i"))] == [7]
        assert writer.search("漏えい", Query(sources=("other",))) == []


@pytest.mark.parametrize("frequent", [True, False])
@pytest.mark.parametrize("few", [0, 1_000])
def test_every_way_finds_the_same(
    filled: Archive, frequent: bool, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_is_often_new", lambda *_: frequent)
    monkeypatch.setattr(looking, "_is_held_by_many", lambda *_: frequent)
    monkeypatch.setattr(search, "FEW_NOTICES", few)
    monkeypatch.setattr(looking, "_FIRST_BATCH_DOCS", 2)
    monkeypatch.setattr(search, "MAX_WEIGHED_TEXTS", 2)
    with filled.read() as reader:
        for query in QUERIES:
            found = [hit.notice.id for hit in reader.search(query)]
            assert found == scan(query), query
            of_source = reader.search(query, Query(sources=("example",)))
            assert [hit.notice.id for hit in of_source] == found, query
            weighed = reader.search(query, Query(by_relevance=True))
            assert sorted(hit.notice.id for hit in weighed) == sorted(found), query
            assert sorted(n.id for n in reader.notices(Query(text=query))) == sorted(found), query


@pytest.mark.parametrize("by_relevance", [False, True])
@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("sources", [(), ("example",)])
def test_pages_hold_every_notice_once_in_the_order_of_the_whole(
    archive: Archive, by_relevance: bool, size: int, sources: tuple[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW_NOTICES", 0)
    monkeypatch.setattr(looking, "_FIRST_BATCH_DOCS", 3)
    monkeypatch.setattr(search, "MAX_WEIGHED_TEXTS", 6)
    monkeypatch.setattr(search, "MAX_WEIGHED_TITLES", 3)
    with archive.write() as writer:
        for number in range(12):  # several versions each, mixed in time; some stand on one page
            page = watch(writer, f"https://www.example.jp/{number}.html")
            for part in range(1 + (number % 4 == 0) * 3):
                writer.add_notice(notice(page, f"件名{number}{part} {'漏えい' * (number % 3)}"))
            for day in range(3):
                text = f"{number}が{day}に公表した漏えい" * (1 + (number * day) % 4)
                read(writer, page, text, at=later(days=7 * day + number % 5))
    with archive.read() as reader:
        asked = Query(by_relevance=by_relevance, sources=sources)
        whole = [hit.notice.id for hit in reader.search("漏えい", asked)]
        assert sorted(whole) == sorted(one.id for one in reader.notices())
        found: list[int] = []
        after = None
        while hits := reader.search("漏えい", replace(asked, limit=size, after=after)):
            found += [hit.notice.id for hit in hits]
            after = found[-1]
        assert found == whole
        assert reader.search("漏えい", replace(asked, after=10**6)) == []


def test_what_comes_in_while_paging_moves_nothing(archive: Archive) -> None:
    with archive.write() as writer:
        for number in range(1, 31):
            publish(writer, "漏えい", number=number, at=later(days=number))
    with archive.read() as reader:
        whole = [hit.notice.id for hit in reader.search("漏えい")]
    found: list[int] = []
    while True:
        with archive.write() as writer:
            hits = writer.search("漏えい", Query(limit=7, after=found[-1] if found else None))
            publish(writer, "漏えい", number=100 + len(found), at=later(days=100 + len(found)))
        if not hits:
            break
        found += [hit.notice.id for hit in hits]
    assert found == whole


def test_what_a_notice_is_about_comes_first(archive: Archive) -> None:
    with archive.write() as writer:
        titled = publish(writer, "本文に書く。" * 30, number=1, title="勧告について", at=later(days=1))
        dense = publish(writer, "勧告、また勧告。", number=2, title="題二", at=later(days=2))
        once = publish(writer, "勧告。" + "長い文。" * 99, number=3, title="題三", at=later(days=3))
        former = publish(writer, "勧告。" + "長い文。" * 99, number=4, title="題四", at=later(days=4))
        page = writer.page_by_id(former.page)
        assert page is not None
        now = read(writer, page, "もう書かれていない。", at=later(days=5))
        writer.put_page(replace(page, version=now.id))
        for made in (titled, dense, once):
            page = writer.page_by_id(made.page)
            assert page is not None
            writer.put_page(replace(page, version=writer.versions(page.id)[-1].id))
        found = [hit.notice.id for hit in writer.search("勧告", Query(by_relevance=True))]
        assert found == [titled.id, dense.id, once.id, former.id]
        assert [hit.notice.id for hit in writer.search("勧告")] == [former.id, once.id, dense.id, titled.id]


@pytest.mark.parametrize("frequent", [True, False])
@pytest.mark.parametrize("waiting", [True, False])
def test_only_what_holds_the_words_is_weighed_however_many_newer_texts_may_hold_them(
    archive: Archive, frequent: bool, waiting: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_is_often_new", lambda *_: frequent)
    monkeypatch.setattr(search, "MAX_WEIGHED_TEXTS", 3)
    monkeypatch.setattr(search, "MAX_WEIGHED_TITLES", 1)
    with archive.write() as writer:
        title = publish(writer, "本文。", number=1, title="勧告", at=later(days=1))
        publish(writer, "本文。", number=2, title="勧告の前", at=later(days=0))
        behind = publish(writer, "勧告。" * 9, number=3, at=later(days=2))
        dense = publish(writer, "勧告。" * 9, number=4, at=later(days=3))
        rare = publish(writer, "勧告。" + "文。" * 99, number=5, at=later(days=4))
        other = publish(writer, "勧告。" + "文。" * 99, number=6, at=later(days=5))
        for number in range(9):  # their pages once said it, too, or all that makes it up
            said = "勧告。" + "文。" * 99 if number == 0 else "勧と告、勧め、告げ"
            publish(writer, said, number=10 + number, at=later(days=-10 - number))
            page = writer.page_by_id(other.page if number % 2 else rare.page)
            assert page is not None
            read(writer, page, f"もう書かれていない。{number}", at=later(days=10 + number))
        if not waiting:
            search_index.catch_up(writer._db, 0)
        found = [hit.notice.id for hit in writer.search("勧告", Query(by_relevance=True))]
        assert found[:5] == [title.id, dense.id, other.id, rare.id, behind.id]


def test_a_new_title_takes_the_place_of_the_old(archive: Archive) -> None:
    with archive.write() as writer:
        made = publish(writer, "本文", title="古い題")
        writer.put_notice(replace(made, title="新しい題"))
        assert writer.search("古い題") == []
        assert [hit.notice.id for hit in writer.search("新しい題")] == [made.id]


def test_what_is_derived_again_keeps_its_place(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        made = writer.add_notice(notice(page, "題"))
        versions = [read(writer, page, f"{n} 漏えい", at=later(seconds=n)) for n in range(4)]
        writer.replace_version(replace(versions[0], text="漏えい", blocks=()))
        assert [hit.version for hit in writer.search("漏えい")] == [versions[3].id]
        writer.put_notice(replace(made, title="漏えい"))
        assert [hit.version for hit in writer.search("漏えい")] == [versions[3].id]


def test_the_title_of_a_notice_that_moved_is_found(archive: Archive) -> None:
    with archive.write() as writer:
        made = publish(writer, "本文", title="見出し")
        moved = replace(made, page=watch(writer, "https://www.example.jp/moved").id)
        writer.put_notice(moved)
        assert [hit.notice.id for hit in writer.search("見出し")] == [made.id]


def test_the_index_is_filled_again_when_folding_changes(
    filled: Archive, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.db.index.search_index.fold", lambda text: fold(text).replace("漏", "泄"))
    monkeypatch.setattr("storage.topics.search.fold", lambda text: fold(text).replace("漏", "泄"))
    monkeypatch.setattr("storage.topics.search.FOLD_VERSION", 2)
    monkeypatch.setattr("storage.archive.FOLD_VERSION", 2)
    told: list[tuple[int, int]] = []
    with (
        open_archive(database_url, lambda done, total: told.append((done, total))) as archive,
        archive.read() as reader,
    ):
        assert told == [(2 * len(TEXTS), 2 * len(TEXTS))]
        if reader._db.dialect.name == "postgresql":
            (index,) = sa.inspect(reader._db).get_indexes("search_index")
            assert index["name"] == "ix_search_index_grams"
        assert [hit.notice.id for hit in reader.search("泄")] == [2, 1]
        assert [hit.notice.id for hit in reader.search("見出し2")] == [2]


def test_no_other_write_fills_the_index_as_texts_were_folded_before(
    archive: Archive, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor the one that begins it: more documents wait than are otherwise put into it at once."""
    count = search_index.BATCH_DOCS
    with archive.write() as writer:
        for number in range(1, count + 1):
            publish(writer, f"第{number}号の漏えい", number=number, at=later(days=number))
    for module in ("storage.db.index.search_index", "storage.topics.search"):
        monkeypatch.setattr(module + ".fold", lambda text: fold(text).replace("漏", "泄"))
    monkeypatch.setattr("storage.topics.search.FOLD_VERSION", 2)
    monkeypatch.setattr("storage.archive.FOLD_VERSION", 2)
    monkeypatch.setattr("storage.topics.search.BATCH_DOCS", count)
    told: list[tuple[int, int]] = []
    with open_archive(database_url, lambda done, total: told.append((done, total))) as again:
        assert told == [(count, 2 * count), (2 * count, 2 * count)]
        with again.read() as reader:
            assert len(reader.search("泄えい")) == count


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("漏えい", ["漏えい"]),
        ("ＮＴＴ　勧告", ["ntt", "勧告"]),
        ("勧告 勧告", ["勧告"]),
        ("漏えい 漏 えい", ["漏えい"]),  # what holds the one holds the others
        ('"令和6年 1月24日" 勧告', ["令和6年1月24日", "勧告"]),
        ("“約 928万”", ["約928万"]),
        ('5" "a', ['5"', '"a']),  # quotes that hold nothing together are characters
        ('a"b c"', ['a"b', 'c"']),
        ("「約 928万」", ["「約", "928万」"]),
        (" 　\n\u200b", []),
        (" ".join(map(str, range(10, 30))), [str(n) for n in range(10, 30)]),
        (" ".join(map(str, range(10, 31))), ["".join(map(str, range(10, 31)))]),
        (" ".join(f'"{n} x"' for n in range(10, 31)), ["".join(f"{n}x" for n in range(10, 31))]),
    ],
)
def test_white_space_tells_phrases_apart(question: str, asked: list[str]) -> None:
    assert list(phrases(question)) == asked


def test_every_phrase_must_stand_in_one_text(archive: Archive) -> None:
    with archive.write() as writer:
        both = publish(writer, "個人情報の漏えい。\n勧告を受けた。", number=1)
        publish(writer, "漏えいのみ", number=2, at=later(days=1))
        page = watch(writer, "https://www.example.jp/3")
        writer.add_notice(notice(page, "題"))
        read(writer, page, "漏えいした。", at=later(days=2))
        read(writer, page, "勧告を受けた。", at=later(days=3))
        for query in ("勧告 漏えい", "漏えい　勧告"):
            (hit,) = writer.search(query)
            assert hit.notice.id == both.id
            assert [hit.snippet[start:end] for start, end in hit.spans] == ["漏えい", "勧告"]
        assert writer.search('"漏えい 勧告"') == []
        assert [one.id for one in writer.notices(Query(text="勧告 漏えい"))] == [both.id]


def test_a_text_that_is_about_all_phrases_comes_first(archive: Archive) -> None:
    with archive.write() as writer:
        even = publish(writer, "勧告と漏えい。" * 3 + "文。" * 40, number=1)
        one = publish(writer, "勧告。" * 9 + "漏えい。" + "文。" * 30, number=2, at=later(days=1))
        few = publish(writer, "勧告と漏えい。" + "長い文。" * 90, number=3, at=later(days=2))
        found = writer.search("勧告 漏えい", Query(by_relevance=True))
        assert [hit.notice.id for hit in found] == [even.id, one.id, few.id]


def test_a_title_weighs_more_than_any_density_of_however_many_phrases() -> None:
    title = Evidence(1, 1, None, (1, 1, 1), 10, current=False)
    dense = Evidence(2, 2, 7, (99, 99, 99), 600, current=False)
    assert [one.notice for one in rank([title, dense])] == [1, 2]


@pytest.mark.parametrize(
    ("texts", "query", "snippet"),
    [
        (
            ["甲" + "一" * 300 + "乙 甲" + "二" * 300],
            "甲 乙",
            "一" * 60 + "[乙] [甲]" + "二" * 60,
        ),  # together
        (["甲" + "一" * 300 + "乙"], "甲 乙", "[甲]" + "一" * 60),  # else the first
        (["甲一。", "乙と甲"], "甲 乙", "[乙]と[甲]"),
        (["甲一。", "乙二"], "甲 乙", "[甲]一。"),
        (["前。\n甲。\n中。\n乙。\n後。"], "乙 甲", "前。 [甲]。 中。 [乙]。 後。"),
        (["漏えい事案"], "漏えい えい事", "[漏えい事]案"),
        (["乙甲乙甲"], "甲乙甲 乙甲乙", "[乙甲乙甲]"),
        # what is frequent hides nothing of what is rare, be it near or far
        (["の情報。" * 600 + "乙の話"], "の 乙", ("[の]情報。" * 15) + "[乙][の]話"),
        (["のの情報。" + "一" * 300 + "乙"], "の 乙", "一" * 60 + "[乙]"),
        (
            [("甲" + "一" * 130) * 9 + "甲乙" + "二" * 130 + "乙" * 10],
            "甲 乙",
            "一" * 60 + "[甲][乙]" + "二" * 60,
        ),
        # near is what at most 120 characters part
        (["甲" + "一" * 120 + "乙"], "甲 乙", "[甲]" + "一" * 120 + "[乙]"),
        (["甲" + "一" * 121 + "乙"], "甲 乙", "[甲]" + "一" * 60),
        (
            ["甲。" + "一" * 300 + "甲「" + "乙" * 121 + "」"],
            "甲 " + "乙" * 121,
            "一" * 60 + "[甲]「[" + "乙" * 121 + "]」",
        ),
        (
            ["甲丙" + "一" * 20 + "乙" + "二" * 5 + "甲乙"],
            "甲 乙",
            "[甲]丙" + "一" * 20 + "[乙]" + "二" * 5 + "[甲][乙]",
        ),
    ],
)
def test_a_snippet_shows_phrases_together(texts: list[str], query: str, snippet: str) -> None:
    cut = excerpt(texts, phrases(query))
    shown = cut.passage
    for start, end in reversed(cut.spans):
        shown = f"{shown[:start]}[{shown[start:end]}]{shown[end:]}"
    assert shown == snippet


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("個人情報の漏えい", "漏えい", ["漏えい"]),
        ("①②③", "2", ["②"]),
        ("ＡＢ Ｃ", "abc", ["ＡＢ Ｃ"]),
        ("漏えい\n漏えい", "漏えい", ["漏えい", "漏えい"]),
        ("前\n" * 500 + "当該の語" + "\n後" * 500, "当該の語", ["当該の語"]),
        ("あ" * 500 + "語" + "い" * 500, "語", ["語"]),
        ("が", "が", ["が"]),
    ],
)
def test_a_snippet_is_cut_from_the_raw_text(text: str, query: str, marked: list[str]) -> None:
    cut = excerpt([text], [fold(query)])
    assert [cut.passage[start:end] for start, end in cut.spans] == marked
    assert cut.passage in text.replace("\n", " ")
    assert len(cut.passage) < 300


RAW = st.text("漏え勧ab①⑪㍿ﾊﾟか\u3099\u200b\n。 　Ａ½ﬁ𠮷\U000e0100e\u0301", min_size=1, max_size=300)


@given(RAW, st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), min_size=1, max_size=4))
def test_marks_lie_in_order_within_a_slice_of_the_raw_text(text: str, cuts: list[tuple[int, int]]) -> None:
    folded = fold(text)
    wanted = [part for at, length in cuts if (part := folded[at : at + length])]
    cut = excerpt([text], wanted)
    assert bool(cut.spans) == bool(wanted)
    flat = text.replace("\n", " ")
    at, length = flat.index(cut.passage), len(cut.passage)
    edges = [0, *(edge for span in cut.spans for edge in span), length]
    assert edges == sorted(edges)
    assert all(start < end for start, end in cut.spans)
    if wanted and flat.count(cut.passage) == 1:
        assert cut.goes_on == (bool(flat[:at].strip()), bool(flat[at + length :].strip()))


def test_an_archive_of_the_first_schema_is_searched(archive: Archive, database_url: str) -> None:
    """Its index held positions (SQLite) or the text (PostgreSQL) itself."""
    with archive.write() as writer:
        made = publish(writer, "漏えい", title="見出し")
        to_the_first_schema(writer)
    with open_archive(database_url) as again, again.read() as reader:
        for words in ("漏", "漏えい", "見出"):
            assert [hit.notice.id for hit in reader.search(words)] == [made.id]


def test_documents_keep_their_order_when_their_ids_become_smaller(
    archive: Archive, database_url: str
) -> None:
    """They were seconds with a number below; now they are seconds, or the next one that is free."""
    with archive.write() as writer:
        made = [publish(writer, "漏えい", number=n).id for n in range(4)]
        late = publish(writer, "漏えい", number=4, at=later(days=1)).id
        to_the_first_schema(writer)
        writer._db.execute(
            sa.text(
                "UPDATE search_doc SET id = 1048576 * (SELECT min(id) / 1048576 FROM search_doc) + version_id WHERE version_id < 5"
            )
        )
    with open_archive(database_url) as again, again.read() as reader:
        assert [hit.notice.id for hit in reader.search("漏えい")] == [late, *made[::-1]]
        ids = reader._db.scalars(
            sa.text("SELECT id FROM search_doc WHERE version_id IS NOT NULL ORDER BY id")
        ).all()
        assert ids[:4] == list(range(ids[0], ids[0] + 4))
        assert ids[-1] - ids[0] == 86_400
