"""The main text of a page that nobody has declared, apart from what stands around it.

Landmarks first (``main``), then names common to Japanese templates, then the whole body; inside, what
is furniture goes. In doubt content stays: losing a sentence is a missed change, keeping a link is not.
Update dates and contact boxes that a template puts beside the main text are brought back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree
from lxml.cssselect import CSSSelector

from monitor.reading.blocks import blocks, clean
from monitor.reading.dates import DATE_LINE
from monitor.reading.names import Part, part
from monitor.reading.tree import LINE, Element
from storage.records import Block, PageRules

_LENGTH = etree.XPath("string-length(normalize-space(.))")
_PLACE = "\ufdd1"  # a noncharacter: where the main text stood
_NO_BOX = frozenset(("tr", "tbody", "td", "table", "main", "article"))
_HIDDEN = etree.XPath("//*[contains(@style, 'none')]")
_TAGS = {
    "nav": Part.HARD,
    "footer": Part.HARD,
    "dialog": Part.SOFT,
    "aside": Part.SOFT,
    "header": Part.HEADER,
    "main": Part.MAIN,
}
_PLAIN = frozenset(("main", "nav", "footer"))  # these mean what they are called
_BOXES = tuple("nav footer header main aside dialog div section article ul ol dl p span form td center".split())
"""Elements that can be a part of a page; a name on another (a row, a link, a heading) is decoration."""

_JAPANESE = re.compile("[\u3041-\u30fe\u4e00-\u9fff]")
PHONE = re.compile(r"[0０][0-9０-９]{1,4}[-－‐ー―(（)）][0-9０-９]{1,4}[-－‐ー―(（)）][0-9０-９]{3,4}")
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|csv|zip|jtd)(?:$|[?#])", re.I)
_CONTACT = re.compile("お?問い?合わ?せ|担当(?:課|部|者|：|:)|連絡先|このページ(?:の作成|に関する)")
_SURVEY = re.compile(
    "ページ(?:の内容|の情報|の感想|について|は|に対して|に関して)?[^。]{0,12}(?:役に?立|わかりやす|分かりやす|見つけやす|参考にな|ご意見|ご感想|改善)"
    "|(?:ご意見|ご感想)を?お聞かせ|良いウェブサイト|よりよい(?:ホームページ|ウェブ)"
)
_SEEN_ALSO = re.compile("こんなページも見て|見ている人は|最近(?:見た|閲覧した)ページ|よく見られて(?:いる)?ページ|足あと")
_WIDGET = 700  # characters: more than this is no survey box

PHRASES = re.compile(
    r"""
    (?:ここから)?本文(?:です|ここから|の始まり)?
    | ここまで(?:が)?本文(?:です)?
    | (?:この)?ページの?(?:先頭|トップ|上部|最上部)(?:です|へ|に)?(?:戻る|移動)?(?:します)?
    | (?:ページ)?(?:先頭|トップ|上|TOP|Top)(?:へ|に)(?:戻る|もどる)? | (?:▲|↑)?\s?page\s?top
    | .{0,25}(?:スキップ|飛ばし|とばし)(?:て.{0,15}|する|します)?
    | (?:この)?ページの?(?:本文|内容)へ(?:移動|ジャンプ)?(?:します)?
    | (?:この)?(?:ページ|記事)を?印刷(?:する|用|します|用に開く)? | 印刷(?:用)?(?:の)?(?:ページ|画面)?(?:を)?(?:表示|開く)?(?:する)?
    | (?:スマートフォン|スマホ|PC|パソコン|モバイル)(?:版|サイト|用|表示)?(?:を|へ|で|に)?(?:表示|見る|切り?替え)?(?:する)?
    | 文字(?:サイズ|の大きさ).{0,20} | 背景色.{0,10} | 色合い.{0,10} | (?:音声)?読み上げ(?:る|・.{0,8})? | ふりがな.{0,8}
    | (?:Foreign|Select)\s?Languages? | Language | Translate
    | ツイート(?:する)? | シェア(?:する)? | (?:LINE|X|Facebook|フェイスブック|ツイッター|Twitter)(?:で|に)?(?:送る|シェア|ポスト|ツイート|投稿)(?:する)? | いいね！?(?:する)? | 共有(?:する)? | (?:X\s?)?ポスト(?:する)? | Tweet | Share
    | (?:一つ)?前(?:に見ていた)?の?(?:ページ|画面)?(?:に|へ)戻る | 戻る | 閉じる | メニュー(?:を(?:開く|閉じる))? | 検索
    | (?:次|前)(?:へ|の(?:記事|ページ|お知らせ)(?:へ)?) | (?:一覧|トップ(?:ページ)?|ホーム)(?:へ|に)?(?:戻る|もどる)
    | サイトマップ | ページ内目次 | 目次を(?:開く|閉じる)
    | (?:アクセス|閲覧|訪問者)(?:数|カウンター?).{0,20}
    | (?:copyright|©|\(c\)|（c）).{0,150} | .{0,80}all\srights\sreserved.?
    | .{0,80}(?:adobe|acrobat|アドビ|アクロバット)[^。]{0,40}(?:reader|リーダー)?.{0,140}
    | .{0,12}(?:情報|ページ)が見つからない(?:とき|場合)(?:は|に).{0,20}
    | (?:音声|動画)プラグイン.{0,60}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EDGES = "。．.、,　 \t:：>＞»›|｜・▲△↑⇧←[]［］【】「」()（）"


