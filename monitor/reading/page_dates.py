"""The dates a page claims: when it was published and when updated, with where that stands.

A folder that names a fiscal year is never a year, and a copyright line is never a date. What a page says
of its own history (更新履歴) is that of the page, not of the entries of a list.
"""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from monitor.reading.parse import Element
from storage.records import Block, PageDate
from storage.text.japanese import JST, find_dates, fold_width
from storage.text.patterns import pattern_of

_Claim = Literal["published", "updated"]

_DAY = "(?:日付|日時?|年月日)"
_PUBLISHED = (
    rf"(?:(?:報道)?発表|掲載(?:開始)?|公開|登録|公表|発行|作成|投稿|配信){_DAY}|初版|(?i:published|posted)"
)
_UPDATED = rf"(?:最終)?(?:更新|改訂|改定|修正|変更){_DAY}|最終更新|(?i:(?:last\s)?(?:updated|modified))"
_DIGIT = "0-9０-９令平昭㋿RHＲＨ"

_LABELLED = pattern_of(rf"(?:{_UPDATED}|{_PUBLISHED})[^{_DIGIT}]{{0,6}}[{_DIGIT}]")

_LABEL = pattern_of(
    rf"(?:(?P<updated>{_UPDATED})|(?P<published>{_PUBLISHED}))(?i:\s?on)?[\s:|()>\[\]<]{{0,5}}$"
)
_CLOCK = r"(?:午[前後]\s?)?[0-9]{1,2}(?:時(?:[0-9]{1,2}分?)?|(?::[0-9]{2}){1,2})(?:頃|ごろ)?"
_TWO_LABELS = pattern_of(rf"(?:{_PUBLISHED})\s?[/・、(]\s?(?:{_UPDATED})[\s:|)]{{0,5}}$")
_TRAILING = pattern_of(
    rf"\s*(?:\([^)]{{1,5}}\)|[月火水木金土日]曜日?)?\s*付?け?\s*(?:{_CLOCK})?(?:\s*現在)?\s*"
    r"(?:に?(?P<updated>更新|追記|改訂|修正)|に?(?P<published>掲載|公開|公表|発表|登録|作成))(?!予定|前|後)"
)
_AFTER = pattern_of(
    rf"(?:\s*\(?[月火水木金土日](?:曜日?)?(?:・祝)?\)?)?[\s\])】]*(?:{_CLOCK})?\s*(?:付け?|発表|現在)?[\s)】]*"
    r"(?:(?:ページ番号|ページID|記事ID|ID|コンテンツ番号|記事番号)\s*:?\s*[0-9A-Za-z-]+)?\s*$",
    re.IGNORECASE,
)
_OFFICE = (
    r"[一-龥々ァ-ヶー・]{1,16}(?:部|局|課|室|係|班|委員会|本部|センター|[省庁府市県都道区町村]|大学|病院)"
)
_PAPER = (
    r"(?:報道(?:機関)?(?:発表|提供)?(?:資料)?|記者(?:発表|会見)(?:資料)?|(?:プレス|ニュース)\s?リリース"
    r"|(?:重要な)?お知らせ|重要|新着情報|ニュース|トピックス|広報|お詫び|(?i:(?:press|news)(?:\s?release)?))"
)
_BESIDE = pattern_of(rf"(?:[\s|/:・>\[\](【】)]|{_PAPER}|日付|{_OFFICE}(?![一-龥々ァ-ヶー]))*")
"""What stands beside a page's own date: the office that speaks, and what kind of paper that is."""
_ASIDE = pattern_of(
    r"(?:この(?:ページ|記事)を)?(?:印刷(?:用|する|版)?|プリント|PDF版?|シェア|ツイート|ポスト|共有|音声読み上げ|読み上げ"
    r"|大きな文字で印刷|一覧(?:へ|に|を見る)?|戻る|English)[^。]{0,14}",
    re.IGNORECASE,
)
"""A link that serves the reader: no entry of a list."""
_HISTORY = pattern_of(
    r"[【\[<■●◆○◇・\s]*(?:本(?:ページ|件|お知らせ)の)?(?:(?:更新|改[訂定版]|変更|修正|訂正|追記|掲載|公開|公表|発表)(?:の)?履歴"
    r"|履歴\s*$|これまでの(?:更新|公表|発表|お知らせ|掲載))"
)
"""The head of a page's own history."""
_FIRST_SAID = pattern_of(r"初版|初稿|新規|(?:初回|第[1一]報|掲載|公開|公表|発表|登録|作成)(?!内容|資料|文)")
_MAX_HISTORY_HEAD_CHARS = 24  # characters of a head that only names the history
_MONTH_DAY = pattern_of(r"(?<![0-9/年])([0-9]{1,2})(?:月\s?([0-9]{1,2})日|/([0-9]{1,2})(?![0-9/]))")
_DATE_LABEL = pattern_of(r"(?:更新|追記|改[訂定])(?:日時?)?\s*:?\s*$")
_YEAR = pattern_of(r"[0-9０-９元一二三四五六七八九十〇)）]\s?[年./．／-]")
_AFTER_CLOCK = pattern_of(
    rf"\s*(?:\(?[月火水木金土日](?:曜日?)?(?:・祝)?\)?)?\s*(?:{_CLOCK})?\s*(?:付け?|発表|現在)?"
)
_MAX_BESIDE_CHARS = 60  # characters of a line with a date and who speaks
_MAX_LINE_CHARS = 160  # characters of a line that states dates
_HEAD_BLOCKS = 12  # units at the top among which a date alone is the page's own
_FOOT_BLOCKS = 6  # units at the end among which a date may be the page's as well
_ISO = pattern_of(
    r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2})(?::[0-9.]+)?\s*(Z|[+-][0-9:]{4,6})?)?"
)

