"""Turns a folder of saved captures with its manifest into a WARC that ``kohyo import`` takes.

python tests/histories.py FOLDER/NAME.tar.xz OUT.warc.gz URL
"""

from __future__ import annotations

import csv
import io
import sys
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter


def saved_captures(tar: Path) -> Iterator[tuple[datetime, bytes]]:
    """The captures beside the manifest's dates, oldest first; deleted ones are passed over."""
    manifest = tar.with_name(tar.name.removesuffix(".tar.xz") + ".manifest.csv")
    with tarfile.open(tar) as archive, manifest.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["file_in_tar"] == "DELETED":
                continue
            member = archive.extractfile(row["file_in_tar"])
            assert member is not None
            moment = datetime.strptime(row["captured_at_utc"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            yield moment, member.read()


def to_warc(tar: Path, out: Path, url: str) -> int:
    """Write the captures as responses of ``url``. Returns how many."""
    with out.open("wb") as stream:
        writer = WARCWriter(stream, gzip=out.suffix == ".gz")
        count = 0
        for moment, body in saved_captures(tar):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": moment.strftime("%Y-%m-%dT%H:%M:%SZ")},
            )
            writer.write_record(record)
            count += 1
    return count


if __name__ == "__main__":
    print(to_warc(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]), "captures")
