"""Titles of rows: whether they are about an incident (``kohyo relevant``), and those on record (``rows``)."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import IO, Any

import click

from feeds.wording.tables.source_words import ANSWERS
from monitor.cli.common import desk, fail, name_term, pad, print_rows, reading, say
from monitor.radar import KINDS, answer_row, judge_title
from storage.query import ListedRow
from storage.records import Source
from storage.text.fold import fold


def _kind(ctx: click.Context, option: click.Parameter, value: str) -> str:
    kind = value.replace(" ", "-")
    if kind and kind not in KINDS:
        near = get_close_matches(kind, KINDS, 1)
        meant = f"; {say('did you mean {}?', near[0])}" if near else ""
        raise click.BadParameter(say("{!r} is none of {}", value, ", ".join(KINDS)) + meant)
    return kind


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option(
    "--kind", default="", callback=_kind, help=f"The kind of publisher the titles are of: {', '.join(KINDS)}."
)
@reading
def relevant(file: IO[str], kind: str) -> None:
    """Say of titles, one a line, whether each is about one incident with personal data.

    The answer is yes, look (its page decides) or no, with the words of the title that decided.
    """
    print_rows(_answers(file, kind), _line, named="titles")


def _answers(titles: IO[str], kind: str) -> Iterator[dict[str, Any]]:
    for line in titles:
        if title := line.strip("\ufeff\r\n\t "):
            found = judge_title(title, kind)
            yield {"title": title, "answer": found.answer, "because": list(found.because)}


def _line(row: Any) -> str:
    return f"{pad(name_term(ANSWERS, row['answer']), 4)} {row['title']}" + (
        f" ({', '.join(row['because'])})" if row["because"] else ""
    )


@click.command()
@click.argument("words")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most this many.")
@reading
def rows(words: str, limit: int) -> None:
    """Find rows of the lists by words of their titles, newest first, also those that are followed by nobody.

    Where a regulator names an organisation whose own notice is not watched, its name finds what lists say.
    """
    if not fold(words):
        fail(say("empty words find nothing; give at least one character"))
    with desk().archive.read() as reader:
        sources = {source.id: source for source in reader.sources()}
        found = reader.find_listed_rows(words)[:limit]
    print_rows((_row_json(one, sources[one.source]) for one in found), _row_line, named="rows")


def _row_json(found: ListedRow, source: Source) -> dict[str, Any]:
    row = found.row
    return {
        "title": row.title,
        "url": row.url,
        "published": row.published.isoformat() if row.published else None,
        "source": source.id,
        "answer": answer_row(source, row).answer,
    }


def _row_line(row: Any) -> str:
    day = row["published"] or "          "
    return f"{day}  {pad(name_term(ANSWERS, row['answer']), 4)} {row['source']}  {row['title']}  {row['url']}"
