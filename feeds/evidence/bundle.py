"""Write one ZIP with the evidence of a change or a notice, to be checked without kohyo.

Same archive, same bytes. Names of files are made of our own numbers and words; what strangers wrote stands in
files only. Bytes are read one capture at a time.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from feeds import addresses
from feeds.evidence.file_names import extension_of
from feeds.formats.entries import Names, make_headline
from feeds.formats.headlines import load_headlines
from feeds.views.render import clean_markup, make_environment
from feeds.wording import diff_html, words
from feeds.wording.diff_text import to_text
from feeds.wording.sanitise import one_line, plain
from feeds.wording.words import LANGUAGES
from storage.archive import Reader
from storage.export import write_captures
from storage.json_shapes import change_json, check_json, hunk_json, notice_json, redaction_json, version_json
from storage.records import ChainLink, Change, Notice, Page, Snapshot, Stamp
from storage.topics.proof.chain import FIRST

MAX_LINKS = 100_000
"""Links of the chain in one file: 14 MB before compression."""

MAX_CHECKS = 1_000
"""Visits to a page that are listed, the newest."""

MAX_BUNDLE_BYTES = 50_000_000
"""Captures of one file that strangers may ask for over HTTP, before compression."""

_EVER = (1980, 1, 1, 0, 0, 0)
"""The time of every file in it: the same evidence is the same bytes, whenever it is written."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes into a file of evidence. ``name`` is of the folder in it, and of the file."""

    name: str
    notice: Notice
    changes: Sequence[Change]  # without their hunks
    captures: Sequence[tuple[Page, Snapshot]]  # oldest first, without their bytes
    versions: Sequence[int]  # their texts are read one by one
    pages: Sequence[Page]

    @property
    def size(self) -> int:
        """Bytes of all captures together, before compression."""
        return sum(snapshot.size for _, snapshot in self.captures)


def bundle_of_change(reader: Reader, change: Change) -> Bundle:
    """Gather the evidence of one change: the bytes before and after, as it was judged by them."""
    notice = reader.notice(change.notice)
    assert notice is not None, "the foreign key says so"
    ids = [change.link.old_snapshot, change.link.new_snapshot] if change.link else []
    versions = [change.from_version, change.to_version]
    return _gather(reader, f"kohyo-change-{change.id}", notice, [change], ids, versions)


def bundle_of_notice(reader: Reader, notice: Notice) -> Bundle:
    """Gather the evidence of a notice: every change, every version of its page and files, and their bytes."""
    changes = [replace(one, hunks=()) for one in reader.changes_of_notice(notice.id)]
    pages = [notice.page, *(page.id for page in reader.attachments_of(notice.page))]
    heads = [head for page in pages for head in reader.history(page)]
    links = [one.link for one in changes if one.link]
    ids = [head.snapshot for head in heads]
    ids += [id for link in links for id in (link.old_snapshot, link.new_snapshot) if id]
    told = [id for one in changes for id in (one.from_version, one.to_version)]
    return _gather(
        reader, f"kohyo-notice-{notice.id}", notice, changes, ids, [*told, *(head.id for head in heads)]
    )


def _gather(
    reader: Reader,
    name: str,
    notice: Notice,
    changes: Sequence[Change],
    snapshots: Sequence[int | None],
    versions: Sequence[int | None],
) -> Bundle:
    found = [one for id in {id for id in snapshots if id} if (one := reader.snapshot(id))]
    found.sort(key=lambda one: (one.captured_at, one.id))
    pages = {notice.page, *(one.page for one in found)}
    known = {id: page for id in sorted(pages) if (page := reader.page_by_id(id))}
    return Bundle(
        name,
        notice,
        changes,
        [(known[one.page], one) for one in found],
        sorted({id for id in versions if id}),
        list(known.values()),
    )


