"""One body, from bytes to a Reading: what kind of thing it is, then each step in turn."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from lxml import etree

from monitor.reading import instead, marks, page_dates, parse, title, verdict
from monitor.reading.blocks import absolute, clean, cut_sentences
from monitor.reading.dom import drop
from monitor.reading.files import office, pdf
from monitor.reading.main import main_text
from spiders.listings.attached import find_shown, say_opened
from spiders.transport.charset import Decoded, decode
from spiders.transport.onward import points_to
from storage.records import Block, Link, PageRules, Reading, Verdict
from storage.text.documents import is_attached, may_be_attached
from storage.text.patterns import pattern_of

MAX_BYTES = 4_000_000
"""Bytes of mark-up or text that are read; the rest of a larger body is left unread, and said so."""

_MIN_SENTENCES = 2  # that make a text of what was called furniture
_GZIP = b"\x1f\x8b"
_PACKAGE = b"PK\x03\x04"  # what a ZIP file begins with, and an Office file is one
_BINARY = (
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"\xd0\xcf\x11\xe0", "old or locked Office file, compared by its bytes alone"),
    (_GZIP, "gzip data"),
    (b"Rar!", "RAR archive"),
    (b"\x7fELF", "program"),
    (b"OggS", "Ogg media"),
    (b"RIFF", "RIFF media"),
)
_BEHIND_CHARS = 30  # characters behind a link, where its kind and size may stand
_HTML = pattern_of(
    r"<\s*(?:!doctype\s+html|html|head|body|title|meta|div|p|table|br|h1|a|span|script)\b", re.I
)
_XML = pattern_of(r"\s*<\?xml\b|\s*<(?:rss|feed|rdf:RDF)\b", re.I)
_XHTML = pattern_of(r"<(?:!doctype\s+)?html\b", re.I)
_XML_HEAD = pattern_of(r"^\s*<\?xml[^>]*\?>")
_CONTROLS = pattern_of("[\x00-\x08\x0e-\x1f\ufffd]")
_LETTER = pattern_of(r"[^\W\d_]")
_CDATA_TAGS = pattern_of(r"<[^<>]{1,500}>")


def read_bytes(
    body: bytes,
    url: str,
    content_type: str | None,
    rules: PageRules,
    status: int,
) -> Reading:
    """Return the Reading of a body of any kind."""
    if b"%PDF-" in body[:1024]:
        return pdf.read_pdf(body, url=url)
    if body.startswith(_PACKAGE):
        return office.read_office(body, url=url)
    kind = (content_type or "").split(";")[0].strip().lower()
    if not body.strip():
        return _refused(status, "unreadable", "no bytes")
    if kind == "application/pdf" or (
        not kind and _path(url).endswith(".pdf") and not body.lstrip().startswith(b"<")
    ):
        return Reading("unreadable", "no PDF in spite of its name")
    if body.startswith(_GZIP) and (plain := _inflate(body)):  # saved as it was sent
        return read_bytes(plain, url, content_type, rules, status)
    for magic, name in _BINARY:
        if body.startswith(magic):
            return Reading("unreadable", name)
    decoded = decode(body[:MAX_BYTES], content_type, rules.encoding)
    if _is_binary(decoded.text):
        return Reading("unreadable", "binary data", encoding=decoded.encoding, replaced=decoded.replaced)
    head = decoded.text[:2000]
    if _XML.match(head) and not _XHTML.search(head):
        reading = _read_lines(decoded, _xml_lines(decoded.text), url, status)
    elif not _is_html(kind, head, decoded.text):
        reading = _read_lines(decoded, decoded.text.splitlines(), url, status)
    else:
        onward = points_to(body, url, content_type=content_type or "")
        reading = _read_html(decoded, url, rules, status, onward)
    if len(body) > MAX_BYTES and reading.verdict == "content":
        return _with_detail(reading, f"the first {MAX_BYTES} of {len(body)} bytes were read")
    return reading


def _read_html(decoded: Decoded, url: str, rules: PageRules, status: int, onward: str = "") -> Reading:
    root = parse.parse(decoded.text)
    _held = list(root.iter())  # else lxml makes each anew in every pass, and walks up to the root to drop it
    names = title.read_titles(root)
    claims = page_dates.read_stated_dates(root)
    found = instead.note_signs(root)
    base = _base(root, url)
    shown = _list_shown(root, base)
    _take_out(root)
    main = main_text.find_main_text(root, rules, base, names[0])
    if not rules.include and _says_nothing(main.blocks):
        main = _nameless(decoded.text, rules, base, names[0]) or main
    units = main.blocks
    name = title.choose_title(names, main.heading, units)
    documents = _attachments(units, shown)
    result, detail = verdict.judge(
        units,
        title=name,
        whole_title=names[0],
        heading=main.heading,
        status=status,
        missing=main.missing,
        documents=bool(documents),
        instead=instead.find_what_stands_instead(units, (names[0], main.heading), found)
        if not documents
        else "",
        onward=onward,
    )
    claims = page_dates.add_shown_dates(claims, units, title=name, url=url)
    return Reading(
        result,
        detail,
        name,
        claims.published,
        claims.updated,
        decoded.encoding,
        decoded.replaced,
        tuple(units),
        documents,
    )


def _take_out(root: parse.Element) -> None:
    """Leave what a reader takes for said: nothing unseen, nothing struck out, no mark inside a figure."""
    parse.strip_unread(root)
    for element in marks.find_struck(root):
        drop(element)
    marks.set_apart(root)


def _says_nothing(units: Sequence[Block]) -> bool:
    """Tell whether hardly a word is left but for headings, and no document."""
    return sum(len(unit.text) for unit in units if unit.kind != "heading") < 20 and not _attachments(units)


def _nameless(text: str, rules: PageRules, base: str, title: str) -> main_text.Main | None:
    """Find the main text where names led to nothing: sentences that stand in what is called furniture."""
    root = parse.parse(text)
    _take_out(root)
    main = main_text.find_main_text(root, rules, base, title, named=False)
    said = [unit for unit in main.blocks if unit.text.endswith("。") and not verdict.is_waiting(unit.text)]
    return main if len(said) >= _MIN_SENTENCES else None


def _read_lines(decoded: Decoded, lines: Sequence[str], url: str, status: int) -> Reading:
    """Read text without mark-up: each line its sentences."""
    units = tuple(Block("text", text) for line in map(clean, lines) for text in cut_sentences(line) if text)
    name = next((unit.text[:120] for unit in units if _LETTER.search(unit.text)), "")
    result, detail = verdict.judge(
        units, title=name, whole_title=name, heading="", status=status, missing="", documents=False
    )
    claims = page_dates.add_shown_dates(page_dates.Dates(), units, url=url)
    return Reading(
        result, detail, name, claims.published, claims.updated, decoded.encoding, decoded.replaced, units
    )


def _xml_lines(text: str) -> list[str]:
    """Read the character data of XML, element by element, also where it does not parse to its end."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_XML_HEAD.sub("", text).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return text.splitlines()
    lines: list[str] = []
    for piece in root.itertext():
        if not piece.isspace():
            lines += (_CDATA_TAGS.sub("\n", piece) if "<" in piece else piece).splitlines()
    return lines


