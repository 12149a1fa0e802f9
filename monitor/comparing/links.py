"""Links that point elsewhere while the text around them stands."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.comparing.reasons import sort_reasons
from monitor.comparing.sameness.keys import make_block_key
from monitor.comparing.sameness.noise import link_target
from storage.records import Block, Hunk, Link, Segment
from storage.text.documents import is_attached, may_be_attached


def link_hunks(old: Iterable[Block], new: Iterable[Block]) -> list[Hunk]:
    """Make a hunk for each link of the surviving blocks whose target is another."""
    before, after = _by_text(old), _by_text(new)
    known_before = {target for links in before.values() for target in links}
    known_after = {target for links in after.values() for target in links}
    hunks = []
    for text in [*before, *(text for text in after if text not in before)]:
        was = [link for target, link in before.get(text, {}).items() if target not in after.get(text, {})]
        now = [link for target, link in after.get(text, {}).items() if target not in before.get(text, {})]
        both = min(len(was), len(now))
        hunks += [_hunk(a, b) for a, b in zip(was[:both], now[:both], strict=True)]
        hunks += [_hunk(link, None) for link in was[both:] if link_target(link.url) not in known_after]
        hunks += [_hunk(None, link) for link in now[both:] if link_target(link.url) not in known_before]
    return hunks


def _by_text(blocks: Iterable[Block]) -> dict[str, dict[str, Link]]:
    found: dict[str, dict[str, Link]] = {}
    for block in blocks:
        for link in block.links:
            if link.text and (target := link_target(link.url)):
                found.setdefault(make_block_key(link.text), {}).setdefault(target, link)
    return found


def _hunk(old: Link | None, new: Link | None) -> Hunk:
    a, b = old.url if old else "", new.url if new else ""
    label = (new or old or Link("", "")).text
    attached = any(is_attached(url, label) or may_be_attached(url) for url in (a, b))
    reasons = {"link"} | ({"attachment"} if attached else set())
    return Hunk("link", a, b, (Segment(a, b),), sort_reasons(reasons), label)