_NAMED = etree.XPath("descendant::*[@itemprop]")
_ELSEWHERE = frozenset(("a", "aside", "nav", "footer"))
"""Elements in which a marked time is that of another page."""

_META_CLAIMS: dict[str | None, _Claim] = {
    "article:published_time": "published",
    "article:modified_time": "updated",
    "og:updated_time": "updated",
    "pubdate": "published",
    "datePublished": "published",
    "dateModified": "updated",
}


def has_labelled_date(text: str) -> bool:
    """Tell whether a date stands behind its label: such a line is never furniture."""
    return _YEAR.search(text) is not None and _LABELLED.search(text) is not None


class _Seen(NamedTuple):
    """A date in the text: its unit, and whether it stands alone, at the start or with a label."""

    place: int
    value: date
    form: str
    kind: _Claim | None


@dataclass(slots=True)
class Dates:
    """The best claim of each kind so far."""

    published: PageDate | None = None
    updated: PageDate | None = None

    def claim(self, kind: _Claim, value: date | None, source: str, confidence: float) -> None:
        """Take a claim unless a better one stands."""
        if value is None or not 1990 <= value.year <= 2100:
            return
        standing = self.published if kind == "published" else self.updated
        if standing is None or confidence > standing.confidence:
            setattr(self, kind, PageDate(value, source, confidence))


def read_stated_dates(root: Element) -> Dates:
    """Read what mark-up says to machines: JSON-LD, OpenGraph, marked ``time`` elements."""
    found = Dates()
    for script in root.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for kind, text in _json_dates(data, 0):
            found.claim(kind, _iso(text), "json-ld", 0.95)
    for meta in root.iter("meta"):
        claim = _META_CLAIMS.get(meta.get("property") or meta.get("name") or meta.get("itemprop"))
        if claim:
            found.claim(claim, _iso(meta.get("content") or ""), "opengraph", 0.92)
    for kind, values in _read_marked(root).items():
        if values and len(set(values)) <= 2:  # more are those of a list's entries
            found.claim(kind, values[0], "label", 0.85)
    return found


def _read_marked(root: Element) -> dict[_Claim, list[date]]:
    """Read the dates of ``time`` elements and of elements with an ``itemprop``, by what they claim."""
    marked: dict[_Claim, list[date]] = {"published": [], "updated": []}
    for time in root.iter("time"):
        names = f"{time.get('class') or ''} {time.get('itemprop') or ''}".lower()
        updated = "updated" in names or "modified" in names
        if not updated and "publish" not in names and "entry-date" not in names:
            continue
        value = _iso(time.get("datetime") or "")
        if value and not any(above.tag in _ELSEWHERE for above in time.iterancestors()):
            marked["updated" if updated else "published"].append(value)
    for element in _NAMED(root):
        if element.get("itemprop") not in ("datePublished", "dateModified") or element.tag in (
            "meta",
            "time",
        ):
            continue
        said = element.get("content") or element.get("datetime") or "".join(element.itertext())[:40]
        if (value := _iso(said)) and not any(above.tag in _ELSEWHERE for above in element.iterancestors()):
            marked[_META_CLAIMS[element.get("itemprop")]].append(value)
    return marked


