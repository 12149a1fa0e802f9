"""Pages that only point on to another address: by a refresh, or by a script that sends the reader away."""

from __future__ import annotations

import re
from html import unescape

from spiders.transport.charset import decode
from storage.text.urls import absolute, place

MAX_SAID_CHARS = 400
"""A page that says more than this is read for what it says, wherever it sends its reader later."""

_HEAD_BYTES = 60_000  # a stub is small
_TAG = re.compile(r"<meta\b[^<>]{0,2000}>", re.I)
_REFRESH = re.compile(r"http-equiv\s*=\s*[\"']?\s*refresh\b", re.I)
_CONTENT = re.compile(r"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
_TARGET = re.compile(r"^\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?[\"']?\s*([^\"'\s>]+)", re.I)
_SCRIPT = re.compile(r"<script\b[^<>]*>([^<]*(?:<(?!/?script)[^<]*)*)</script", re.I)
_SENT = re.compile(
    r"(?:^|[\s;{}(.,])location(?:\.href)?\s*=\s*[\"']([^\"']{1,2000})[\"']"
    r"|location\.(?:replace|assign)\(\s*[\"']([^\"']{1,2000})[\"']\s*\)"
)
_FUNCTION = re.compile(r"\bfunction\b|=>|addEventListener|onclick", re.I)
_UNREAD = re.compile(
    r"<(script|style|noscript|title|head)\b.*?(?:</\1\s*>|$)|<!--.*?(?:-->|$)|<[^<>]*>", re.I | re.S
)
_BLANKS = re.compile(r"\s+|&nbsp;")


def points_to(body: bytes, url: str, *, content_type: str = "", refresh: str = "") -> str:
    """Return the address to which a page sends its reader who has hardly anything to read on it.

    Empty where it sends nobody away. ``refresh`` is the header of that name.
    """
    if len(body) > _HEAD_BYTES or body[:1024].lstrip().startswith((b"%PDF-", b"PK")):
        return ""
    if not refresh and b"\0" not in body and not _may_point(body.lower()):
        return ""  # as nearly every page: nothing is decoded for that, here where the network waits
    text = decode(body, content_type or None).text
    said = _BLANKS.sub("", _UNREAD.sub(" ", text))
    if len(said) > MAX_SAID_CHARS:
        return ""
    target = _target(refresh)
    for tag in _TAG.findall(text) if not target else ():
        content = _CONTENT.search(tag)
        if _REFRESH.search(tag) and content:
            target = _target(unescape(next(filter(None, content.groups()), "")))
    for script in _SCRIPT.findall(text) if not target else ():
        if not _FUNCTION.search(script) and (sent := _SENT.search(script)):
            target = sent[1] or sent[2]
    found = absolute(target, url) if target else None
    return found if found and place(found) != place(url) else ""


def _may_point(body: bytes) -> bool:
    return b"refresh" in body or b"location" in body


def _target(content: str) -> str:
    """Return what follows the seconds in ``3; URL=/new.html``; empty where seconds are all."""
    if not re.search(r"[;,]|url", content, re.I):
        return ""
    match = _TARGET.match(content)
    return match[1] if match else ""
