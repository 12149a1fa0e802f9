from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feeds.addresses import FeedAddress, Site
from feeds.formats import atom_rss
from feeds.formats.atom_rss import Feed, write_atom, write_rss
from feeds.formats.entries import Category, FeedEntry, Names, make_entry
from feeds.views import incident_page
from feeds.wording.headline import MAX_SUBJECT_CHARS, shorten_title
from feeds.wording.sanitise import one_line
from storage.records import ChainLink, Change, FactChange, Hunk, Segment, Source, SourceKind
from tests.feeds import rules

NAMES = Names({"fukuoka": Source("fukuoka", "福岡県", "affected")}, {"procx": "持ち出し事案"})
CHANGE = Change(
    notice=7,
    source="fukuoka",
    url="https://www.pref.example.lg.jp/zeimu.html",
    title="漏えい事案について",
    detected_at=datetime(2024, 1, 17, 1, 2, 3, tzinfo=UTC),
    kind="updated",
    material=True,
    reasons=("count", "silent"),
    summary="人数の訂正",
    facts=(FactChange("count", "133,655人", "162,828人"),),
    hunks=(Hunk("cell", "133,655人", "162,828人", (Segment("133,655人", "162,828人"),), ("count",), "人数"),),
    incidents=("procx",),
    id=12,
)


def told(lang: str = "ja", **kw: object) -> FeedEntry:
    return make_entry(replace(CHANGE, **kw), NAMES, Site("https://kohyo.example/", lang))  # type: ignore[arg-type]


SUBJECT = "福岡県「漏えい事案」"
REVERSED = (FactChange("outcome", "possible", "not confirmed"),)


@pytest.mark.parametrize(
    ("lang", "kw", "title"),
    [
        ("ja", {}, f"断りなく書き換え: 対象者数 133,655人 → 162,828人 — {SUBJECT}"),
        (
            "en",
            {},
            "Rewritten without a word: persons affected 133,655 people (133,655人) → 162,828 people (162,828人)"
            " — 福岡県 “漏えい事案”",
        ),
        ("ja", {"reasons": ("count",)}, f"[更新] {SUBJECT}: 対象者数 133,655人 → 162,828人"),
        ("ja", {"facts": REVERSED}, f"断りなく書き換え: 可能性あり → 確認されていない — {SUBJECT}"),
        (
            "en",
            {"facts": REVERSED},
            "Rewritten without a word: possible → not confirmed — 福岡県 “漏えい事案”",
        ),
        (
            "ja",
            {"reasons": ("outcome",), "facts": (*CHANGE.facts, *REVERSED)},
            f"漏えいの有無が反転: 可能性あり → 確認されていない ほか1件 — {SUBJECT}",
        ),
        (
            "ja",
            {"reasons": ("added", "count", "silent"), "facts": (FactChange("count", None, "5人"),)},
            f"断りなく加筆: 対象者数 5人 — {SUBJECT}",
        ),
        ("ja", {"kind": "new", "facts": ()}, f"[新規] {SUBJECT}"),
        (
            "ja",
            {"kind": "new", "facts": (*CHANGE.facts, FactChange("action", None, "recommendation"))},
            f"[新規] {SUBJECT}: 措置 勧告",
        ),
        ("ja", {"kind": "withdrawn", "facts": ()}, f"掲載終了: {SUBJECT}"),
        ("en", {"kind": "moved", "facts": ()}, "[Moved] 福岡県 “漏えい事案”"),
        ("ja", {"facts": ()}, f"断りなく書き換え: 人数の訂正 — {SUBJECT}"),
        (
            "en",
            {"facts": (), "reasons": ("count", "date"), "hunks": ()},
            "[Updated] 福岡県 “漏えい事案”: count, date",
        ),
        (
            "en",
            {"facts": (), "reasons": ("count",)},
            "[Updated] 福岡県 “漏えい事案”: count",
        ),
        (
            "en",
            {"facts": (FactChange("outcome", None, "leaked"),), "reasons": ("outcome",)},
            "[Updated] 福岡県 “漏えい事案”: outcome leaked (漏えい)",
        ),
        (
            "ja",
            {
                "reasons": ("deadline",),
                "facts": (
                    FactChange("phone", None, "0120"),
                    FactChange("count", None, "3人"),
                    FactChange("deadline", "2024-02-29", "2024-03-15"),
                ),
            },
            f"[更新] {SUBJECT}: 期限 2024年2月29日 → 2024年3月15日 ほか1件",
        ),
        (
            "ja",
            {
                "reasons": ("count",),
                "facts": (
                    FactChange("count", None, "69社"),
                    FactChange("count", None, "約7.2万件"),
                    FactChange("count", None, "合計約928万件"),
                ),
            },
            f"[更新] {SUBJECT}: 件数 合計約928万件 ほか2件",
        ),
        (
            "ja",
            {"title": "", "kind": "new", "facts": ()},
            "[新規] 福岡県「…le.lg.jp/zeimu.html」",
        ),
    ],
)
def test_the_title_says_what_it_comes_to_whose_and_about_what(
    lang: str, kw: dict[str, object], title: str
) -> None:
    assert told(lang, **kw).title == title


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("委託業務による個人情報の漏えい事案について", "委託業務による個人情報の漏えい事案"),
        ("個人情報の漏えいに関するお詫びとお知らせ", "個人情報の漏えい"),
        ("【重要】メールの誤送信による個人情報の流出について(第2報)", "メールの誤送信による個人情報の流出"),
        (
            "株式会社NTTマーケティングアクトProCX及びNTTビジネスソリューションズ株式会社に対する行政上の対応",
            "NTTマーケティングアクトProCX…",
        ),
        ("元派遣社員によるお客さま情報の不正な持ち出しについて(お詫び)", "元派遣社員によるお客さま情報の…"),
        ("あ" * 50, "あ" * 19 + "…"),
        ("お知らせ", "お知らせ"),
        ("(お詫び)", "(お詫び)"),
        ("Notice of unauthorised access", "Notice of…"),
        ("https://www.pref.example.lg.jp/zeimu.html", "…le.lg.jp/zeimu.html"),
    ],
)
def test_a_title_is_cut_to_its_subject_where_a_phrase_ends(title: str, subject: str) -> None:
    assert shorten_title(title) == subject
    assert len(subject) <= MAX_SUBJECT_CHARS


