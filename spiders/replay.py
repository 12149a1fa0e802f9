"""WARC files back to captures, in the order in which they were made.

Web archives hold pages, their attachments and much else side by side. What comes out here has the
shape of a live crawl: listings with rows, pages with the attachments they link to.
"""

from __future__ import annotations

import contextlib
import logging
import mmap
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from os import SEEK_END
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from zipfile import BadZipFile, ZipFile, is_zipfile

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from spiders import warc_zst
from spiders.listings import listing
from spiders.listings.feed_rows import NotAFeed
from spiders.transport.encodings import NotPacked, list_encodings, unpack
from storage.errors import describe_fault
from storage.log_lines import log_event
from storage.records import Capture, Role, Row, Source
from storage.text.documents import is_document, is_file_answer, may_be_attached
from storage.text.urls import absolute, fetchable, place

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 32 * 1024 * 1024
ONE_VISIT = timedelta(hours=1)
"""An attachment archived within this time after its page was fetched with it."""

_ENCODED = ("content-encoding", "transfer-encoding")  # undone on the way, so no longer true
_NOT_READ = ("image/", "font/", "audio/", "video/", "text/css", "text/javascript", "application/javascript")
_ROLES: dict[str | None, Role] = {"listing": "listing", "page": "page", "attachment": "attachment"}
_PAGES = ("response", "resource", "revisit")
_KINDS = (*_PAGES, "warcinfo", "request", "metadata", "conversion", "continuation")
_STARTS = (b"\x1f\x8b\x08", b"WARC/1.")
_ARC = b"filedesc:"  # what an ARC begins with, the older form of a WARC
_MAX_AHEAD = timedelta(days=366)  # from now: a clock may be ahead, but not by more
MAX_UNPACKED_BYTES = 16 << 30
"""Bytes that the archives in one WACZ may have together."""

