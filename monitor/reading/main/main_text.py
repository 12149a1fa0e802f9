"""The main text of a page that nobody has declared, apart from what stands around it.

Landmarks first (``main``), then names common to Japanese templates, then the whole body; inside, what
is furniture goes. In doubt content stays: losing a sentence is a missed change, keeping a link is not.
Update dates and contact boxes that a template puts beside the main text are brought back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from monitor.reading.blocks import COUNTED, clean, is_layout, read_blocks
from monitor.reading.dom import (
    count_chars,
    count_linked_chars,
    drop,
    has_documents,
    measure_link_share,
    read_line,
    select,
    select_outermost,
    select_shallow,
)
from monitor.reading.main.furniture import (
    APPLAUSE,
    ARROWS,
    ASKS,
    BOX,
    CONTACT,
    HOME,
    PHONE,
    QUESTIONS,
    STEP,
    SURVEYS,
    begins,
    is_date_line,
    is_furniture_line,
    tells_of_event,
)
from monitor.reading.main.headlines import strip_headlines
from monitor.reading.main.landmarks import Part, judge_part
from monitor.reading.page_dates import has_labelled_date
from monitor.reading.parse import LINE, Element
from storage.records import Block, PageRules
from storage.text.patterns import pattern_of

_PLACE = "\ufdd1"  # a noncharacter: where the main text stood
_NO_BOX = frozenset(("tr", "tbody", "td", "table", "main", "article"))
_HIDDEN = etree.XPath("descendant-or-self::*[contains(@style, 'none')]")
_TAGS = {
    "nav": Part.HARD,
    "footer": Part.HARD,
    "dialog": Part.SOFT,
    "aside": Part.SOFT,
    "header": Part.HEADER,
    "main": Part.MAIN,
}
_PLAIN = frozenset(("main", "nav", "footer"))  # these mean what they are called
_BOXES = (
    "nav",
    "footer",
    "header",
    "main",
    "aside",
    "dialog",
    "div",
    "section",
    "article",
    "ul",
    "ol",
    "dl",
    "p",
    "span",
    "form",
    "td",
    "center",
)
"""Elements that can be a part of a page; a name on another (a row, a link, a heading) is decoration."""

_JAPANESE = pattern_of("[\u3041-\u30fe\u4e00-\u9fff]")
_MAX_BOXES = 20  # phrases looked at on one page
_MIN_BOX_CHARS = 3
_MAX_TRAIL_CHARS = 200  # characters of the way from the front page
_MAX_SECTION_CHARS = 14  # characters of a section's name, on the average
_WORDS = pattern_of(r"\w+")
_BEFORE = etree.XPath("preceding::h1")
_SAID_BEFORE = etree.XPath("boolean(preceding::text()[contains(., '。')])")
_SAID_AFTER = etree.XPath("boolean(following::text()[contains(., '。')])")
_MAX_BOX_CHARS = 700  # characters: more than this is no box


@dataclass(slots=True)
class Main:
    """What was found: the units of the main text."""

    blocks: list[Block]
    missing: str = ""  # the declared selector that met nothing
    heading: str = ""  # the page's h1, wherever it stands


def find_main_text(
    root: Element, rules: PageRules, base: str = "", title: str = "", *, named: bool = True
) -> Main:
    """Return the units of the main text of ``root``, which is used up.

    With ``named`` false, what ids and classes say is not believed.
    """
    for selector in rules.exclude:
        for element in select(root, selector):
            drop(element)
    if rules.include:
        chosen = select_outermost(element for selector in rules.include for element in select(root, selector))
        if not chosen:
            return Main([], ", ".join(rules.include))
        return Main([unit for element in chosen for unit in read_blocks(element, base)])
    body = root.find("body")
    page = _Page(root if body is None else body, title, named)
    page.drop_furniture()
    heading = read_line(page.heading) if page.heading is not None else ""
    found = strip_headlines(_without_phrases(page.units(base)), base, heading or title)
    return Main(found, heading=heading)


class _Page:
    """One body on its way from everything to the main text."""

    def __init__(self, body: Element, title: str, named: bool) -> None:
        self.body = body
        self.parts = _parts(body, named)
        self.heading = self._heading(title)
        self.main = self._main()
        self.mains = set(self.main)
        self.whole = self.main == [body]

    def _heading(self, title: str) -> Element | None:
        """Find the h1 that says something.

        A logo that links to the front page does not, and what stands in the page's header is a slogan unless
        the title repeats it.
        """
        for heading in self.body.iter("h1"):
            text = read_line(heading)
            linked = "".join("".join(a.itertext()) for a in heading.iter("a")).strip()
            if len(text) < 2 or text == linked or self._within(heading, Part.HARD):
                continue
            if text in title or not self._within(heading, Part.HEADER):
                return heading
        return None

    def _within(self, element: Element, kind: Part) -> bool:
        return any(self.parts.get(a) is kind for a in element.iterancestors())

    def _main(self) -> list[Element]:
        """Find the elements that hold the main text; the body where none does."""
        named = [e for e, kind in self.parts.items() if kind is Part.MAIN and not self._within(e, Part.HARD)]
        landmarks = [e for e in named if e.tag == "main" or e.get("role") == "main"]
        furnished: Counter[Element] = Counter()  # characters of furniture below an element
        for element in (
            select_outermost(e for e, kind in self.parts.items() if kind is Part.HARD) if named else ()
        ):
            weight = int(count_chars(element))
            for above in element.iterancestors():
                furnished[above] += weight

        def readable(element: Element) -> float:
            return count_chars(element) - furnished[element]

        around_heading = set(self.heading.iterancestors()) if self.heading is not None else set()
        for candidates, share in ((landmarks, 0.2), (named, 0.5)):
            alike: dict[tuple[str | None, ...], list[Element]] = {}
            for element in select_outermost(candidates):
                alike.setdefault((element.tag, element.get("id"), element.get("class")), []).append(element)
            sized = [(sum(map(readable, group)), group) for group in alike.values()]
            if not sized:
                continue
            most, best = max(sized, key=lambda pair: pair[0])
            if most and (most >= share * readable(self.body) or not around_heading.isdisjoint(best)):
                return best
        return [self.body]

    # --- dropping ---------------------------------------------------------------------------

    def drop_furniture(self) -> None:
        protected = {self.body, *self.main}
        for element in (*self.main, *([] if self.heading is None else [self.heading])):
            protected.update(element.iterancestors())
        self.most = max(300.0, 0.5 * sum(map(count_chars, self.main)))
        self.total = count_chars(self.body)
        dropped: Element | None = None
        for element, kind in self.parts.items():
            if kind is Part.MAIN or element in protected:
                continue
            if dropped is not None and dropped in element.iterancestors():
                continue
            if self._is_furniture(element, kind):
                dropped = element
                drop(element)
        for element in select_shallow(self.body, dict.fromkeys(_HIDDEN(self.body))):
            style = (element.get("style") or "").replace(" ", "")
            hidden = "display:none" in style and element not in protected
            if hidden and not _JAPANESE.search("".join(element.itertext())):
                drop(element)  # ids for scripts and the like; a folded passage is content
        self._drop_boxes(protected)
        self._drop_trails(protected)
        if not self.whole:
            prose = sum(map(_prose, self.main))
            if _prose(self.body) - prose > max(100, prose):
                self.main, self.whole = [self.body], True  # closed too early, or not what it is called
        if self.whole:
            self._drop_link_columns(protected)

    def _is_furniture(self, element: Element, kind: Part) -> bool:
        if kind is Part.HARD:
            return element.tag == "nav" or self._is_hard_furniture(element)
        if kind is Part.HEADER:
            return self._is_header_of_site(element)
        text = "".join(element.itertext())
        if PHONE.search(text) or has_labelled_date(text) or has_documents(element):
            return False
        return measure_link_share(element) >= 0.6 or BOX.match(text.strip()) is not None

    def _is_hard_furniture(self, element: Element) -> bool:
        text = "".join(element.itertext())
        inside = self._is_inside(element)
        if len(text) < self.most and not inside and not has_labelled_date(text):
            return True
        if has_labelled_date(text) and count_chars(element) < 200 and measure_link_share(element) < 0.8:
            return False  # a line of tools that also says when the page was updated
        if inside and PHONE.search(text) and measure_link_share(element) < 0.5:
            return False  # a footer of the main text: whom to ask
        return self._is_small_or_links(element)

    def _is_header_of_site(self, element: Element) -> bool:
        if self._is_inside(element):
            return any(self.parts.get(e) is Part.HARD for e in element.iterdescendants())
        if any(above.tag in ("article", "main") for above in element.iterancestors()):
            return False
        if self.heading is not None and element.tag != "header" and element.find(".//a") is None:
            return not _behind(element, self.heading)  # the head of a section
        return self._is_small_or_links(element)

    def _is_inside(self, element: Element) -> bool:
        """Tell whether an element stands in a main text that is not the whole body."""
        return not self.whole and not self.mains.isdisjoint(element.iterancestors())

    def _is_small_or_links(self, element: Element) -> bool:
        """Tell whether an element is too small, or too much of it links, to be the page itself."""
        weight = count_chars(element)
        return weight < self.most or (weight < 0.85 * self.total and measure_link_share(element) > 0.5)

    def _drop_boxes(self, protected: set[Element]) -> None:
        """Drop boxes that say what they are in their first words: the widest one that begins so."""
        found: list[Element] = []
        for element in self.body.iter():
            if _says_box(element.text):
                found.append(element)
            elif _says_box(element.tail):
                found.append(element.getparent())
        for element in found[:_MAX_BOXES]:
            box = None
            for candidate in (element, *element.iterancestors()):
                if candidate in protected or candidate.tag in _NO_BOX:
                    break
                fits = _fits_box(candidate)
                if fits is None:
                    break
                if fits:
                    box = candidate
            if box is not None:
                _drop_with_form(box)

    def _drop_trails(self, protected: set[Element]) -> None:
        """Drop the way here from the front page: a line or a list that begins with the link to it."""
        for link in list(self.body.iter("a")):
            home = read_line(link) if len(link) < 4 else ""
            if not HOME.fullmatch(home) or not self._attached(link):
                continue
            box, trail = None, ""
            for candidate in link.iterancestors():
                if candidate in protected or candidate.tag in _NO_BOX:
                    break
                said = read_line(candidate)
                if len(said) > _MAX_TRAIL_CHARS or has_documents(candidate):
                    break
                if box is None and _is_path(candidate, home):
                    box, trail = candidate, said
                elif box is not None and begins(said, trail) == "":
                    box = candidate
                elif box is not None:
                    break
            if box is not None:
                drop(box)

    def _drop_link_columns(self, protected: set[Element]) -> None:
        """Drop menus without a name beside a text without a name: columns and rows of links alone."""
        if _prose(self.body) < 120:
            return  # a page of links is a listing, not a menu
        for element in list(self.body.iter("table", "tr", "ul", "ol", "td", "div", "p", "dl")):
            if element in protected or not self._attached(element):
                continue
            tag = element.tag
            if tag in ("ul", "ol", "dl", "p", "table") and _after_heading(element):
                continue
            links = list(element.iter("a"))
            if len(links) < 3 or has_documents(element):
                continue
            text = "".join(element.itertext())
            letters = _letters(text)
            if sum(_letters("".join(link.itertext())) for link in links) < 0.7 * letters:
                continue
            if PHONE.search(text) or has_labelled_date(text) or len(text) / len(links) >= 40:
                continue
            if tag in ("table", "tr", "td") and not self._is_menu(element, letters / len(links)):
                continue
            drop(element)

    def _is_menu(self, element: Element, letters: float) -> bool:
        """Say whether cells of links are a menu.

        They are one in a table that lays out the page, or a table of nothing but names of sections above or
        below the text. A table among the text says something.
        """
        if element.tag == "td":
            return _lays_out(element)
        if letters > _MAX_SECTION_CHARS or element.find(".//th") is not None:
            return False
        if element.tag == "tr":
            return _lays_out(element)
        return bool(_SAID_BEFORE(element)) != bool(_SAID_AFTER(element))

    def _attached(self, element: Element) -> bool:
        return element.getroottree().getroot() is self.body.getroottree().getroot()

    # --- what stands beside -----------------------------------------------------------------

    def units(self, base: str) -> list[Block]:
        """Return the main text's units, with the update dates and contact boxes found beside it."""
        found = [unit for main in self.main for unit in read_blocks(main, base)]
        if self.whole:
            return found
        for index, main in enumerate(self.main):
            place = etree.Element("p")
            place.text = _PLACE if index == 0 else None
            place.tail, main.tail = main.tail, None
            main.getparent().replace(main, place)
        rest = read_blocks(self.body, base)
        at = next((index for index, unit in enumerate(rest) if unit.text == _PLACE), len(rest))
        before = [unit for unit in rest[:at] if is_date_line(unit.text)]
        contact = _contact(rest[at + 1 :])
        after = [unit for unit in rest[at + 1 :] if unit in contact or is_date_line(unit.text)]
        return [*before, *found, *after]


