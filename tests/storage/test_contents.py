"""What versions read, in few bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from storage.archive import Archive
from storage.db import blobs, codec
from storage.db.kept import contents
from storage.db.kept.contents import Content
from storage.db.tables import blob, version
from storage.records import Block, Link
from tests.storage.builders import snapshot, watch
from tests.storage.builders import version as version_of

WORDS = st.text(max_size=12)
LINKS = st.lists(st.builds(Link, WORDS, WORDS), max_size=2).map(tuple)
BLOCKS = st.builds(
    Block,
    st.sampled_from(("heading", "text", "item", "row")),
    WORDS,
    cells=st.lists(WORDS, max_size=3).map(tuple),
    head=st.lists(WORDS, max_size=2).map(tuple),
    links=LINKS,
    level=st.integers(0, 6),
    row_head=WORDS,
)
ROWS = st.lists(WORDS, min_size=1, max_size=3).map(
    lambda cells: Block("row", " | ".join(cells), tuple(cells))
)
CONTENTS = st.builds(Content, st.lists(BLOCKS | ROWS, max_size=6).map(tuple), LINKS, st.none() | WORDS)

PAGE = Content(
    (
        Block("heading", "漏えいについて", level=1),
        *(Block("item", f"対象となる方は{number}人です。") for number in range(40)),
        Block("row", "会員 | 12人", ("会員", "12人")),
        Block("text", "窓口はこちらです。", links=(Link("こちら", "https://city.example/madoguchi"),)),
    ),
    (),
)
TAGS = "<p class='x{n}'>{text}</p>\n"


@given(CONTENTS)
def test_what_is_written_is_read(content: Content) -> None:
    assert contents.read(contents.write(content)) == content


@given(CONTENTS)
def test_what_an_older_kohyo_wrote_is_read(content: Content) -> None:
    assert contents.read(codec.dumps(content).encode()) == content


@pytest.mark.parametrize("odd", ["\n", "一行\n二行", "\ud800", "a\ud800\n"])
def test_what_no_line_holds_is_written_all_the_same(odd: str) -> None:
    content = Content((Block("text", odd), Block("text", "次")), ())
    assert contents.read(contents.write(content)) == content


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "cp932", "euc_jp"])
def test_words_are_found_between_tags_in_any_encoding(encoding: str) -> None:
    page = '<title>漏えい</title><p> 対象は <b>三十一人</b>です。</p><a href="/a.html">次</a>'.encode(
        encoding
    )
    assert contents.bare(page, encoding) == "/a.html\n漏えい\n対象は \n三十一人\nです。\n次".encode()


@pytest.mark.parametrize("encoding", ["ascii", "no-such-encoding"])
def test_a_page_that_is_not_in_its_encoding_has_no_words(encoding: str) -> None:
    assert contents.bare("<p>漏えい、".encode(), encoding) is None


def test_what_a_page_says_takes_little_beside_it(archive: Archive) -> None:
    words = [block.text for block in PAGE.blocks]
    page = "".join(TAGS.format(n=n * 7919 % 97, text=text) for n, text in enumerate(words)).encode()
    with archive.write() as writer:
        base = blobs.put(writer._db, page)
        said = blobs.put(writer._db, contents.write(PAGE), base, first=True, read_as="utf-8")
        as_page = blobs.put(writer._db, contents.write(PAGE) + b" ", base, first=True)
        row, other = (
            writer._db.execute(sa.select(blob).where(blob.c.id == one)).one() for one in (said, as_page)
        )
        assert (row.base_id, row.read_as, other.read_as) == (base, "utf-8", None)
        assert len(row.data) < len(other.data) * 2 / 3
        assert blobs.get(writer._db, said) == contents.write(PAGE)
    assert list(archive.verify()) == []


def test_what_a_page_says_outlives_its_bytes(archive: Archive) -> None:
    words = "対象者は三十一人です。"
    with archive.write() as writer:
        page = watch(writer)
        taken = writer.add_snapshot(snapshot(page, f"<p>{words}</p>".encode()))
        writer.add_version(replace(version_of(page, taken, words), encoding="utf-8"))
        (id,) = writer._db.scalars(sa.select(version.c.content_id))
        body = writer._db.scalar(sa.select(blob.c.base_id).where(blob.c.id == id))
        assert writer._db.scalar(sa.select(blob.c.read_as).where(blob.c.id == id)) == "utf-8"
        writer._db.execute(sa.text("UPDATE snapshot SET blob_id = NULL"))
        blobs.discard(writer._db, body)
    with archive.read() as reader:
        assert [one.text for one in reader.versions(page.id)] == [words]
    assert list(archive.verify()) == []
