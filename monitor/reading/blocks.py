"""A tree to readable units: headings, sentences, list items, table rows, dt/dd pairs.

Text is kept as the page has it, but for white space: a line end of the source inside Japanese text
is nothing, elsewhere a space. Comparing is what folds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from urllib.parse import quote, urljoin

from lxml import etree

from monitor.reading.marks import TYPED_MARKS, set_marks_apart
from monitor.reading.parse import LINE, Element
from storage.records import Block, BlockKind, Link
from storage.text.patterns import pattern_of

_MAX_COLUMNS = 300
_MAX_LINKS = 2000  # of one block
_MARK = "\ufdd0"  # a noncharacter: where a link begins in text that is still being put together

_BLOCK_TAGS = frozenset(
    """
    address article aside blockquote body caption center details dd dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav
    ol optgroup p pre section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CONTAINERS = frozenset(
    """
    div p section article main ul ol tr td th tbody thead dl form
    """.split()  # noqa: SIM905
)
_INNER_BLOCKS = tuple(_BLOCK_TAGS - {"html", "body"})
_ROWS = etree.XPath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")
_LAYOUT = etree.XPath("boolean(.//table | .//h1 | .//h2 | .//h3 | .//h4)")
_STRAY = etree.XPath(
    "boolean((. | ./tr | ./thead | ./tbody | ./tfoot | ./*/tr)/text()[normalize-space()][. != '\u2028'])"
)
_STRUCTURE = etree.XPath("boolean(.//table | .//h1 | .//h2 | .//h3 | .//h4 | .//h5 | .//dl)")

_CJK = "\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff60\u2460-\u24ff"
_LINE_END = r"[ \t]*[\r\n][ \t\r\n]*"
_SOURCE_LINE = pattern_of(rf"(?<=[{_CJK}]){_LINE_END}(?=[{_CJK}0-9])|(?<=[0-9]){_LINE_END}(?=[{_CJK}])")
_SPACES = pattern_of(r"[ \t\r\n\f\v\u00a0]+")
_NO_INK = "\u00ad\u034f\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_UNSEEN = pattern_of(f"[{_NO_INK}]|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])")
"""Characters without width or ink: they may stand inside a number or a word, and join nothing but emoji."""

_UNCLEAN = pattern_of(rf"[{_NO_INK}\u200d{TYPED_MARKS}\t\r\n\f\v\u00a0]")
"""What may have to be taken out of a text, or to be moved in it."""


def read_blocks(root: Element, base: str = "") -> list[Block]:
    """Read every unit of text below ``root`` in reading order."""
    walk = _Walk(base)
    walk.through(root)
    return walk.units