def write_bundle(reader: Reader, bundle: Bundle, names: Names, out: IO[bytes], base_url: str = "") -> None:
    """Write a ZIP with everything in one folder, and SHA256SUMS over all of it."""
    pack = _Pack(ZipFile(out, "w", ZIP_DEFLATED, compresslevel=6), bundle.name)
    with pack.zip:
        kept = [_write_capture(reader, pack, page, snapshot) for page, snapshot in bundle.captures]
        for id in bundle.versions:
            _write_version(reader, pack, id)
        for change in bundle.changes:
            hunks = reader.hunks_of([change.id])[change.id]
            _write_change(reader, pack, replace(change, hunks=hunks), names)
        with pack.open("captures.warc.gz") as stream:
            write_captures(_with_bodies(reader, bundle, kept), stream)
        pack.add("visits.csv", _visits(reader, bundle.pages))
        redactions = [one for one in reader.redactions() if one.notice == bundle.notice.id]
        about = {**notice_json(bundle.notice), "publisher": names.source(bundle.notice.source)}
        about["redactions"] = [redaction_json(one) for one in redactions]
        pack.add_json("notice.json", about)
        first, last = _write_chain(reader, pack, bundle.changes)
        stamps = _write_stamps(reader, pack, first, last)
        for lang in LANGUAGES:
            said = replace(names, lang=lang)
            headlines = load_headlines(reader, bundle.changes, said)
            told = {
                "bundle": bundle,
                "told": [(one, headlines[one.id]) for one in bundle.changes],
                "publisher": said.source(bundle.notice.source),
                "title": one_line(bundle.notice.title),
                "address": base_url and f"{base_url.rstrip('/')}/{addresses.notice_page(bundle.notice.id)}",
                "url": plain(bundle.notice.url),
                "first": first,
                "last": last,
                "head": reader.chain_head(),
                "began": int(reader.setting("chain began behind") or 0),
                "removed": len(bundle.captures) - sum(kept),
                "redactions": redactions,
                "checkable": [one for one in bundle.changes if one.link and not one.link.redacted],
                "stamps": stamps,
                "max_checks": MAX_CHECKS,
                "lang": lang,
            }
            pack.add(f"README.{lang}.txt", _render_text(f"README.{lang}.txt.j2", told))
        pack.seal()


def _render(template: str, told: dict[str, Any]) -> bytes:
    page = make_environment().get_template(f"evidence/{template}")
    return page.render(**told).encode("utf-8", "replace")


def _render_text(template: str, told: dict[str, Any]) -> bytes:
    """Render a text, in which what templates escape for pages stands as it is."""
    return html.unescape(_render(template, told).decode()).encode()


def _write_capture(reader: Reader, pack: _Pack, page: Page, snapshot: Snapshot) -> bool:
    """Write the bytes of one answer, and what came with them; tell whether the bytes are still there."""
    stored = reader.snapshot(snapshot.id, body=True)
    assert stored is not None, "it was read in the same transaction"
    assert stored.body is not None, "it was asked for"
    kept = hashlib.sha256(stored.body).hexdigest() == snapshot.sha256
    file = f"captures/{snapshot.id}.{extension_of(snapshot.header('Content-Type'))}"
    if kept:
        pack.add(file, stored.body)
    about = {
        "file": file if kept else None,
        "sha256": snapshot.sha256,
        "size": snapshot.size,
        "captured_at": snapshot.captured_at.isoformat(timespec="microseconds"),
        "source": page.source,
        "role": page.role,
        "url": page.url,
        "final_url": snapshot.final_url,
        "redirects": snapshot.redirects,
        "status": snapshot.status,
        "headers": snapshot.headers,
        "removed": not kept,
    }
    pack.add_json(f"captures/{snapshot.id}.json", about)
    return kept


def _with_bodies(reader: Reader, bundle: Bundle, kept: Sequence[bool]) -> Iterator[tuple[Page, Snapshot]]:
    for (page, snapshot), there in zip(bundle.captures, kept, strict=True):
        if there and (stored := reader.snapshot(snapshot.id, body=True)):
            yield page, stored


def _write_version(reader: Reader, pack: _Pack, id: int) -> None:
    version = reader.version(id)
    assert version is not None, "the foreign key says so"
    if not version.redacted:
        pack.add(f"versions/{id}.txt", version.text.encode("utf-8", "replace"))
    pack.add_json(f"versions/{id}.json", version_json(version))


