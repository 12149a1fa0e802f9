"""The bodies known by name: local governments of the official code table, agencies and companies.

Names are found in a view of the text without white space, so that one broken over lines or spaced by
a PDF is found whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate

from monitor.facts.sheet import Sheet
from storage.text.patterns import pattern_of


@dataclass(frozen=True, slots=True)
class Name:
    """A known name at a place: ``start`` and ``end`` in the text, what it is, whose alias it is."""

    start: int
    end: int
    text: str
    kind: str  # company, agency, municipality or prefecture
    of: str = ""  # the name this one is an alias of; of a municipality, the prefecture said before it


def read_lines(name: str) -> Iterator[str]:
    """Read the lines of a data file, comments left out."""
    text = (files("monitor.facts.organisations") / "data" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _table(name: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in read_lines(name))


@cache
def prefectures() -> frozenset[str]:
    """Return the names of the 47 prefectures."""
    return frozenset(prefecture for _, prefecture, _ in _table("municipalities.tsv"))


@cache
def municipalities() -> dict[str, frozenset[str]]:
    """Map each municipality's name to the prefectures that have one so called (府中市: 東京都, 広島県)."""
    found: dict[str, set[str]] = {}
    for _, prefecture, name in _table("municipalities.tsv"):
        if name:
            for spelling in {
                name,
                name.replace("ヶ", "ケ"),
                name.replace("ケ", "ヶ"),
                name.replace("竜", "龍"),
            }:
                found.setdefault(spelling, set()).add(prefecture)
    return {name: frozenset(where) for name, where in found.items()}


@cache
def _bodies() -> dict[str, tuple[str, str]]:
    """Map every name and alias, without spaces, to (kind, name it is an alias of, or nothing)."""
    found: dict[str, tuple[str, str]] = {}
    for kind, name, *aliases in _table("organisations.tsv"):
        for alias in aliases:
            found[alias.replace(" ", "")] = (kind, name)
        found[name.replace(" ", "")] = (kind, "")
    return found


@cache
def _by_first_two() -> dict[str, list[str]]:
    """Group names by the two characters they begin with, the longest first."""
    found: dict[str, list[str]] = {}
    for name in sorted(_bodies(), key=len, reverse=True):
        found.setdefault(name[:2], []).append(name)
    return found


@cache
def _beginning() -> re.Pattern[str]:
    """Match a character that a name begins with before one that is the second of a name."""
    first, second = (re.escape("".join(sorted(set(column)))) for column in zip(*_by_first_two(), strict=True))
    return pattern_of(f"[{first}](?=[{second}])")


_SOLID = pattern_of(r"\S+")


