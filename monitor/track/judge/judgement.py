"""Judge one capture of one page: bytes to a reading, a decision over it, and the facts in it.

    gather (archive) | judge | apply (archive)

``judge`` asks nothing of the archive and writes nothing to it: all that it needs is in the case, all that it
found is in the judgement, and both can travel to another process.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from monitor.comparing.sameness.flicker import strip_noise
from monitor.comparing.sameness.keys import make_text_key
from monitor.facts import extract
from monitor.facts.dates.disclosure_days import find_days_to_publication
from monitor.reading import read
from monitor.track.judge import boilerplate
from monitor.track.judge.case import Judgement, PageCase, ReadAhead, Renewed, TextDecision, judge_unread
from monitor.track.judge.decide import Unsure, decide_text
from monitor.track.judge.recipe import make_recipe
from storage.records import (
    Block,
    Capture,
    Fact,
    PageDate,
    PageRules,
    Reading,
    Snapshot,
    Source,
    Version,
)
from storage.text.urls import place

MAX_FACTS = 20_000
"""Of a page. A table with a row for each municipality of Japan states 2,000; 80,000 facts took 200 MB."""


def judge(case: PageCase) -> Judgement:
    """Read what a capture brought, where that is needed, and decide over it."""
    try:
        return _judge(case)
    except Unsure:
        return Judgement("same-text", unsure=True)


def _judge(case: PageCase) -> Judgement:
    page, source = case.page, case.source
    if (unread := judge_unread(case)) is not None:
        return unread
    last, today = case.last, make_recipe(source)
    # An upgrade is no news: the old bytes are read again first.
    renewed = None
    if last is not None and last.recipe != today:
        renewed = renew(last, case.evidence, source, page.volatile)
    last = renewed.version if renewed is not None else last
    outdated = last is not None and last.recipe != today
    if case.answer.outcome == "same-bytes" and (not outdated or (last is not None and last.redacted)):
        return Judgement("same-bytes", keep=bool(case.moved_from), renewed=renewed)
    ahead = case.ahead
    reading = ahead.reading if ahead is not None else read_body(*what_to_read(source, case.capture))
    if reading.verdict != "content":
        return Judgement(reading.verdict, reading.detail, keep=True, renewed=renewed)
    alerts = []
    if outdated:  # nothing to compare with: what is read now stands for itself
        alerts.append(("recipe", "the text from before cannot be read by today's rules"))
        last = None
    furniture = boilerplate.list_furniture_keys(source, page, reading)
    recurring = boilerplate.select_recurring_keys(furniture, case.elsewhere)
    again = _read_again(source, case.capture)
    history = case.history if renewed is None else case.history.ending_with(renewed.version)
    before, now = _on_one_address(case.same_files, last, reading)
    decision = decide_text(page, before, history, now, again, recurring)
    if last is not None and reading.replaced > last.replaced:
        detail = f"{reading.replaced} undecodable characters, {last.replaced} before"
        alerts.append(("decoding", detail))
    facts: tuple[Fact, ...] = ()
    if decision.outcome == "version":
        known = ahead.facts if ahead is not None else None
        facts = extract_facts(reading) if known is None else known
    facts, too_many = _keep_first(facts)
    return Judgement(
        decision.outcome,
        decision.detail,
        keep=True,
        renewed=renewed,
        last=last,
        reading=reading,
        decision=decision,
        facts=facts,
        furniture=furniture,
        alerts=(*alerts, *too_many),
    )


def _on_one_address(
    addresses: Mapping[str, str], last: Version | None, reading: Reading
) -> tuple[Version | None, Reading]:
    """Return both texts with one address for one file: a file is what it holds, wherever it lies."""
    if not addresses:
        return last, reading
    now = replace(reading, blocks=_with_one_address(reading.blocks, addresses))
    return last and replace(last, blocks=_with_one_address(last.blocks, addresses)), now


def _with_one_address(blocks: tuple[Block, ...], addresses: Mapping[str, str]) -> tuple[Block, ...]:
    """Return blocks whose links to the same file have the same address."""
    return tuple(
        replace(
            block,
            links=tuple(replace(link, url=addresses.get(place(link.url), link.url)) for link in block.links),
        )
        if block.links
        else block
        for block in blocks
    )


def renew(
    version: Version, evidence: Snapshot | None, source: Source, volatile: tuple[str, ...]
) -> Renewed | None:
    """Read the bytes of a version anew, under its number; None where they are gone or say nothing.

    ``evidence`` is its snapshot with the bytes; ``volatile`` what is known as noise on its page.
    """
    if evidence is None or evidence.body is None or version.redacted:
        return None
    content_type = evidence.header("Content-Type")
    reading = read(evidence.body, url=evidence.final_url, content_type=content_type, rules=source.page)
    if reading.verdict != "content":
        return None
    blocks = strip_noise(reading.blocks, frozenset(volatile))
    version = replace(
        version,
        title=reading.title,
        text=reading.text,
        blocks=reading.blocks,
        attachments=reading.attachments,
        key=make_text_key(blocks),
        recipe=make_recipe(source),
        published=read_claimed_day(reading.published),
        updated=read_claimed_day(reading.updated),
        encoding=reading.encoding,
        replaced=reading.replaced,
    )
    return Renewed(version, _keep_first(extract_facts(reading))[0])


def make_version(
    source: Source, page: int, snapshot: int, at: datetime, reading: Reading, decision: TextDecision
) -> Version:
    """Make the version that was decided on, without a number yet."""
    return Version(
        page=page,
        snapshot=snapshot,
        captured_at=at,
        title=reading.title,
        text=reading.text,
        blocks=reading.blocks,
        attachments=reading.attachments,
        key=decision.key,
        recipe=make_recipe(source),
        published=read_claimed_day(reading.published),
        updated=read_claimed_day(reading.updated),
        encoding=reading.encoding,
        replaced=reading.replaced,
    )


def _keep_first(facts: tuple[Fact, ...]) -> tuple[tuple[Fact, ...], tuple[tuple[str, str], ...]]:
    """Keep as many facts as a page may have, with an alert where there are more."""
    if len(facts) <= MAX_FACTS:
        return facts, ()
    return facts[:MAX_FACTS], (("budget", f"{len(facts)} facts, of which the first {MAX_FACTS} are kept"),)


def extract_facts(reading: Reading) -> tuple[Fact, ...]:
    """Extract the facts of a text. 昨年 and days without a year are meant from the page's own last date."""
    published = read_claimed_day(reading.updated) or read_claimed_day(reading.published)
    facts = extract(reading.text, published=published, title=reading.title)
    took = find_days_to_publication(facts, reading.published)
    return (*facts, took) if took else tuple(facts)


def read_claimed_day(claim: PageDate | None) -> date | None:
    """Return the day that a page claims."""
    return claim.value if claim is not None else None


def _read_again(source: Source, capture: Capture) -> Reading | None:
    if capture.again is None or capture.again == capture.body:  # what is the same flickers nowhere
        return None
    return read_body(*what_to_read(source, replace(capture, body=capture.again)))


def what_to_read(source: Source, capture: Capture) -> tuple[bytes, str, str | None, PageRules, int]:
    """Return what reading a capture goes by, for ``read_body``."""
    url, status = capture.final_url or capture.url, capture.status or 200
    return capture.body, url, capture.header("Content-Type"), source.page, status


def read_first(body: bytes, url: str, content_type: str | None, rules: PageRules, status: int) -> ReadAhead:
    """Read what is the first text of a page, with its facts."""
    reading = read_body(body, url, content_type, rules, status)
    return ReadAhead(reading, extract_facts(reading) if reading.verdict == "content" else None)


def read_body(body: bytes, url: str, content_type: str | None, rules: PageRules, status: int) -> Reading:
    """Read what bytes say, whatever is stored."""
    return read(body, url=url, content_type=content_type, rules=rules, status=status)