def _parts(body: Element, named: bool) -> dict[Element, Part]:
    """Find every element whose tag or names say what it is, in document order."""
    found: dict[Element, Part] = {}
    for element in body.iter(*_BOXES):
        tag = element.tag
        kind = _TAGS.get(tag, Part.NOTHING)
        if named and tag not in _PLAIN:
            get = element.get
            called = judge_part(get("id"), get("class"), get("role"))
            if kind is Part.NOTHING or (kind is Part.HEADER and called is Part.HARD):
                kind = called
        if kind is not Part.NOTHING and element is not body:
            found[element] = kind
    return {element: found[element] for element in select_shallow(body, found)}


def _contact(units: Sequence[Block]) -> list[Block]:
    """Find a contact box after the main text: from its title to its last telephone number."""
    for start, unit in enumerate(units):
        if CONTACT.search(unit.text) and len(unit.text) < 60:
            box = units[start : start + 14]
            last = max((i for i, other in enumerate(box) if PHONE.search(other.text)), default=-1)
            if last >= 0:
                return list(box[: last + 1])
    return []


def _without_phrases(units: Iterable[Block]) -> list[Block]:
    """Leave out the lines that every template speaks: skip to the text, print, back to the top."""
    kept: list[Block] = []
    counted = False  # whether what was left out last may have its number in the next line
    for unit in units:
        if counted and unit.kind != "row" and COUNTED.fullmatch(unit.text):
            continue
        counted = False
        lines = [cell for cell in unit.cells if cell] if unit.kind == "row" else [unit.text]
        if unit.head or not all(map(is_furniture_line, lines)):
            kept.append(unit)
        else:
            counted = APPLAUSE.search(unit.text) is not None
    return kept


