"""Candidates with their evidence; nothing is merged by itself."""

from __future__ import annotations

import inspect
import re
from datetime import date
from importlib import import_module

from feeds.wording import words
from feeds.wording.tables import incident_words
from monitor.facts import extract
from monitor.incidents.declared import load
from monitor.incidents.evidence_keys import NoticeProfile
from monitor.incidents.suggest import suggest

(INCIDENT,) = load()


def told(
    text: str,
    *,
    notice: int = 1,
    source: str = "example",
    url: str = "https://example.jp/news/1.html",
    published: date | None = date(2023, 10, 18),
    links: tuple[str, ...] = (),
    publisher: str = "例示市",
) -> NoticeProfile:
    facts = extract(text, published=published)
    return NoticeProfile(notice, source, url, "個人情報について", text, published, facts, links, publisher)


def test_a_seed_is_declared_whatever_the_form_of_its_address() -> None:
    link = suggest(INCIDENT, told("", url="http://city.kaizu.lg.jp/kurashi/0000003036.html#top"))
    assert link is not None
    assert (link.status, link.score) == ("declared", 1.0)


def test_a_source_that_watches_a_single_page_is_a_seed() -> None:
    link = suggest(INCIDENT, told("", source="affected-kaizu", url="http://127.0.0.1:8000/kurashi/1.html"))
    assert link is not None
    assert link.status == "declared"


def test_a_link_to_a_notice_that_belongs_is_the_strongest_evidence() -> None:
    link = suggest(
        INCIDENT,
        told("関連情報", links=("https://www.nttactprocx.com/info/detail/240124.html",), published=None),
    )
    assert link is not None
    assert (link.status, link.score) == ("suggested", 0.9)
    assert link.evidence == ("link: nttactprocx.com/info/detail/240124.html",)


def test_the_shared_hotline_links_in_any_notation() -> None:
    link = suggest(INCIDENT, told("専用窓口 ０１２０（２２０）６１４", published=None))
    assert link is not None
    assert link.evidence == ("hotline: 0120-220-614",)


def test_a_respondent_counts_within_the_window_only() -> None:
    text = "業務を委託した株式会社NTTマーケティングアクトProCXから報告を受けました。"
    within = suggest(INCIDENT, told(text))
    assert within is not None
    assert within.evidence == ("respondent within the window: NTTマーケティングアクトProCX",)
    # the same company's mail of January 2026 is another incident
    assert suggest(INCIDENT, told(text, published=date(2026, 1, 27))) is None
    assert suggest(INCIDENT, told(text, published=date(2023, 6, 9))) is None


def test_municipalities_counts_and_wording_alone_suggest_nothing() -> None:
    member = told("海津市の約928万人分が流出しました。", notice=2)
    candidate = told("海津市の約928万人分が流出しました。")
    assert suggest(INCIDENT, candidate, [member]) is None


def test_weak_evidence_adds_to_strong() -> None:
    member = told("ProCXから約928万件が流出しました。", notice=2)
    alone = suggest(INCIDENT, told("ProCXから約928万件が流出しました。"))
    beside = suggest(INCIDENT, told("ProCXから約928万件が流出しました。"), [member])
    assert alone is not None
    assert beside is not None
    assert beside.score > alone.score
    assert beside.evidence[1] == "same count: 9,280,000"


def test_the_pages_have_words_for_every_kind_of_evidence() -> None:
    kinds = set(
        re.findall(
            r'MatchEvidence\(\s*f"([a-z ]+): ', inspect.getsource(import_module("monitor.incidents.suggest"))
        )
    )
    assert len(kinds) == 10
    assert kinds | {"seed of the declaration", "by hand"} == set(incident_words.EVIDENCE)
    assert words.say_evidence("same count: 9,280,000", "ja") == "同じ数: 9,280,000"
    assert words.say_evidence("［削除済み］", "ja") == "［削除済み］"
    assert words.say_evidence("same cause: insider misuse", "ja") == "同じ原因: 内部不正"


def test_a_link_counts_in_either_direction() -> None:
    member = told("", notice=2, url="https://example.jp/2", links=("https://example.jp/news/1.html",))
    link = suggest(INCIDENT, told("お知らせ", published=None), [member])
    assert link is not None
    assert link.score == 0.9
