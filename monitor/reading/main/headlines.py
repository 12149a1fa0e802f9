"""Headlines of other articles beside a notice: what they count is no fact of the notice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from storage.records import Block
from storage.text.patterns import pattern_of

_MIN_ANNOUNCED, _MIN_UNANNOUNCED = 3, 5  # headlines under a heading that announces them, and under none
_FOREIGN_SHARE = 0.6
"""The share of a page from which headlines that nothing announces are those of other articles."""

_LINKED_SHARE = 0.7  # of a line's letters, its date apart
_MIN_HEADLINE_CHARS = 8  # shorter ones are names of sections, of bodies, of documents
_MAX_LABEL_CHARS = 12  # characters of what stands between headlines: a date, a category
_MIN_SENTENCES = 2  # sentences that make a notice
_OTHERS = pattern_of(
    r"""
    # 新着の記事
    (?:新着|最新|最近|人気|注目|おすすめ|お勧め|関連|ほか|他|その他|別|過去|前後)の?(?:の)?
    (?:記事|ニュース|トピックス?|報道|投稿|コラム|話題)
  | (?:アクセス|記事|人気|閲覧)ランキング  # アクセスランキング
  | バックナンバー
  | (?:あわせ|合わせ|併せ)て(?:読み|読む|ご覧)  # あわせて読みたい
  | よく読まれて
  | ^(?:新着|ランキング|ピックアップ|アーカイブ)(?:情報)?$  # 新着情報
    """,
    re.VERBOSE,
)
_NOTICE = pattern_of(
    "について|に関する|お?詫び|漏えい|漏洩|流出|紛失|遺失|盗難|置き忘れ|誤送|誤交付|誤廃棄|不正|のご?報告|障害|発生"
)
_LISTING = pattern_of(r"(?:一覧|アーカイブ|バックナンバー|まとめ)$")
_DATE = pattern_of(
    r"(?:[0-9０-９]{2,4}\s*[年./-]|令和[0-9０-９元]+年)?\s*[0-9０-９]{1,2}\s*[月./-]\s*[0-9０-９]{1,2}日?"
)
_LETTERS = pattern_of(r"\w+")
_DOCUMENT = pattern_of(r"\.(?!html?$|php$|aspx?$|jsp$|cgi$)[a-z0-9]{2,4}$", re.I)


def strip_headlines(units: Sequence[Block], base: str, title: str) -> list[Block]:
    """Leave lists of other articles' headlines out, where there is a notice beside them."""
    kinds = list(_kinds(units, base))
    runs = list(_runs(units, kinds))
    if not runs:
        return list(units)
    told = {index for run in runs for index in run}
    if _count_sentences(units, told) < _MIN_SENTENCES:
        return list(units)  # a page of links is a listing
    share = sum(len(units[index].text) for index in told) / max(1, sum(len(unit.text) for unit in units))
    first = next((unit.text for unit in units[: runs[0].start] if unit.kind == "heading"), "")
    named = any(_NOTICE.search(name) and not _LISTING.search(name.strip()) for name in (title, first))
    notice = share >= _FOREIGN_SHARE and named
    dropped: set[int] = set()
    for run in runs:
        heads = sum(kinds[index] == "headline" for index in run)
        if heads >= _MIN_ANNOUNCED and _is_announced(units, run):
            dropped.update((run.start - 1, *run))
        elif heads >= _MIN_UNANNOUNCED and notice:
            dropped.update(run)
    return [unit for index, unit in enumerate(units) if index not in dropped]


def _count_sentences(units: Sequence[Block], told: set[int]) -> int:
    return sum(unit.text.endswith("。") for index, unit in enumerate(units) if index not in told)


def _is_announced(units: Sequence[Block], run: range) -> bool:
    """Tell whether the unit above a run of headlines says that they are those of other articles."""
    above = units[run.start - 1] if run.start else None
    return above is not None and len(above.text) < 30 and _OTHERS.search(above.text) is not None


def _kinds(units: Sequence[Block], base: str) -> Iterator[str]:
    """Say what each unit is: a headline, the rest of what its link holds, a label, or something said."""
    host = urlsplit(base).netloc
    open_link = ""
    for unit in units:
        links = [link for link in unit.links if _is_article(link.url, host)]
        words = sum(_letters(link.text) for link in links)
        if (
            len(links) == len(unit.links)
            and words >= _MIN_HEADLINE_CHARS
            and words >= _LINKED_SHARE * max(1, _letters(_DATE.sub("", unit.text)))
        ):
            open_link = links[-1].text
            yield "headline"
        elif open_link and not unit.links and unit.text in open_link:
            yield "rest"
        elif len(unit.text) <= _MAX_LABEL_CHARS and "。" not in unit.text and not unit.links:
            yield "label"
        else:
            open_link = ""
            yield "said"


def _runs(units: Sequence[Block], kinds: Sequence[str]) -> Iterator[range]:
    """Find where headlines follow one another, from the first to the end of the last."""
    start, end = -1, -1
    for index, kind in enumerate((*kinds, "said")):
        if kind in ("headline", "rest"):
            start, end = (index if start < 0 else start), index + 1
        elif kind == "said" or (index < len(units) and _OTHERS.search(units[index].text)):
            if start >= 0:
                yield range(start, end)
            start = -1


def _is_article(url: str, host: str) -> bool:
    """Tell whether a link leads to another page of the same host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.netloc in ("", host) and bool(parts.path) and _DOCUMENT.search(parts.path) is None


def _letters(text: str) -> int:
    return sum(map(len, _LETTERS.findall(text)))
