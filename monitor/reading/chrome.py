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

_NAMED = etree.XPath("//*[@id or @class or @role] | //nav | //header | //footer | //aside | //main | //dialog")
_LENGTH = etree.XPath("string-length(normalize-space(.))")
_LINK_TEXT = etree.XPath("string-length(normalize-space(.))")
_HEADINGS = etree.XPath("//h1")
_HIDDEN = etree.XPath("//*[contains(@style, 'none')]")
_TAGS = {
    "nav": Part.HARD,
    "footer": Part.HARD,
    "dialog": Part.SOFT,
    "aside": Part.SOFT,
    "header": Part.HEADER,
    "main": Part.MAIN,
}
_KEPT_ROOTS = frozenset(("html", "body", "head"))

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


def main_text(root: Element, rules: PageRules, base: str = "") -> Main:
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
    if body is None:
        body = root
    page = _Page(body)
    page.drop_furniture(chrome)
    heading = clean("".join(page.heading.itertext()).replace(LINE, " ")) if page.heading is not None else ""
    found = blocks(body, base) if page.main is body else page.around(base, chrome)
    return Main(_without_phrases(found, chrome), chrome, heading=heading)


class _Page:
    """One body on its way from everything to the main text."""

    def __init__(self, body: Element) -> None:
        self.body = body
        self.parts = _parts(body)
        self.heading = self._heading()
        self.main = self._main()
        self.inside = set(self.main.iter())

    def _heading(self) -> Element | None:
        """The first h1 that says something: a logo that links to the front page does not."""
        for heading in _HEADINGS(self.body):
            text = "".join(heading.itertext()).strip()
            linked = "".join("".join(a.itertext()) for a in heading.iter("a")).strip()
            if len(text) >= 2 and text != linked and not self._within(heading, Part.HARD):
                return heading
        return None

    def _within(self, element: Element, *kinds: Part) -> bool:
        return any(self.parts.get(a) in kinds for a in element.iterancestors())

    def _main(self) -> Element:
        named = [e for e, kind in self.parts.items() if kind is Part.MAIN and not self._within(e, Part.HARD)]
        if not named:
            return self.body
        landmarks = [e for e in named if e.tag == "main" or e.get("role") == "main"]
        total = self._readable(self.body)
        for candidates, share in ((landmarks, 0.2), (named, 0.5)):
            sized = [(self._readable(e), e) for e in _outermost(candidates)]
            if not sized:
                continue
            size, best = max(sized, key=lambda pair: pair[0])
            with_heading = self.heading is not None and best in set(self.heading.iterancestors())
            if size and (size >= share * total or with_heading):
                return best
        return self.body

    def _readable(self, element: Element) -> float:
        """Characters below ``element`` outside of furniture."""
        total = float(_LENGTH(element))
        for other, kind in self.parts.items():
            if kind is Part.HARD and element in (a for a in other.iterancestors()):
                if not self._within(other, Part.HARD):
                    total -= float(_LENGTH(other))
        return total

    # --- dropping ---------------------------------------------------------------------------

    def drop_furniture(self, chrome: list[str]) -> None:
        protected = set(self.main.iterancestors()) | {self.main, self.body}
        if self.heading is not None:
            protected |= set(self.heading.iterancestors())
        most = max(300.0, 0.5 * float(_LENGTH(self.main)))
        gone: set[Element] = set()
        for element, kind in self.parts.items():
            if element in protected or kind is Part.MAIN or not gone.isdisjoint(element.iterancestors()):
                continue
            if self._is_furniture(element, kind, most):
                gone.add(element)
        for element in gone:
            _drop(element, chrome)
        for element in _HIDDEN(self.body):
            style = (element.get("style") or "").replace(" ", "")
            if "display:none" in style and element not in protected:
                if not _JAPANESE.search("".join(element.itertext())):
                    _drop(element, chrome)
        self._drop_boxes(_SURVEY, chrome, protected)
        self._drop_boxes(_SEEN_ALSO, chrome, protected)
        if self.main is self.body:
            self._drop_link_columns(chrome, protected)

    def _is_furniture(self, element: Element, kind: Part, most: float) -> bool:
        if kind is Part.HARD:
            return element.tag == "nav" or float(_LENGTH(element)) < most or _density(element) > 0.5
        if kind is Part.HEADER:
            if element in self.inside and self.main is not self.body:
                return any(self.parts.get(e) is Part.HARD for e in element.iterdescendants())
            return not any(a.tag in ("article", "main") for a in element.iterancestors()) and (
                float(_LENGTH(element)) < most or _density(element) > 0.5
            )
        text = "".join(element.itertext())
        if PHONE.search(text) or DATE_LINE.search(text) or _documents(element):
            return False
        return _density(element) >= 0.6 or not text.strip() or bool(_SURVEY.search(text))

    def _drop_boxes(self, phrase: re.Pattern[str], chrome: list[str], protected: set[Element]) -> None:
        """Boxes that say what they are in words: the widest one around the phrase that is no
        more than a box."""
        text = "".join(self.body.itertext())
        if not phrase.search(text):
            return
        for element in list(self.body.iter()):
            own = (element.text or "") + "".join(child.tail or "" for child in element)
            if not phrase.search(own):
                continue
            box = None
            for candidate in (element, *element.iterancestors()):
                if candidate in protected or candidate.tag in ("tr", "tbody", "td", "table", "main", "article"):
                    break
                content = "".join(candidate.itertext())
                if len(content) > 4 * _WIDGET or len(clean(content)) > _WIDGET:
                    break
                if PHONE.search(content) or DATE_LINE.search(content) or _documents(candidate):
                    break
                box = candidate
            if box is not None:
                _drop(box, chrome)

    def _drop_link_columns(self, chrome: list[str], protected: set[Element]) -> None:
        """Menus without a name beside a text without a name: columns that are nothing but links."""
        if float(_LENGTH(self.body)) - _linked(self.body) < 120:
            return  # a page of links is a listing, not a menu
        for element in list(self.body.iter("ul", "ol", "td", "div", "p", "dl")):
            if element in protected or not self._attached(element):
                continue
            if element.tag in ("ul", "ol", "dl", "p") and _after_heading(element):
                continue
            links = list(element.iter("a"))
            if len(links) < 3 or _documents(element) or _density(element) < 0.85:
                continue
            text = "".join(element.itertext())
            if not (PHONE.search(text) or DATE_LINE.search(text)) and len(text) / len(links) < 40:
                _drop(element, chrome)

    def _attached(self, element: Element) -> bool:
        return element.getroottree().getroot() is self.body.getroottree().getroot()

    # --- what stands beside -----------------------------------------------------------------

    def around(self, base: str, chrome: list[str]) -> list[Block]:
        """The main text's units, with the update dates and contact boxes found beside it."""
        found = blocks(self.main, base)
        place = etree.Element("p")
        place.text = "\ufdd1"
        place.tail, self.main.tail = self.main.tail, None
        parent = self.main.getparent()
        parent.replace(self.main, place)
        rest = blocks(self.body, base)
        at = next((i for i, unit in enumerate(rest) if unit.text == place.text), len(rest))
        before, after = rest[:at], rest[at + 1 :]
        dates = [unit for unit in before if is_date_line(unit.text)]
        dates_after = [unit for unit in after if is_date_line(unit.text)]
        contact = _contact(after)
        kept = {id(unit) for unit in (*dates, *dates_after, *contact)}
        chrome += [unit.text for unit in rest if id(unit) not in kept and unit.text != place.text]
        return [*dates, *found, *contact, *(unit for unit in dates_after if unit not in contact)]


def _parts(body: Element) -> dict[Element, Part]:
    """Every element whose tag or names say what it is, in document order."""
    found: dict[Element, Part] = {}
    for element in _NAMED(body):
        tag = element.tag
        if tag in _KEPT_ROOTS:
            continue
        kind = part(element.get("id"), element.get("class"), element.get("role"))
        own = _TAGS.get(tag, Part.NOTHING)
        if tag in ("main", "nav", "footer"):
            kind = own
        elif tag == "header":
            kind = own if kind is not Part.HARD else kind
        elif kind is Part.NOTHING:
            kind = own
        if tag in ("tr", "td", "th", "tbody", "a", "h1") and kind is not Part.MAIN:
            continue
        if kind is not Part.NOTHING:
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
    text = clean("".join(element.itertext()).replace(LINE, " "))
    if text:
        chrome.append(text)
    tail = element.tail
    if tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)


def _linked(element: Element) -> float:
    return sum(float(_LINK_TEXT(link)) for link in element.iter("a"))


def _density(element: Element) -> float:
    """The share of an element's text that is links."""
    total = float(_LENGTH(element))
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
