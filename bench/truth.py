"""What kohyo's silence and its alarms are worth.

    python -m bench.truth                   # synthetic sites, seeds 101-103, and the open histories
    python -m bench.truth --seeds 1-5       # the seeds that development looks at

Whole captures go through the real judgement (``monitor.track.tracker``), with the clock of the epoch and
without a network: first synthetic sites whose truth is known, then histories of real pages. Beside
it, on the same captures: a monitor that compares bytes, and one that compares the page's text.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import lxml.html

from bench.truth_site import Shot, Site, sites
from monitor.track.context import TrackResult
from monitor.track.tracker import Tracker
from storage.archive import Archive, open_archive
from storage.records import Capture, PageRules, Source

RIVALS = ("bytes", "text")


@dataclass
class Tally:
    """How one kind of step fared. ``alarmed``: material changes told; ``right``: with the right kind
    of change and reason; ``rivals``: how often the simpler monitors alarmed."""

    sort: str
    shots: int = 0
    alarmed: int = 0
    right: int = 0
    rivals: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Rivals:
    """A byte-hash monitor and a whole-text monitor."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], str] = {}

    def look(self, capture: Capture) -> list[str]:
        """Names of those that alarm."""
        text = _text(capture)
        states = {"bytes": hashlib.sha256(capture.body).hexdigest(), "text": text}
        alarms = []
        for name, state in states.items():
            before = self.seen.get((name, capture.url))
            if before is not None and before != state:
                alarms.append(name)
            self.seen[name, capture.url] = state
        return alarms


def _text(capture: Capture) -> str:
    """All text of a page without scripts, as a simple monitor sees it."""
    declared = (capture.header("Content-Type") or "").partition("charset=")[2] or None
    parser = lxml.html.HTMLParser(
        encoding={"Shift_JIS": "cp932", "EUC-JP": "euc-jp"}.get(declared or "", declared)
    )
    root = lxml.html.document_fromstring(capture.body, parser=parser)
    for element in root.xpath("//script | //style"):
        element.drop_tree()
    return " ".join(root.text_content().split())


# --- synthetic sites --------------------------------------------------------------------------


def synthetic(seeds: range, again: str, pages: int, steps: int, verbose: bool) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for seed in seeds:
        for site in sites(seed, pages=pages, steps=steps, again=again):
            with tempfile.TemporaryDirectory() as folder:
                archive = _archive(folder, site.source)
                _judge_site(archive, site, tallies, verbose)
                archive.close()
    return tallies


def _archive(folder: str, source: Source) -> Archive:
    archive = open_archive(f"sqlite:///{folder}/truth.db")
    with archive.write() as writer:
        writer.put_source(source)
    return archive


def _judge_site(archive: Archive, site: Site, tallies: dict[str, Tally], verbose: bool) -> None:
    tracker, rivals = Tracker(archive, [site.source]), Rivals()
    for shot in _in_time(site):
        result = tracker.track(shot.capture)
        alarms = rivals.look(shot.capture)
        if shot.sort == "first":
            continue
        tally = tallies.setdefault(shot.kind or shot.sort, Tally(shot.sort))
        tally.shots += 1
        tally.rivals.update(alarms)
        told = [change for change in result.changes if change.material]
        tally.alarmed += bool(told)
        right = _right(shot, result) if shot.sort == "material" else not told
        tally.right += right
        if not right:
            where = f"{site.source.id} {shot.capture.url.rpartition('/')[2]} {shot.capture.captured_at:%m-%d}"
            said = "; ".join(f"{c.kind} {','.join(c.reasons)}: {c.summary}" for c in result.changes)
            tally.wrong.append(f"{where} [{result.outcome}] {said or '(silence)'}")
            if verbose:
                print(f"{shot.sort} / {shot.kind}: {tally.wrong[-1]}")


def _in_time(site: Site) -> Iterator[Shot]:
    """The captures of all pages of a site, by time."""
    shots = [shot for page in site.pages for shot in page.shots()]
    return iter(sorted(shots, key=lambda shot: shot.capture.captured_at))


def _right(shot: Shot, result: TrackResult) -> bool:
    return any(
        change.material
        and change.kind == shot.change
        and (not shot.reasons or bool(set(shot.reasons) & set(change.reasons)))
        for change in result.changes
    )


def show(tallies: dict[str, Tally]) -> None:
    for sort, title in (
        ("unchanged", "nothing happened"),
        ("cosmetic", "cosmetic only"),
        ("confirm", "one 404"),
        ("material", "material"),
    ):
        rows = {kind: tally for kind, tally in tallies.items() if tally.sort == sort}
        if not rows:
            continue
        right = "kind and reason right" if sort == "material" else "silent"
        print(f"\n{title:24} {'shots':>6} {'alarms':>7} {right:>22} {'bytes':>7} {'text':>7}")
        total = Tally(sort)
        for kind, tally in sorted(rows.items()):
            _row(kind, tally)
            total.shots += tally.shots
            total.alarmed += tally.alarmed
            total.right += tally.right
            total.rivals.update(tally.rivals)
        if len(rows) > 1:
            _row("all", total)
        if sort == "cosmetic":
            print(f"false alarms: {_percent(total.alarmed, total.shots)}")
        if sort == "material":
            print(f"missed: {total.shots - total.alarmed}")
            print(f"right kind and reason: {_percent(total.right, total.shots)}")


