"""Records with everything filled in that a test does not care about."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from storage.archive import Writer
from storage.records import Block, Change, Fact, Notice, Page, Recipe, Snapshot, Source, Version

NOW = datetime(2023, 10, 17, 3, 0, tzinfo=UTC)
RECIPE = Recipe(declaration="d", key=1, blocks=1, dates=1, rules=1)


def later(**parts: float) -> datetime:
    return NOW + timedelta(**parts)


def snapshot(page: Page, body: bytes, at: datetime = NOW) -> Snapshot:
    return Snapshot(
        page=page.id,
        captured_at=at,
        status=200,
        final_url=page.url,
        headers=(("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        sha256=hashlib.sha256(body).hexdigest(),
        size=len(body),
        body=body,
    )


def version(page: Page, stored: Snapshot, text: str, *, title: str = "", at: datetime = NOW) -> Version:
    return Version(
        page=page.id,
        snapshot=stored.id,
        captured_at=at,
        title=title,
        text=text,
        blocks=tuple(Block("text", line) for line in text.split("\n")),
        attachments=(),
        key=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        recipe=RECIPE,
    )


def notice(page: Page, title: str = "お知らせ", at: datetime = NOW) -> Notice:
    return Notice(
        source=page.source,
        page=page.id,
        url=page.url,
        title=title,
        published=None,
        first_seen=at,
        last_seen=at,
    )


def change(of: Notice, **parts: object) -> Change:
    given = {"detected_at": NOW, "kind": "new", "material": True, **parts}
    return Change(notice=of.id, source=of.source, url=of.url, title=of.title, **given)  # type: ignore[arg-type]


def count(value: int) -> Fact:
    return Fact("count", value, f"{value}件", 0, 1, unit="件")


def watch(writer: Writer, url: str = "https://www.example.jp/1", source: str = "example") -> Page:
    """A page of a source, both known to the archive."""
    writer.put_source(Source(source, source, "company"))
    return writer.add_page(source, url, "page")


def read(writer: Writer, page: Page, text: str, *, title: str = "", at: datetime = NOW) -> Version:
    """A version of a page with the snapshot it was read from."""
    stored = writer.add_snapshot(snapshot(page, f"<p>{text}".encode("utf-8", "surrogatepass"), at))
    return writer.add_version(version(page, stored, text, title=title, at=at))


def publish(
    writer: Writer, text: str, *, number: int = 1, title: str = "お知らせ", at: datetime = NOW
) -> Notice:
    """A notice on a page of its own, with one version."""
    page = watch(writer, f"https://www.example.jp/{number}")
    read(writer, page, text, at=at)
    return writer.add_notice(notice(page, title, at))
