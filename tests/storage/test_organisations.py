"""Bodies by the keys of notices: one body under all its names, and what counts as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.archive import Archive, open_archive
from storage.query import Query
from storage.records import EvidenceKey, Fact, Source
from storage.topics.keys.organisations import BodyCount, is_body, lead_names
from tests.databases import database_at
from tests.storage.builders import later, notice, read, watch

NAMES = st.sampled_from(["b", "ab", "xy", "abc", "xyz", "wxyz"])


@pytest.mark.parametrize(
    ("pairs", "leads"),
    [
        ([], {}),
        ([("みさきデータ", "みさき")], {"みさき": "みさきデータ"}),
        ([("みさきデータ", "みさき"), ("みさき", "みさき銀行")], {}),  # of two bodies, and so of none
        ([("mds", "みさきデータ"), ("みさきデータ", "みさきデータ東京")], dict.fromkeys(["mds", "みさきデータ"], "みさきデータ東京")),
        ([("みさき", "旧三崎情報"), ("旧三崎情報", "みさき")], {"みさき": "旧三崎情報"}),
    ],
)  # fmt: skip
def test_a_short_name_leads_to_the_one_body_that_notices_say_it_is_of(
    pairs: list[tuple[str, str]], leads: dict[str, str]
) -> None:
    assert lead_names(pairs) == leads
    assert lead_names(reversed(pairs)) == leads


def put(archive: Archive, *keys: set[EvidenceKey]) -> None:
    """Store a notice with each of these sets of keys, a day after the other."""
    with archive.write() as writer:
        for number, held in enumerate(keys, 1):
            page = watch(writer, f"https://www.example.jp/{number}", "example")
            made = writer.add_notice(replace(notice(page, f"件名{number}", later(days=number))))
            writer.put_evidence(made.id, "example", 0, frozenset(held))


@given(pairs=st.lists(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), max_size=5))
@settings(max_examples=15)
def test_names_are_looked_up_as_they_would_be_read_all_at_once(
    one_engine: Archive, pairs: list[tuple[str, str]]
) -> None:
    with one_engine.write() as writer:
        for number, pair in enumerate(
            [*pairs, *[()] * 5][:5], 1
        ):  # the notices of the last example are no more
            said = {("names", "\t".join(sorted(pair)))} if pair else set()
            writer.put_evidence(number, "example", 0, frozenset({*(("named", name) for name in pair), *said}))
        leads = lead_names(pairs)
        for name, known_as in writer.names_of_bodies(["b", "ab", "xy", "abc", "xyz", "wxyz"]).items():
            root = leads.get(name, name)
            assert known_as[0] == root
            assert set(known_as) == {root, *(other for other in leads if leads[other] == root)}


@pytest.fixture(scope="module")
def one_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with open_archive(database_at(tmp_path_factory.mktemp("names") / "kohyo.db")) as archive:
        with archive.write() as writer:
            writer.put_source(Source("example", "例示", "company"))
        put(archive, *[set[EvidenceKey]()] * 5)
        yield archive


def test_notices_and_changes_are_found_by_any_name_of_a_body(archive: Archive) -> None:
    put(
        archive,
        {("publisher", "みさきデータ")},
        {("party", "みさきデータ"), ("party", "mds"), ("names", "mds\tみさきデータ")},
        {("named", "mds")},
        {("named", "三崎市立病院"), ("local", "三崎市")},
        {("local", "三崎市"), ("title", "みさきデータ")},
    )
    with archive.read() as reader:
        for name in ("みさきデータ", "株式会社みさきデータ", "MDS"):
            assert [one.id for one in reader.notices(Query(bodies=(name,)))] == [3, 2, 1], name
        assert [one.id for one in reader.notices(Query(bodies=("三崎市", "mds"), limit=3))] == [5, 4, 3]
        assert reader.notices(Query(bodies=("どこにもない会社",))) == []
        assert reader.bodies() == [BodyCount("みさきデータ", 1, 1, 1), BodyCount("三崎市", 0, 0, 2)]
        found = reader.notices_of_body(("みさきデータ", "mds"))
        assert [(one.notice, one.kinds) for one in found] == [
            (3, {"named"}),
            (2, {"party"}),
            (1, {"publisher"}),
        ]
        assert reader.bodies_of_notices([2, 3, 4]) == {"みさきデータ", "三崎市立病院", "三崎市"}
        assert reader.bodies_of_notices([2, 3], ("party",)) == {"みさきデータ"}


def test_names_are_told_as_notices_write_them(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer, "https://www.example.jp/1", "example")
        made = writer.add_notice(notice(page, "件名", later(days=1)))
        version = read(writer, page, "本文", at=later(days=1))
        stated = Fact("organisation", "MISAKIデータ", "", 0, 0)
        action = Fact("action", "order", "命令", 0, 0, qualifiers=("respondent:MISAKIデータ",))
        writer.add_facts(version.id, [stated, action])
        writer.put_page(replace(page, version=version.id))
        assert writer.written_names(["misakiデータ", "b"]) == {"misakiデータ": "MISAKIデータ"}
        assert writer.facts_of_notices([made.id], ("action",)) == {made.id: [action]}


@pytest.mark.parametrize("key", ["", "x", ".hidden", "a/b", "a" * 61, "a\nb", "what?"])
def test_what_cannot_stand_in_an_address_is_no_body(key: str) -> None:
    assert not is_body(key)