@dataclass(slots=True)
class Main:
    """What was found: the units of the main text, and what was left out."""

    blocks: list[Block]
    chrome: list[str] = field(default_factory=list)
    missing: str = ""  # the declared selector that met nothing
    heading: str = ""  # the page's h1, wherever it stands


def main_text(root: Element, rules: PageRules, base: str = "", title: str = "") -> Main:
    """The units of the main text of ``root``, which is used up."""
    chrome: list[str] = []
    for selector in rules.exclude:
        for element in _select(root, selector):
            _drop(element, chrome)
    if rules.include:
        chosen = _outermost(element for selector in rules.include for element in _select(root, selector))
        if not chosen:
            return Main([], chrome, ", ".join(rules.include))
        return Main([unit for element in chosen for unit in blocks(element, base)], chrome)
    body = root.find("body")
    page = _Page(root if body is None else body, title)
    page.drop_furniture(chrome)
    found = _without_phrases(page.units(base, chrome), chrome)
    return Main(found, chrome, heading=_text(page.heading) if page.heading is not None else "")


class _Page:
    """One body on its way from everything to the main text."""

    def __init__(self, body: Element, title: str) -> None:
        self.body = body
        self.parts = _parts(body)
        self.heading = self._heading(title)
        self.main = self._main()
        self.whole = self.main == [body]
        self.inside = {element for main in self.main for element in main.iter()}

    def _heading(self, title: str) -> Element | None:
        """The h1 that says something: a logo that links to the front page does not, and what
        stands in the page's header is a slogan unless the title repeats it."""
        for heading in self.body.iter("h1"):
            text = _text(heading)
            linked = "".join("".join(a.itertext()) for a in heading.iter("a")).strip()
            if len(text) < 2 or text == linked or self._within(heading, Part.HARD):
                continue
            if text in title or not self._within(heading, Part.HEADER):
                return heading
        return None

    def _within(self, element: Element, kind: Part) -> bool:
        return any(self.parts.get(a) is kind for a in element.iterancestors())

    def _main(self) -> list[Element]:
        """The elements that hold the main text; the body where none does."""
        named = [e for e, kind in self.parts.items() if kind is Part.MAIN and not self._within(e, Part.HARD)]
        landmarks = [e for e in named if e.tag == "main" or e.get("role") == "main"]
        furniture = _outermost(e for e, kind in self.parts.items() if kind is Part.HARD)
        sizes = [(_size(e), set(e.iterancestors())) for e in furniture] if named else []

        def readable(element: Element) -> float:
            return _size(element) - sum(size for size, above in sizes if element in above)

        around_heading = set(self.heading.iterancestors()) if self.heading is not None else set()
        for candidates, share in ((landmarks, 0.2), (named, 0.5)):
            alike: dict[tuple[str | None, ...], list[Element]] = {}
            for element in _outermost(candidates):
                alike.setdefault((element.tag, element.get("id"), element.get("class")), []).append(element)
            sized = [(sum(map(readable, group)), group) for group in alike.values()]
            if not sized:
                continue
            size, best = max(sized, key=lambda pair: pair[0])
            if size and (size >= share * readable(self.body) or not around_heading.isdisjoint(best)):
                return best
        return [self.body]

    # --- dropping ---------------------------------------------------------------------------

    def drop_furniture(self, chrome: list[str]) -> None:
        protected = {self.body, *self.main}
        for element in (*self.main, *([] if self.heading is None else [self.heading])):
            protected.update(element.iterancestors())
        size = sum(map(_size, self.main))
        self.most = max(300.0, 0.5 * size)
        self.total = _size(self.body)
        gone: dict[Element, None] = {}
        for element, kind in self.parts.items():
            if element in protected or kind is Part.MAIN or any(a in gone for a in element.iterancestors()):
                continue
            if self._is_furniture(element, kind):
                gone[element] = None
        for element in gone:
            _drop(element, chrome)
        for element in _HIDDEN(self.body):
            style = (element.get("style") or "").replace(" ", "")
            if "display:none" in style and element not in protected:
                if not _JAPANESE.search("".join(element.itertext())):
                    _drop(element, chrome)
        self._drop_boxes(_SURVEY, chrome, protected)
        self._drop_boxes(_SEEN_ALSO, chrome, protected)
        if self.whole:
            self._drop_link_columns(chrome, protected)

    def _is_furniture(self, element: Element, kind: Part) -> bool:
        if kind is Part.HARD and element.tag == "nav":
            return True
        text = "".join(element.itertext())
        if kind is Part.HARD:
            if DATE_LINE.search(text) and _size(element) < 200 and _density(element) < 0.8:
                return False  # a line of tools that also says when the page was updated
            if not self.whole and element in self.inside and PHONE.search(text) and _density(element) < 0.5:
                return False  # a footer of the main text: whom to ask
            return self._is_small_or_links(element)
        if kind is Part.HEADER:
            if element in self.inside and not self.whole:
                return any(self.parts.get(e) is Part.HARD for e in element.iterdescendants())
            in_article = any(a.tag in ("article", "main") for a in element.iterancestors())
            return not in_article and self._is_small_or_links(element)
        if PHONE.search(text) or DATE_LINE.search(text) or _documents(element):
            return False
        return _density(element) >= 0.6 or bool(_SURVEY.search(text))

    def _is_small_or_links(self, element: Element) -> bool:
        """Not the page itself under a furniture's name, as wrappers are sometimes called."""
        size = _size(element)
        return size < self.most or (size < 0.85 * self.total and _density(element) > 0.5)

    def _drop_boxes(self, phrase: re.Pattern[str], chrome: list[str], protected: set[Element]) -> None:
        """Boxes that say what they are in their first words: the widest one that begins so."""
        if not phrase.search("".join(self.body.itertext())):
            return
        says = phrase.search
        found: list[Element] = []
        for element in self.body.iter():
            if element.text and says(element.text):
                found.append(element)
            elif element.tail and says(element.tail):
                found.append(element.getparent())
        for element in found:
            box = None
            for candidate in (element, *element.iterancestors()):
                if candidate in protected or candidate.tag in _NO_BOX:
                    break
                raw = "".join(candidate.itertext())
                if len(raw) > 10 * _WIDGET:
                    break
                text = clean(raw.replace(LINE, " "))
                first = says(text)
                if len(text) > _WIDGET or first is None or first.start() > 40:
                    break
                if PHONE.search(text) or DATE_LINE.search(text) or _documents(candidate):
                    break
                box = candidate
            if box is not None:
                _drop_with_form(box, chrome)

    def _drop_link_columns(self, chrome: list[str], protected: set[Element]) -> None:
        """Menus without a name beside a text without a name: columns that are nothing but links."""
        if _size(self.body) - _linked(self.body) < 120:
            return  # a page of links is a listing, not a menu
        for element in list(self.body.iter("ul", "ol", "td", "div", "p", "dl")):
            if element in protected or not self._attached(element):
                continue
            if element.tag in ("ul", "ol", "dl", "p") and _after_heading(element):
                continue
            links = list(element.iter("a"))
            if len(links) < 3 or _documents(element) or _density(element) < 0.7:
                continue
            text = "".join(element.itertext())
            if not (PHONE.search(text) or DATE_LINE.search(text)) and len(text) / len(links) < 40:
                _drop(element, chrome)

    def _attached(self, element: Element) -> bool:
        return element.getroottree().getroot() is self.body.getroottree().getroot()

    # --- what stands beside -----------------------------------------------------------------

    def units(self, base: str, chrome: list[str]) -> list[Block]:
        """The main text's units, with the update dates and contact boxes found beside it."""
        found = [unit for main in self.main for unit in blocks(main, base)]
        if self.whole:
            return found
        for index, main in enumerate(self.main):
            place = etree.Element("p")
            place.text = _PLACE if index == 0 else None
            place.tail, main.tail = main.tail, None
            main.getparent().replace(main, place)
        rest = blocks(self.body, base)
        at = next((index for index, unit in enumerate(rest) if unit.text == _PLACE), len(rest))
        before = [unit for unit in rest[:at] if is_date_line(unit.text)]
        contact = _contact(rest[at + 1 :])
        after = [unit for unit in rest[at + 1 :] if unit in contact or is_date_line(unit.text)]
        chrome += [unit.text for unit in rest if unit not in before and unit not in after and unit.text != _PLACE]
        return [*before, *found, *after]