def _says_box(text: str | None) -> bool:
    """Tell whether a piece of text may be the first words of a box."""
    return text is not None and _MIN_BOX_CHARS < len(text) < _MAX_BOX_CHARS and BOX.search(text) is not None


def _fits_box(element: Element) -> bool | None:
    """Tell whether an element is a box as a whole; None where nothing around it can be one either."""
    raw = "".join(element.itertext())
    if len(raw) > 10 * _MAX_BOX_CHARS:
        return None
    text = clean(raw.replace(LINE, " "))
    first = BOX.search(text)
    if len(text) > _MAX_BOX_CHARS or first is None or first.start() > 40:
        return None
    if PHONE.search(text) or has_labelled_date(text) or has_documents(element):
        return None
    filled = element.find(".//input") is not None
    if tells_of_event(text) and not filled:
        return None
    if first[0].startswith(QUESTIONS):
        return filled
    if first[0].startswith(SURVEYS):
        links = "。" not in text and measure_link_share(element) >= 0.5
        return filled or links or ASKS.search(text) is not None
    return measure_link_share(element) >= 0.5 or len(text) < 40


def _drop_with_form(element: Element) -> None:
    """Drop a box, and the forms that follow it as neighbours."""
    following = element.getnext()
    drop(element)
    while following is not None and (following.tag == "form" or following.find(".//input") is not None):
        element, following = following, following.getnext()
        if count_chars(element) > _MAX_BOX_CHARS or PHONE.search("".join(element.itertext())):
            return
        drop(element)