class _Walk:
    """One pass over a tree; the buffer holds the inline text since the last block boundary."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.units: list[Block] = []
        self.buffer: list[str] = []
        self.anchors: list[Element] = []
        self.term: tuple[str, tuple[Link, ...]] | None = None  # a dt that waits for its dd

    def through(self, root: Element) -> None:
        kinds: list[tuple[BlockKind, int]] = [("text", 0)]
        buffer = self.buffer
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            block = tag in _BLOCK_TAGS
            if block and buffer:
                self.flush(*kinds[-1])
            if event == "start":
                if block:
                    if tag in _CONTAINERS:
                        pass
                    elif tag in _HEADINGS:
                        kinds.append(("heading", int(tag[1])))
                    elif tag == "li":
                        kinds.append(("item", 0))
                    elif self.taken(tag, element):
                        walk.skip_subtree()
                        continue
                elif tag == "a" and len(self.anchors) < _MAX_LINKS and element.get("href"):
                    buffer.append(_MARK)
                    self.anchors.append(element)
                if text := element.text:
                    buffer.append(text)
                continue
            if block:
                if tag in _HEADINGS or tag == "li":
                    kinds.pop()
                elif tag == "dl":
                    self.release()
            if (tail := element.tail) and element is not root:
                buffer.append(tail)
        self.flush("text", 0)
        self.release()

    def taken(self, tag: str, element: Element) -> bool:
        """Tell whether an element has been read as a whole: a data table, a term, its description."""
        if tag == "table" and not is_layout(element):
            self.table(element)
        elif tag == "dt":
            self.release()
            self.term = self.cell(element)  # until its dd comes
        elif tag == "dd" and self.term is not None and not _STRUCTURE(element):
            self.pair(element)
        else:
            return False
        return True

    def flush(self, kind: BlockKind, level: int) -> None:
        """Add the units of the buffer, and empty it."""
        raw = "".join(self.buffer)
        self.buffer.clear()
        if not raw.replace(_MARK, "").strip():
            self.buffer += _MARK * raw.count(_MARK)  # a link around blocks is that of the first of them
            return
        anchors = iter(self.anchors)
        self.anchors = []
        for line in raw.split(LINE) if LINE in raw else (raw,):
            line = clean(line)
            if not line:
                continue
            for sentence in (line,) if kind == "heading" else cut_sentences(line):
                if _MARK in sentence:
                    text = clean(sentence.replace(_MARK, ""))
                    links = self.resolve(islice(anchors, sentence.count(_MARK)))
                    if text:
                        self.units.append(Block(kind, text, links=links, level=level))
                else:
                    self.units.append(Block(kind, sentence, level=level))

    def resolve(self, anchors: Iterable[Element]) -> tuple[Link, ...]:
        found = (
            Link(clean("".join(a.itertext()).replace(LINE, " ")), absolute(self.base, a.get("href")))
            for a in anchors
        )
        return tuple(dict.fromkeys(link for link in found if link.url and link.text))

    # --- pairs and rows ---------------------------------------------------------------------

    def release(self) -> None:
        """Release a term that got no description: it is text of its own."""
        if self.term and self.term[0]:
            self.units.append(Block("text", self.term[0], links=self.term[1]))
        self.term = None

    def pair(self, element: Element) -> None:
        assert self.term is not None
        term, term_links = self.term
        text, links = self.cell(element)
        if term and text:
            self.units.append(Block("row", f"{term} | {text}", (term, text), links=term_links + links))
            self.term = ("", ())  # a second dd goes without repeating the term
        elif text:
            self.units.append(Block("text", text, links=links))

    def cell(self, element: Element) -> tuple[str, tuple[Link, ...]]:
        """Read text and links of an element as one line."""
        if not len(element):
            return clean(element.text or ""), ()
        for inner in element.iter(*_INNER_BLOCKS):
            if inner is not element:
                inner.text = LINE + (inner.text or "")
                inner.tail = LINE + (inner.tail or "")
        text = clean("".join(element.itertext()).replace(LINE, " "))
        return text, self.resolve(a for a in element.iter("a") if a.get("href"))

    def table(self, table: Element) -> None:
        caption = table.find("caption")
        if caption is not None:
            text, links = self.cell(caption)
            if text:
                self.units.append(Block("text", text, links=links))
        head = _Head()
        covering: dict[int, tuple[int, str]] = {}  # column -> rows that a cell above still covers, its text
        for row in _ROWS(table):
            cells: list[str] = []
            above: list[str] = []  # what cells above say in the columns that a row begins with
            row_links: list[Link] = []
            wide: dict[int, int] = {}  # column -> columns that its cell covers
            header = True
            for element in row:
                if element.tag not in ("td", "th"):
                    continue
                header &= element.tag == "th"
                _go_on(cells, above, covering)
                if len(cells) >= _MAX_COLUMNS:
                    break
                text, found = self.cell(element)
                width, high = _span(element, "colspan"), _span(element, "rowspan")
                wide[len(cells)] = width
                for column in range(len(cells), len(cells) + width):
                    if high > 1:
                        covering[column] = (high - 1, text if column == len(cells) else "")
                cells += [text, *[""] * (width - 1)]
                row_links += found
            reach = max(covering, default=-1)
            while len(cells) <= reach:
                if not _go_on(cells, above, covering):
                    cells.append("")
            filled = [cell for cell in cells if cell]
            if not filled:
                continue
            if len(filled) == 1:
                cells = filled
            text = " | ".join(cells)
            links = tuple(dict.fromkeys(row_links))
            heads = header and len(filled) > 1
            side = "" if heads else " ".join(filter(None, above))
            self.units.append(Block("row", text, tuple(cells), head.cells, links, row_head=side))
            if heads:
                head.add(cells, wide)


class _Head:
    """The heads of a table's columns, from rows of heads one below the other: 件数 over 流出."""

    def __init__(self) -> None:
        self.cells: tuple[str, ...] = ()
        self._reaching: set[int] = set()  # columns whose head covers others

    def add(self, row: Sequence[str], wide: dict[int, int]) -> None:
        """Take a row of heads: below the last one if that reaches over its columns, else in its place."""
        said = list(row)
        reaching: set[int] = set()
        for column, width in wide.items():
            if width > 1:
                reaching.update(range(column, column + width))
                said[column : column + width] = [row[column]] * len(said[column : column + width])
        if self._reaching and len(said) == len(self.cells):
            both = zip(self.cells, said, strict=True)
            said = [" ".join(dict.fromkeys(filter(None, (above, below)))) for above, below in both]
        self.cells, self._reaching = tuple(said), reaching


