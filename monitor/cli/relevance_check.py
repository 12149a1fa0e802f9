"""Whether titles are about an incident with personal data: ``kohyo relevant``."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import IO, Any

import click

from monitor.cli.common import print_rows, reading
from monitor.radar import KINDS, judge_title


def _kind(ctx: click.Context, option: click.Parameter, value: str) -> str:
    kind = value.replace(" ", "-")
    if kind and kind not in KINDS:
        near = get_close_matches(kind, KINDS, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise click.BadParameter(f"{value!r} is none of {', '.join(KINDS)}{hint}")
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
    return f"{row['answer']:4} {row['title']}" + (f" ({', '.join(row['because'])})" if row["because"] else "")
