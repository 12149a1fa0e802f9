"""A nation on loopback: some 300 publishers, every format of list, and a dozen incidents among 3,000 rows.

    python -m bench.nation [--hosts 300] [--epochs 3] [--seed 1]

Every publisher has an address of its own (127.1.x.y) and a list in one of the forms and with one of the
oddities that real lists have. In each epoch lists gain rows, some lose old ones; among the new rows are 12
incidents, and some that were told before are edited. Some lists stop without a word, one host is down, one
forbids robots. kohyo crawls each epoch as cron would. Printed: incidents told once, late or never, other rows
told, edits told, alerts on the lists that stopped, the least time between two requests to one host beside
what was allowed, wall time, and memory of the whole process tree.
"""

from __future__ import annotations

import argparse
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.nation_world import DELAY_SECONDS, START, Nation, declarations, shown

ROOT = Path(__file__).resolve().parents[1]
SO_TIMESTAMPNS = 35
"""Option of Linux, not named by Python: each read comes with the time at which its packet arrived."""

# --- the server ---------------------------------------------------------------------------------


class Server(threading.Thread):
    """Answers for all hosts of a nation from one thread; each request's time is the kernel's.

    A thread that is late, or a machine that is busy, delays answers, not the times that are noted.
    """

    def __init__(self, nation: Nation) -> None:
        super().__init__(daemon=True)
        self.nation = nation
        self.selector = selectors.DefaultSelector()
        port = 0
        for one in nation.publishers:
            if not nation.is_down(one):
                listener = socket.socket()
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)  # what it accepts has it too
                listener.bind((one.host, port))
                listener.listen()
                port = listener.getsockname()[1]
                self.selector.register(listener, selectors.EVENT_READ)
        nation.port = port

    def run(self) -> None:
        """Serve until the process ends."""
        while True:
            for key, _ in self.selector.select():
                assert isinstance(key.fileobj, socket.socket)
                if key.data is not None:
                    self._read(key.fileobj, key.data)
                else:
                    connection, _ = key.fileobj.accept()
                    self.selector.register(connection, selectors.EVENT_READ, bytearray())

    def _read(self, connection: socket.socket, read: bytearray) -> None:
        """Take what has come, and answer where a request is whole."""
        try:
            data, ancillary, _, _ = connection.recvmsg(65_536, 256)
            read += data
            if data and read.endswith(b"\r\n\r\n"):
                path = read.split(b" ")[1].decode("latin-1")
                read.clear()
                seconds, nanoseconds = struct.unpack("ll", ancillary[0][2])
                host = connection.getsockname()[0]
                status, media, body = self.nation.answer(host, path, seconds + nanoseconds / 1e9)
                head = f"HTTP/1.1 {status} x\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(head.encode() + body)
        except ConnectionError:
            data = b""
        if not data:
            self.selector.unregister(connection)
            connection.close()


# --- a run --------------------------------------------------------------------------------------


@dataclass
class Ran:
    """What one crawl took, and what it said last."""

    seconds: float
    peak: int  # bytes of the process tree, shared pages counted by share
    status: int
    said: str


def _command(folder: Path, *args: str) -> tuple[list[str], dict[str, str]]:
    """Return a command of kohyo over the nation's sources, and the environment that names its archive."""
    sources = ["--no-bundled", "--sources", str(folder / "nation.toml")]
    environment = {**os.environ, "KOHYO_DB": f"sqlite:///{folder / 'kohyo.db'}"}
    return [sys.executable, "-m", "monitor.cli", *sources, *args], environment


def crawl(folder: Path, moment: datetime) -> Ran:
    """Crawl as cron would, with the clock at ``moment``."""
    clock = {"KOHYO_NOW": moment.isoformat(), "KOHYO_CONFIRM_AFTER": "1", "KOHYO_DELAY": str(DELAY_SECONDS)}
    command, environment = _command(folder, "crawl")
    began = time.monotonic()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env={**environment, **clock}, stdout=log, stderr=log, cwd=ROOT)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.5)
    return Ran(time.monotonic() - began, peak, process.returncode, (folder / "log").read_text())


def _memory(top: int) -> int:
    """Add up the proportional set sizes (PSS) of a process and its descendants, in bytes."""
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children[parent].append(int(folder.name))
    total, stack = 0, [top]
    while stack:
        pid = stack.pop()
        stack += children[pid]
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def asked(folder: Path, *args: str) -> list[dict[str, Any]]:
    """Return what a command of kohyo prints as JSON Lines."""
    command, environment = _command(folder, *args, "--json")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main() -> None:
    """Live through the epochs and print what was told."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    nation = Nation(given.hosts, given.seed)
    Server(nation).start()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "nation.toml").write_text(declarations(nation), encoding="utf-8")
        for number in range(given.epochs):
            moment = START + timedelta(days=number * 2)
            nation.advance(moment.astimezone().date())
            rows = sum(len(shown(nation, one)) for one in nation.publishers)
            ran = crawl(folder, moment)
            print(
                f"epoch {number + 1}: {rows} rows, {ran.seconds:.0f} s, {ran.peak / 2**20:.0f} MB, "
                f"exit {ran.status}",
                flush=True,
            )
        # weeks later nothing was published where lists stopped
        late = crawl(folder, START + timedelta(days=45))
        print(f"45 days on: {late.seconds:.0f} s, {late.peak / 2**20:.0f} MB, exit {late.status}")
        report(nation, folder)


def report(nation: Nation, folder: Path) -> None:
    """Hold what kohyo told against what was published."""
    changes = asked(folder, "changes", "--limit", "100000")
    incidents = {(nation.publishers[item.host].host, item.path): item for item in nation.told}
    new: Counter[tuple[str, str]] = Counter()
    updated: Counter[tuple[str, str]] = Counter()
    foreign = []
    for change in changes:
        parts = urlsplit(change["url"])
        key = (parts.hostname or "", parts.path)
        if key not in incidents:
            foreign.append(change)
        elif change["kind"] == "new":
            new[key] += 1
        else:
            updated[key] += 1
    once = sum(count == 1 for count in new.values())
    print(f"incidents told once {once} of {len(incidents)}, more than once {len(new) - once}")
    for key, item in incidents.items():
        if key not in new:
            publisher = nation.publishers[item.host]
            print(f"  never: {publisher.form}/{publisher.oddity}: {item.title}")
    wanted = Counter((nation.publishers[item.host].host, item.path) for item in nation.edited)
    right, more = (updated & wanted).total(), (updated - wanted).total()
    print(f"edits told {right} of {wanted.total()}, others {more}")
    print(f"other rows told {len(foreign)}")
    for change in foreign[:10]:
        print(f"  {change['kind']}: {change.get('title') or change['url']}")
    stopped = {f"n{one.number}" for one in nation.publishers if one.stopped}
    alerted = {alert["source"] for alert in asked(folder, "alerts") if alert["source"] in stopped}
    print(f"lists that stopped: {len(alerted)} of {len(stopped)} are an alert")
    waits = [later - sooner for one in nation.publishers for (sooner, _), (later, _) in pairwise(one.asked)]
    early = sum(wait < DELAY_SECONDS for wait in waits)
    print(
        f"least time between two requests to a host {min(waits):.3f} s, {early} of {len(waits)} below "
        f"the {DELAY_SECONDS} s allowed"
    )
    closed = [
        path
        for one in nation.publishers
        if nation.forbids(one)
        for _, path in one.asked
        if path != "/robots.txt"
    ]
    print(f"requests where robots.txt forbids: {len(closed)}")


if __name__ == "__main__":
    main()
