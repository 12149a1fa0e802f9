"""Links follow from what is stored: whatever happened in which order, the same stand in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from unittest import mock

import sqlalchemy as sa
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from monitor.incidents import incident_links
from monitor.incidents.incident_links import relink, relink_all
from monitor.incidents.keeping import Hand, decide_links, remove_incident, undo_last
from monitor.track.decisions import redact
from storage.archive import Archive, Writer
from storage.db.tables import incident_evidence, metadata
from storage.records import Incident, Source, SourceKind
from tests.monitor.story import Story, html

KINDS: tuple[SourceKind, ...] = ("company", "affected", "affected", "regulator", "commentary")
TITLES = ("個人情報の流出について", "不正アクセスによる顧客情報流出のお詫びについて")
SENTENCES = (
    "お問い合わせは 0120-000-614 へ。",
    "お問い合わせは 03-1234-5678 へ。",
    "業務委託先の株式会社みさきデータから報告を受けました。",
    "業務委託先の株式会社みなと計算から報告を受けました。",
    "株式会社みさきデータ（旧：みはらし計算）が運営しています。",
    "2026年9月3日に不正アクセスが発生しました。",
    "2026年9月9日に不正アクセスが発生しました。",
    "対象は12,345人です。",
    "「不正アクセスによる顧客情報流出のお詫びについて」もご覧ください。",
    '<a href="https://s1.example/1.html">前の公表</a>',
    '<a href="https://s3.example/3.html">委員会の公表</a>',
)
DECLARED = {
    "respondents": ("株式会社みさきデータ", "みはらし計算"),
    "hotlines": ("0120-000-614", "03（1234）5678"),
    "seeds": ("https://www.s1.example/1.html", "s3", "https://s2.example/2.html"),
}

pages = st.tuples(
    st.just("page"),
    st.integers(0, len(KINDS) - 1),
    st.sampled_from(TITLES),
    st.sampled_from(("2026年9月5日", "2026年12月5日")),
    st.lists(st.sampled_from(SENTENCES), max_size=4, unique=True),
)
incidents = st.tuples(
    st.just("incident"),
    st.sampled_from(("one", "two")),
    st.fixed_dictionaries(
        {
            **{
                key: st.sets(st.sampled_from(values)).map(sorted).map(tuple)
                for key, values in DECLARED.items()
            },
            "window": st.sampled_from((None, (date(2026, 9, 1), date(2026, 10, 1)))),
        }
    ),
)
decisions = st.tuples(st.just("decision"), st.sampled_from(("one", "two")), st.integers(1, 6), st.booleans())
removals = st.tuples(st.just("removal"), st.sampled_from(("one", "two")), st.booleans())
redactions = st.tuples(st.just("redaction"), st.integers(1, 6))
histories = st.lists(
    st.one_of(pages, pages, incidents, incidents, decisions, removals, redactions), min_size=4, max_size=25
)


def happen(archive: Archive, event: tuple, told: Callable[[str], None]) -> None:  # type: ignore[type-arg]
    told(repr(event))
    match event:
        case ("page", number, title, day, said):
            url = f"https://s{number}.example/{number}.html"
            story = Story(archive, Source(f"s{number}", f"例示{number}市", KINDS[number], (url,)))
            with archive.read() as reader:
                story.now += timedelta(days=len(reader.runs()) + 1)
            words = (*said, "関係の皆さまに深くお詫び申し上げます。")
            story.page(html(*words, title=title, date_line=f"更新日：{day}"), url=url)
        case ("incident", slug, keys):
            with archive.write() as writer:
                relink(writer, writer.put_incident(Incident(slug, slug, **keys)))
        case ("decision", slug, notice, accept):
            with archive.write() as writer:
                decide_links(Hand(writer, Story(archive).now, "page"), slug, [notice], accept=accept)
        case ("removal", slug, undone):
            with archive.write() as writer:
                (undo_last if undone else remove_incident)(Hand(writer, Story(archive).now, "page"), slug)
        case ("redaction", notice):
            redact(archive, notice, "願いにより", Story(archive).now)


def links(writer: Writer) -> set[tuple[object, ...]]:
    """Give every link; what a decided one is held by was so when it was decided."""
    return {
        (
            incident.slug,
            link.notice,
            link.status,
            *(() if link.status in incident_links.DECIDED else (link.evidence, link.score)),
        )
        for incident in writer.incidents()
        for link in writer.incident_links(incident.slug)
    }


@contextmanager
def little_is_common() -> Iterator[None]:
    with mock.patch.multiple(incident_links, MANY_MONTHS=1, MANY_HOLDERS=3, SAME_TITLES=1):
        yield


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories)
def test_links_are_those_that_all_that_is_stored_leads_to(archive: Archive, history: list) -> None:  # type: ignore[type-arg]
    with archive.write() as writer:
        for table in reversed(metadata.sorted_tables):
            writer._db.execute(table.delete())
    with little_is_common():
        for event in history:
            happen(archive, event, note)
        with archive.write() as writer:
            stands = links(writer)
            held = {*writer._db.execute(sa.select(incident_evidence)).all()}
            writer._db.execute(incident_evidence.delete())
            relink_all(writer)
            assert links(writer) == stands
            assert {*writer._db.execute(sa.select(incident_evidence)).all()} == held