def add_shown_dates(found: Dates, units: Sequence[Block], *, title: str = "", url: str = "") -> Dates:
    """Add what a reader sees, and what the title and the address say."""
    told = _history(found, units)
    seen = [one for one in _find_shown(units) if one.place not in told]
    entries = _entries(seen)
    labelled: dict[_Claim, list[date]] = {"published": [], "updated": []}
    for index, value, form, kind in seen:
        if (index, form) in entries:
            continue
        if kind is None:
            if form == "bare" and index < _HEAD_BLOCKS:
                found.claim("published", value, "line", 0.7)
        elif form != "trailing published" or index < _HEAD_BLOCKS or index >= len(units) - _FOOT_BLOCKS:
            labelled[kind].append(value)
    for kind, claims in labelled.items():
        if 0 < len(set(claims)) <= 3:
            found.claim(kind, max(claims) if kind == "updated" else claims[0], "label", 0.9)
    found.claim("published", _slug(url), "slug", 0.4)
    _from_title(found, title)
    return found


def _history(found: Dates, units: Sequence[Block]) -> set[int]:
    """Claim the ends of what a page says of its own history, and return the places of its entries."""
    told: set[int] = set()
    for index, unit in enumerate(units):
        if not (match := _HISTORY.match(unit.text[:_MAX_LINE_CHARS])):
            continue
        rest = fold_width(unit.text[match.end() : _MAX_LINE_CHARS])
        entries = [(value, rest[end : end + 40]) for _, end, value in find_dates(rest)]
        if entries:
            told.add(index)
        elif len(unit.text) > _MAX_HISTORY_HEAD_CHARS:
            continue
        for place in range(index + 1, len(units)):
            text = fold_width(units[place].text[:_MAX_LINE_CHARS])
            first = next(iter(find_dates(text)), None)
            if first is None or text[: first[0]].strip(" [(【・"):
                if units[place].kind == "row" and place == index + 1:  # 日付 | 内容
                    continue
                break
            told.add(place)
            entries.append((first[2], text[first[1] :]))
        if not entries:
            continue
        newest, oldest = max(entries), min(entries)
        if _FIRST_SAID.search(oldest[1]):
            found.claim("published", oldest[0], "history", 0.8)
        if newest[0] > oldest[0] or not _FIRST_SAID.search(oldest[1]):
            found.claim("updated", newest[0], "history", 0.8)
    return told


def _find_shown(units: Sequence[Block]) -> list[_Seen]:
    """Find the dates that stand for something: behind or before a label, alone, or at the start of a line."""
    found = []
    for index, unit in enumerate(units):
        if len(unit.text) > _MAX_LINE_CHARS or not _YEAR.search(unit.text):
            continue
        text = fold_width(unit.text)
        second = False  # of two dates behind two labels: 掲載日/更新日 2024年1月24日/2024年3月29日
        for start, end, value in find_dates(text):
            if second or _TWO_LABELS.search(text, max(0, start - 36), start):
                claim: _Claim = "updated" if second else "published"
                found.append(_Seen(index, value, f"label {claim}", claim))
                second = not second
                continue
            if match := _LABEL.search(text, max(0, start - 24), start):
                form = "label"
            elif len(text) < 60 and (match := _TRAILING.match(text, end)):
                form = "trailing"
            elif _is_beside(unit, text, start, end):
                form = "bare"
            elif text[:start].strip(" [(【"):
                continue
            else:
                form = "bare" if _AFTER.match(text, end) else "start"
            kind: _Claim | None = None
            if match:
                kind = "updated" if match["updated"] else "published"
            found.append(_Seen(index, value, f"{form} {kind}" if kind else form, kind))
    return found


def _is_beside(unit: Block, text: str, start: int, end: int) -> bool:
    """Tell whether nothing stands beside a date but who speaks, what paper it is, and links that serve."""
    if len(text) > _MAX_BESIDE_CHARS or (unit.kind == "row" and not text.startswith("日付 |")):
        return False
    before, after = text[:start], text[end:]
    for link in unit.links:
        if _ASIDE.fullmatch(link.text):
            name = fold_width(link.text)
            before, after = before.replace(name, " "), after.replace(name, " ")
    clock = _AFTER_CLOCK.match(after)
    return bool(_BESIDE.fullmatch(before) and _BESIDE.fullmatch(after, clock.end() if clock else 0))


