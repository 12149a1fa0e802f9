"""Which report of a series a notice is or cites: 第3報, 速報, 確報, 最終報."""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.japanese import kanji_number
from storage.text.patterns import pattern_of

_REPORT = pattern_of(
    r"""
    第\s?(?P<number>[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s?報                     # 第2報
  | (?P<preliminary>速報(?!値|性|ベース|メール|板|サイト))                          # 速報を提出
  | (?P<final>確報(?!値) | 最終報(?:告(?:書)?)?)                                    # 最終報
    """,
    re.VERBOSE,
    begins=(
        "最終 確報 第 第0 第1 第2 第3 第4 第5 第6 第7 第8 第9 第一 第七 第三 第九 第二 第五 第八 第六 第十 "
        "第四 速報"
    ),
)
_SUPPOSED = pattern_of(r"訓練|場合(?:は|に)|定めて|以内に(?:行う|する)(?:こと|必要)|義務|とは、")
_CITED = pattern_of(
    r"\s?(?:\([^()]*\))?(?:で|にて|及び|から|に(?:おいて|続)|として|のとおり|、|を(?:公表|お知らせ))"
)


def find_reports(sheet: Sheet) -> list[Fact]:
    """List every report of a series that is named; ``cited`` where an earlier one is meant."""
    found = []
    for match in _REPORT.finditer(sheet.text):
        first, last = sheet.sentence(match.start())
        if match["number"]:
            value: object = {"number": int(kanji_number(match["number"]))}
        else:
            sentence = sheet.text[first:last]
            if _SUPPOSED.search(sentence) or not re.search("報告|提出|委員会|公表|行|報】|最終", sentence):
                continue
            value = "preliminary" if match["preliminary"] else "final"
        cited = match["number"] and _CITED.match(sheet.text, match.end())
        found.append(
            sheet.fact("report", value, match.start(), match.end(), qualifiers=("cited",) if cited else ())
        )
    return found
