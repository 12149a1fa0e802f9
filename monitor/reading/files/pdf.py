"""PDF files as the same units that HTML gives: headers and page numbers off, broken lines joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from monitor.reading import page_dates
from monitor.reading.blocks import cut_sentences
from monitor.reading.files.contained import open_contained
from storage.records import Block, Reading
from storage.text.japanese import RADICALS, fold_width, parse_date
from storage.text.patterns import pattern_of

MAX_BYTES = 100_000_000
"""Bytes of a file that is opened."""

_PAGE_NUMBER = pattern_of(r"[-－‐–—―ー ]*(?:p\.?\s*)?#(?:\s*[/／]\s*#|\s*ページ|\s*頁)?[-－‐–—―ー ]*", re.I)
_DIGITS = pattern_of(r"[0-9０-９]+")
_ITEM = pattern_of(
    r"\s*(?:[・○●◎■□◆◇▶▷※＊*➢〇–-]\s?|[①-⑳㋐-㋾]|[（(]?[0-9０-９]{1,2}[)）．.、]|[（(][ア-ンa-z一二三四五六七八九十][)）]"
    r"|第[0-9０-９一二三四五六七八九十]+[章節条]|[ア-ン][\s　]|[IVXⅠ-Ⅻ]+[．.\s]|[０-９0-9]{1,2}[\s　])"
)
_COMPLETE = pattern_of(r"[。：:」）)】］]$")
_LATIN_END = pattern_of(r"[A-Za-z0-9,.;]$")
_LATIN_START = pattern_of(r"[A-Za-z]")
_JAPANESE = pattern_of("[\u3041-\u30fe\u4e00-\u9fff\uff10-\uff5a]")
_GARBAGE = pattern_of("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f]|\\(cid:[0-9]+\\)")
_SPACES = pattern_of(r"[ \t\u00a0\u200b\ufeff\u00ad\ufffe]+")
_BETWEEN = pattern_of(r"(?<=[\u3000-\u30ff\u4e00-\u9fff]) (?=[\u3000-\u30ff\u4e00-\u9fff])")
_FILE_NAME = pattern_of(
    r"\.(?:docx?|xlsx?|pptx?|pdf|jtd|indd|ai)$|"
    r"^(?:microsoft|untitled|無題|スライド|slide|powerpoint)|\\|^[\w.<>()-]+$",
    re.I | re.A,
)


def read_pdf(body: bytes, *, url: str = "") -> Reading:
    """Return the Reading of a PDF file."""
    if len(body) > MAX_BYTES:
        return Reading("unreadable", f"PDF of {len(body)} bytes")
    answer = open_contained(body)
    if "error" in answer:
        return Reading("unreadable", f"PDF: {answer['error']}"[:200])
    pages: list[str] = answer["pages"]
    lines = join_lines(strip_margins([_lines(page) for page in pages]))
    text = "".join(lines)
    if problem := _illegible(text, len(pages), answer["scanned"]):
        return Reading("unreadable", f"PDF: {problem}")
    units = tuple(
        Block("item" if _ITEM.match(line) else "text", sentence)
        for line in lines
        for sentence in cut_sentences(line)
    )
    name = choose_title(answer.get("title") or "", lines)
    claims = page_dates.add_shown_dates(page_dates.Dates(), units, title=name, url=url)
    left = (
        f"the first {len(pages)} of {answer['count']} pages were read" if answer["count"] > len(pages) else ""
    )
    return Reading("content", left, name, claims.published, claims.updated, "", text.count("\ufffd"), units)


def strip_margins(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return pages without their running head and foot.

    These are a first or last line that returns on most pages, its digits apart, and does not fill the
    page's width; or one that is a page number.
    """
    short = [
        {_mask(line) for line in (*page[:1], *page[-1:]) if _width(line) < _full(page)} for page in pages
    ]
    seen = Counter(mask for masks in short for mask in masks)
    often = {mask for mask, count in seen.items() if count >= max(3, 0.6 * len(pages))}
    result = []
    for page, masks in zip(pages, short, strict=True):
        kept = list(page)
        for edge in (0, -1):
            mask = _mask(kept[edge]) if kept else ""
            if mask and (mask in often & masks or _PAGE_NUMBER.fullmatch(mask)):
                del kept[edge]
        result.append(kept)
    return result


def _mask(line: str) -> str:
    return _DIGITS.sub("#", line)


def join_lines(pages: Sequence[Sequence[str]]) -> list[str]:
    """Put lines together again that a page's width had broken, across pages too."""
    result: list[str] = []
    full = False  # whether the line before ran to the margin
    for page in pages:
        margin = _full(page)
        for line in page:
            if full and result and not _COMPLETE.search(result[-1]) and not _ITEM.match(line):
                between = " " if _LATIN_END.search(result[-1]) and _LATIN_START.match(line) else ""
                result[-1] += between + line
            else:
                result.append(line)
            full = _width(line) >= margin
    return result


def _lines(page: str) -> list[str]:
    text = page.translate(RADICALS).replace("\r\n", "\n").replace("\r", "\n")
    lines = (_BETWEEN.sub("", _SPACES.sub(" ", line)).strip(" \u3000") for line in text.split("\n"))
    return [line for line in lines if line]


def _width(line: str) -> int:
    return sum(2 if char > "\u2e7f" else 1 for char in line)


def _full(page: Sequence[str]) -> float:
    """Return the width from which a line of the page has run to the margin."""
    return max(20.0, 0.85 * max(map(_width, page), default=0))


def _illegible(text: str, pages: int, scanned: int) -> str:
    """Say why the text layer cannot be believed; empty if it can."""
    size = len(text.replace(" ", ""))
    if 2 * scanned > pages:
        return f"no text layer ({scanned} of {pages} pages are pictures)"
    if size < max(4, 3 * min(pages, 4)):
        return f"no text layer ({pages} pages, {size} characters)"
    garbage = sum(len(match) for match in _GARBAGE.findall(text))
    if garbage > 0.1 * size:
        return f"no character map ({garbage} of {size} characters mean nothing)"
    beyond = sum(1 for char in text if char > "\x7f")
    if beyond > 0.5 * size and len(_JAPANESE.findall(text)) < 0.3 * beyond:
        return "no character map (what should be Japanese is not)"
    return ""


def choose_title(stated: str, lines: Sequence[str]) -> str:
    """Return what a document calls itself where that is no file name, else the first line that may be one."""
    stated = stated.translate(RADICALS).strip()
    if stated and len(stated) > 3 and not _FILE_NAME.search(stated) and not _GARBAGE.search(stated):
        return stated[:200]
    for line in lines[:12]:
        short = fold_width(line)
        if len(line) >= 6 and not (parse_date(short) and len(short) < 24):
            return line[:120]
    return lines[0][:120] if lines else ""