@given(st.text(max_size=60), st.integers(4, 40))
@settings(max_examples=40)
def test_a_subject_is_never_longer_than_asked_nor_empty(title: str, limit: int) -> None:
    subject = shorten_title(title, limit)
    assert len(subject) <= limit
    assert bool(subject) == bool(one_line(title))


def test_the_id_is_a_tag_of_what_never_changes() -> None:
    tag = told().tag
    assert rules.TAG.fullmatch(tag)
    assert told("en", title="別の表題", url="https://moved.example/", reasons=()).tag == tag
    elsewhere = make_entry(CHANGE, NAMES, Site("http://other.example:8000/x/"))
    assert elsewhere.tag == tag
    assert told(id=13).tag != tag
    assert told(detected_at=datetime(2024, 1, 18, tzinfo=UTC)).tag != tag  # another archive's change 12


def test_a_redacted_notice_is_newer_so_that_readers_fetch_it_again() -> None:
    later = datetime(2024, 5, 1, tzinfo=UTC)
    names = replace(NAMES, redacted={7: later})
    told = make_entry(CHANGE, names, Site("https://kohyo.example/"))
    assert (told.published, told.updated) == (CHANGE.detected_at, later)


def test_it_leads_to_the_original_the_notice_and_the_pair_of_versions() -> None:
    kept = told()
    assert kept.original == CHANGE.url
    assert kept.url == "https://kohyo.example/notices/7.html#change-12"
    assert kept.notice_url == "https://kohyo.example/notices/7.html"
    assert kept.pair is None
    live = Site("https://kohyo.example", "en", "lang=en", live=True)
    pair = make_entry(replace(CHANGE, from_version=3, to_version=5), NAMES, live)
    assert pair.pair == "https://kohyo.example/notices/7/diff?a=3&b=5&lang=en"
    assert pair.url == "https://kohyo.example/notices/7.html?lang=en#change-12"


def test_an_address_that_is_none_is_told_but_no_link() -> None:
    hostile = told(url="javascript:alert(1)")
    assert hostile.original is None
    assert 'href="javascript' not in hostile.html
    rules.harmless(hostile.html)


def test_the_difference_is_marked() -> None:
    assert "<del>133,655人</del><ins>162,828人</ins>" in told().html
    stood = "本文は変わりましたが、ページ自身の更新日は変わっていません"
    assert told().summary == f"漏えい事案について\n{stood}\n人数の訂正\n対象者数 133,655人 → 162,828人"
    assert f"<p>{stood}</p>" in told().html
    assert "<strong>断りなく書き換え</strong>: 対象者数 133,655人 → 162,828人</p>" in told().html


def test_no_field_is_crowded_out_by_many_counts_and_what_is_left_out_is_said() -> None:
    counts = [FactChange("count", None, f"{n}件") for n in range(1, 21)]
    done = [FactChange("action", None, "recommendation"), FactChange("action", None, "guidance")]
    release = told(kind="new", facts=(*counts, *done))
    assert "<li>措置: 勧告、指導</li><li>ほか10件</li>" in release.html
    assert release.summary.endswith("措置 指導\nほか10件")
    assert "ほか" not in told(kind="new", facts=(*counts[:10], *done)).html