Name = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a record stands, and what its headers say."""

    captured_at: datetime
    file: Path
    offset: int
    url: str
    kind: str  # response, resource or revisit
    status: int
    """Of a revisit: 304 where the server said so, 200 where an archiver found equal bytes."""
    content_type: str
    digest: str | None
    source: str | None  # what an export of our own says besides
    role: str | None
    final_url: str
    refers_to: tuple[str, datetime | None] | None  # of a revisit: place and time of what it repeats
    is_file: bool  # by what the answer says of itself

    @property
    def named_file(self) -> bool:
        """Tell whether this hangs on a page by its address, or by what an export of our own says."""
        by_address = is_document(self.url) or may_be_attached(self.url)
        return self.role == "attachment" or (self.role is None and by_address)

    def __str__(self) -> str:
        return f"{self.file}: record at byte {self.offset} ({self.url})"


def read_captures(
    paths: Iterable[Path], source: Source, *, damaged: Name = logger.warning
) -> Iterator[Capture]:
    """Yield the captures of a source in these files, oldest first.

    ``damaged`` is told of every record that is not used and should have been; one bad record never ends the
    import.
    """
    with TemporaryDirectory(prefix="kohyo-") as folder:
        files = [file for path in paths for file in _files(path, Path(folder), damaged)]
        entries = [
            entry for file in files for entry in _index(file, damaged) if entry.source in (None, source.id)
        ]
        entries.sort(key=lambda entry: entry.captured_at)  # stable: equal times keep the file's order
        yield from _Replay(source, entries, damaged).run()


@dataclass
class _Replay:
    source: Source
    entries: Sequence[_Entry]
    damaged: Name
    listings: set[str] = field(default_factory=set)
    rows: dict[str, Row] = field(default_factory=dict)
    parents: dict[str, Capture] = field(default_factory=dict)  # attachment -> the page that links to it
    handed: set[_Entry] = field(default_factory=set)
    files: dict[str, list[_Entry]] = field(default_factory=dict)
    starts: set[str] = field(default_factory=set)
    originals: dict[str, _Entry] = field(default_factory=dict)
    at: dict[tuple[str, datetime | None], _Entry] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)  # one page is not two for its http and https
    stood: dict[str, _Entry] = field(default_factory=dict)  # the record whose bytes an address gave last

    def run(self) -> Iterator[Capture]:
        """Yield captures as a live crawl would: listings with rows, pages with their attachments."""
        self.spelled = {place(url): fetchable(url) for url in self.source.start}
        self.starts = set(self.spelled)
        self.listings = set(self.starts) if self.source.listing else set()
        for entry in self.entries:
            if entry.named_file or (entry.role is None and entry.is_file):
                self.files.setdefault(place(entry.url), []).append(entry)
            if entry.digest and entry.kind != "revisit":
                self.originals.setdefault(entry.digest, entry)
            if entry.kind != "revisit":
                self.at.setdefault((place(entry.url), entry.captured_at), entry)
        others = 0
        for entry in self.entries:
            role = self._role(entry)
            others += role is None
            if role == "attachment":
                yield from self._loose(entry)
            elif role and (capture := self._capture(entry, role)):
                try:
                    yield self._listing(capture) if role == "listing" else self._page(capture)
                except Exception as error:
                    log_event(
                        logger, "page.failed", logging.ERROR, error=error, source=self.source.id, text=entry
                    )
                    yield replace(capture, fault=describe_fault(error))
        for at, entries in self.files.items():
            if at not in self.parents and self._role(entries[0]) == "attachment":
                self.damaged(f"{entries[0]}: passed over, no page here links to it")
        log_event(logger, "import.passed_over", source=self.source.id, records=others)

    def _role(self, entry: _Entry) -> Role | None:
        """Tell what a record is to this source; None if nothing."""
        if entry.role in _ROLES:
            return _ROLES[entry.role]
        rules, at = self.source.listing, place(entry.url)
        if at in self.listings:
            return "listing"
        if at in self.rows or at in self.starts:
            return "page"
        if at in self.files and (self.files[at][0].named_file or at in self.parents):
            return "attachment" if self.source.page.attachments else None
        if entry.content_type.startswith(_NOT_READ) or urlsplit(entry.url).path == "/robots.txt":
            return None
        return "page" if rules and rules.follow and listing.is_followed(entry.url, rules) else None

    def _listing(self, capture: Capture) -> Capture:
        rules = self.source.listing
        assert rules is not None
        if capture.status != 200:
            return capture
        page = {"encoding": self.source.page.encoding, "content_type": capture.header("content-type")}
        try:
            found = listing.read_rows(capture.body, capture.url, rules, **page)
        except NotAFeed as error:
            return replace(capture, error=str(error))
        for row in found:
            self.rows.setdefault(place(row.url), row)
            self.spelled.setdefault(place(row.url), fetchable(row.url))
        self.listings.update(map(place, listing.find_further(capture.body, capture.url, rules, **page)))
        return replace(capture, rows=found)

    def _page(self, capture: Capture) -> Capture:
        rules = self.source.page
        capture = replace(capture, row=self.rows.get(place(capture.url)))
        if capture.status != 200 or not rules.attachments:
            return capture
        linked = listing.find_attachments(
            capture.body,
            capture.final_url,
            include=rules.include,
            exclude=rules.exclude,
            encoding=rules.encoding,
            content_type=capture.header("content-type"),
        )
        every = (*linked.documents, *linked.guessed)
        self.parents |= dict.fromkeys(map(place, every), replace(capture, status=304, headers=(), body=b""))
        newest = (self._newest(url, capture.captured_at) for url in every)
        files = [file for entry in newest if entry and (file := self._file(entry))]
        return replace(capture, attachments=tuple(files))

    def _newest(self, url: str, captured_at: datetime) -> _Entry | None:
        """Return the file as it stood when the page was visited, unless it was handed over before."""
        until = captured_at + ONE_VISIT
        stood = [entry for entry in self.files.get(place(url), ()) if entry.captured_at <= until]
        return stood[-1] if stood and stood[-1] not in self.handed else None

    def _loose(self, entry: _Entry) -> Iterator[Capture]:
        """Yield a file that was archived while its page stood unchanged, as an attachment of that page."""
        parent = self.parents.get(place(entry.url))
        if parent and entry not in self.handed and (file := self._file(entry)):
            yield replace(parent, captured_at=entry.captured_at, attachments=(file,))

    def _repeated(self, entry: _Entry) -> _Entry | None:
        """Find the record that holds the bytes of a revisit: by their digest, else by address and date."""
        if found := self.originals.get(entry.digest or ""):
            return found
        found = self.at.get(entry.refers_to) if entry.refers_to else None
        contradicted = found is not None and entry.digest and found.digest and entry.digest != found.digest
        return None if contradicted else found

    def _file(self, entry: _Entry) -> Capture | None:
        self.handed.add(entry)
        return self._capture(entry, "attachment")

    def _capture(self, entry: _Entry, role: Role) -> Capture | None:
        if entry.status != 304 and 300 <= entry.status < 400:
            self.damaged(f"{entry}: a redirect is passed over, its target stands for itself")
            return None
        url, status = fetchable(entry.url), entry.status
        headers: tuple[tuple[str, str], ...] = ()
        body = b""
        holder = self._repeated(entry) if entry.kind == "revisit" else entry
        if status == 304 and holder is not None and self._is_another(entry.url, holder):
            status = 200  # not modified since an earlier capture: what came between is gone again
        if status != 304:
            if holder is None:
                self.damaged(f"{entry}: the record it repeats is not here")
                return None
            self.stood[place(entry.url)] = holder
            try:
                headers, body = _content(holder)
            except Exception as error:
                self.damaged(f"{holder}: {_line(error)}")
                return None
        return Capture(
            source=self.source.id,
            url=url if role == "attachment" else self.spelled.setdefault(place(url), url),
            role=role,
            captured_at=entry.captured_at,
            status=status,
            final_url=entry.final_url,
            headers=headers,
            body=body,
        )

    def _is_another(self, url: str, holder: _Entry) -> bool:
        """Tell whether a record holds other bytes than the one that an address gave last."""
        last = self.stood.get(place(url))
        if last is None or last == holder:
            return False
        return not (last.digest and last.digest == holder.digest)


# --- the files -------------------------------------------------------------------------------


def _index(path: Path, damaged: Name) -> Iterator[_Entry]:
    """Yield the records of a file. After a damaged one go on with the next that can be read."""
    try:
        stream = path.open("rb")
    except OSError as error:
        damaged(f"{path}: cannot be read: {error.strerror}")
        return
    with stream:
        size = stream.seek(0, SEEK_END)
        start: int | None = 0
        searching = False  # inside damage that has been named
        while start is not None and start < size:
            stream.seek(start)
            records = ArchiveIterator(stream, check_digests=True, arc2warc=True)
            try:
                for record in _all(stream, records):
                    searching = False
                    if entry := _entry(path, records.offset, record):
                        yield entry
                problem = "no record begins here"
            except Exception as error:  # whatever broken bytes make of the parsers
                problem = _line(error)
            at = max(start, records.offset)
            if at < size and not searching:
                damaged(f"{path}: record at byte {at}: {problem}")
            searching = True
            start = _next_start(stream, at + 1)


def _all(stream: Any, records: ArchiveIterator) -> Iterator[Any]:
    """Yield the records up to the end, or to what the reader takes for the end."""
    if stream.peek(len(_ARC)).startswith((*_STARTS, _ARC)):
        yield from records


class _Damaged(Exception):
    """What is wrong with a record."""


def _entry(path: Path, offset: int, record: Any) -> _Entry | None:
    headers = record.rec_headers
    if record.rec_type not in _KINDS:
        raise _Damaged(f"no kind of record is called {record.rec_type!r}")
    if not (headers.get_header("Content-Length") or "").isdecimal():
        raise _Damaged("no length")  # the reader would take the rest of the file for this record
    url = (headers.get_header("WARC-Target-URI") or "").strip("<>")
    if record.rec_type not in _PAGES or url.startswith("dns:"):
        return None
    address = absolute(url, url)
    if address is None:
        raise _Damaged(f"no address of a page: {url[:200]!r}")
    http = record.http_headers
    if record.rec_type == "response" and http is None:
        raise _Damaged("no HTTP answer in it")
    size = _read_to_end(record)
    captured_at = _read_date(headers)
    kind = http.get_header("Content-Type") if http else headers.get_header("Content-Type")
    return _Entry(
        captured_at=captured_at,
        file=path,
        offset=offset,
        url=address,
        kind=record.rec_type,
        status=_read_status(record, size),
        content_type=(kind or "").lower(),
        digest=headers.get_header("WARC-Payload-Digest"),
        source=headers.get_header("X-Kohyo-Source"),
        role=headers.get_header("X-Kohyo-Role"),
        final_url=headers.get_header("X-Kohyo-Final-URL") or address,
        refers_to=_refers_to(headers),
        is_file=http is not None
        and is_file_answer(kind or "", http.get_header("Content-Disposition") or "")
        and not (kind or "").lower().startswith(_NOT_READ),
    )


def _read_to_end(record: Any) -> int:
    """Count the bytes of a record's content; only at its end length and digest are known."""
    size = 0
    while piece := record.raw_stream.read(65536):
        size += len(piece)
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise _Damaged("broken off")
    if cut := record.rec_headers.get_header("WARC-Truncated"):
        raise _Damaged(f"cut off by the archiver: {cut[:40]}")
    if record.digest_checker is not None and record.digest_checker.passed is False:
        raise _Damaged(f"not the bytes it was written with: {'; '.join(record.digest_checker.problems)}")
    return size


