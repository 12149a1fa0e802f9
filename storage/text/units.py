"""What notices count, and what a word that looks like a unit is the beginning of instead.

Rooms look for the sets that they can be sure of: an edit of ``3件`` is one of a count, while ``3本`` is one
only where what follows ends the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PEOPLE_UNITS = ("人", "名")
COMMON_UNITS = (*PEOPLE_UNITS, "件", "社", "世帯")
"""What notices of incidents count most: people, records, firms, households."""
PIECE_UNITS = ("通", "台", "枚", "冊", "個")
PREMISES_UNITS = ("戸", "校", "店")
COUNTED_UNITS = (
    *COMMON_UNITS,
    *("団体", "回線", "口座", "法人", "機関", "自治体", "施設", "校", "台", "通", "枚", "部"),
    *("アカウント", "ID", "id", "レコード", "ファイル", "データ"),
)
"""What is counted, where two texts are compared: behind a figure, whatever follows."""
LABEL_UNITS = ("件", "人", "者", "社", "世帯", "戸", "口座", "アカウント")
"""What a label says is counted: 件数, 世帯数."""

NOT_BEFORE: dict[str, tuple[str, ...]] = {
    "市区町村": (),
    "市町村": (),
    "市町": ("村",),
    "町村": ("長", "議"),
    "都道府県": (),
    "自治体": (),
    "公共団体": (),
    "団体": ("交渉", "信用", "名"),
    "事業所": (),
    "事業者": (),
    "業者": ("間",),
    "企業": (),
    "会社": (),
    "法人": (),
    "機関": (),
    "医療機関": (),
    "組合": ("員",),
    "人": tuple("事口権材格間物工件気選称的手身員"),  # 3人材
    "名": (*"前簿称義刺目所張寄", "古屋", "宛", "札"),  # 10名義
    "件": ("名", "数"),
    "社": tuple("員会内長名債宅団交外屋史印用労是告保"),  # 5社員
    "世帯": ("主", "数"),
    "回線": (),
    "口座": ("番号", "名義", "振替"),
    "アカウント": ("名", "情報"),
    "台": tuple("帳風湾数車本所紙"),  # 2台帳
    "枚": ("数", "挙"),
    "契約": ("者", "社員", "書", "先", "日", "期間", "内容", "番号", "情報", "金"),
    "メールアドレス": (),
    "アドレス": (),
    "店舗": (),
    "施設": (),
    "支店": (),
    "代理店": (),
    "拠点": (),
    "校": tuple("長舎内正了区則"),
    "園": ("児", "長"),
    "病院": (),
    "大学": (),
    "学校": (),
    "クラス": (),
    "通": tuple("り常信知報話学院販過帳"),  # 4通常
    "冊": ("子",),
    "ファイル": (),
    "レコード": (),
    "ユーザー": (),
    "ユーザ": (),
    "会員": (),
    "顧客": (),
    "ID": ("[A-Za-z]",),
    "アイディー": ("[A-Za-z]",),
    "サイト": (),
    "サーバー": (),
    "サーバ": (),
    "端末": ("名",),
    "パソコン": (),
    "品目": (),
}
"""Units in sentences, each with how words go on of which it is only the beginning; the longer unit first."""

BODY_UNITS = (
    *("団体", "自治体", "企業", "会社", "事業者", "機関", "医療機関", "法人", "市町村", "市区町村"),
    *("都道府県", "組合", "学校", "病院", "施設", "店舗"),
)
"""Bodies that are counted as such: 69の団体."""
AREA_UNITS = ("市", "町", "村", "区", "県")
"""Kinds of municipalities: 3市, but not 3市民."""
ONLY_BEFORE = {
    "本": r"[のをがはで、。)]|\s?[(]|$",  # 一本化
    "個": "[のをがはで、。)]|$",  # 一個人
    "箱": "",
    "先": "[にへのはがをでと、。)分]|$",
    "者": "[にはがをのと、。]",  # 第三者
    "部": r"[をのがはでと、。()|\s]|に、|$",  # 12部, but not 12部門
    "点": r"[をのがは、。()|\s]|$",
    **dict.fromkeys(AREA_UNITS, "[、。でのはがをにとも)・]|合同|$"),
}
"""Units that are so often a part of another word that they count only behind figures, and before these."""

BODIES = frozenset(
    (
        *BODY_UNITS,
        *AREA_UNITS,
        *"社者校園先",
        "クラス",
        "公共団体",
        "事業所",
        "市町",
        "町村",
        "大学",
        "支店",
        "代理店",
        "拠点",
    )
)
"""Units of whoever has data, and of nobody whom it is about."""
THINGS = frozenset(
    (*PIECE_UNITS, *"部点本箱", "ファイル", "サーバー", "サーバ", "端末", "パソコン", "サイト", "品目")
)
"""Units of what data is on."""


def any_of(units: Iterable[str]) -> str:
    """Make the pattern of one of these units."""
    return f"(?:{'|'.join(map(re.escape, units))})"


def guarded(units: Iterable[str] = NOT_BEFORE) -> str:
    """Make the pattern of one of these units where it is no beginning of another word."""
    return f"(?:{'|'.join(unit + _guard(unit) for unit in units)})"


def ended(units: Iterable[str] = ONLY_BEFORE) -> str:
    """Make the pattern of one of these units where what follows ends it."""
    return f"(?:{'|'.join(unit + _end(unit) for unit in units)})"


def _guard(unit: str) -> str:
    return f"(?!{'|'.join(NOT_BEFORE[unit])})" if NOT_BEFORE[unit] else ""


def _end(unit: str) -> str:
    return f"(?={ONLY_BEFORE[unit]})" if ONLY_BEFORE[unit] else ""


def states_count(text: str) -> bool:
    """Tell whether a note holds a number of persons, records or firms."""
    return _NUMBER_OF.search(text) is not None


_NUMBER_OF = re.compile(r"[0-9０-９][0-9０-９,.万億千]*\s*(?:件|人|名|社|世帯)")
