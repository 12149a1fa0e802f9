"""Web archives back to captures."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.replay import read_captures
from storage.records import Capture, ListingRules, PageRules, Source

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# warcio's writer leaves its temporary files to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

HOME = "https://www.example.jp/news/"
DAY = datetime(2024, 1, 24, 2, 0, tzinfo=UTC)
SOURCE = Source(
    "example",
    "例",
    "company",
    (HOME,),
    listing=ListingRules(item="li", date="time", follow=("/news/[0-9]+$",), more="a.year"),
    page=PageRules(attachments=True),
)
LISTING = '<ul><li><time datetime="2024-01-24">x</time><a href="/news/1">お知らせ</a></ul>'.encode()
PAGE = '<p>本文 <a href="/1.pdf">資料</a>'.encode()


class Tape:
    """A WARC in the making."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.buffer = io.BytesIO()
        self.writer = WARCWriter(self.buffer, gzip=path.suffix == ".gz")

    def add(
        self,
        url: str,
        body: bytes,
        after: timedelta = timedelta(),
        *,
        status: str = "200 OK",
        kind: str = "response",
        headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),),
        warc: dict[str, str] | None = None,
    ) -> int:
        """Where the record begins."""
        offset = self.buffer.tell()
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1") if kind != "resource" else None
        record = self.writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=http,
            warc_content_type="application/pdf" if kind == "resource" else "",
            warc_headers_dict={"WARC-Date": f"{DAY + after:%Y-%m-%dT%H:%M:%SZ}", **(warc or {})},
        )
        self.writer.write_record(record)
        return offset

    def save(self) -> Path:
        self.path.write_bytes(self.buffer.getvalue())
        return self.path


@pytest.fixture(params=["a.warc", "a.warc.gz"])
def tape(tmp_path: Path, request: pytest.FixtureRequest) -> Tape:
    return Tape(tmp_path / request.param)


def play(*tapes: Tape, source: Source = SOURCE) -> tuple[list[Capture], list[str]]:
    said: list[str] = []
    return list(read_captures([tape.save() for tape in tapes], source, damaged=said.append)), said


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def brief(found: list[Capture]) -> list[Any]:
    return [(one.role, one.url.removeprefix("https://www.example.jp"), one.status) for one in found]


def test_a_crawl_comes_back_in_the_order_of_its_dates(tape: Tape) -> None:
    tape.add("https://www.example.jp/news/1", PAGE, hours(0.01))
    tape.add(
        "https://www.example.jp/1.pdf", b"%PDF-1", hours(0.02), headers=(("Content-Type", "application/pdf"),)
    )
    tape.add(HOME, LISTING)
    tape.add("https://www.example.jp/robots.txt", b"", headers=(("Content-Type", "text/plain"),))
    tape.add("https://www.example.jp/style.css", b"", headers=(("Content-Type", "text/css"),))
    found, said = play(tape)
    assert said == []
    assert brief(found) == [("listing", "/news/", 200), ("page", "/news/1", 200)]
    first, page = found
    assert first.captured_at == DAY
    assert first.rows is not None
    assert page.row == first.rows[0]
    assert (page.body, page.header("content-type")) == (PAGE, "text/html; charset=utf-8")
    assert [(one.role, one.body) for one in page.attachments] == [("attachment", b"%PDF-1")]


def test_several_files_are_one_history(tmp_path: Path) -> None:
    late, early = Tape(tmp_path / "1.warc.gz"), Tape(tmp_path / "2.warc")
    late.add(HOME, LISTING + b"2", hours(24))
    early.add(HOME, LISTING + b"1")
    found, _ = play(late, early)
    assert [one.body[-1:] for one in found] == [b"1", b"2"]


def test_a_file_that_changes_while_its_page_stands(tape: Tape) -> None:
    pdf = (("Content-Type", "application/pdf"),)
    tape.add("https://www.example.jp/news/1", PAGE)
    tape.add("https://www.example.jp/1.pdf", b"%PDF-1", hours(0.1), headers=pdf)
    tape.add("https://www.example.jp/1.pdf", b"%PDF-2", hours(24), headers=pdf)
    tape.add("https://www.example.jp/news/1", PAGE + b"3", hours(48))
    found, said = play(tape)
    assert said == []
    assert [
        (one.status, one.captured_at - DAY, [file.body for file in one.attachments]) for one in found
    ] == [
        (200, hours(0), [b"%PDF-1"]),
        (304, hours(24), [b"%PDF-2"]),
        (200, hours(48), []),
    ]


