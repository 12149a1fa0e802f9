"""What kohyo reads in a page: ``kohyo read``."""

from __future__ import annotations

import mimetypes
from datetime import datetime
from pathlib import Path

import click

from feeds.wording.tables.change_words import REASONS
from feeds.wording.tables.source_words import OUTCOMES
from feeds.wording.tables.terminal_words import TERMINAL
from feeds.wording.words import say_detail, word
from monitor.cli.common import check_address, desk, fail, name_term, plain, print_json, reading, say_failure
from monitor.cli.queries import fact_line
from monitor.crawl.probe import fetch
from monitor.facts import extract
from monitor.reading import read as read_body
from storage.json_shapes import fact_json
from storage.records import Capture, PageRules, Reading


@click.command()
@click.argument("where", metavar="FILE_OR_URL")
@click.option("--source", "name", metavar="ID", help="Read it by this source's declaration.")
@click.option("--url", default="", help="The address that a file was fetched from.")
@click.option("--private", is_flag=True, help="The address is of this machine or its network.")
@click.option(
    "--published",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of publication, where the page does not say.",
)
@reading
def read(where: str, name: str | None, url: str, private: bool, published: datetime | None) -> None:
    """Show what kohyo reads in a page: verdict, title, dates, text, attachments, facts."""
    rules = PageRules()
    if name is not None:
        (source,) = desk().sources([name])
        rules, private = source.page, private or source.private
    capture = _capture(where, url, private)
    if capture.status is None:
        fail(f"{where}: {say_failure(capture.error)}", 1)
    page = read_body(
        capture.body,
        url=capture.final_url or capture.url,
        content_type=capture.header("Content-Type"),
        rules=rules,
        status=capture.status or 200,
    )
    claimed = page.updated or page.published
    day = published.date() if published else claimed.value if claimed else None
    facts = extract(page.text, published=day, title=page.title)
    if desk().as_json:
        print_json({**_json(page), "facts": [fact_json(fact) for fact in facts]})
        return
    verdict = name_term(TERMINAL if page.verdict == "content" else OUTCOMES, page.verdict)
    detail = say_detail(page.detail, desk().lang)
    click.echo(plain(f"{verdict}{': ' + detail if detail else ''} ({page.encoding})"))
    click.echo(plain(f"{word(REASONS, 'title', desk().lang)} {page.title}"))
    for name, claimed in (("published", page.published), ("updated", page.updated)):
        if claimed:
            said = word(TERMINAL, name, desk().lang)
            click.echo(f"{said} {claimed.value} ({claimed.source}, {claimed.confidence:.1f})")
    click.echo("\n" + plain(page.text) + "\n")
    for link in page.attachments:
        click.echo(plain(f"{word(TERMINAL, 'attachment', desk().lang)} {link.text} {link.url}"))
    for fact in facts:
        click.echo(plain(f"{fact_line(fact)} {' '.join(fact.qualifiers)}"))


def _capture(where: str, url: str, private: bool) -> Capture:
    if where.startswith(("http://", "https://")):
        check_address(where)
        return fetch(where, private=private, archive=desk().url if desk().has_archive else None)
    path = Path(where)
    try:
        body = path.read_bytes()
    except OSError as error:
        fail(f"{where}: {error.strerror or error}")
    kind = mimetypes.guess_type(path.name)[0]
    headers = (("Content-Type", kind),) if kind else ()
    return Capture("read", url, "page", desk().now(), 200, headers=headers, body=body)


def _json(page: Reading) -> dict[str, object]:
    return {
        "verdict": page.verdict,
        "detail": page.detail,
        "title": page.title,
        "published": page.published.value.isoformat() if page.published else None,
        "updated": page.updated.value.isoformat() if page.updated else None,
        "encoding": page.encoding,
        "text": page.text,
        "attachments": [{"text": link.text, "url": link.url} for link in page.attachments],
    }
