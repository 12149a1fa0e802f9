"""Several processes on one archive, and one that is killed in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from storage.archive import open_archive
from storage.holding import ARCHIVE

WRITER = """
import sys
from storage.archive import open_archive
from tests.storage.builders import change, publish
url, first = sys.argv[1], int(sys.argv[2])
with open_archive(url) as archive:
    for number in range(first, first + 25):
        with archive.write() as writer:
            known = len(writer.notices())          # reads first, then writes: the order that deadlocks
            made = publish(writer, f"本文 {number}", number=number, title=str(known))
            writer.add_change(change(made))
"""

DOOMED = """
import sys
from storage.archive import open_archive
from tests.storage.builders import publish
with open_archive(sys.argv[1]) as archive:
    number = 0
    while True:
        number += 1
        with archive.write() as writer:
            publish(writer, f"本文 {number}", number=number)
            if number == 10:
                print("writing", flush=True)
                sys.stdin.read()                   # killed here, within the transaction
        print("committed", number, flush=True)
"""


def run(program: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *arguments]
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root)


def test_four_writers_lose_nothing(database_url: str) -> None:
    writers = [run(WRITER, database_url, str(1000 * n)) for n in range(4)]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    with open_archive(database_url) as archive, archive.read() as reader:
        assert len(reader.notices()) == 100
        assert len(reader.search("本文")) == 100
        if database_url.startswith("sqlite"):  # each saw all that was written before it
            assert sorted(int(notice.title) for notice in reader.notices()) == list(range(100))
        assert [link.number for link in reader.chain_from(1, 200)] == list(range(1, 101))  # no fork
        assert list(archive.verify()) == []


def test_a_killed_writer_loses_only_what_was_in_flight(database_url: str) -> None:
    with run(DOOMED, database_url) as doomed:
        assert doomed.stdout is not None
        lines = iter(doomed.stdout)
        committed = 0
        for line in lines:
            if line.startswith("writing"):
                break
            committed += 1
        doomed.send_signal(signal.SIGKILL)
        doomed.wait()
    with open_archive(database_url) as archive:
        assert list(archive.verify()) == []
        with archive.write() as writer:
            assert len(writer.notices()) == committed == 9
            assert len(writer.search("本文")) == 9
        with archive.hold("run", ARCHIVE):
            pass