def test_a_file_nobody_links_to_is_named(tape: Tape) -> None:
    tape.add("https://www.example.jp/other.pdf", b"%PDF-", headers=(("Content-Type", "application/pdf"),))
    found, said = play(tape)
    assert found == []
    assert len(said) == 1
    assert "other.pdf" in said[0]


def test_a_row_that_leads_straight_to_a_file_is_a_page(tape: Tape) -> None:
    source = Source(
        "example", "例", "company", (HOME,), listing=ListingRules(item="li"), page=PageRules(attachments=True)
    )
    tape.add(HOME, b'<li><a href="/a.pdf">PDF</a>')
    tape.add("https://www.example.jp/a.pdf", b"%PDF-", hours(1), kind="resource")
    found, said = play(tape, source=source)
    assert (brief(found), said) == ([("listing", "/news/", 200), ("page", "/a.pdf", 200)], [])
    assert found[1].header("content-type") == "application/pdf"


def test_what_was_packed_is_unpacked(tape: Tape) -> None:
    packed = gzip.compress(LISTING)
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    headers = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
    tape.add(HOME, chunked, headers=headers)
    (capture,), said = play(tape)
    assert (capture.body, capture.headers, said) == (LISTING, (("Content-Type", "text/html"),), [])


def test_revisits(tape: Tape) -> None:
    tape.add(HOME, LISTING)
    digest = tape.writer.create_warc_record(
        HOME,
        "response",
        payload=io.BytesIO(LISTING),
        http_headers=StatusAndHeaders("200 OK", [], protocol="HTTP/1.1"),
    )
    tape.writer.write_record(digest)  # computes the digest, and stands for a second archiver's copy
    payload = digest.rec_headers.get_header("WARC-Payload-Digest")
    for after, profile in ((1, "server-not-modified"), (2, "identical-payload-digest")):
        record = tape.writer.create_revisit_record(HOME, payload, HOME, "2024-01-24T02:00:00Z")
        record.rec_headers.replace_header(
            "WARC-Profile", f"http://netpreserve.org/warc/1.1/revisit/{profile}"
        )
        record.rec_headers.replace_header("WARC-Date", f"{DAY + hours(after):%Y-%m-%dT%H:%M:%SZ}")
        tape.writer.write_record(record)
    lost = tape.writer.create_revisit_record(HOME, "sha1:AAAA", HOME, "2024-01-24T02:00:00Z")
    lost.rec_headers.replace_header("WARC-Date", f"{DAY + hours(3):%Y-%m-%dT%H:%M:%SZ}")
    tape.writer.write_record(lost)
    found, said = play(tape)
    assert [
        (one.captured_at - DAY, one.status, one.body) for one in found if one.captured_at - DAY < hours(4)
    ] == [
        (hours(0), 200, LISTING),
        (hours(1), 304, b""),
        (hours(2), 200, LISTING),
    ]
    assert len(said) == 1
    assert "the record it repeats is not here" in said[0]


def test_what_is_not_modified_since_an_earlier_capture_is_that_capture_again(tape: Tape) -> None:
    def add_revisit(of: float, after: float, **headers: str) -> None:
        given = {
            "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
            "WARC-Refers-To-Target-URI": HOME,
            "WARC-Refers-To-Date": f"{DAY + hours(of):%Y-%m-%dT%H:%M:%SZ}",
        }
        tape.add(
            HOME, b"", hours(after), status="304 Not Modified", kind="revisit", warc={**given, **headers}
        )

    other = LISTING.replace("お知らせ".encode(), "別の件".encode())
    tape.add(HOME, LISTING)
    add_revisit(0, 1)
    tape.add(HOME, other, hours(2))
    add_revisit(0, 3)
    add_revisit(0, 4)
    add_revisit(2, 5)
    add_revisit(7, 6)  # of a record that is not here: the server says that nothing altered, and no more
    found, said = play(tape)
    assert [(one.status, one.body) for one in found] == [
        (200, LISTING),
        (304, b""),
        (200, other),
        (200, LISTING),
        (304, b""),
        (200, other),
        (304, b""),
    ]
    assert said == []


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "503 Busy"])
def test_errors_are_findings_and_redirects_are_passed_over(tape: Tape, status: str) -> None:
    tape.add(HOME, b"gone", status=status)
    tape.add(HOME, b"", hours(1), status="302 Found")
    found, said = play(tape)
    assert brief(found) == [("listing", "/news/", int(status[:3]))]
    assert found[0].rows is None
    assert len(said) == 1
    assert "redirect" in said[0]


