"""A row's title without what a site adds: marks of novelty, the size of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_OPEN, _CLOSE = r"[\[［【〔（(<＜《]", r"[\]］】〕）)>＞》]"
_NEWS = r"(?:NEW|Ｎ[ＥEｅ][ＷWｗ]|New|UPDATED?|Updated?|UP|Up)[!！]*"
_WORDS = "新着(?:情報|記事)?|新規(?:掲載)?|更新(?:あり|しました|済み?)?|最新|追加(?:しました)?"
_MARK = re.compile(rf"\s*{_OPEN}?\s*(?:{_NEWS}|new!*|{_WORDS}|🆕|🆙)\s*{_CLOSE}?\s*")
"""The whole of what an element says that marks a row as new or altered."""

_COUNTED = re.compile(
    r"\s*(?:(?:閲覧|アクセス|再生|いいね[!！]?|コメント|views?|likes?|pv)(?:回?数)?\s*[:：(（]?\s*[0-9０-９,，]+"
    r"\s*(?:回|件|人|views?|pv)?\s*[)）]?|[0-9０-９,，]+\s*(?:回閲覧|回再生|views?|likes?|pv)"
    r"|(?:約|about)?\s*[0-9０-９]+\s*(?:秒|分|時間|日|週間|[か箇ヶカヵ]月|年)前"
    r"|(?:an?|[0-9]+)\s*(?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|day|week|month|year|[hdwm])s?\s+ago)\s*",
    re.I,
)
"""The whole of what an element says that counts readers or the time since a row is there."""

_KIND = r"(?:PDF|Word|Excel|エクセル|ワード|PowerPoint|CSV|ZIP|docx?|xlsx?|pptx?|一太郎|テキスト|TXT|RTF)"
_SIZE = (
    r"約?\s*[0-9０-９][0-9０-９,，.．]*\s*(?:[KMＫＭkmｋｍ][BＢbｂ]?|[KM]i?B|[Bb]ytes?|(?:キロ|メガ)?バイト)"
)
_FILE = rf"(?:{_KIND}(?:ファイル|形式|版|データ)?|ファイルサイズ|サイズ|容量)"
_PAGES = r"[0-9０-９]+\s*(?:ページ|頁|枚|pages?)"
_LABEL = rf"""(?:
    {_OPEN}\s*(?:別ウイン?ドウで開く\s*)?{_FILE}?\s*[:：/／,、・;\s-]*\s*
    (?:{_PAGES}[,、・\s]*)?(?:{_SIZE})\s*{_CLOSE}  # (PDF:120KB)
  | {_OPEN}\s*{_SIZE}\s*[/／,、・\s]\s*{_FILE}\s*{_CLOSE}  # (120KB/PDF)
  | (?<=\s){_FILE}\s*[:：/／\s-]*\s*{_SIZE}  # PDF 120KB
)"""
_SIZED = re.compile(rf"\s*{_LABEL}", re.VERBOSE | re.I)
_BRACKETED = rf"{_OPEN}\s*(?:{_NEWS}|new!*|{_WORDS})\s*{_CLOSE}|🆕|🆙"
_BRACKETED += rf"|[★☆◆◇●■▼▲＊*♪]\s*(?:{_NEWS}|new!*|{_WORDS})\s*[★☆◆◇●■▼▲＊*♪]?"
_DAY_OF = r"(?:[0-9０-９]{4}年)?[0-9０-９]{1,2}(?:月|[/／.])[0-9０-９]{1,2}日?\s*(?:付け?)?に?(?:更新|追加)"
_BRACKETED += rf"|{_OPEN}\s*{_DAY_OF}(?:しました)?\s*{_CLOSE}"
_CAPITALS = "(?:NEW|ＮＥＷ)[!！]*"  # stand out where no blank parts them
_FIRST = re.compile(rf"^(?:{_BRACKETED}|{_CAPITALS}(?![A-Za-z])|{_NEWS}(?=\s)|(?:{_WORDS})(?=\s))[\s:：]*")
_LAST = re.compile(rf"\s*(?:{_BRACKETED}|(?<![A-Za-z0-9]){_CAPITALS}|(?<=\s){_NEWS}|(?<=\s)(?:{_WORDS}))$")


def read_title(element: Any) -> str:
    """Return the text of an element but for elements in it that only mark it as new."""
    return "".join(_pieces(element, element))


def _pieces(element: Any, root: Any) -> Iterator[str]:
    if element is root or not _is_mark(element):
        yield element.text or ""
        for child in element:
            yield from _pieces(child, root)
    if element is not root:
        yield element.tail or ""


def _is_mark(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return True  # a comment
    text = element.text_content()
    return len(text) <= 20 and (_MARK.fullmatch(text) or _COUNTED.fullmatch(text)) is not None


def strip_marks(title: str) -> str:
    """Take marks of novelty off the ends of a title, and sizes of files out; never empty for them."""
    bare = _SIZED.sub("", title)
    for _ in range(3):
        shorter = _LAST.sub("", _FIRST.sub("", bare))
        if shorter == bare:
            break
        bare = shorter
    return bare.strip(" ") or title