def _go_on(cells: list[str], above: list[str], covering: dict[int, tuple[int, str]]) -> bool:
    """Step over the columns that cells above cover; say whether there were any.

    ``above`` takes what they say, as far as nothing else stands before them in the row.
    """
    first = len(cells)
    while (left := covering.get(len(cells), (0, "")))[0] > 0:
        covering[len(cells)] = (left[0] - 1, left[1])
        if not any(cells):
            above.append(left[1])
        cells.append("")
    return len(cells) > first


def _span(element: Element, name: str) -> int:
    value = element.get(name)
    return min(int(value), 100) if value and value.isdecimal() and value != "0" else 1


def is_layout(table: Element) -> bool:
    """Say whether a table holds a page's columns or whole passages rather than data, or is broken.

    In a broken one cells or words stand outside of rows. Both kinds are walked like any other mark-up.
    """
    if table.get("role") in ("presentation", "none") or _LAYOUT(table):
        return True
    rows = _ROWS(table)
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    if len(cells) <= 1 or sum(1 for _ in table.iter("td", "th")) != len(cells) or _STRAY(table):
        return True
    if any(cell.tag == "th" for cell in cells):
        return False
    sizes = [len("".join(cell.itertext())) for cell in cells]
    return len(rows) <= 3 and max(sizes) > 200 and max(sizes) > 0.6 * sum(sizes)


# --- text -----------------------------------------------------------------------------------


def clean(text: str) -> str:
    """Make one line of a text: white space collapsed, and none at the ends.

    White space at a source line end in Japanese goes too, and so does what has no width.
    """
    if "  " not in text and _UNCLEAN.search(text) is None:
        return text.strip(" \u3000")  # as most
    if not text.isascii():
        text = set_marks_apart(_UNSEEN.sub("", text))
    if "\n" in text:
        text = _SOURCE_LINE.sub("", text)
    return _SPACES.sub(" ", text).strip(" \u3000")


# Spelt out sign by sign, so that other places are passed over at once.
_ENDS = pattern_of(
    "|".join([*(f"{sign}(?![。！？!?])" for sign in "。！？"), r"!(?=[^\x00-\x7f])", r"\?(?=[^\x00-\x7f])"])
)
COUNTED = pattern_of(r"[ \u3000]*[:：(（]?[0-9０-９][0-9０-９,，.．]*[k万]?(?:件|回|人)?[)）]?[ \u3000]*")
"""What is counted behind a call (いいね！ 12): no sentence of its own."""
_BRACKETS = pattern_of(r"[（(「『【［〔〈《)）」』】］〕〉》]")
_OPEN = frozenset("（(「『【［〔〈《")


def cut_sentences(line: str) -> Sequence[str]:
    """Return the sentences of a line; what stands in brackets is not cut.

    A bracket that never closes holds nothing together.
    """
    ends = [match.end() for match in _ENDS.finditer(line)]
    if ends and line[ends[-1] - 1] != "。" and COUNTED.fullmatch(line, ends[-1]):
        ends.pop()
    if not ends:
        return (line,)
    pieces = [line[start:end] for start, end in pairwise((0, *ends, len(line)))]
    if _BRACKETS.search(line):
        pieces = _together(pieces)
    return [stripped for piece in pieces if (stripped := piece.strip(" \u3000"))]


def _together(pieces: list[str]) -> list[str]:
    result: list[str] = []
    start, depth = 0, 0
    for index, piece in enumerate(pieces):
        for bracket in _BRACKETS.findall(piece):
            depth = depth + 1 if bracket in _OPEN else max(0, depth - 1)
        if depth == 0:
            result.append("".join(pieces[start : index + 1]))
            start = index + 1
    return result + pieces[start:]


# --- addresses ------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def absolute(base: str, href: str) -> str:
    """Return the address a link means; empty for one that leads to no document."""
    href = href.strip().replace("\n", "").replace("\t", "")
    if href.startswith("#") or not href:
        return ""
    try:
        url = urljoin(base, href) if base else href
    except ValueError:
        return ""
    scheme = url.split(":", 1)[0].lower() if ":" in url else ""
    if scheme not in ("", "http", "https") and "/" not in scheme and "?" not in scheme:
        return ""
    return url if url.isascii() and " " not in url else quote(url, safe="%/:=&?~#+!$,;'@()*[]")
