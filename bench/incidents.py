"""What links and clusters are worth: precision and recall over made-up worlds of incidents, and the cost.

Each world (bench.incidents_world) is read by the rules for facts and stored as a crawl would store it. Links:
every incident is declared with what its first notice says, and of all other notices those suggested from each
score on are held against the truth. Clusters: nothing is declared, and pairs of notices in one cluster are
held against pairs of one incident. Of an act on several, any of its incidents is right.

    python -m bench.incidents [SEED ...] [--incidents N] [--errors]
    python -m bench.incidents --cost N     what linking costs among N notices
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from hashlib import sha256
from itertools import combinations
from pathlib import Path

from bench.incidents_world import Told, World, make_world
from monitor.facts import extract
from monitor.incidents.clusters import suggest_clusters
from monitor.incidents.incident_links import link_notice, relink, relink_all
from storage.archive import Archive, Writer, open_archive
from storage.records import Block, Fact, Link, Notice, Recipe, Snapshot, Source, Version

SCORES = (0.5, 0.6, 0.7, 0.8, 0.9)
_RECIPE = Recipe("bench", 0, 0, 0, 0)


@dataclass(frozen=True)
class Rate:
    """Right ones among those offered, and among those there are."""

    right: int
    offered: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.offered if self.offered else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.right + other.right, self.offered + other.offered, self.wanted + other.wanted)


@dataclass(frozen=True)
class Result:
    """``links`` and ``clusters`` by the score from which they count."""

    links: dict[float, Rate]
    clusters: dict[float, Rate]
    errors: tuple[str, ...] = ()


def store(writer: Writer, told: Told, facts: Sequence[Fact]) -> Notice:
    """Store a notice as a crawl does, with its facts."""
    at = datetime.combine(told.published, clock(3), UTC)
    writer.put_source(Source(told.source, told.publisher, told.kind))
    page = writer.add_page(told.source, told.url, "page", due_at=at)
    body = told.text.encode()
    shot = writer.add_snapshot(
        Snapshot(page.id, at, 200, told.url, (), sha256(body).hexdigest(), len(body), body=body)
    )
    links = tuple(Link("関連", url) for url in told.links)
    blocks = tuple(Block("text", line) for line in told.text.split("\n"))
    blocks = (*blocks[:-1], replace(blocks[-1], links=links))
    version = writer.add_version(
        Version(page.id, shot.id, at, told.title, told.text, blocks, (), shot.sha256, _RECIPE)
    )
    writer.add_facts(version.id, facts)
    writer.put_page(replace(page, version=version.id, snapshot=shot.id))
    return writer.add_notice(Notice(told.source, page.id, told.url, told.title, told.published, at, at))


def run(world: World, archive: Archive) -> Result:
    """Store a world and hold links and clusters against its truth."""
    truth: dict[int, Told] = {}
    with archive.write() as writer:
        for told in world.notices:
            facts = extract(told.text, published=told.published, title=told.title)
            truth[store(writer, told, facts).id] = told
        relink_all(writer)
        clusters = _clusters(writer, truth)
        links, errors = _links(writer, world, truth)
    return Result(links, clusters[0], (*errors, *clusters[1]))


def _links(writer: Writer, world: World, truth: dict[int, Told]) -> tuple[dict[float, Rate], list[str]]:
    tally: Counter[tuple[float, str]] = Counter()
    errors = []
    for number, declared in world.declared.items():
        relink(writer, writer.put_incident(declared))
        found = {link.notice: link for link in writer.incident_links(declared.slug)}
        belonging = {id for id, told in truth.items() if number in told.of}
        wanted = belonging - {id for id, link in found.items() if link.status == "declared"}
        for score in SCORES:
            offered = {id for id, link in found.items() if link.status == "suggested" and link.score >= score}
            tally[score, "right"] += len(offered & wanted)
            tally[score, "offered"] += len(offered)
            tally[score, "wanted"] += len(wanted)
        for id in sorted((found.keys() & {*found} - belonging) | (wanted - found.keys())):
            link, told = found.get(id), truth[id]
            what = f"wrong {link.score} {link.evidence}" if link else "missed"
            about = f"{told.kind} {told.published} {told.title}"
            errors.append(f"link {declared.respondents[0]}: {what}: {about}\n{told.text}\n")
    rates = {score: Rate(*(tally[score, key] for key in ("right", "offered", "wanted"))) for score in SCORES}
    return rates, errors


def _clusters(writer: Writer, truth: dict[int, Told]) -> tuple[dict[float, Rate], list[str]]:
    pairs = {pair for pair in combinations(sorted(truth), 2) if truth[pair[0]].of & truth[pair[1]].of}
    found, errors = suggest_clusters(writer), []
    rates = {}
    for score in SCORES:
        offered = {
            pair for one in found if one.score >= score for pair in combinations(sorted(one.notices), 2)
        }
        rates[score] = Rate(len(offered & pairs), len(offered), len(pairs))
    for one in found:
        numbers = Counter(number for notice in one.notices for number in truth[notice].of)
        main, _ = numbers.most_common(1)[0] if numbers else (0, 0)
        foreign = [truth[notice] for notice in one.notices if main not in truth[notice].of]
        errors += [
            f"cluster {one.score} {one.evidence}: foreign: {told.title}\n{told.text}\n" for told in foreign
        ]
    return rates, errors


def merge(results: Iterable[Result]) -> Result:
    """Add up what came of several worlds."""
    links, clusters = dict.fromkeys(SCORES, Rate(0, 0, 0)), dict.fromkeys(SCORES, Rate(0, 0, 0))
    for result in results:
        links = {score: links[score] + result.links[score] for score in SCORES}
        clusters = {score: clusters[score] + result.clusters[score] for score in SCORES}
    return Result(links, clusters)


def cost(notices: int, archive: Archive) -> None:
    """Print what linking costs where so many notices are stored: all of them, and each of some new ones."""
    world = make_world(0)
    read = [(told, extract(told.text, published=told.published, title=told.title)) for told in world.notices]
    copies, stored = notices // len(read), 0
    for copy in range(copies):
        with archive.write() as writer:
            for told, facts in read:
                store(writer, _shifted(told, copy), [_altered(fact, copy) for fact in facts])
                stored += 1
        sys.stderr.write(f"\r{stored:,} notices stored ")
    with archive.write() as writer:
        for number, declared in list(world.declared.items())[:20]:
            writer.put_incident(replace(declared, slug=f"i{number}"))
    begun = time.process_time()
    with archive.write() as writer:
        relink_all(writer)
    print(f"\nall {stored:,} notices linked anew: {time.process_time() - begun:.0f} s of CPU")
    took = []
    for told, facts in read[:300]:
        with archive.write() as writer:
            notice = store(writer, _shifted(told, copies), [_altered(fact, copies) for fact in facts])
            begun = time.process_time()
            link_notice(writer, notice)
            took.append(time.process_time() - begun)
    took.sort()
    mean = sum(took) / len(took)
    print(f"a new notice: {mean * 1000:.2f} ms mean, {took[len(took) * 95 // 100] * 1000:.2f} ms at 95 %")
    begun = time.process_time()
    with archive.read() as reader:
        found = suggest_clusters(reader)
    print(f"clusters: {len(found)} in {time.process_time() - begun:.0f} s")


def _shifted(told: Told, copy: int) -> Told:
    """Make a like notice some days later at another address."""
    return replace(
        told,
        url=told.url.replace("/news/", f"/news/{copy}/"),
        links=tuple(url.replace("/news/", f"/news/{copy}/") for url in told.links),
        published=told.published - timedelta(copy * 11),
    )


def _altered(fact: Fact, copy: int) -> Fact:
    """Make a like fact of another incident: other bodies and numbers, as far as they are not everybody's."""
    if fact.field == "phone" and str(fact.value).startswith("0120"):
        return replace(fact, value=f"0120-{copy:03d}-{str(fact.value)[-3:]}")
    if fact.field == "organisation" and fact.role == "company":
        return replace(fact, value=f"{fact.value}{copy}")
    if fact.field == "role":
        return replace(fact, qualifiers=tuple(f"{said}{copy}" for said in fact.qualifiers))
    if fact.field == "count" and isinstance(fact.value, int):
        return replace(fact, value=fact.value + copy)
    return fact


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("seeds", nargs="*", type=int, default=[1, 2, 3])
    parser.add_argument("--incidents", type=int, default=24)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--cost", type=int, metavar="N")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.cost:
            with open_archive(f"sqlite:///{Path(folder) / 'cost.db'}") as archive:
                cost(given.cost, archive)
            return
        results = []
        for seed in given.seeds:
            with open_archive(f"sqlite:///{Path(folder) / f'{seed}.db'}") as archive:
                results.append(run(make_world(seed, given.incidents), archive))
    if given.errors:
        for result in results:
            print(*result.errors, sep="\n")
    both = merge(results)
    print("score   links: precision  recall  offered   clusters: precision  recall")
    for score in SCORES:
        link, cluster = both.links[score], both.clusters[score]
        print(
            f"{score:5.2f}   {link.precision:16.3f}  {link.recall:6.3f}  {link.offered:7}"
            f"   {cluster.precision:19.3f}  {cluster.recall:6.3f}"
        )


if __name__ == "__main__":
    main()