def _row(kind: str, tally: Tally) -> None:
    rivals = " ".join(f"{tally.rivals[name]:>7}" for name in RIVALS)
    print(f"{kind:24} {tally.shots:>6} {tally.alarmed:>7} {tally.right:>22} {rivals}")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "-"


# --- open histories ---------------------------------------------------------------------------

HISTORIES = (
    # (archive, declared selectors, contents a person counts)
    ("history_noisy/UptimeRobot__Privacy_Policy", ("main",), "9-10"),
    ("history_noisy/UptimeRobot__Terms_of_Service", ("main",), "7-8"),
    ("history_noisy/Open_Terms_Archive__Accessibility_Statement", (".textcontent",), "1-2"),
    ("history_noisy/Open_Terms_Archive__Brand_Guidelines", (".textcontent",), "1-2"),
    ("history_noisy/Open_Terms_Archive__Imprint", (".textcontent",), "1-2"),
    ("history_noisy/Open_Terms_Archive__Privacy_Policy", (".textcontent",), "1-2"),
    ("history_listing/scout_tokyo_member", (), ""),
)


def histories(data: Path, verbose: bool) -> None:
    print(f"\n{'history':56} {'captures':>8} {'bytes':>6} {'text':>6} {'versions':>9} {'(asked)':>8}  alerts")
    for stem, include, asked in HISTORIES:
        for selectors in dict.fromkeys((include, ())):
            name = f"{stem.rpartition('/')[2]} {' '.join(selectors) or '(undeclared)'}"
            captures = list(_captures(data, stem))
            versions, rivals, alerts = _replay(captures, PageRules(include=selectors), verbose)
            told = ", ".join(f"{count} {kind}" for kind, count in sorted(alerts.items()))
            print(
                f"{name:56} {len(captures):>8} {rivals['bytes'] + 1:>6} {rivals['text'] + 1:>6}"
                f" {versions:>9} {asked if selectors else '':>8}  {told}"
            )


def _replay(
    captures: Sequence[Capture], rules: PageRules, verbose: bool
) -> tuple[int, Counter[str], Counter[str]]:
    """Versions stored, alarms of the rivals, and alerts by kind."""
    source = Source("history", "history", "company", page=rules)
    alarms: Counter[str] = Counter()
    alerts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        archive = _archive(folder, source)
        tracker, rivals = Tracker(archive, [source]), Rivals()
        for capture in captures:
            result = tracker.track(capture)
            alarms.update(rivals.look(capture))
            alerts.update(alert.kind for alert in result.alerts)
            if verbose:
                for change in result.changes:
                    what = f"{change.kind} {','.join(change.reasons)}: {change.summary}"
                    print(f"  {capture.captured_at:%Y-%m-%d %H:%M} {what}")
        with archive.read() as reader:
            page = reader.page("history", captures[0].url)
            versions = len(reader.versions(page.id)) if page else 0
        archive.close()
    return versions, alarms, alerts


def _captures(data: Path, stem: str) -> Iterator[Capture]:
    """The captures of a history in date order, by its manifest."""
    with (data / f"{stem}.manifest.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    with tarfile.open(data / f"{stem}.tar.xz") as tar:
        bodies = {Path(m.name).name: tar.extractfile(m).read() for m in tar if m.isfile()}  # type: ignore[union-attr]
    for row in rows:
        name = Path(row["file_in_tar"]).name
        if name in bodies:  # a row may also say that the file was deleted
            moment = datetime.strptime(row["captured_at_utc"], "%Y%m%dT%H%M%S%z")
            url = f"https://history.example/{stem}"
            yield Capture("history", url, "page", moment, 200, url, body=bodies[name])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seeds", default="101-103", help="first-last")
    parser.add_argument(
        "--again",
        default="first",
        choices=("never", "first", "always"),
        help="when second fetches are at hand",
    )
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--steps", type=int, default=24)
    parser.add_argument("--data", type=Path, help="folder with the open histories")
    parser.add_argument("--only", choices=("synthetic", "histories"))
    parser.add_argument("-v", "--verbose", action="store_true")
    chosen = parser.parse_args()
    first, _, last = chosen.seeds.partition("-")
    started = time.process_time()
    if chosen.only != "histories":
        show(
            synthetic(
                range(int(first), int(last or first) + 1),
                chosen.again,
                chosen.pages,
                chosen.steps,
                chosen.verbose,
            )
        )
    if chosen.data and chosen.only != "synthetic":
        histories(chosen.data, chosen.verbose)
    print(f"\n{time.process_time() - started:.1f} s CPU", file=sys.stderr)


if __name__ == "__main__":
    main()