def _read_date(headers: Any) -> datetime:
    captured_at = _moment(headers.get_header("WARC-Date"))
    if captured_at is None:
        raise _Damaged("no date")
    if captured_at - datetime.now(UTC) > _MAX_AHEAD:
        raise _Damaged(f"a date to come: {captured_at:%Y-%m-%d}")
    return captured_at


def _read_status(record: Any, size: int) -> int:
    """Read the status of an answer whose content has ``size`` bytes; 200 for what is no answer."""
    if "not-modified" in (record.rec_headers.get_header("WARC-Profile") or ""):
        return 304
    if record.rec_type != "response":
        return 200
    http = record.http_headers
    said = http.get_statuscode()
    if not re.fullmatch("[1-9][0-9]{2}", said):
        raise _Damaged("no HTTP status in it")
    status = int(said)
    stated = http.get_header("Content-Length") or ""
    packed = http.get_header("Content-Encoding") or http.get_header("Transfer-Encoding")
    if not packed and status == 200 and re.fullmatch("[0-9]{1,12}", stated) and size < int(stated):
        raise _Damaged(f"the answer broke off: {size} of {stated} bytes")
    return status


def _moment(stated: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stated or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _refers_to(headers: Any) -> tuple[str, datetime | None] | None:
    url = (headers.get_header("WARC-Refers-To-Target-URI") or "").strip("<>")
    moment = _moment(headers.get_header("WARC-Refers-To-Date"))
    return (place(url), moment) if url and moment else None


def _files(path: Path, folder: Path, damaged: Name) -> Iterator[Path]:
    """Yield the archives of a file: itself, or those in a WACZ or a .zst, unpacked into ``folder``."""
    if warc_zst.is_zst(path):
        plain = folder / f"{abs(hash(path))}-{path.stem}"
        try:
            warc_zst.unpack_records(path, plain, MAX_UNPACKED_BYTES, damaged)
            yield plain
        except (OSError, ValueError, warc_zst.TooMuchInside) as error:
            damaged(f"{path}: {_line(error)}")
        return
    if path.suffix.lower() != ".wacz" and not is_zipfile(path):
        yield path
        return
    home, left = folder / path.name, MAX_UNPACKED_BYTES
    home.mkdir(exist_ok=True)
    try:
        with ZipFile(path) as packed:
            names = [one for one in packed.infolist() if re.search(r"\.(?:warc|arc)(?:\.gz)?$", one.filename)]
            if not names:
                damaged(f"{path}: a ZIP file without web archives")
            for number, one in enumerate(names):
                left -= one.file_size
                if left < 0:
                    raise _Damaged(f"larger than {MAX_UNPACKED_BYTES} bytes when unpacked")
                target = home / f"{number}-{Path(one.filename).name}"
                with packed.open(one) as source, target.open("wb") as copy:
                    copyfileobj(source, copy)
                yield target
    except (OSError, BadZipFile, NotImplementedError, RuntimeError, _Damaged) as error:
        damaged(f"{path}: {_line(error)}")


def _content(entry: _Entry) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Read headers and body of a record, unpacked."""
    with entry.file.open("rb") as stream:
        stream.seek(entry.offset)
        record = next(iter(ArchiveIterator(stream, arc2warc=True)))
        http = record.http_headers
        chunked = http is not None and "chunked" in (http.get_header("Transfer-Encoding") or "").lower()
        source = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
        body = b""
        while piece := source.read(1 << 20):
            body += piece
            if len(body) > MAX_BODY_BYTES:
                raise _Damaged(f"larger than {MAX_BODY_BYTES} bytes")
        if http is None:
            return (("Content-Type", entry.content_type),), body
        headers = http.headers
        for encoding in list_encodings(
            value for name, value in headers if name.lower() == "content-encoding"
        ):
            with contextlib.suppress(NotPacked):  # archivers unpack, and leave the header as it was
                body = unpack(body, encoding, MAX_BODY_BYTES)
        return tuple((name, value) for name, value in headers if name.lower() not in _ENCODED), body


def _next_start(stream: Any, offset: int) -> int | None:
    """Find where the next record may begin: a gzip member, or a version line."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = [at for mark in _STARTS if (at := data.find(mark, offset)) >= 0]
    return min(found, default=None)


def _line(error: Exception) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, ArchiveLoadFailed) and "gzip" in said.lower():
        return "gzipped as a whole; every record must be its own gzip member (warcio recompress)"
    return (said or type(error).__name__)[:300]
