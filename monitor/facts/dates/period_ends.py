"""Both ends of a period, or the one that is told: 4月1日から6月2日まで, 1月15日以降."""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.patterns import pattern_of

_TIME = (
    r"(?:\s?\([^()]{1,8}\)|午[前後]|[0-9]{1,2}[時:][0-9]{0,2}分?"
    r"|夜|朝|未明|夕方?|早朝|深夜|[上中下初]旬|頃|ごろ|ころ|の|に|\s)"
)
# 4月1日から6月2日に解約した, 4月1日から6月2日分; but not 4月1日から4月8日に延期.
_FROM = pattern_of(rf"{_TIME}{{0,5}}(?:から|より)(?:\s|同|翌|の)*")
_SINCE_DID = pattern_of(rf"{_TIME}{{0,5}}から[^。、0-9]{{1,12}}")  # 11月11日から閉鎖した11月21日までの期間
_MOVED = pattern_of(r"(?:\([^()]{1,8}\))?(?:に|へ)(?:延期|変更|修正|訂正|改め|繰り)")
_UNTIL_NEXT = pattern_of(
    rf"{_TIME}{{0,5}}(?:から|より|~|-|―|ー|以降)(?:\s|、|同|翌|の)*(?:\([^()]{{1,8}}\))?"
)
_END = pattern_of(
    rf"{_TIME}{{0,5}}(?:まで|迄|の間|の期間|にかけ|期間|\s?\)|\s?(?:\n|$)|、|に(?:来|ご?利用|お申|購入"
    rf"|登録)|の[0-9])"
)


def is_range(sheet: Sheet, fact: Fact, after: Fact) -> bool:
    """Tell whether the next date is the end of a period that this one begins."""
    if after.start - fact.end > 30:
        return False
    between = sheet.text[fact.end : after.start]
    if between.endswith("\n") and sheet.text[fact.start - 1 : fact.start] in ("", "\n"):
        return False  # an entry of a course: 5月24日9時頃から⏎23日に電話がつながらなかった方に…
    if _SINCE_DID.fullmatch(between) and re.match("(?:まで)?の(?:期間|間)", sheet.after(after.end, 8)):
        return True
    if _FROM.fullmatch(between) and not _MOVED.match(sheet.text, after.end):
        return True
    joint = _UNTIL_NEXT.match(between)
    if joint is None or joint.end() != len(between):
        return False
    return bool(_END.match(sheet.text, after.end)) or "~" in between or "まで" in sheet.after(after.end, 12)


# 4月以前の登録情報, 8月28日にかけて探した, 3月31日まで使われていた, 5月15日までに登録されたお客様
_TILL = pattern_of(
    r"\s?(?:\([^()]{1,8}\))?(?:午[前後])?(?:[0-9]{1,2}[時:][0-9]{0,2}分?)?(?:にかけ[て、]|以前(?:の|に)"
    r"|まで、[^。]{0,30}(?:状態|閲覧でき|公開され)"
    r"|までの(?:約|およそ)?[0-9一二三四五六七八九十数]{1,3}(?:日|週|[かカヶケ]?月|年)間?、?[^。]{0,30}(?:状態|閲覧|公開|掲載|表示|紛失)"
    r"|まで(?:の間)?、?[^。、]{0,24}(?:停止|中止|休止|休業|閉鎖|制限|見合わせ)"
    r"|までに?、?[^。、]{0,12}(?:使われ|(?:使|利)用(?:し|さ)|登録(?:し|さ)|購入(?:し|さ)|申し?込|在籍|勤務し|受診|来[院店館]))"
)
# 1月15日以降, 3月4日から計9回にわたり; but not 20日以降に送付する予定
_SINCE_THEN = pattern_of(
    r"\s?(?:\([^()]{1,8}\))?\s?(?:午[前後])?(?:[0-9]{1,2}[時:][0-9]{0,2}分?)?(?:頃|ごろ)?\s?"
    r"(?:(?:以降|以来)(?!に?、?(?:順次|相次いで)?、?(?:判明|発覚|発見)|[^。]{0,24}(?:予定|送る|(?:送付|発送|連絡|説明)する))"
    r"|(?:から|より)、?(?:継続的|断続的|定期的|長期|複数回|繰り返し|たびたび|度々|数回|毎)"
    r"|(?:から|より)、?[^。、]{0,16}(?:して|されて)(?:い(?:た|まし)|おりまし)"
    r"|(?:から|より)、?[^。、]{0,24}(?:募集|運用|提供|実施|利用|使用|公開|掲載|配信|受け?付け?)(?:し|され|を行っ)?て(?:い(?:る|た|ます)|お(?:り|る))"
    r"|(?:から|より)、?[^。、]{0,30}が(?:多発|続発|相次)"
    r"|(?:から|より)、?[^。、]{0,40}自動転送"
    r"|(?:から|より)、?[^。、]{0,60}(?:調査|分析|協議|点検|確認|捜索|作業)(?:等|など)?を(?:開始|実施|始め|行)"
    r"|(?:から|より)、?(?:約|およそ)?[0-9]{1,3}(?:時間|分|日|週|[かカヶケ]?月|年)間?(?:程度|ほど|半)?(?:、|の間|にわた|[\s)]|$)"
    r"|(?:から|より)、?[^。]{0,24}(?:にわた[りっ]|続け|自動転送|状態(?:が|だ|で|と)"
    r"|(?:発生し|行われ|続い)てい?(?:た|まし)|[^。、]{0,30}ようになった"
    r"|[^。、]{0,14}(?:を(?:停止|中止|休止|閉鎖)し|(?:停止|中止|休止|閉鎖)され)(?:て|、|た)"
    r"|(?:公開|掲載|表示|閲覧)(?:され|し|でき)て?い(?:た|まし)))"
)


def one_end(clause: str) -> str:
    """Return which end of a period a day is, of which the other end is not told; nothing for other days."""
    if _TILL.match(clause):
        return "period-end"
    return "period-start" if _SINCE_THEN.match(clause) else ""