def _write_change(reader: Reader, pack: _Pack, change: Change, names: Names) -> None:
    folder = f"changes/{change.id}"
    record = reader.record_of_change(change.id)
    if record is not None and change.link is not None and not change.link.redacted:
        pack.add(f"{folder}/record.json", record)
    pack.add_json(
        f"{folder}/change.json", {**change_json(change), "hunks": [hunk_json(hunk) for hunk in change.hunks]}
    )
    for lang in LANGUAGES:
        headline = make_headline(change, replace(names, lang=lang), lang).line
        text = f"{headline}\n\n{plain(to_text(change.hunks, lang))}\n"
        pack.add(f"{folder}/difference.{lang}.txt", text.encode("utf-8", "replace"))
        told = {
            "change": change,
            "headline": headline,
            "diff": clean_markup(diff_html.diff(change.hunks, lang, limit=1_000)),
            "detected": words.say_time(change.detected_at, lang),
            "lang": lang,
        }
        pack.add(f"{folder}/difference.{lang}.html", _render("difference.html.j2", told))


def _write_chain(
    reader: Reader, pack: _Pack, changes: Sequence[Change]
) -> tuple[ChainLink | None, ChainLink | None]:
    """Write the links from the first of these changes to the newest, behind the one before them."""
    numbers = [change.link.number for change in changes if change.link]
    if not numbers:
        return None, None
    before = next(reader.chain_from(min(numbers) - 1, 1), None) if min(numbers) > 1 else None
    first = last = None
    with pack.open("chain.txt") as stream:
        start = (before.number, before.record, before.hash) if before else (0, FIRST, FIRST)
        stream.write("{} {} {}\n".format(*start).encode())
        for link in reader.chain_from(min(numbers), MAX_LINKS):
            first, last = first or link, link
            stream.write(f"{link.number} {link.record} {link.hash}\n".encode())
    return first, last


def _write_stamps(
    reader: Reader, pack: _Pack, first: ChainLink | None, last: ChainLink | None
) -> list[Stamp]:
    """Write the first timestamp that covers these links, which says the most of them, and the newest."""
    known = reader.stamps(first.number, last.number) if first and last else []
    written = {one.number: one for one in known[-1:] + known[:1]}
    for one in written.values():
        pack.add(f"stamps/{one.number}.hash", one.hash.encode())
        pack.add(f"stamps/{one.number}.tsr", one.response)
    return sorted(written.values(), key=lambda one: one.number)


def _visits(reader: Reader, pages: Sequence[Page]) -> bytes:
    """List as CSV when the pages were looked at and how that went: that they stood there, or did not."""
    out = io.StringIO(newline="")
    rows = [check_json(page.url, check) for page in pages for check in reader.checks(page.id, MAX_CHECKS)]
    writer = csv.writer(out)
    columns = ("checked_at", "url", "outcome", "status", "snapshot")
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in reversed(rows))
    return out.getvalue().encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Pack:
    """A ZIP being written, with the digests of what is in it."""

    zip: ZipFile
    folder: str
    sums: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, body: bytes) -> None:
        with self.open(name) as stream:
            stream.write(body)

    def add_json(self, name: str, value: Any) -> None:
        self.add(name, json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        with self.zip.open(self._info(name), "w", force_zip64=True) as stream:
            digesting = _Digesting(stream)
            yield digesting  # type: ignore[misc]  # writes are all that is asked of it
        self.sums[name] = digesting.digest.hexdigest()

    def seal(self) -> None:
        lines = "".join(f"{self.sums[name]}  {name}\n" for name in sorted(self.sums))
        self.zip.writestr(self._info("SHA256SUMS"), lines)

    def _info(self, name: str) -> ZipInfo:
        info = ZipInfo(f"{self.folder}/{name}", _EVER)
        info.compress_type = ZIP_DEFLATED
        info.create_system, info.external_attr = 3, 0o100644 << 16  # the same on every system
        return info


@dataclass(slots=True)
class _Digesting:
    stream: IO[bytes]
    digest: Any = field(default_factory=hashlib.sha256)

    def write(self, body: bytes) -> int:
        self.digest.update(body)
        return self.stream.write(body)

    def flush(self) -> None:
        self.stream.flush()
