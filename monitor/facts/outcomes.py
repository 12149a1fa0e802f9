"""What became of the data. Four states stay apart: taken out, leaked, possible, not confirmed.

確認されていない means that no leak was seen, not that there was none. Misuse (二次被害, 不正利用) is
told apart from the leak itself by the fact's role.
"""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from storage.records import Fact

# Every alternative begins with a character of its own, so that other places are passed over at once.
_EVENT = re.compile(
    r"不正(?:に)?(?:利用|使用)(?!者)|悪用|二次被害|二次的な被害|不審な(?:電話|メール|請求|連絡)"
    r"|持ち?出[しさ]?"
    r"|漏(?:えい|洩|洩え|れ)|流出|ろうえい|第三者へ?に?(?:の|へ)?提供|外部へ?に?(?:の|へ)?提供"
)
_KINDS = dict.fromkeys("不悪二", "misuse") | {"持": "taken"} | dict.fromkeys("漏流ろ第外", "leak")
_STOP = re.compile("[。、]")
_NOT_SEEN = re.compile(
    r"確認(?:は|が)?(?:され|でき|し)?(?:て(?:は)?)?(?:い|お)?(?:り?ませ|な(?!け)|ず)|確認に至って|認められ(?:てい)?(?:て(?:い|お))?(?:り?ませ|な|ず)|"
    r"(?:形跡|痕跡|事実)(?:は|も)(?:確認|認め|見つか|な|あり)|報告(?:は|を)(?:あり|受けて(?:い|お)(?:り?ませ|な))|(?:は|も)(?:発生|生じ)(?:して)?(?:い|お)?(?:り?ませ|な|ず)|(?:被害|流出|漏えい|利用|悪用)は(?:あり|な(?:い|かっ))"
)
_MAYBE = re.compile(r"おそれ|恐れ|可能性|懸念|疑い|否定(?:は)?でき|かもしれ")
_DONE = re.compile(
    r"\A(?:等)?(?:が|を|は|も)?(?:[^。、]{0,14})?(?:した|して(?:い|お|しま)|し、|しまし|され(?:た|て|まし)|させ(?:た|て)|判明|発生|確認(?:され(?!て(?:い|お)(?:な|り?ませ))|し(?:た|まし|て))|発覚|明らかに|認め(?:た|られ(?!な)))"
)


def outcomes(sheet: Sheet) -> list[Fact]:
    """Every statement about the outcome; a word in a title (漏えい等報告) states nothing."""
    found = []
    for match in _EVENT.finditer(sheet.text):
        sentence = sheet.after(match.end(), 60)
        clause = _STOP.split(sentence, 1)[0]
        kind = _KINDS[match[0][0]]
        if _NOT_SEEN.search(clause) or (kind == "misuse" and _NOT_SEEN.search(sentence)):
            value = "not confirmed"
        elif _MAYBE.search(clause):
            value = "possible"
        elif _DONE.match(clause) or (
            kind == "taken" and match[0][-1] in "さし" and _DONE.match("し" + clause)
        ):
            value = {"taken": "taken out", "leak": "leaked", "misuse": "misused"}[kind]
        else:
            continue
        role = "misuse" if kind == "misuse" else "leak"
        found.append(sheet.fact("outcome", value, match.start(), match.end(), role=role))
    return found