def _attachments(units: Sequence[Block], shown: Sequence[Link] = ()) -> tuple[Link, ...]:
    """Return the documents that units link to, and those that a page shows or opens besides, each once."""
    found: dict[str, Link] = {}
    for unit in units:
        for link in unit.links:
            if link.url not in found and (_is_attached(link, unit.text) or may_be_attached(link.url)):
                found[link.url] = link
    for link in shown:
        found.setdefault(link.url, link)
    return tuple(found.values())


def _is_attached(link: Link, said: str) -> bool:
    behind = said.partition(link.text)[2][:_BEHIND_CHARS].lstrip()
    return is_attached(link.url, f"{link.text} {behind}")


def _list_shown(root: parse.Element, base: str) -> list[Link]:
    """Return the documents that frames and areas of a page show, and that its buttons and scripts open."""
    found = []
    for element, href in find_shown(root):
        if url := absolute(base, href):
            said = "" if element.tag in ("object", "embed", "iframe", "area") else say_opened(element)
            found.append(Link(said or unquote(urlsplit(url).path.rsplit("/", 1)[-1]) or url, url))
    return found


def _base(root: parse.Element, url: str) -> str:
    element = root.find(".//base[@href]")
    if element is None:
        return url
    return absolute(url, element.get("href")) or url


def _is_binary(text: str) -> bool:
    sample = text[:4000]
    return len(_CONTROLS.findall(sample)) > 0.1 * len(sample)


def _is_html(kind: str, head: str, text: str) -> bool:
    """Tell whether a text is mark-up; what calls itself plain has to begin as a page does."""
    if kind in ("text/plain", "text/csv"):
        return _XHTML.match(head.lstrip("\ufeff \t\r\n")) is not None
    return _HTML.search(head) is not None or _HTML.search(text) is not None


def _inflate(body: bytes) -> bytes:
    """Return what gzip holds, as far as it is read; nothing where it is no text."""
    try:
        plain = zlib.decompressobj(31).decompress(body, MAX_BYTES)
    except zlib.error:
        return b""
    return b"" if plain.startswith(_GZIP) or b"\0" in plain[:1024] else plain


def _refused(status: int, otherwise: Verdict, detail: str) -> Reading:
    if status >= 400:
        return Reading("soft-404" if status in (404, 410) else "blocked", f"HTTP {status}, {detail}")
    return Reading(otherwise, detail)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.lower()
    except ValueError:
        return ""


def _with_detail(reading: Reading, detail: str) -> Reading:
    return replace(reading, detail=detail)