def test_a_chart_is_labelled_with_the_total() -> None:
    now = ("59社", "69社", "133,655人", "約928万件", "うち約21万件", "29,173人分")
    facts = (*(FactChange("count", None, count) for count in now), FactChange("count", "約1億件", None))
    assert incident_page.largest_count(replace(CHANGE, facts=facts)) == "約928万件"
    assert (
        incident_page.largest_count(replace(CHANGE, facts=(FactChange("count", None, "1機関"),))) == "1機関"
    )
    assert incident_page.largest_count(replace(CHANGE, facts=())) == ""


def test_categories_name_kind_reasons_source_incident_and_action() -> None:
    kinds = told(facts=(FactChange("action", None, "recommendation"),)).categories
    assert [(one.scheme, one.term) for one in kinds] == [
        ("kind", "updated"),
        ("reason", "count"),
        ("reason", "silent"),
        ("source", "fukuoka"),
        ("incident", "procx"),
        ("action", "recommendation"),
    ]


HUNKS = (
    Hunk("insert", new="追記 <script>alert(1)</script>"),
    Hunk("delete", old="削除 <img src=x onerror=alert(1)>"),
    Hunk("move", old="移動した文", new="移動した文"),
    Hunk("link", "http://a.example/", "javascript:alert(1)", label="別紙"),
    Hunk("form", "１件", "1件", (Segment("１", "1"), Segment("件", "件"))),
    Hunk("column", "", "件数\n1\n2", label="件数"),
    Hunk("change", "ab", "ac", (Segment("a", "a"), Segment("b", "<c onclick=x>"))),
)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_kind_of_difference_is_shown_and_nothing_runs(lang: str) -> None:
    html = told(lang, hunks=HUNKS).html
    rules.harmless(html)
    assert html.count('class="hunk') == len(HUNKS)
    assert "追記 &lt;script&gt;" in html


@pytest.mark.parametrize(("lang", "removed"), [("ja", "(削除)"), ("en", "(removed)")])
def test_a_fact_that_went_is_said_to_have_gone(lang: str, removed: str) -> None:
    gone = told(lang, summary="", facts=(FactChange("phone", "0120-000-000", None),))
    assert f"<del>0120-000-000</del> {removed}</li>" in gone.html
    assert gone.summary.endswith(f"0120-000-000 {removed}")


def test_the_most_telling_leads() -> None:
    facts = (FactChange("date", "2023-10-18", "2024-03-30"), FactChange("count", None, "3,923人"))
    entry = told(summary="2023年10月18日 → 2024年3月30日、対象者数 3,923人", facts=facts)
    assert "対象者数 3,923人" in entry.title
    assert entry.html.index("<li>対象者数") < entry.html.index("<li>日付")


def test_our_own_words_are_told_in_english() -> None:
    gone = told("en", kind="withdrawn", summary="ページがなくなりました", facts=(), reasons=())
    assert gone.summary == "漏えい事案について\nThe page is gone"
    assert "<p>The page is gone</p>" in gone.html
    other = told("en").html
    assert '<p><span lang="ja">人数の訂正</span></p>' in other


def test_an_endless_difference_is_bounded() -> None:
    endless = tuple(Hunk("insert", new="長" * 20_000) for _ in range(500))
    html = told(hunks=endless).html
    assert len(html) < 300_000
    assert "ほか420か所" in html


@pytest.mark.parametrize("kind", ["commentary", "index"])
def test_the_title_of_what_trade_press_says_tells_that_it_is_no_disclosure(kind: SourceKind) -> None:
    press = Names({"fukuoka": Source("fukuoka", "福岡県", kind)}, {})
    for lang, mark in (("ja", "第三者の報道"), ("en", "third party's report")):
        assert mark in make_entry(CHANGE, press, Site("https://kohyo.example/", lang)).title
        assert mark not in told(lang).title


def test_sentences_that_came_in_one_piece_are_one_passage() -> None:
    piece = (Hunk("insert", new="一。"), Hunk("insert", new="二。", goes_on=True), Hunk("insert", new="三。"))
    html = told(hunks=piece).html
    assert html.count('<div class="hunk') == 2
    assert "<ins>一。</ins><br><ins>二。</ins></div>" in html


