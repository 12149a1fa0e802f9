"""Names of bodies with their corporate forms."""

from __future__ import annotations

import re
from functools import lru_cache

from storage.text.fold import fold

# Every form begins with a character of its own, so that other places are passed over at once.
COMPANY = r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|\(有\)|\(同\)|㈱|㈲"
_PUBLIC = (
    r"特例(?:社団|財団)法人|一般(?:社団|財団)法人|公益(?:社団|財団)法人"
    r"|\((?:一社|一財|公社|公財|社福|特非)\)"  # (一社)X協会
    r"|社会福祉法人|医療法人(?:社団|財団)?|学校法人|宗教法人"
    r"|独立行政法人|国立研究開発法人|国立大学法人|公立大学法人|地方独立行政法人"
    r"|特定非営利活動法人|NPO法人|認可法人|税理士法人|弁護士法人|監査法人|農業協同組合法人|農事組合法人"
)
FORM = re.compile(rf"{COMPANY}|{_PUBLIC}")

_BRACKETS = re.compile(r"[(（\[［【〔].*?[)）\]］】〕]")
_HEADINGS = re.compile(
    r"(?:からの)?(?:お知らせ|ニュース(?:リリース)?|プレスリリース|新着情報|報道発表(?:資料)?|公式(?:サイト|ホームページ)|ホームページ)+\Z"
)


def strip_form(name: str) -> str:
    """Give a body's name without its corporate form; the form where nothing else stands."""
    return FORM.sub("", name.replace("（", "(").replace("）", ")")).strip() or name


@lru_cache(8192)
def name_key(name: str) -> str:
    """Fold a body's name: without corporate form, brackets, and what heads its notices.

    Empty where nothing of a name is left.
    """
    plain = _BRACKETS.sub("", strip_form(name))
    key = fold(_HEADINGS.sub("", FORM.sub("", plain).strip())).replace("・", "").replace("ヶ", "ケ")
    return key if len(key) > 1 else ""