def test_an_export_of_our_own_says_what_its_records_are(tape: Tape) -> None:
    ours = {
        "X-Kohyo-Source": "example",
        "X-Kohyo-Role": "page",
        "X-Kohyo-Final-URL": "https://www.example.jp/moved",
    }
    tape.add("https://www.example.jp/anywhere", b"x", warc=ours)
    tape.add("https://www.example.jp/news/1", b"x", warc={**ours, "X-Kohyo-Source": "other"})
    found, _ = play(tape)
    assert brief(found) == [("page", "/anywhere", 200)]
    assert found[0].final_url == "https://www.example.jp/moved"


def test_the_same_page_by_another_scheme(tape: Tape) -> None:
    tape.add("http://www.example.jp/news", LISTING)
    (found,) = play(tape)[0]
    assert (found.role, found.url, found.final_url) == ("listing", HOME, "http://www.example.jp/news")


@pytest.mark.parametrize(
    ("header", "harmed"),
    [
        (b"Content-Length: ", b"Content-Longth: "),
        (b"WARC-Type: resp", b"WARC-Type: rasp"),
        (b"WARC-Date: 2", b"WARC-Date: x"),
        (b"WARC-Target-URI: http", b"WARC-Target-URI: hxxp"),
    ],
)
def test_a_record_with_a_broken_head_is_named(tmp_path: Path, header: bytes, harmed: bytes) -> None:
    tape = Tape(tmp_path / "a.warc")
    for number in range(3):
        tape.add(HOME, LISTING, hours(number))
    tape.buffer = io.BytesIO(tape.buffer.getvalue().replace(header, harmed, 1))
    found, said = play(tape)
    assert [one.captured_at - DAY for one in found] == [hours(1), hours(2)]
    assert [f"{tape.path}: record at byte 0: " in one for one in said] == [True]


@pytest.mark.parametrize("harm", ["flip", "cut", "splice"])
def test_a_damaged_record_is_named_and_the_rest_comes_back(tape: Tape, harm: str) -> None:
    tape.add(HOME, LISTING + b"0" * 500)
    begin = tape.add(HOME, LISTING + bytes(range(256)) * 20, hours(1))
    end = tape.add(HOME, LISTING + b"2" * 500, hours(2))
    data = tape.buffer.getvalue()
    middle = (begin + end) // 2
    if harm == "flip":
        data = data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
    elif harm == "splice":
        data = data[:middle] + data[end:]
    else:
        data = data[:middle]
    tape.buffer = io.BytesIO(data)
    found, said = play(tape)
    assert [(one.captured_at - DAY) for one in found] == (
        [hours(0)] if harm == "cut" else [hours(0), hours(2)]
    )
    assert len(said) == 1
    assert f"{tape.path}: record at byte {begin}" in said[0]
    assert "\n" not in said[0]


def test_files_that_are_no_archive(tmp_path: Path) -> None:
    noise = tmp_path / "noise.warc"
    noise.write_bytes(b"<html>no archive</html>" * 100)
    whole = tmp_path / "whole.warc.gz"
    plain = Tape(tmp_path / "plain.warc")
    plain.add(HOME, LISTING)
    plain.add(HOME, LISTING, hours(1))
    plain.add(HOME, LISTING, hours(2))
    whole.write_bytes(gzip.compress(plain.buffer.getvalue()))
    empty = tmp_path / "empty.warc"
    empty.write_bytes(b"")
    for path, words in (
        (noise, "no record begins here"),
        (whole, "gzip"),
        (tmp_path / "gone.warc", "No such file"),
    ):
        said: list[str] = []
        list(read_captures([path], SOURCE, damaged=said.append))
        assert len(said) == 1, said
        assert str(path) in said[0]
        assert words in said[0]
    assert list(read_captures([empty], SOURCE)) == []