def _parts(body: Element) -> dict[Element, Part]:
    """Every element whose tag or names say what it is, in document order."""
    found: dict[Element, Part] = {}
    for element in body.iter(*_BOXES):
        tag = element.tag
        names = element.attrib
        kind = _TAGS.get(tag, Part.NOTHING)
        if names and tag not in _PLAIN:
            named = part(names.get("id"), names.get("class"), names.get("role"))
            if kind is Part.NOTHING or (kind is Part.HEADER and named is Part.HARD):
                kind = named
        if kind is not Part.NOTHING and element is not body:
            found[element] = kind
    return found


def is_date_line(text: str) -> bool:
    """Whether a line labels a date: such a line is never furniture."""
    return len(text) <= 80 and DATE_LINE.search(text) is not None


def _contact(units: Sequence[Block]) -> list[Block]:
    """A contact box after the main text: from its title to its last telephone number."""
    for start, unit in enumerate(units):
        if _CONTACT.search(unit.text) and len(unit.text) < 60:
            box = units[start : start + 14]
            last = max((i for i, other in enumerate(box) if PHONE.search(other.text)), default=-1)
            if last >= 0:
                return list(box[: last + 1])
    return []


def _without_phrases(units: Iterable[Block], chrome: list[str]) -> list[Block]:
    """Without the lines that every template speaks: skip to the text, print, back to the top."""
    kept = []
    for unit in units:
        if unit.kind != "row" and len(unit.text) < 200 and PHRASES.fullmatch(unit.text.strip(_EDGES)):
            chrome.append(unit.text)
        else:
            kept.append(unit)
    return kept