@pytest.mark.parametrize(
    "otherwise",
    [
        {"title": "別の題名"},
        {"incidents": ()},
        {"link": ChainLink(1, 12, 1, "a", "b")},
        {"hunks": (CHANGE.hunks[0], replace(CHANGE.hunks[0], goes_on=True))},
        {"hunks": (CHANGE.hunks[0], CHANGE.hunks[0])},
    ],
)
def test_an_entry_is_made_once_of_the_same_and_anew_of_anything_else(otherwise: dict[str, object]) -> None:
    assert told() is told()
    made = {repr(told()), repr(told(**otherwise)), repr(told("en", **otherwise)), repr(told(**otherwise))}
    assert len(made) == 3


def test_an_entry_is_made_anew_once_a_name_is_another_or_something_was_taken_out() -> None:
    site = Site("https://kohyo.example/")
    for other in (
        replace(NAMES, sources={"fukuoka": Source("fukuoka", "福岡県庁", "affected")}),
        replace(NAMES, sources={"fukuoka": Source("fukuoka", "福岡県", "index")}),
        replace(NAMES, incidents={"procx": "別の名"}),
        replace(NAMES, redacted={7: datetime(2025, 1, 1, tzinfo=UTC)}),
    ):
        assert make_entry(CHANGE, other, site) != make_entry(CHANGE, NAMES, site)


@pytest.mark.parametrize("write", [write_atom, write_rss])
@given(
    st.lists(st.sampled_from((*"abc", "</feed>\n  <entry>", "  </channel>\n</rss>\n    <item>")), max_size=4)
)
@settings(max_examples=20)
def test_entries_that_were_written_before_give_the_same_bytes(
    write: Callable[[Feed], bytes], titles: list[str]
) -> None:
    def feed(entries: Sequence[FeedEntry]) -> Feed:
        address = FeedAddress("https://kohyo.example/feeds/all")
        return Feed("tag:x", "t", "s", "ja", address, "https://kohyo.example/", entries)

    entries = [
        replace(told(title=title, facts=()), title=title, html=title, tag=f"tag:{n}", written={})
        for n, title in enumerate(titles)
    ]
    at_once = write(feed(entries))
    assert write(feed(entries)) == at_once
    fresh = [replace(entry, written={}) for entry in entries]
    for entry in fresh[::2]:
        write(feed([entry]))
    assert write(feed(fresh)) == at_once
    assert len(etree.fromstring(at_once).findall(".//{*}entry")) + at_once.count(b"    <item>") == len(titles)


FIT = st.text(
    st.one_of(
        st.sampled_from("a漏&<>\"'\r\n\t\x85\xa0\ue0000"),
        st.characters(min_codepoint=0x7F, max_codepoint=0xD7FF),
    ),
    max_size=6,
)

SECONDS = st.integers(0, 1 << 32)


@pytest.mark.parametrize("form", ["atom", "rss"])
@given(
    st.fixed_dictionaries(
        {name: FIT.map("-".__add__) for name in ("tag", "title", "author", "url", "notice_url")}
        | dict.fromkeys(("html", "summary"), FIT)
        | {name: st.none() | FIT for name in ("original", "pair")}
        | {"categories": st.lists(st.builds(Category, FIT, FIT.map("-".__add__), FIT), max_size=2).map(tuple)}
        | dict.fromkeys(("updated", "published"), SECONDS.map(lambda one: datetime.fromtimestamp(one, UTC)))
    )
)
@settings(max_examples=25)
def test_an_entry_put_into_an_outline_is_what_the_library_writes_of_it(
    form: str, said: dict[str, Any]
) -> None:
    entry = FeedEntry(notice="tag:n", kind="new", **said)
    assert atom_rss._write_entry(entry, form) == atom_rss._generate_entry(entry, form)


@pytest.mark.parametrize("unfit", ["\0", "\x1b", "\ufffe", "\uffff", "\ud800"])
@pytest.mark.parametrize("form", ["atom", "rss"])
def test_what_xml_cannot_hold_is_refused_in_an_entry(form: str, unfit: str) -> None:
    with pytest.raises(ValueError, match=r"XML compatible|surrogates"):
        atom_rss._write_entry(replace(told(), html=f"<p>{unfit}</p>"), form)


def test_the_library_writes_one_entry_of_each_outline(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def generate(entry: FeedEntry, form: str) -> bytes:
        asked.append(form)
        return b"<entry>"

    atom_rss._outline_of.cache_clear()
    monkeypatch.setattr(atom_rss, "_generate_entry", generate)
    entries = [replace(told(title=f"{n}"), written={}) for n in range(9)]
    write_atom(Feed("tag:x", "t", "s", "ja", FeedAddress("https://k.example/all"), "-", entries))
    assert asked == ["atom"]
    atom_rss._outline_of.cache_clear()
