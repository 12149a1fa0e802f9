"""Names of bodies with their corporate forms."""

from __future__ import annotations

import re
from functools import lru_cache

from storage.text.fold import fold
from storage.text.patterns import pattern_of

# The lookahead of FORM names every first character, so that other places are passed over at once.
COMPANY = r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|\(有\)|\(同\)|㈱|㈲|相互会社"
_PUBLIC = (
    r"(?:特例|一般|公益)?(?:社団|財団)法人"
    r"|\((?:一社|一財|公社|公財|社福|特非)\)"  # (一社)X協会
    r"|社会福祉法人|(?:社会)?医療法人(?:社団|財団)?|学校法人|宗教法人|更生保護法人|職業訓練法人"
    r"|独立行政法人|国立研究開発法人|国立大学法人|公立大学法人|地方独立行政法人|大学共同利用機関法人"
    r"|(?:認定)?(?:特定非営利活動法人|NPO法人)|認可法人|監査法人"
    r"|(?:税理士|弁護士|司法書士|行政書士|社会保険労務士|土地家屋調査士|特許業務)法人|農業協同組合法人|農事組合法人"
)
_FIRST = "株有合(㈱㈲相特一公社財医学宗更職独国地N認監税弁司行土農大"
FORM = pattern_of(rf"(?=[{_FIRST}])(?:{COMPANY}|{_PUBLIC})")

_BRACKETS = re.compile(r"[(（\[［【〔].*?[)）\]］】〕]")
_HEADINGS = re.compile(
    r"(?:からの)?(?:お知らせ|ニュース(?:リリース)?|プレスリリース|新着情報|報道発表(?:資料)?|公式(?:サイト|ホームページ)|ホームページ)+\Z"
)


def strip_form(name: str) -> str:
    """Give a body's name without its corporate form; the form where nothing else stands."""
    return FORM.sub("", name.replace("（", "(").replace("）", ")")).strip() or name


def plain_name(name: str) -> str:
    """Give a body's name without corporate form, brackets, and what heads its notices; may be empty."""
    return _HEADINGS.sub("", FORM.sub("", _BRACKETS.sub("", strip_form(name))).strip())


_QUOTES = ",.-'’&\"「」『』:"
_RESPECT = re.compile(r"(?:様|さま|殿|御中)\Z")


@lru_cache(8192)
def name_key(name: str) -> str:
    """Fold a body's name: without corporate form, brackets, and what heads its notices.

    Empty where nothing of a name is left.
    """
    key = fold(plain_name(name)).replace("・", "").replace("ヶ", "ケ").strip(_QUOTES)
    key = _RESPECT.sub("", key)
    return key if len(key) > 1 else ""


_LATIN = re.compile(r"[A-Za-z0-9&.,'’-]")


@lru_cache(8192)
def publisher_name(name: str) -> str:
    """Give the body behind the name of a source, which may go on behind it: X 令和6年1月24日のお知らせ.

    A blank between Latin words is part of a name, and so is one beside a corporate form.
    """
    words = name.split()
    for end in range(1, len(words)):
        before, behind = words[end - 1], words[end]
        in_latin = _LATIN.match(before[-1]) and _LATIN.match(behind[0])
        if not in_latin and not FORM.fullmatch(behind) and name_key(" ".join(words[:end])):
            return " ".join(words[:end])
    return name