def _entries(seen: Sequence[_Seen]) -> set[tuple[int, str]]:
    """Find the places of the dates that belong to the entries of a list: many of one form, one after another.

    The first and the last are the page's own where they stand well apart from the rest.
    """
    found: set[tuple[int, str]] = set()
    for form in {one.form for one in seen}:
        alike = [one for one in seen if one.form == form]
        while len({one.value for one in alike}) >= (4 if alike[0].kind else 3):
            places = [one.place for one in alike]
            gaps = [after - before for before, after in pairwise(places)]
            far = 3 * max(1, statistics.median(gaps))
            if gaps[0] > far:
                del alike[0]
            elif gaps[-1] > far:
                del alike[-1]
            else:
                found.update((place, form) for place in places)
                break
    return found


def _from_title(found: Dates, title: str) -> None:
    """Claim what a title says in brackets or at its start: [令和5年7月3日更新], 【12月3日更新】."""
    text = fold_width(title)
    whole = list(find_dates(text))
    for start, end, value in whole:
        before = text[:start].rstrip()
        labelled = _DATE_LABEL.search(before)
        if before[-1:] in ("(", "[", "【") or not before or labelled:
            match = _TRAILING.match(text, end)
            kind: _Claim = "updated" if labelled or (match and match["updated"]) else "published"
            found.claim(kind, value, "title", 0.6)
    if whole or not found.published:
        return
    for match in _MONTH_DAY.finditer(text):
        before, trailing = text[: match.start()].rstrip(), _TRAILING.match(text, match.end())
        if not _DATE_LABEL.search(before) and not (trailing and trailing["updated"]):
            continue
        day = _next(found.published.value, int(match[1]), int(match[2] or match[3]))
        found.claim("updated", day, "title", 0.5)


def _next(since: date, month: int, day: int) -> date | None:
    """Return the first such day of a year from ``since`` on: an update comes after what it updates."""
    for year in (since.year, since.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= since:
            return found
    return None


# --- machines' words ------------------------------------------------------------------------


def _json_dates(data: Any, depth: int) -> Iterator[tuple[_Claim, str]]:
    if depth > 6:
        return
    if isinstance(data, dict):
        for key, kind in _JSON_CLAIMS:
            value = data.get(key)
            if isinstance(value, str):
                yield kind, value
        for key, value in data.items():
            if isinstance(value, dict | list) and key not in _JSON_LISTS:
                yield from _json_dates(value, depth + 1)
    elif isinstance(data, list):
        for value in data[:50]:
            yield from _json_dates(value, depth + 1)


_JSON_LISTS = frozenset(("itemListElement", "blogPost", "blogPosts", "hasPart", "comment", "review"))
_JSON_CLAIMS: tuple[tuple[str, _Claim], ...] = (("datePublished", "published"), ("dateModified", "updated"))


def _iso(text: str) -> date | None:
    """Read a machine's date, as a day in Japan where it names its zone."""
    match = _ISO.match(text)
    try:
        if not match:
            return next((value for _, _, value in find_dates(text[:40])), None)
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] and match[5]:
            zone = "+00:00" if match[5] == "Z" else match[5]
            moment = datetime.fromisoformat(f"{day.isoformat()}T{match[4]}:00{zone}")
            return moment.astimezone(JST).date()
        return day
    except (ValueError, OverflowError):
        return None


# --- addresses ------------------------------------------------------------------------------

_SLUG8 = pattern_of(r"(?<![0-9])(20[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_SLUG6 = pattern_of(r"(?<![0-9A-Za-z])([0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_PATH_DAY = pattern_of(r"/(20[0-9]{2})/([01]?[0-9])/([0-3]?[0-9])(?=/|$)")
_FOLDER = pattern_of(r"/(20[0-9]{2})/")


def _slug(url: str) -> date | None:
    """Find a day in an address: /2024/03/29/, x-20240329, and 240329_houdou.

    The last counts where a folder's year (which may be the fiscal one) or a word behind it says that it is
    no running number.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    match = _PATH_DAY.search(path)
    if match:
        return _day(match)
    name = path.rstrip("/").rsplit("/", 1)[-1]
    match = _SLUG8.search(name)
    if match:
        return _day(match)
    match = _SLUG6.search(name)
    if not match:
        return None
    day = _day(match, 2000)
    folders = {int(year) for year in _FOLDER.findall(path)}
    if day is None or (folders and not folders & {day.year, day.year - 1}):
        return None
    behind = name[match.end() :]
    return (
        day if folders or (re.match(r"[_-]?[A-Za-z]{3}|_[0-9]{1,2}\b", behind) and day.year <= 2040) else None
    )


def _day(match: re.Match[str], base: int = 0) -> date | None:
    try:
        return date(base + int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
