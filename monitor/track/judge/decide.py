"""What a capture means for a page: pure decisions, no clock, no database, no network.

Given what is stored, what was read and the time, each function returns what to do. The tracker
does it. The rules are those of the design: a failure to read is never a change, a return to an
earlier text is one, too much change at once waits for a second look, and what flickers between
two fetches of one page is noise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from monitor.comparing.diff import Diff, compare
from monitor.comparing.sameness.flicker import (
    learn_counters,
    learn_flicker,
    learn_from_history,
    list_gone,
    may_return,
    strip_noise,
)
from monitor.comparing.sameness.keys import make_block_key, make_text_key, shape_key
from monitor.track.judge.case import History, TextDecision
from monitor.track.judge.same_notice import is_something_else
from storage.records import Block, Hunk, Page, Reading, Version

BASELINE_DAYS = 30
"""On the first visit of a source, notices dated within this many days are news."""

WITHDRAWN_AFTER = timedelta(hours=1)
"""Two answers of 404 or 410, at least this far apart, make a notice withdrawn."""

HOLD_BELOW_SHARE = 0.4
"""Less of the old text kept than this, and the new one waits for a second look."""

HOLD_MIN_BLOCKS = 8
"""Shorter texts are too short for a share to mean a redesign."""

FLICKERING_AFTER_VERSIONS = 3
"""A text that returned to an earlier state this often is flickering, not changing."""

_SAYS_WITHDRAWN = re.compile(
    r"(?:掲載|公開|公表)を(?:終了|取り?下げ|取り?やめ)|(?:お知らせ|記事|ページ|公表)(?:は|を)(?:削除|取り?下げ|撤回)"
)


class Unsure(Exception):
    """What is known of the versions before the last is not enough: they have to be read."""


def decide_text(
    page: Page,
    last: Version | None,
    history: History,
    reading: Reading,
    again: Reading | None = None,
    boilerplate: frozenset[str] = frozenset(),
) -> TextDecision:
    """Decide over a reading whose verdict is ``content``.

    ``again`` is the same page read a minute later; ``boilerplate`` are block keys that recur over the
    pages of the host. Raises Unsure where earlier versions matter and are not part of ``history``.
    """
    volatile = frozenset(page.volatile)
    if again is not None and again.verdict == "content":
        volatile |= learn_flicker(reading.blocks, again.blocks)
    new = strip_noise(reading.blocks, volatile | boilerplate)
    key = make_text_key(new)
    settled = tuple(sorted(volatile))
    if last is None:
        return TextDecision("version", key, settled, material=True)
    if last.redacted:  # its key alone is left to compare with, and nothing to quote
        if last.key == key:
            return TextDecision("same-text", key, volatile=settled)
        return TextDecision("version", key, settled, reasons=("text",), material=True)
    old = strip_noise(last.blocks, volatile | boilerplate)
    same_title = make_block_key(last.title) == make_block_key(reading.title)
    if make_text_key(old) == key and same_title:
        return TextDecision("same-text", key, volatile=settled)
    flickering = _learn_from(history, reading, new, volatile)
    if flickering - volatile:
        volatile |= flickering
        old, new = strip_noise(old, volatile), strip_noise(new, volatile)
        key = make_text_key(new)
        settled = tuple(sorted(volatile))
        if make_text_key(old) == key and same_title:
            return TextDecision("same-text", key, volatile=settled)
    difference = compare(old, new)
    if not difference.hunks and same_title:
        return TextDecision("same-text", key, volatile=settled)
    if page.role == "page" and is_something_else(last, reading, difference.kept):
        detail = f"nothing of the notice is left; in its place stands “{reading.title[:120]}”"
        return TextDecision("held", key, volatile=settled, detail=detail)
    if _wholesale(old, difference) and page.held != key:
        gone = round(100 * (1 - difference.kept))
        detail = f"{gone} % of the text changed at once; it waits for a second look"
        return TextDecision("held", key, volatile=settled, detail=detail)
    noise = volatile | boilerplate
    reverted = key in history.keys or any(
        make_text_key(strip_noise(version.blocks, noise)) == key for version in history.recent[:-1]
    )
    decision = TextDecision("version", key, settled)
    return _changed(last, reading, difference, decision, reverted=reverted)


def list_past_blocks(history: History, reading: Reading) -> frozenset[int]:
    """Return digests of the blocks that went away until now, with what ``reading`` no longer has."""
    gone = list_gone((version.blocks for version in history.recent), reading.blocks)
    return gone | (history.past or frozenset())


def _learn_from(
    history: History, reading: Reading, new: Sequence[Block], volatile: frozenset[str]
) -> frozenset[str]:
    """Learn what flickers over the latest versions. Raises Unsure where more of them have to be read."""
    states = [version.blocks for version in history.recent]
    if history.past is not None and may_return(states[-1], reading.blocks, new, history.past, volatile):
        raise Unsure
    flickering = learn_counters([*states, reading.blocks])
    if len(states) > FLICKERING_AFTER_VERSIONS:
        flickering |= learn_from_history(states, reading.blocks)
    return flickering


def _wholesale(old: Sequence[Block], difference: Diff) -> bool:
    return len(old) >= HOLD_MIN_BLOCKS and difference.kept < HOLD_BELOW_SHARE


def _changed(
    last: Version, reading: Reading, difference: Diff, decision: TextDecision, *, reverted: bool
) -> TextDecision:
    hunks, reasons = difference.hunks, list(difference.reasons)
    same_title = shape_key(last.title) == shape_key(reading.title)
    if not same_title:
        reasons.append("title")
        hunks = (Hunk("change", last.title, reading.title, reasons=("title",), place="title"), *hunks)
    if same_title and all(hunk.op == "form" for hunk in hunks):
        return replace(decision, hunks=hunks, reasons=("form-only",))
    material = difference.material or not same_title
    if reverted:
        reasons.append("reverted")
    if material and _silent(last, reading, reasons):
        reasons.append("silent")
    withdrawn = difference.kept < HOLD_BELOW_SHARE and says_withdrawn(reading.text)
    return replace(decision, hunks=hunks, reasons=tuple(reasons), material=material, withdrawn=withdrawn)


def _silent(last: Version, reading: Reading, reasons: Sequence[str]) -> bool:
    """Tell whether the content changed while the date that the page claims for itself did not."""
    claimed = reading.updated or reading.published
    before = last.updated or last.published
    return claimed is not None and claimed.value == before and "postscript" not in reasons


def says_withdrawn(text: str) -> bool:
    """Tell whether a page says of itself that the notice was taken down."""
    return len(text) < 400 and _SAYS_WITHDRAWN.search(text) is not None


def is_withdrawn(page: Page, now: datetime) -> bool:
    """Tell whether a page that is missing now has been missing long enough to be called withdrawn."""
    return page.missing_since is not None and now - page.missing_since >= WITHDRAWN_AFTER and not page.gone


def is_news(published: date | None, *, baseline: bool, now: datetime) -> bool:
    """Tell whether a notice met for the first time is told to subscribers.

    On a source's first visit (``baseline``) only what is dated within the last 30 days is.
    """
    if not baseline:
        return True
    return published is not None and published >= (now - timedelta(days=BASELINE_DAYS)).date()