# --- small things about elements ------------------------------------------------------------


def _drop(element: Element, chrome: list[str]) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if text := _text(element):
        chrome.append(text)
    if tail := element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _drop_with_form(element: Element, chrome: list[str]) -> None:
    """Drop a box, and the forms that follow it as neighbours."""
    following = element.getnext()
    _drop(element, chrome)
    while following is not None and (following.tag == "form" or following.find(".//input") is not None):
        element, following = following, following.getnext()
        if _size(element) > _WIDGET or PHONE.search("".join(element.itertext())):
            return
        _drop(element, chrome)


def _text(element: Element) -> str:
    return clean("".join(element.itertext()).replace(LINE, " "))


def _size(element: Element) -> float:
    return float(_LENGTH(element))


def _linked(element: Element) -> float:
    return sum(map(_size, element.iter("a")))


def _density(element: Element) -> float:
    """The share of an element's text that is links."""
    total = _size(element)
    return min(1.0, _linked(element) / total) if total else 1.0


def _documents(element: Element) -> bool:
    return any(_DOCUMENT.search(link.get("href") or "") for link in element.iter("a"))


def _after_heading(element: Element) -> bool:
    previous = element.getprevious()
    return previous is not None and previous.tag in ("h2", "h3", "h4", "h5", "p")


def _outermost(elements: Iterable[Element]) -> list[Element]:
    chosen: dict[Element, None] = dict.fromkeys(elements)
    return [e for e in chosen if not any(a in chosen for a in e.iterancestors())]


@lru_cache(maxsize=256)
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def _select(root: Element, css: str) -> list[Element]:
    return list(_selector(css)(root))