@dataclass(frozen=True, slots=True)
class Squeezed:
    """Hold the text without white space, and where each of its characters stands.

    ``runs`` begin at these places of ``text``, moved by so many characters.
    """

    text: str
    runs: list[int]
    moved: list[int]

    @classmethod
    def of(cls, sheet: Sheet) -> Squeezed:
        """Take the blanks out of a sheet's text, noting how far each run of characters moved."""
        spans = [run.span() for run in _SOLID.finditer(sheet.text)]
        runs = list(accumulate((end - start for start, end in spans), initial=0))[: len(spans)]
        moved = [start - at for (start, _), at in zip(spans, runs, strict=True)]
        return cls("".join(sheet.text.split()), runs, moved)

    def place(self, at: int) -> int:
        """Return where a character of the squeezed text stands in the sheet."""
        return at + self.moved[bisect_right(self.runs, at) - 1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the sheet of a span of the squeezed text."""
        return self.place(start), self.place(end - 1) + 1


_KATAKANA = pattern_of(r"[ァ-ヴー]")
_RULE = pattern_of(
    r"(?:規則|告示|訓令|令(?!和))"  # 個人情報保護委員会規則 is a text, no body
    # 東証プライム
    r"|(?:プライム|スタンダード|グロース|マザーズ|[一二12]部|上場)(?=上場|市場|企業|の|、|\)|$)"
)
# (内閣府運営), 警視庁捜査2課
_DOES = pattern_of(
    r"(?:運営|所管|主催|発表|公表|提供)(?![一-龥])|捜査[0-9一二三四]課|生活(?:経済|安全)|公安部|刑事部"
)
_GROUP = pattern_of(r"グループ|ホールディングス|ジャパン|コールセンター")
# 例示電機|インフォメーションシステムズ: another company than the one it begins with.
_LONGER = pattern_of(
    r"[ァ-ヴーA-Za-z]{0,20}(?:ソリューションズ|コミュニケーションズ|システムズ|テクノロジーズ|ネットワークス|エンジニアリング|ホテルズ)"
    # 例示電機IDポータルサイト: what it offers
    r"|(?:ID|Pay|PAY|ポイント|ポータル|ショッピング|アカウント|マガジン)(?![一-龥])"
    r"|[0-9]{4}(?=[」』])"  # 「例示ナビ2025」: one year's edition of it
    r"|(?:ショッピング)?店(?!舗|頭|内|で(?:働|勤))"  # 楽天市場店: a shop there
)
# 例示電機ホーム機器は: what a daughter of a known company deals in
_DAUGHTER = pattern_of(
    r"[ァ-ヴーA-Za-z一-龥]{0,8}?(?:機器|販売|物流|流通|電子|電器|産業|商事|開発|製作所|工業|不動産|住宅|建設|設備|リース|信託"
    r"|化学|製薬|食品|飲料|フーズ|自動車|モーターズ|メディカル|ヘルスケア|ロジ|ロジスティクス|ファイナンス|マーケティング"
    r"|ファシリティーズ|パートナーズ|ビルテクノ|テクノサービス|情報システム|デバイス|ライフ|プラント|パワー|ガス)"
    r"(?=\((?:本社|東京|大阪|[一-龥]{1,4}[都道府県市区])|社(?![員会内長])|[はがにでとへ](?![一-龥]{1,3}する)"
    r"|の(?:社員|従業員|顧客|元社員|サーバ|システム|委託)|$)"
)
_SERVICE = pattern_of(r"(?:アプリ|サービス|サイト|ショップ|ブランド|ツール)[「『]\Z")  # フリマアプリ「X」
# 「例示ナビ」などの求人サイト
_AMONG_SITES = pattern_of(
    r"」(?:や「[^」]{1,16}」)?など(?:の|複数の)?[^。、]{0,8}(?:サイト|アプリ|サービス|SNS)"
)
_LOOSE = "社及並又元先様等"  # kanji that stand beside a short name without being part of it
_LED = _LOOSE + "日月年後前間"  # 同日総務省に, 発覚後総務省へ
_KANJI = pattern_of(r"[一-龥々]")


_OF_PLACE = pattern_of(r"(?<![一-龥])[一-龥]{2,3}\Z")


@cache
def _stems() -> frozenset[str]:
    """Return the names of the prefectures without what they are: 栃木, 北海道."""
    return frozenset(name if name == "北海道" else name[:-1] for name in prefectures())


def find_bodies(view: Squeezed) -> Iterator[Name]:
    """Find companies and agencies; never inside a longer word of the same script."""
    text, known, end = view.text, _by_first_two(), 0
    for beginning in _beginning().finditer(text):
        start = beginning.start()
        names = known.get(text[start : start + 2])
        if names is None or start < end:
            continue
        name = next((name for name in names if text.startswith(name, start)), None)
        if name is None:
            continue
        kind, of = _bodies()[name]
        if kind == "company" and (more := _DAUGHTER.match(text, start + len(name))):
            end = more.end()
            place = _OF_PLACE.search(text, max(0, start - 4), start)
            if place and place[0] in _stems():
                start = place.start()  # 栃木|例示自動車
            yield Name(*view.span(start, end), text[start:end], kind)
            continue
        if (
            _inside(view, start, start + len(name), name, kind)
            or _SERVICE.search(text, max(0, start - 8), start)
            or _AMONG_SITES.match(text, start + len(name))
        ):
            continue
        end = start + len(name)
        yield Name(*view.span(start, end), name, kind, of)


def _inside(view: Squeezed, start: int, end: int, name: str, kind: str) -> bool:
    """Tell whether a name is the part of a longer word: Google of Googleフォーム, 日経 of 日経平均."""
    text = view.text
    if kind == "agency" and _RULE.match(text, end):
        return True
    if kind == "company" and _LONGER.match(text, end):
        return True
    before, after = text[max(0, start - 2) : start].rstrip(".")[-1:], text[end : end + 1]  # i.NAME
    if _goes_on(before, name[0]) or _goes_on(name[-1], after):
        return True
    if name[-1].isascii() and _KATAKANA.match(after) and not _GROUP.match(text, end):
        return True
    if len(name) > 3 or not _KANJI.match(name):
        return False
    apart = start > 0 and view.place(start) - view.place(start - 1) > 1
    led = not apart and _KANJI.match(before) and before not in (_LED if kind == "agency" else _LOOSE)
    broken = end < len(text) and view.place(end) - view.place(end - 1) > 1
    loose = broken or after in _LOOSE or _DOES.match(text, end)
    return bool(led or (not loose and _KANJI.match(after)))


def _goes_on(one: str, next_: str) -> bool:
    """Tell whether two characters beside each other belong to one word of Latin letters or of katakana."""
    if not one or not next_:
        return False
    latin = one.isascii() and one.isalnum() and next_.isascii() and next_.isalnum()
    return latin or bool(
        _KATAKANA.match(one) and _KATAKANA.match(next_) and one not in "・" and next_ not in "・"
    )


_PREFECTURE = "|".join(sorted(prefectures(), key=len, reverse=True))
_BEFORE = pattern_of(rf"(?P<prefecture>{_PREFECTURE})?の?(?:[一-龥ヶケ]{{1,4}}郡)?\Z")
_ENDING = pattern_of(r"[市区町村]")
_FIRST = "".join(sorted({name[0] for name in prefectures()}))
_BARE = pattern_of(rf"(?=[{_FIRST}])(?:(?<!東)京都府|(?!京都府)(?:{_PREFECTURE}))")
_LONGEST = max(map(len, municipalities()))


_BODY_OF_PLACE = pattern_of(r"消防|教育委|社会福祉協|[一-龥]{1,6}(?:組合|消防)")  # 三重県の名張市|消防本部


def find_places(view: Squeezed) -> Iterator[Name]:
    """Find municipalities, with the prefecture where it stands before them, and prefectures alone."""
    text, taken, held = view.text, 0, set()
    for ending in _ENDING.finditer(text):
        end = ending.end()
        first = range(max(taken, end - _LONGEST), end - 1)
        start = next((at for at in first if text[at:end] in municipalities()), None)
        if start is None or not _stands_alone(view, start, end):
            continue
        furthest = min(start + _LONGEST, len(text))
        if any(text[start:more] in municipalities() for more in range(end + 1, furthest + 1)):
            continue  # 東村|山市
        lead = _BEFORE.search(text, max(taken, start - 10), start)
        of = lead["prefecture"] if lead and lead["prefecture"] in municipalities()[text[start:end]] else None
        begin = lead.start() if lead and of and not _BODY_OF_PLACE.match(text, end) else start
        held.add(begin)
        yield Name(*view.span(begin, end), text[start:end], "municipality", of or "")
        taken = end
    for match in _BARE.finditer(text):
        if match.start() in held or not _begins(view, match.start()):
            continue  # 千葉県柏市立の小学校: no word of the prefecture
        yield Name(*view.span(match.start(), match.end()), match[0], "prefecture")


_KANA = pattern_of(r"[ぁ-んァ-ヴ]")
_NO_WORD_END = pattern_of(r"[ぁぃぅぇぉゃゅょぽぴぷぺぱ]")  # kana that end no word of grammar


def _begins(view: Squeezed, start: int) -> bool:
    """Tell whether a name may begin at a place: none does in みらぽ長野市, nor in とうほく・北海道."""
    before = view.text[start - 1 : start]
    if before != "・":
        return _NO_WORD_END.match(before) is None
    apart = start > 1 and view.place(start - 1) - view.place(start - 2) > 1
    return apart or _KANA.match(view.text[max(0, start - 2) : start - 1]) is None


def _stands_alone(view: Squeezed, start: int, end: int) -> bool:
    """Tell whether a name is one: 神山町 after 渋谷区 is a street, 中央区 after 札幌市 a ward."""
    text = view.text
    before = text[start - 1 : start]
    if not _begins(view, start):
        return False
    if not _KANJI.match(before) or view.place(start) - view.place(start - 1) > 1:
        return True
    led = _BEFORE.search(text, max(0, start - 9), start)
    if (led and led[0].strip("の")) or text[max(0, start - 2) : start] in ("託元", "託先"):
        return True
    return text[end - 1] == "市" and before not in "市区町村"