def test_too_large_when_unpacked(tape: Tape, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.replay.MAX_BODY_BYTES", 1000)
    tape.add(HOME, gzip.compress(bytes(5000)), headers=(("Content-Encoding", "gzip"),))
    found, said = play(tape)
    assert found == []
    assert "larger than 1000 bytes" in said[0]


def test_one_page_under_several_spellings_has_one_address(tape: Tape):
    tape.add("http://www.example.jp/news/", LISTING)
    tape.add("http://www.example.jp/news/1", PAGE, hours(0.1))
    tape.add("https://www.example.jp/news/1/", PAGE, hours(24))
    tape.add("https://www.example.jp/news", LISTING, hours(25))
    found, _ = play(tape)
    assert [one.url for one in found] == [HOME, f"{HOME}1", f"{HOME}1", HOME]
    assert {row.url for one in found for row in one.rows or ()} == {f"{HOME}1"}


def test_a_revisit_without_a_digest_is_known_by_address_and_date(tape: Tape) -> None:
    tape.add(HOME, LISTING)
    tape.add(HOME, b"<ul></ul>", hours(1))
    refers = {
        "WARC-Refers-To-Target-URI": HOME.replace("https", "http"),
        "WARC-Refers-To-Date": f"{DAY:%Y-%m-%dT%H:%M:%SZ}",
    }
    tape.add(HOME, b"", hours(2), kind="revisit", warc=refers)
    found, said = play(tape)
    assert [one.body for one in found] == [LISTING, b"<ul></ul>", LISTING]
    assert said == []


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip", "deflate"])
@pytest.mark.parametrize("kept", [True, False])
def test_bodies_are_unpacked_whatever_packed_them(tape: Tape, encoding: str, kept: bool) -> None:
    packed = {"br": brotli.compress, "zstd": zstd.compress, "gzip": gzip.compress, "deflate": zlib.compress}
    body = packed[encoding](LISTING) if kept else LISTING  # some archivers unpack, and keep the header
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", encoding))
    tape.add(HOME, body, headers=headers)
    (found,), said = play(tape)
    assert (found.body, found.header("Content-Encoding"), said) == (LISTING, None, [])


def test_what_is_not_whole_is_named_and_not_used(tape: Tape) -> None:
    plain = ("Content-Type", "text/html; charset=utf-8")
    tape.add(HOME, LISTING, warc={"WARC-Truncated": "length"})
    tape.add(HOME, LISTING, hours(1), headers=(plain, ("Content-Length", str(len(LISTING) + 1))))
    tape.add(HOME, gzip.compress(LISTING)[:-9], hours(2), headers=(plain, ("Content-Encoding", "gzip")))
    tape.add(
        HOME, LISTING, hours(3), headers=(plain, ("Content-Length", "5"))
    )  # too small: the archiver's slip
    tape.add(HOME, LISTING, timedelta(days=365 * 900))
    tape.add(HOME, LISTING, hours(4), status="99999999999 OK")
    found, said = play(tape)
    assert [one.captured_at - DAY for one in found] == [hours(3)]
    for reason in (
        "cut off by the archiver: length",
        f"the answer broke off: {len(LISTING)} of {len(LISTING) + 1} bytes",
        "gzip without its end",
        "a date to come: 29",
        "no HTTP status in it",
    ):
        assert sum(reason in line for line in said) == 1, (reason, said)


def test_the_archives_in_a_wacz_are_read(tape: Tape, tmp_path: Path) -> None:
    tape.add(HOME, LISTING)
    wacz, empty, broken = (tmp_path / name for name in ("a.wacz", "empty.wacz", "broken.wacz"))
    with ZipFile(wacz, "w") as packed:
        packed.write(tape.save(), f"archive/{tape.path.name}")
        packed.writestr("pages/pages.jsonl", "{}")
    with ZipFile(empty, "w") as packed:
        packed.writestr("datapackage.json", "{}")
    broken.write_bytes(wacz.read_bytes()[:-30])
    said: list[str] = []
    found = list(read_captures([wacz, empty, broken], SOURCE, damaged=said.append))
    assert [one.body for one in found] == [LISTING]
    assert [line.split(": ")[0] for line in said] == [str(empty), str(broken)]


def frames(tmp_path: Path, dictionary: bytes = b"") -> list[bytes]:
    """A listing and its page as frames of zstd."""
    tape = Tape(tmp_path / "a.warc")
    starts = [tape.add(HOME, LISTING), tape.add(HOME + "1", PAGE, hours(1))]
    data = tape.buffer.getvalue()
    made = zstd.ZstdDict(dictionary, is_raw=False) if dictionary else None
    records = [data[starts[0] : starts[1]], data[starts[1] :]]
    return [zstd.compress(record, zstd_dict=made) for record in records]


def replayed(path: Path, body: bytes) -> tuple[list[bytes], list[str]]:
    said: list[str] = []
    path.write_bytes(body)
    return [one.body for one in read_captures([path], SOURCE, damaged=said.append)], said


def test_frames_of_zstd_are_read_record_by_record(tmp_path: Path) -> None:
    first, second = frames(tmp_path)
    path = tmp_path / "a.warc.zst"
    assert replayed(path, first + second) == ([LISTING, PAGE], [])
    found, said = replayed(path, first[:20] + bytes(3) + first[23:] + second)
    assert (found, [line.split(":")[1].strip() for line in said if "zst" in line]) == (
        [PAGE],
        ["record at byte 0"],
    )
    found, said = replayed(path, first + second[:-9])
    assert (found, [line.split(": ")[-1] for line in said]) == ([LISTING], ["it has no end"])


def test_a_whole_file_in_one_frame_of_zstd_is_read(tmp_path: Path) -> None:
    whole = b"".join(map(zstd.decompress, frames(tmp_path)))
    assert replayed(tmp_path / "a.warc.zst", zstd.compress(whole)) == ([LISTING, PAGE], [])


@pytest.mark.parametrize("packed", [False, True])
def test_frames_of_zstd_with_a_dictionary_are_read(tmp_path: Path, packed: bool) -> None:
    samples = [
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{n}>\r\n".encode() * 9 for n in range(200)
    ]
    dictionary = zstd.train_dict(samples, 4096).dict_content
    stored = zstd.compress(dictionary) if packed else dictionary
    head = (0x184D2A5D).to_bytes(4, "little") + len(stored).to_bytes(4, "little") + stored
    assert replayed(tmp_path / "a.warc.zst", head + b"".join(frames(tmp_path, dictionary))) == (
        [LISTING, PAGE],
        [],
    )
    found, said = replayed(tmp_path / "a.warc.zst", b"".join(frames(tmp_path, dictionary)))
    assert (found, len(said)) == ([], 1)


def test_a_zst_that_unpacks_without_measure_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.replay.MAX_UNPACKED_BYTES", 1 << 20)
    found, said = replayed(tmp_path / "a.warc.zst", zstd.compress(bytes(2 << 20)))
    assert (found, [line.split(": ")[-1] for line in said]) == (
        [],
        ["larger than 1048576 bytes when unpacked"],
    )


@pytest.mark.parametrize("packed", [False, True])
def test_an_arc_is_read_too(tmp_path: Path, packed: bool) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + LISTING
    about = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n\n"
    heads = (
        b"filedesc://a.arc 0.0.0.0 20240124020000 text/plain %d\n" % len(about),
        HOME.encode() + b" 203.0.113.1 20240124020000 text/html %d\n" % len(answer),
    )
    records = [head + body + b"\n" for head, body in zip(heads, (about, answer), strict=True)]
    path = tmp_path / ("a.arc.gz" if packed else "a.arc")
    path.write_bytes(b"".join(map(gzip.compress, records) if packed else records))
    said: list[str] = []
    (found,) = read_captures([path], SOURCE, damaged=said.append)
    assert (found.captured_at, found.status, found.body) == (DAY, 200, LISTING)
    assert said == []


def test_a_mistake_of_ours_over_a_record_costs_that_record(
    tape: Tape, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Any:
        raise ValueError("no such row")

    tape.add(HOME, LISTING)
    tape.add(HOME + "1", PAGE, hours(1))
    monkeypatch.setattr("spiders.listings.listing.read_rows", broken)
    found, _ = play(tape)
    assert ["ValueError: no such row (spiders/" in one.fault for one in found] == [True, False]
