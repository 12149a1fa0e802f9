"""The difference of two texts as hunks that a person can review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.comparing.align import ESTIMATED_ABOVE_CHARS, Alignment, Unit, align
from monitor.comparing.lcs import measure_percent
from monitor.comparing.links import link_hunks
from monitor.comparing.reasons import (
    contradicts,
    judge_addition,
    judge_claim,
    judge_edit,
    judge_removal,
    sort_reasons,
)
from monitor.comparing.sameness.banners import Turn, take_turns
from monitor.comparing.sameness.keys import make_block_key
from monitor.comparing.sameness.noise import strip_update_date
from monitor.comparing.sameness.values import normalise_values
from monitor.comparing.table_rows import Column, find_changed_cells, find_changed_columns, is_row, map_columns
from monitor.comparing.tokens import TokenRun, compare_tokens
from storage.records import Block, Hunk, Segment
from storage.text.documents import is_attached

MAX_BLOCKS_LOOKED_INTO = 400
"""Blocks that came and went of which each is looked into; a greater difference is a rewrite."""


@dataclass(frozen=True, slots=True)
class Diff:
    """The difference of two texts.

    ``reasons`` of all hunks, most telling first. ``kept``: the share of the old text that survived, from
    0 to 1. ``material``: more changed than notation, the page's own update date and links that take turns
    in one place.
    """

    hunks: tuple[Hunk, ...] = ()
    reasons: tuple[str, ...] = ()
    kept: float = 1.0
    material: bool = False


def compare(old: Sequence[Block], new: Sequence[Block]) -> Diff:
    """List what leads from ``old`` to ``new``, in the order of ``new``."""
    alignment = align(old, new)
    turns = take_turns(alignment, old, new)
    placed = [*map(_turn, turns), *_edits(alignment), *_moves(alignment), *_comings_and_goings(alignment)]
    hunks = _join_passages(sorted(placed, key=lambda item: item[0]))
    hunks += link_hunks(
        _surviving(old, (*alignment.deleted, *(unit for went, _ in turns for unit in went))),
        _surviving(new, (*alignment.inserted, *(unit for _, came in turns for unit in came))),
    )
    if not hunks:
        return Diff()
    reasons = {reason for hunk in hunks if hunk.op != "form" for reason in hunk.reasons}
    return Diff(
        tuple(hunks),
        sort_reasons(reasons) if reasons else ("form-only",),
        _kept(alignment),
        any(hunk.op != "form" and hunk.place not in ("stamp", "slot") for hunk in hunks),
    )


def _surviving(blocks: Sequence[Block], lost: Iterable[Unit]) -> Iterator[Block]:
    places = {unit.at for unit in lost}
    return (block for at, block in enumerate(blocks) if at not in places)


def _kept(alignment: Alignment) -> float:
    kept = float(alignment.same)
    for a, b in (*alignment.edited, *alignment.moved):
        long = max(len(a.key), len(b.key)) > ESTIMATED_ABOVE_CHARS
        kept += len(a.key) * (1.0 if long else measure_percent(a.key, b.key) / 100)
    return min(1.0, kept / alignment.total) if alignment.total else 1.0


Placed = tuple[tuple[float, int], Hunk]
"""A hunk with its place in the new text."""


def _join_passages(placed: Sequence[Placed]) -> list[Hunk]:
    """Mark what came, or went, right behind the hunk before it: together they are one passage."""
    hunks = [hunk for _, hunk in placed[:1]]
    for ((gap, at), last), ((next_gap, next_at), hunk) in pairwise(placed):
        came = hunk.op == "insert" and next_gap == gap + 1
        went = hunk.op == "delete" and next_at == at + 1
        joined = (came or went) and last.op == hunk.op and not last.place and not hunk.place
        hunks.append(replace(hunk, goes_on=True) if joined else hunk)
    return hunks


def _edits(alignment: Alignment) -> Iterator[Placed]:
    columns, explained = find_changed_columns(sorted(alignment.edited, key=lambda pair: pair[1].at))
    for column in columns:
        yield (column.at - 0.5, 0), _column_hunk(column)
    for a, b in alignment.edited:
        for order, hunk in enumerate(_edit(a, b, in_table=b.at in explained)):
            yield (b.at, order), hunk


def _edit(a: Unit, b: Unit, *, in_table: bool) -> Iterator[Hunk]:
    if is_row(a) and is_row(b) and (in_table or len(a.block.cells) == len(b.block.cells)):
        for cell in find_changed_cells(a, b, map_columns(a, b)):
            yield _changed("cell", cell.old, cell.new, cell.label)
    else:
        hunk = _changed("change", a.block.text, b.block.text)
        if a.block.kind == b.block.kind == "heading" and b.block.level == 1 and hunk.op == "change":
            hunk = replace(hunk, reasons=sort_reasons({*hunk.reasons, "title"}))
        yield hunk


def _changed(op: str, old: str, new: str, label: str = "") -> Hunk:
    runs = compare_tokens(old, new)
    segments = tuple(run.segment for run in runs)
    key_old, key_new = make_block_key(old), make_block_key(new)
    if normalise_values(key_old) == normalise_values(key_new):
        return Hunk("form", old, new, segments, ("form-only",), label)
    row = f"{label}|" if op == "cell" else ""  # dt/dd: the label of a date stands in the cell before
    if strip_update_date(row + key_old) == strip_update_date(row + key_new):
        return Hunk("change", old, new, segments, ("date",), place="stamp")
    reasons = sort_reasons(judge_edit(runs, old, new, label))
    return Hunk("cell" if op == "cell" else "change", old, new, segments, reasons, label)


def _turn(turn: Turn) -> Placed:
    old, new = (" / ".join(unit.block.text for unit in side) for side in turn)
    return (turn[1][0].at, 0), Hunk("link", old, new, (Segment(old, new),), ("link",), place="slot")


def _column_hunk(column: Column) -> Hunk:
    text = "\n".join(column.cells)
    old, new = ("", text) if column.gained else (text, "")
    return Hunk("column", old, new, (Segment(old, new),), ("column",), column.label)


def _moves(alignment: Alignment) -> Iterator[Placed]:
    for a, b in alignment.moved:
        old, new = a.block.text, b.block.text
        runs: list[TokenRun] = compare_tokens(old, new) if a.key != b.key else []
        edited = [run for run in runs if not run.equal]
        reasons = judge_edit(runs, old, new) if edited else {"order"}
        segments = tuple(run.segment for run in runs) or (Segment(old, new),)
        yield (b.at, 0), Hunk("move", old, new, segments, sort_reasons(reasons))


def _comings_and_goings(alignment: Alignment) -> Iterator[Placed]:
    """Show insertions at their place, deletions before what came instead or after what stood before them.

    A statement that went while its opposite came is an outcome reversed, however far apart they are.
    """
    few = len(alignment.deleted) + len(alignment.inserted) <= MAX_BLOCKS_LOOKED_INTO
    gone = {judge_claim(unit.block.text) for unit in alignment.deleted}
    come = {judge_claim(unit.block.text) for unit in alignment.inserted}
    after = sorted((a.at, b.at) for a, b in (*alignment.edited, *alignment.moved))
    instead: dict[int, int] = {}
    for unit in alignment.inserted:
        instead.setdefault(unit.gap, unit.at)
    for unit in alignment.deleted:
        text = unit.block.text
        reasons = (judge_removal(text) if few else {"removed"}) | _document_reason(unit.block)
        if any(contradicts(judge_claim(text), other) for other in come):
            reasons.add("outcome")
        place: float = max((new for old, new in after if old < unit.at), default=unit.at) + 0.25
        if unit.gap in instead:
            place = instead[unit.gap] - 0.5
        yield (place, unit.at), Hunk("delete", text, "", (Segment(text, ""),), sort_reasons(reasons))
    for unit in alignment.inserted:
        text = unit.block.text
        if not strip_update_date(unit.key):
            yield (unit.at, 0), Hunk("insert", "", text, (Segment("", text),), ("date",), place="stamp")
            continue
        reasons = (judge_addition(text) if few else {"added"}) | _document_reason(unit.block)
        if any(contradicts(other, judge_claim(text)) for other in gone):
            reasons.add("outcome")
        yield (unit.at, 0), Hunk("insert", "", text, (Segment("", text),), sort_reasons(reasons))


def _document_reason(block: Block) -> set[str]:
    return {"attachment"} if any(is_attached(link.url, link.text) for link in block.links) else set()