def _prose(element: Element) -> float:
    """Count the characters that are no links."""
    return count_chars(element) - count_linked_chars(element)


def _is_path(element: Element, home: str) -> bool:
    """Tell whether an element is a way: from the front page to where we are, which is no link."""
    text = read_line(element)
    if PHONE.search(text) or has_labelled_date(text) or "。" in text:
        return False
    if element.tag not in ("ul", "ol"):
        return STEP.match(begins(text, home) or "") is not None
    steps = element.findall("li")
    if len(steps) < 2 or read_line(steps[0]).rstrip(ARROWS) != home:
        return False
    return steps[-1].find(".//a") is None or not _SAID_BEFORE(element)


def _behind(element: Element, heading: Element) -> bool:
    """Tell whether an element stands further down the page than its heading."""
    return heading in element.iterancestors() or heading in _BEFORE(element)


def _letters(text: str) -> int:
    """Count the characters but for white space and what separates."""
    return sum(map(len, _WORDS.findall(text)))


def _lays_out(element: Element) -> bool:
    """Tell whether the table around a row or a cell holds the page's columns rather than data."""
    table = next(element.iterancestors("table"), None)
    return table is not None and is_layout(table)


def _after_heading(element: Element) -> bool:
    previous = element.getprevious()
    return previous is not None and previous.tag in ("h2", "h3", "h4", "h5", "p")
