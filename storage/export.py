"""Data out: rows as JSON Lines or CSV, and every stored capture as WARC."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Literal
from uuid import NAMESPACE_URL, uuid5

from storage.archive import Archive, Reader
from storage.json_shapes import change_json
from storage.query import EVERYTHING, Query
from storage.records import Change, Page, Snapshot

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

Format = Literal["jsonl", "csv", "warc"]

CSV_FIELDS = (
    "id",
    "detected_at",
    "kind",
    "material",
    "reasons",
    "source",
    "notice",
    "url",
    "title",
    "from_version",
    "to_version",
    "summary",
    "facts",
    "steps",
    "dates",
)

_BATCH_ROWS = 1000  # rows held in memory at a time

# True of the bytes on the wire; what is stored, and written here, has been decoded.
_OF_THE_WIRE = ("content-encoding", "transfer-encoding", "content-length")


HEADLINED_FIELDS = (*CSV_FIELDS, "headline")

Shape = Callable[[Reader], Callable[[Change], Mapping[str, Any]]]


def export_to(
    archive: Archive, form: Format, out: BinaryIO, query: Query = EVERYTHING, shape: Shape | None = None
) -> None:
    """Write the archive's changes, oldest first, or all its captures, as JSON Lines, CSV or WARC.

    ``query`` restricts the changes; of captures only its sources count. ``shape`` shapes a change with its
    headline, which has a column of its own; without it there is none.
    """
    with archive.read() as reader:
        if form == "warc":
            write_warc(reader, out, query.sources)
            return
        rows = map(shape(reader) if shape else change_json, all_changes(reader, query))
        if form == "csv":
            write_csv(rows, out, HEADLINED_FIELDS if shape else CSV_FIELDS)
        else:
            write_jsonl(rows, out)


def all_changes(reader: Reader, query: Query = EVERYTHING) -> Iterator[Change]:
    """Yield changes oldest first, however many, without their hunks."""
    after: int | None = None
    while page := reader.brief_changes(replace(query, newest_first=False, limit=_BATCH_ROWS, after=after)):
        yield from page
        after = page[-1].id


def write_jsonl(rows: Iterable[Mapping[str, Any]], out: BinaryIO) -> None:
    """Write one JSON object a line, in UTF-8."""
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def write_csv(
    rows: Iterable[Mapping[str, Any]],
    out: IO[bytes],
    fields: Sequence[str] = CSV_FIELDS,
    heads: Sequence[str] = (),
) -> None:
    """Write rows of changes, or of what has these fields; lists in one cell.

    ``heads`` stand over the columns instead of the fields' names. RFC 4180, UTF-8 with
    the byte order mark without which Excel takes it for Shift_JIS.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow(heads or fields)
        for row in rows:
            writer.writerow(_cell(row[name] if name in row else _SPREAD[name](row)) for name in fields)
    finally:
        text.detach()  # the stream below is the caller's to close


def _steps(row: Mapping[str, Any]) -> list[str]:
    return [fact["new"] for fact in row["facts"] if fact["field"] == "step" and fact["new"]]


def _dates(row: Mapping[str, Any]) -> list[str]:
    return [f"{fact['role']}: {fact['new']}" for fact in row["facts"] if fact.get("role") and fact["new"]]


_SPREAD: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {"steps": _steps, "dates": _dates}


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        value = "; ".join(map(_said, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "'" + value if isinstance(value, str) and _runs(value) else value


def _runs(text: str) -> bool:
    """Tell whether a spreadsheet could run it as a formula, whatever its width; the text is a stranger's."""
    first = next((c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf")), "")
    return text[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", first) in ("=", "+", "-", "@", "−")


def _said(item: Any) -> str:
    if isinstance(item, Mapping):
        return f"{item['field']}: {item['old'] or '–'} → {item['new'] or '–'}"
    return str(item)


def write_warc(reader: Reader, out: BinaryIO, sources: Collection[str] = ()) -> None:
    """Write every snapshot that still has its bytes, in the order of capture, one gzip member each.

    The same archive gives the same file.
    """
    write_captures(_stored(reader, sources), out)


def _stored(reader: Reader, sources: Collection[str]) -> Iterator[tuple[Page, Snapshot]]:
    for page, id in reader.stored_captures(sources):
        snapshot = reader.snapshot(id, body=True)
        assert snapshot is not None, "the id was read in the same transaction"
        yield page, snapshot


def write_captures(captures: Iterable[tuple[Page, Snapshot]], out: BinaryIO) -> None:
    """Write captures with their bytes as WARC, one gzip member each."""
    from warcio.warcwriter import WARCWriter

    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    for page, snapshot in captures:
        writer.write_record(_record(writer, page, snapshot))


def _record(writer: WARCWriter, page: Page, snapshot: Snapshot) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    assert snapshot.body is not None
    headers = [(f"X-Archive-Orig-{k}" if k.lower() in _OF_THE_WIRE else k, v) for k, v in snapshot.headers]
    headers.append(("Content-Length", str(len(snapshot.body))))
    try:
        reason = HTTPStatus(snapshot.status).phrase
    except ValueError:
        reason = "Unknown"
    about = {
        "WARC-Date": snapshot.captured_at.isoformat().replace("+00:00", "Z"),
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{page.url}#{snapshot.id}-{snapshot.sha256}')}>",
        # WARC has no word for these
        "X-Kohyo-Source": page.source,
        "X-Kohyo-Role": page.role,
        "X-Kohyo-Final-URL": snapshot.final_url,
    }
    return writer.create_warc_record(
        page.url,
        "response",
        payload=io.BytesIO(snapshot.body),
        length=len(snapshot.body),  # or warcio copies it to a file of its own
        http_headers=StatusAndHeaders(f"{snapshot.status} {reason}", headers, protocol="HTTP/1.1"),
        warc_headers_dict=about,
    )
