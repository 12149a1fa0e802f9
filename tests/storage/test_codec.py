from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.db import codec
from storage.db.columns import storable
from storage.db.kept import short
from storage.records import (
    Block,
    Fact,
    FactChange,
    Hunk,
    Incident,
    Link,
    ListingRules,
    PageRules,
    Recipe,
    RosterEntry,
    Run,
    Segment,
    Source,
)


@pytest.mark.parametrize(
    "record",
    [
        Source("city", "例示市", "affected", ("https://a/",), listing=ListingRules("li", expect=(3, None))),
        Source(
            "x", "X", "company", page=PageRules(include=("main",), attachments=True), delay=1.5, private=True
        ),
        Block("row", "a | b", cells=("a", "b"), head=("h", ""), links=(Link("t", "https://a/"),), level=2),
        Hunk("change", "旧", "新", (Segment("a", "a"), Segment("旧", "新")), ("count",), "表 1行目"),
        FactChange("count", None, "928万件"),
        Fact("provision", {"law": "個人情報保護法", "article": "148", "paragraph": None}, "148条", 0, 4),
        Incident("i", "名", window=(date(2023, 7, 1), None), roster=(RosterEntry("福岡県", "prefecture"),)),
        Recipe("d", 1, 2, 3, 4),
        Run(datetime(2023, 1, 1, tzinfo=UTC), "crawl", stats={"pages": 3}),
    ],
    ids=lambda record: type(record).__name__,
)
def test_records_come_back_as_they_were(record: object) -> None:
    assert codec.loads(type(record), codec.dumps(record)) == record


def test_what_holds_its_default_is_not_written() -> None:
    assert codec.dumps(Block("text", "文")) == '{"kind":"text","text":"文"}'


def test_fields_of_a_newer_kohyo_are_left_out() -> None:
    assert codec.loads(Link, '{"text":"t","url":"u","rel":"next"}') == Link("t", "u")


@pytest.mark.parametrize("text", ["\ud800", "\0", '"\\\n', "漏えい"])
def test_any_text_can_be_written_as_utf8(text: str) -> None:
    stored = codec.dumps(Link(text, "u")).encode()
    assert codec.loads(Link, stored) == Link(text, "u")


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError, match="set"):
        codec.dumps({1, 2})


@given(st.one_of(st.text(), st.sampled_from(["", "[]", short.KNOWN_HEADERS, short.KNOWN_RECIPE * 3])))
def test_a_text_of_which_most_is_known_comes_back(text: str) -> None:
    text = storable(text)
    known = short.KNOWN_HEADERS.encode()
    stored = short.pack(text, known)
    assert short.unpack(stored, known) == text
    assert len(stored) <= len(text.encode())


def test_what_is_known_is_what_archives_were_written_with() -> None:
    said = "\0".join((short.KNOWN_HEADERS, short.KNOWN_RECIPE, short.KNOWN_HUNKS, repr(short.EVIDENCE_KINDS)))
    assert (
        hashlib.sha256(said.encode()).hexdigest()
        == "7ea8e19d2f38a1b057e7baaf1b499712444b04d6afd9e656ff8e5ad5a33593fa"
    )
    codes = [code for pair in short.EVIDENCE_KINDS for code in pair]
    assert len({*codes}) == len(codes)
