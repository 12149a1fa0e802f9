"""What happened on a day: occurred, discovered, reported, notified, published, or the ends of a period.

A label (発覚日:) or the verb behind a date says so; what neither tells has the role ``other``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from monitor.facts.dates.period_ends import is_range, one_end
from monitor.facts.dates.role_labels import BULLETS, by_label, by_line
from monitor.facts.dates.role_verbs import RECIPIENT, by_clauses, by_verb, holds_clause
from monitor.facts.sheet import Sheet
from storage.records import Fact
from storage.text.patterns import pattern_of

# 市は8日、…紛失したと発表した: the day of the announcement, whatever happened before.
_TOLD = pattern_of(
    r"""
    \A(?:\([^()]{1,8}\))?(?:午[前後])?(?:[0-9]{1,2}時[0-9]{0,2}分?頃?)?(?:までに)?、[^。]*?
    # 、…紛失したと発表した
    (?: (?:と|を|旨|だと|について)(?:発表|公表|明らかに|明か)(?:し|いたし)(?:た|まし|て)
      | 記者?会見を  # 、…会見を開いた
    )
    """,
    re.VERBOSE,
)
_TO_COME = pattern_of(
    r"\A(?:\s?\([^()]{1,8}\))?(?:午[前後]|[0-9時分:~ ])*"
    r"(?:に開く|に予定(?:し|され)て|(?:に|から|より)[^。、説訪]{0,8}(?:開催|開講|開始)|から実施"
    r"|開催|開講|中?を(?:目途|目処|めど|目標)|(?:頃|ごろ)?を(?:見込|予定))"
)
_AS_OF = pattern_of(
    r"\A(?:\s?\([^()]{1,8}\))?\s?(?:の?(?:朝|昼|夕方?|夜|正午)|午[前後])?"
    r"(?:[0-9]{1,2}\s?[時:][0-9]{0,2}分?)?\s?(?:時点|現在|になっても|までの(?:調査|集計|結果))"
)
_SENT = pattern_of(
    r"\A(?:\([^()]{1,8}\))?\s?(?:朝|夜|夕方|午[前後])?(?:[0-9]{1,2}[時:][0-9]{0,2}分?)?(?:に|、|付けで?)?"
    r"(?:作成し)?(?:順次)?(?:発送|送付|郵送|送信)(?!分)"
)
_CAME_UP = pattern_of("判明|確認(?!された[一-龥]|でき(?:な|ず|て(?:い|お)(?:な|ら)|ませ))")
# 閲覧できた時間帯を16日19時23分~22時57分としていた
_WINDOW = pattern_of(
    r"(?:閲覧|表示|発生|流出|漏え?い|アクセス|障害|公開)[^。]{0,30}(?:時間帯|期間|日時)(?:は|を|が|:)、?\s?\Z"
)
_HOURS = pattern_of(
    r"\s?(?:\([^()]{1,8}\))?の?\s?(?:午[前後])?[0-9]{1,2}[時:][0-9]{0,2}分?頃?\s?(?:~|〜|から|-)"
)
# 27日に出された「続報」
_ISSUED = pattern_of(
    r"(?:\([^()]{1,8}\))?に(?:(?:出(?:され|し)|公表(?:され|し)|発表(?:され|し)|掲載(?:され|し))た[「『]?(?:続報|お知らせ|発表|声明|リリース"
    r"|コメント|第[0-9一二三]報)|(?:公表|発表|お知らせ)(?:いた)?し(?:た|まし?た|て(?:い|お)ります)[「『])"
)
# (1) 3月10日:更新のためのメールに係る案件
_AFFAIR_OF = pattern_of(
    r"(?:\([^()]{1,8}\))?\s?[:|][^。\n]{2,80}(?:案件|事案|事故|事象|誤送信|誤送付|誤配付|紛失|盗難|流出|漏え?い)(?:\([^()]*\))?\s*\Z"
)
# 7月10日時点で不正アクセスの痕跡を発見した際
_SEEN_BY_THEN = pattern_of(
    r"(?:\([^()]{1,8}\))?の?時点で、?[^。、]{0,30}(?:痕跡|形跡|流出|漏え?い|アクセス|改ざん|感染|攻撃|異常)[をが](?:発見|確認|検知|把握|判明)"
    r"(?:し|され)(?:た|まし)"
)
_LETTER = pattern_of(r"(?:報告|説明)する文書|通知|お?詫び|おわび|謝罪|書面|手紙|書簡")
_CLEFT = pattern_of(
    r"(?P<verb>(?:(?!によると|によれば)[^。、\n]){2,40}?)(?:のは|日は|は)、?(?:その(?:直[前後]|翌日)の)?\s?\Z"
)
_CLEFT_END = pattern_of(
    r"(?:\([^()]{1,8}\)|\s|午[前後]|[0-9]{1,2}[時:][0-9]{0,2}分?|頃|ごろ|の?(?:夜|朝|未明|夕方|深夜|早朝|昼))*"
    r"(?:[、。\n)]|で、|で(?=[^。、0-9]{2,12}のは)|です|でした|だった|である|であり|のこと|と|$)"
)


def add_roles(sheet: Sheet, days: Sequence[Fact]) -> list[Fact]:
    """Give every date of a text its role; ``days`` come in order, deadlines keep theirs."""
    found: list[Fact] = []
    opened = False
    for at, fact in enumerate(days):
        after = days[at + 1] if at + 1 < len(days) else None
        before = found[-1] if found else None
        role = ""
        if after and is_range(sheet, fact, after):
            role, opened = "period-start", True
        elif opened and before:
            role, opened = "period-end", False
        elif fact.field == "date":
            role = _role(sheet, fact, before, after)
            role = "other" if role in _DEEDS and _is_to_come(sheet, fact) else role
        if fact.field == "deadline" and role != "period-end":
            found.append(fact)
        else:
            found.append(replace(fact, field="date" if role == "period-end" else fact.field, role=role))
        if before and before.role in ("occurred", "published", "notified", "other"):
            found[-2] = _join(sheet, before, found[-1])
    return _in_order(found)


def _in_order(found: list[Fact]) -> list[Fact]:
    """Take back that somebody was told or that it was reported before anything happened or was noticed."""
    days = [str(fact.value) for fact in found if fact.role in ("occurred", "discovered", "period-start")]
    first = min((day for day in days if len(day) == 10), default="")
    return [
        replace(fact, role="other")
        if fact.role in ("notified", "reported") and len(str(fact.value)) == 10 and str(fact.value) < first
        else fact
        for fact in found
    ]


_DEEDS = ("occurred", "discovered", "reported", "notified")


# 誤って別の会社に送っておりました(12月6日), 警察に届け出(3月5日)
_HELD = pattern_of(r"(?P<said>[^。、\n()|]{2,40})(?:\(|(?P<apart>。)[(【])\Z")
# 警部が12月、手帳を紛失していたことが分かった: a day within what came out.
_CAME_TO_LIGHT = pattern_of(
    r"(?P<deed>[^。]{2,120}?)(?:(?:こと|可能性|疑い|おそれ|恐れ)が、?(?:[^。、]{0,24}[、でに])?(?:分か|わか|判明|発覚|明らかにな|確認さ)"
    r"|ことを(?:確認|把握|特定))"
)
# 3月29日19時42分頃に、皆様のアドレスが見える形で配信したことが判明: what the body did itself
_OWN_DEED = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:午[前後])?[0-9]{1,2}[時:][0-9]{0,2}分?(?:頃|ごろ)?に、?[^。]{0,90}"
    r"(?:送信|配信|送付|発送|掲載|公開|投函|交付|配布|添付)し(?:た|てしまった)ことが(?:判明|発覚|分か|わか)"
)
# 調査の結果、昨年12月に不正アクセスがあったことを確認
_ON_LOOKING = pattern_of(r"(?:調査|確認|点検|解析|分析)(?:の結果|したところ|を行ったところ)、?\s?\Z")
# 2025年11月、警視庁は元社員を逮捕した, 金融庁は7月22日付で…命じた
_AUTHORITY = r"(?:警視庁|[都道府県]警|警察|地検|検察|金融庁|消費者庁|総務省|[一-龥]{2,4}省|財務局|保護委員会)"
_BY_AUTHORITY = pattern_of(
    rf"(?:\([^()]{{1,8}}\))?、[^。、]{{0,10}}{_AUTHORITY}[^。、]{{0,12}}[はが][^。]*"
    r"(?:逮捕|送検|摘発|命令|勧告|指導|命じ|処分|告発|検査)"
)
_OF_AUTHORITY = pattern_of(rf"{_AUTHORITY}は、?\s?\Z")
_LOSS_WAS = pattern_of(r"(?:紛失|流出|漏え?い|盗難|誤送[信付]|誤配|事故|事案|侵入)は、?\s?\Z")
# 市は12日、2度にわたって…誤送信したと13日、公表した: the second day is that of the news.
_TOLD_LATER = pattern_of(
    r"(?:と|旨を|ことを)(?:同|翌)?(?:[0-9]{1,2}月)?[0-9]{1,2}日(?:\([^()]{1,8}\))?(?:に|、)?[^。、]{0,10}(?:発表|公表|明らか)"
)


def _in_brackets(ahead: str, clause: str) -> str:
    """Return the role of a day in brackets, from the words before them."""
    held = _HELD.search(ahead) if clause.startswith((")", "】")) else None
    return by_verb(held["said"]) or ("other" if held["apart"] else "") if held else ""


def _within(sheet: Sheet, fact: Fact, ahead: str, last: int) -> str:
    """Return the role of a day of the deed that came to light, and not of when it did."""
    if _OWN_DEED.match(sheet.text, fact.end, last):
        return "occurred"
    inside = ahead.rstrip().endswith("が") or sheet.text.startswith("にも", fact.end)
    if not inside and not _ON_LOOKING.search(ahead):
        return ""
    told = _CAME_TO_LIGHT.match(sheet.text, fact.end, last)
    return one_end(told["deed"]) or by_verb(told["deed"]) if told else ""


def _is_to_come(sheet: Sheet, fact: Fact) -> bool:
    """Tell whether a day lies behind that of publication: whatever is planned for it has not happened."""
    value = str(fact.value)
    return sheet.published is not None and len(value) == 10 and value > sheet.published.isoformat()


def _join(sheet: Sheet, one: Fact, other: Fact) -> Fact:
    """Give the first of two days (7日と9日) the role of the second, which stands beside the verb."""
    between = sheet.text[one.end : other.start]
    if (
        one.field != other.field
        or not _PAIR.fullmatch(between)
        or (between == "、" and one.raw[-1] in "日月")
    ):
        return one
    return one if by_label(sheet, one, sheet.before(one.start, 44), 0) else replace(one, role=other.role)


_PAIR = pattern_of(r"(?:\([^()]{1,8}\))?[0-9時分:~〜-]{0,16}(?:と|、|及び|および|・)(?:同|翌)?")


def _role(sheet: Sheet, fact: Fact, before: Fact | None, after: Fact | None) -> str:
    # Many branches: rules in the order in which they take precedence, each with its answer.
    text = sheet.text
    first, last = sheet.sentence(fact.start)
    ahead = _ahead(sheet, fact, before, first)
    if role := by_label(sheet, fact, ahead, first):
        return role
    clause = _clause(sheet, fact, after, last)
    if before and before.start >= first and before.role == "published":
        clause = _AS_TOLD.sub("", clause)
    held = _in_brackets(sheet.text[max(0, fact.start - 60) : fact.start], clause)
    if role := (held if ahead in ("【", "(") else "") or by_line(sheet, fact, ahead, clause, last) or held:
        return role
    if role := _within(sheet, fact, ahead, last):
        return role
    whole = text[fact.end : min(last, fact.end + 300)]
    cleft = None if ahead.endswith("市は、") and _TOLD.match(whole) else _CLEFT.search(ahead)
    if cleft and _CLEFT_END.match(text, fact.end) and (of_verb := by_verb(cleft["verb"])):
        return of_verb
    if _BY_AUTHORITY.match(whole) or (_OF_AUTHORITY.search(ahead) and clause.startswith("付")):
        return "published" if _TOLD.match(whole) and not ahead else "other"
    if _LOSS_WAS.search(ahead):
        return by_clauses(clause) or "occurred"
    heads = ahead.rstrip("、")[-1:] in ("", "は", "も") and (not before or before.start < first)
    old = _is_old_month(sheet, fact)
    if heads and not old and (told := _TOLD.match(whole)) and not _TOLD_LATER.search(told[0]):
        return "published"
    if _is_news(sheet, fact, ahead, clause) and (_DECIDED.search(whole) or _tells_below(sheet, last)):
        return "published"
    if role := _by_noun_before(ahead, clause) or _at_once(clause, ahead):
        return role
    if _TO_OFFICE.search(ahead) and _OFFICE_TOLD.match(clause):
        return "reported"
    if _TO_THEM.search(_ASIDE.sub("", ahead)) and _TOLD_THEM.match(_TITLE.sub("「」", clause)):
        return "notified"
    if _SENT.match(clause) and _LETTER.search(sheet.before(fact.start, 30)):
        return "notified"
    if clause.startswith(("までに", "まで ")):
        role = "discovered" if _CAME_UP.search(clause) else by_clauses(clause)
        return role if role and role != "occurred" else "other"
    if _MADE_PUBLIC.match(clause):
        return "published"
    if role := by_clauses(_as_it_was(sheet, fact, ahead, clause)):
        return "other" if role == "discovered" and _is_found_again(sheet, fact, clause) else role
    goes_on = (
        after is not None and after.start < last and not clause.startswith("の") and "後、" not in clause
    )
    goes_on = goes_on and ("ところ、" in clause or not holds_clause(clause))
    if goes_on and after and (role := by_verb(text[after.end : min(last, after.end + 200)])):
        if old and role == "published":
            return "other"
        letter = role == "occurred" and ahead.endswith("を") and _LETTER.search(ahead)
        return "notified" if letter else role
    return _by_neighbours(sheet, fact, before, after, ahead, clause)


def _is_old_month(sheet: Sheet, fact: Fact) -> bool:
    """Tell whether a month without a day lies before that of publication: no news is dated so."""
    value = str(fact.value)
    return sheet.published is not None and len(value) == 7 and value < sheet.published.isoformat()[:7]


_AS_TOLD_OF = pattern_of(r"(?:と|ことを|旨を)[^。、]{0,8}(?:発表|公表|明らかに)し(?:た|まし|て)[^。]*")
_NEWS_DAYS = 3  # before publication, within which lies the day of the news


def _as_it_was(sheet: Sheet, fact: Fact, ahead: str, clause: str) -> str:
    """Leave out that it was told, of a day long before: 市は、3月5日に公開していたことを明らかにした."""
    value = str(fact.value)
    if _is_old_month(sheet, fact):
        return _AS_TOLD_OF.sub("", clause)
    told = ahead.rstrip("、").endswith(("は", "が")) and not clause.startswith("、")
    if not told or not sheet.published or len(value) != 10:
        return clause
    if value >= (sheet.published - timedelta(days=_NEWS_DAYS)).isoformat():
        return clause
    return _AS_TOLD_OF.sub("", clause)


def _ahead(sheet: Sheet, fact: Fact, before: Fact | None, first: int) -> str:
    """Return the words before a date back to its sentence or the date before it; before both of 7日、9日."""
    text, since = sheet.text, first
    if before and before.start >= first:
        if _PAIR.fullmatch(text, before.end, fact.start):
            return text[max(first, before.start - 44) : before.start]
        since = before.end
    return text[max(since, fact.start - 44) : fact.start]


def _clause(sheet: Sheet, fact: Fact, after: Fact | None, last: int) -> str:
    """Return the words behind a date up to the next one; a day in brackets (8月11日の出動) ends none."""
    end = min(last, after.start) if after else last
    clause = _PART.sub("", sheet.text[fact.end : max(end, fact.end)])
    if after is None or after.start >= last or clause.rfind("(") <= clause.rfind(")"):
        return clause
    close = sheet.text.find(")", after.end, min(last, after.end + 40))
    return (
        clause[: clause.rfind("(")] + sheet.text[close + 1 : min(last, close + 120)] if close > 0 else clause
    )


_PART = pattern_of(  # 3月|下旬頃まで, 10日|の夜に
    r"\A(?:[上中下初]旬|末日?)(?:頃|ごろ)?|\A(?:\([^()]{1,8}\))?の(?:夜|朝|夕方|深夜|未明|早朝|昼)(?=[にはも、])"
)


def _by_neighbours(
    sheet: Sheet, fact: Fact, before: Fact | None, after: Fact | None, ahead: str, clause: str
) -> str:
    """Return the role of a day that its own clause does not tell: news, the day before it, what follows."""
    if _SURVEYED.search(sheet.text, fact.end, sheet.sentence(fact.start)[1]):
        return "discovered"
    if _is_news(sheet, fact, ahead, clause) and not _OFFICIAL.search(clause):
        return "published"
    if before and before.role == "occurred" and _PAIR.fullmatch(sheet.text, before.end, fact.start):
        return before.role  # 誤送信があったのは7日と9日
    last = sheet.sentence(fact.start)[1]
    entry = not ahead.strip(BULLETS) and (
        ahead.strip() or clause.lstrip().startswith(":") or _VISITED.search(clause)
    )
    if entry and (role := _by_line_below(sheet, last, after)):
        return role
    if role := _by_next(sheet, clause, last, after):
        return role
    goes_on = last >= len(sheet.text) or not _NEXT_TIME.match(sheet.text, last)
    return "occurred" if goes_on and _is_deed(ahead, clause) else "other"


# Who does the work in which things go wrong: 教諭は8日、自宅で資料を作った; 8日、市の職員が箱を積み込んだ.
_STAFF = (
    r"(?:職員|社員|従業員|教諭|教員|教師|講師|担任|教授|助教|医師|看護師|技師|研修医|薬剤師|保育士|指導員|支援員|相談員|調査員|検針員|配達員"
    r"|作業員|委員|担当者|主事|主査|係長|運転手|スタッフ|アルバイト|ヘルパー|ドライバー|巡査(?:部長|長)?|警部補?|警察官|警官|署員|隊員|男性|女性)"
)
_OF_STAFF = pattern_of(rf"{_STAFF}(?:ら|たち)?(?:\([^()]{{1,20}}\))?[がは]、?\s?\Z")
_BY_STAFF = pattern_of(
    rf"(?:\([^()]{{1,8}}\))?[^。、]{{0,12}}[、に]、?[^。、]{{0,24}}{_STAFF}(?:ら|たち)?(?:\([^()]{{1,20}}\))?が"
)
_DID_SO = pattern_of(r"(?:た|だ|という|とみられる)(?:が)?[。、]|[一-龥]{2}。")
_NEXT_TIME = pattern_of(r"\s*(?:なお|また|翌|後日|数日)")
_NO_DEED = pattern_of(
    r"申請|受け取り|着任|赴任|就任|異動|入社|申し立て|申告|受理|出勤|勤務し|取材|病院に|亡くな|死亡|面談"
)


def _is_deed(ahead: str, clause: str) -> bool:
    """Tell whether a clause says what one of the staff did on a day, in the course of whatever went wrong."""
    if not (_OF_STAFF.search(ahead) or _BY_STAFF.match(clause)):
        return False
    return bool(_DID_SO.search(clause)) and not (_OFFICIAL.search(clause) or _NO_DEED.search(clause))


def _by_line_below(sheet: Sheet, last: int, after: Fact | None) -> str:
    """Return what the other sentences of an entry's line say: - 3月5日:点検した。流出が判明した."""
    end = sheet.text.find("\n", last)
    end = min(end if end >= 0 else len(sheet.text), last + 300, after.start if after else len(sheet.text))
    told = (by_clauses(said + "。") for said in sheet.text[last:end].split("。")[:3] if said.strip())
    return next((role for role in told if role), "")


_VISITED = pattern_of(
    r"(?:宅|方|先)(?:を|に|へ)[^。、]{0,6}訪(?:問|れ|ね)|電話(?:連絡)?[。を]"
)  # 4月4日、B氏宅を訪問。…謝罪した

# 連絡が3月5日にあった, 報告書を6日に提出: the verb says no more than that it was done.
_DONE_TO = pattern_of(
    r"(?P<noun>[^。\n]{0,40}(?:報告書?|速報|確報|一報|連絡|通報|指摘|問い?合わせ|申し?出|相談|届け?出?|通知書?|謝罪|説明"
    r"|状|文書|書面|公表|発表|会見|掲載|発覚|判明|発見|流出|侵入|不正アクセス|攻撃|回収|処分)[がをは])、?\Z"
)
_LIGHT = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:頃|ごろ|付け?で|付け|に|、)*(?:[^。、]{0,12}(?:から|より))?(?P<verb>(?:あ[っりる]|受け[たてま、]"
    r"|行[いっわ]|実施し|入[っり]|寄せ"
    r"|いただ|完了し|終え|提出し|発送し|届[いけ])[^。]{0,8})"
)


def _by_noun_before(ahead: str, clause: str) -> str:
    """Return the role that the noun before a day gives, where the verb behind it is a light one."""
    light = _LIGHT.match(clause)
    done = light and _DONE_TO.search(ahead)
    return by_verb(done["noun"] + light["verb"]) if light and done else ""


# 個人情報保護委員会には3月5日に報告済み
_TO_OFFICE = pattern_of(
    r"(?:(?<!教育)委員会|個情委|省|庁|当局)(?:に(?:[はも]|対し(?:ては?)?)?|へ[はも]?)、?\s?\Z"
)
_OFFICE_TOLD = pattern_of(r"(?:\([^()]{1,8}\))?(?:に|付けで|、)[^。、]{0,20}?(?:報告|速報|確報|一報|届け?出)")
# 封筒を受け取ったA氏は29日に市へ連絡した
_RECEIVER = pattern_of(r"(?:受け取った|届いた|受信した|誤[送配]\S?先の)[^。、]{0,12}[がは]、?翌?\Z")
_COMES = pattern_of(
    r"(?:\([^()]{1,8}\))?[^。、]{0,24}(?:連絡|届け|持参|持ち込|問い?合わせ|申し出|電話|返却)"
    r"(?=[しがを]|ら?れ|[。、]|て|み)"
)
# 3日、誤送付先の会社が書類を持参した
_RECEIVER_COMES = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:に|、)[^。、]{0,10}(?:受け取った|届いた|受信した|誤[送配]\S?先の)[^。、]{0,12}(?:が|は|から)"
    r"[^。、]{0,24}(?:連絡|届け|持参|持ち込|問い?合わせ|申し出|電話|返却|指摘)"
)
# What bodies do in their course, of which the next sentence tells nothing more.
_OFFICIAL = pattern_of(
    r"逮捕|送検|告訴|告発|設置|開始|停止|再開|処分|締結|契約|依頼(?!され)|提出|相談|届|捜索|調査|報告|対応|実施|遮断|変更|予定|現在|時点|返却|回収"
    r"|謝罪|連絡|発表|公表|施行|改訂|改正|更新|採用|就任|開催(?!資料|案内)|禁止|義務|導入|配備|制定|止め|切り離"
)
# 4月8日、不審なメールを受信。内容を確認したところ、感染が判明した
_CAME_OUT = pattern_of(r"\s*[^。、]{0,8}確認(?:いた)?したところ、[^。]{0,120}(?:判明|発覚|分か|わか)")
_WENT_WRONG = pattern_of(
    r"\s*(?!なお|また|今後|現在|これまで)[^。\n]{0,130}?(?:置き忘れ|置いたまま|を?紛失し|盗まれ|落とし(?:た|て)|誤って|取り違え"
    r"|入れ違え|別人の|割られ|荒らされ|[な無]くな(?:ってい|った|りまし)|奪われ|持ち去られ|置き引き|ひったく|ミスを(?:犯し|し)|操作を誤|間違え|(?:知人|友人|外部|第三者"
    r"|SNS)[^。、]{0,8}に?(?:送信|送っ|投稿|転送)|確認(?:を行わない|しない)まま|確認せず)"
)
# Of a loss that was noticed before, the thing itself comes to light: 名簿は倉庫で発見された.
_THING_FOUND = pattern_of(
    r"(?:名簿|書類|文書|調査票|答案|USB\w{0,4}|メモリー?|媒体|ディスク|端末|パソコン|PC|[鞄]|かばん|カバン|バッグ|封筒|カルテ|手帳|カード|台帳"
    r"|ファイル|資料|ノート|伝票|[0-9][件通枚冊部]|すべて|全て)(?:等|など)?(?:の全て|全て|すべて)?(?:が|を|は|も)?[^。、]{0,12}"
    r"(?:発見(?:し|され|に至り|。)|見つか[りっ]|見つけ|確認(?:され|でき))"
)
_MISSED = pattern_of(
    r"見当たら|[な無]くなった|なくして|紛失(?:した|が判明|に気)|所在不明|行方|持ち去|捜索|捜し|探し|探す|見つから|見つけ|ないことに気"
)


def _is_found_again(sheet: Sheet, fact: Fact, clause: str) -> bool:
    """Tell whether what was lost came to light on a day; whoever brought it from outside told of the loss."""
    found = _THING_FOUND.search(clause) or _FOUND.match(clause) or _TURNED_UP.match(clause)
    if found is None or re.search("通報|届け?[らがを出]|連絡|指摘", clause[: found.end()]):
        return False
    return _MISSED.search(sheet.text, max(0, fact.start - 400), fact.start) is not None


_TURNED_UP = pattern_of(  # 手帳は15日ごろに見つかった, 答案は25日午後、廊下の棚で見つかった
    r"(?:\([^()]{1,8}\)|頃|ごろ|午[前後]|[朝夜夕]方?|、)*に?(?:[^。、]{0,16}で)?(?:見つか[りっ]|発見され)"
    r"(?![^。、]{0,4}こと)"
)
_FOUND = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:に|、)[^。、]{0,14}(?:発見(?:し|され)|見つか[りっ])(?![^。、]{0,4}こと)"
)


def _by_next(sheet: Sheet, clause: str, last: int, after: Fact | None) -> str:
    """Return what the sentences below say went wrong: 3月5日、車で外出した。車内に鞄を置き忘れた."""
    if not clause.rstrip().endswith("。") or _OFFICIAL.search(clause[-_VERB_CHARS:]):
        return ""
    for _ in range(_STORY):
        if last >= len(sheet.text):
            return ""
        first, end = sheet.sentence(last)
        if first < last or (after and after.start < end) or _NO_STORY.match(sheet.text, last, end):
            return ""
        if same := _SAME_DAY.search(sheet.text, last, end):
            lost = _LOST_SINCE.search(sheet.text, same.end(), end)
            return "occurred" if lost else by_clauses(sheet.text[same.end() : end])
        if _CAME_OUT.match(sheet.text, last, end):
            return "discovered"
        if _WENT_WRONG.match(sheet.text, last, end):
            return "occurred"
        last = end
    return ""


_VERB_CHARS = 16  # at the end of a sentence, where its verb stands
_SAME_DAY = pattern_of("同日(?:中|夜|朝|夕|午[前後])?")
_LOST_SINCE = pattern_of("紛失|[な無]くな|盗ま|見当たら")  # noticed on the day on which it was lost
_STORY = 3  # sentences of what happened on a day before it went wrong
# Another time, or a line of its own: the story of the day has ended.
_NO_STORY = pattern_of(
    r"\s*(?:なお|また|今後|現在|これまで|翌|後日|数日|同[委病市町県校社]|再発)|\s*\n(?!\s*(?:その際|この際|その時|ところが))|(?!\n)\s*[^。、]{0,20}\n"
)


def _at_once(clause: str, ahead: str) -> str:
    """Return the role that the words directly around a date give it."""
    if (_RECEIVER.search(ahead) and _COMES.match(clause)) or _RECEIVER_COMES.match(clause):
        return "discovered"
    if _SEEN_BY_THEN.match(clause):
        return "discovered"
    if _AFFAIR_OF.match(clause) or (_WINDOW.search(ahead) and _HOURS.match(clause)):
        return "occurred"
    if _ISSUED.match(clause):
        return "published"
    if any(words.match(clause) for words in (_TO_COME, _AS_OF, _OF_DATA, _OF_PRESS, _AT_WORK)):
        return "other"
    if ahead.endswith("ことが") and _BY_PRESS.match(clause):
        return "other"  # 紛失したことが21日、関係者への取材で分かった
    if _SINCE_FOUND.match(clause):
        return "discovered"
    if _SENT_THING.match(clause):
        return "occurred"
    if _PLANNED.match(clause):
        return "other"
    if direct := _DIRECT.match(clause):
        return by_verb(direct["verb"] or direct["deed"]) or "other"
    if role := one_end(clause):
        return role
    return "other" if ahead.endswith("処分(") else ""  # 停職処分(9日付)


# 4月9日、流出したことを公表; but not 4月9日に流出したことを公表
_MADE_PUBLIC = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:、|\s*\n)[^。]{0,120}(?:こと|旨)を[^。、]{0,24}(?:公表|発表)(?=する|し|。|、|\s|$)"
)
_DECIDED = pattern_of("注意を?喚起|注意を呼び?かけ|処分|公表|発表|明らかに|訓告|戒告|行政指導|勧告|命令")
_PLANNED = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:頃|ごろ)?(?:に|から|より|、|以降)[^。、]{0,30}(?:する|を?行う|の)予定(?:です|だ[。\n]|で(?:す|ある)|と|。|\n|$)"
)


def _is_news(sheet: Sheet, fact: Fact, ahead: str, clause: str) -> bool:
    """Tell whether a day is that of the news: 市は16日、職員を戒告の処分にした."""
    if not sheet.published or not ahead.endswith(("は", "=")) or not clause.startswith(("、", "までに、")):
        return False
    if _OF_STAFF.search(ahead):
        return False
    days = [(sheet.published - timedelta(days=n)).isoformat() for n in range(3)]
    return fact.value in days


_TOLD_BELOW = pattern_of(r"[^。\n]{0,200}(?:と|を|旨)(?:発表|公表|明らかに)し(?:た|まし)")


def _tells_below(sheet: Sheet, last: int) -> bool:
    """Tell whether the next sentence announces it: Xは16日、…に感染。…の可能性があると発表した."""
    return last < len(sheet.text) and _TOLD_BELOW.match(sheet.text, last, last + 260) is not None


# 2013年10月の診療データ: what the data are of.
_OF_DATA = pattern_of(
    r"\s?(?:時点)?の[^。、]{0,10}(?:データ|情報|名簿|書類|資料|記録|通知書|申告|明細"
    r"|ゲーム|試合|イベント|大会|講座|会議|研修|公演|授業|試験|入[所学園]|選考|募集|採用)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,8}(?:受領|取り扱|購入|登録|申請|提出|申込|申し込|解約|実施|採用|応募|契約|手続き?を)(?:し|い|っ|ん)?[ただ]"
    r"(?=[一-龥ァ-ヴA-Z「0-9])(?!際|時|後|結果|所|上で)"
    r"|(?:\([^()]{1,8}\))?(?:に|から)[^。、]{0,16}(?:転入|転出|転居|入院|入所|受診|来院|来店|来庁|来場|利用|入会|退会|卒業|入学|参加|受験)"
    r"(?:し|され)(?:てきた|ていた|た)(?:方|人|者|患者|お?客|生徒|児童|学生|会員|世帯|市民|住民|男性|女性)"
    r"(?!(?:の[^。、]{1,8})?(?:に(?!よ)|へ)|[^。]{0,70}(?:事案が発生|紛失(?:し|する)|誤って))"
    r"|(?:\([^()]{1,8}\)|頃|ごろ)?に[^。、]{0,8}(?:受け?付け?を?し?|受理し|配達し|作成し|作製し|印刷し|卒業し|転任し|転勤し|結ばれ|結ん|撮影し|制作し|退職し"
    r"|収集し|更新し|開設し|入社し|就任し|着任し|購入し)[ただ](?=[一-龥ァ-ヴA-Z「0-9]|もの)(?!際|時|後|結果|所|上で|直後|ため|旨)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,16}から(?:発送|送付|郵送|提出)された(?=[一-龥0-9])(?!際|時|後|結果|所|上で)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,8}交付した[^。、]{0,16}(?:について|に関)"  # 3月に交付したカードについて
    r"|(?:\([^()]{1,8}\))?に(?:実施|開催)(?:する|される|した|された)(?!際|時|後|結果|上で|所)"
    r"(?![^。、]{0,12}(?:確認|点検|監査|棚卸し?|調査)(?:で|により)、?[^。]*(?:判明|発覚|分か|わか))[一-龥A-Zァ-ヴ]"
    r"|に(?:あった|発生した|起きた)[^。、]{0,16}(?:事件|事故)(?:に関連|をめぐ|を巡|の捜査)"
    r"|に(?:亡くなった|死亡した|生まれた)|の卒[園業]|\s?(?:放送|放映)(?=[)さの分予])"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,10}(?:持ち帰っ|受け取っ|来庁し|訪れ)た(?:市民|住民|町民|利用者|人|方|客|男性|女性)[がは]"
    r"|(?:\([^()]{1,8}\))?分の|(?:申し?込み?|受付|登録|購入|契約|提出|回答|発行|検針|請求|支給|納付|診療)(?:の|分|者|[0-9])"
    r"|[^。、]{0,14}、[一-龥ぁ-ん]{2,6}撮影"  # 4月7日午後4時、例示花子撮影
    r"|[一-龥]{2,4}予定|[^。、]{0,20}(?:され|し)たはずの"  # 4月1日廃棄予定
    r"|中に[^。、]{0,16}(?:をされた|があった|をした)"
)
# Work done on a day: 3月5日に臨時の会を開いた, に調査が完了しました, に届いた封筒, 中に配布が完了した.
_AT_WORK = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:に|中に|付けで)(?:[^。、]{0,30}(?:調査|分析|配布|発送|納品)[がをは])?"
    r"(?:完了|終了|開始|再開|設置|締結|施行)(?:いた)?(?:し|さ)(?![^。]{0,80}(?:確認|判明|発覚|分か|わか))"
    r"|(?:から|より)(?:導入|(?:運用|利用|使用|稼働|提供)(?:を?開始|\)))|」と"
    r"|までに?、?[^。、]{0,16}(?:探し|捜し|捜索)"
    r"|から、?(?:毎[月年週日]|[月年週]に?[0-9一])"
    r"|(?:頃|ごろ)?までは[^。]{0,40}(?:あった|あり、|あり(?:ました|ます)|保管|確認)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,10}(?:使用|利用|確認)した(?:当該|この|その|同)"
    r"|に(?:発送|送付|送信|通知)(?:する(?:が|はず|べき|ところ)|すべき)"
    r"|に(?:懲戒解雇|懲戒処分|退職|離職)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,12}が(?:死亡|死去|逝去|退職|異動|転居)し"
    r"|(?:\([^()]{1,8}\))?に(?:は)?[^。、]{0,12}(?:復旧|閉鎖|遮断|切断)し(?:、|た|て|まし)"
    r"|付け?で[^。]{0,60}(?:懲戒|解雇|退職|異動|採用|停職|減給|戒告|免職|赴任|着任)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,16}(?:通っ|在籍し|在園し|入所し|入所する|入園し|勤務し)(?:て|た)(?![^。]{0,90}誤って)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,8}(?<!保護者)(?<!説明)(?<!集)会議?を(?:開[いきか]|開催)"
    r"|(?:\([^()]{1,8}\))?に[^。、]{0,10}届いた[、一-龥](?![^。]{0,60}(?:別|他)の?(?:人|方)"
    r"|[^。、]{0,12}からの?(?:指摘|連絡|通報|問))"
)
_SURVEYED = pattern_of(
    r"(?:調査|分析|解析)(?:が|を|結果が)?(?:完了|終了|受領)し[^。]*(?:確認|判明|発覚|分か|わか)"
)
_BY_PRESS = pattern_of("(?:まで)?(?:に)?、?[^。、]{0,12}取材")
_OF_PRESS = pattern_of(r"\s?報道の|付け?の[^。、]{0,8}(?:新聞|朝刊|夕刊|報道)")
_TOLD_THEM = pattern_of(
    r"(?:\([^()]{1,8}\))?(?:(?:まで)?に|、|付け?で|(?:頃|ごろ)?から|より)、?[^。、]{0,20}?"
    r"(?:ご?連絡|通知文?|案内文|訪問|説明|お?詫び|謝罪|ご?案内|お伝え|お知らせ|と題する(?:書面|文書|書状)|(?:お?電話|メール|お?手紙)を(?=差し上|お送|お掛け|おかけ|いた)"
    r"|(?:封書|書面|文書)で[^。、]{0,8}報告)(?:を|し|さ|する|の上|及び|と|、|差|お|い)"
)
_TITLE = pattern_of("「[^」]*」")
_AS_TOLD = pattern_of(r"(?:と|を)(?:発表|公表|明らかに)し(?:た|まし).*", re.DOTALL)
_DIRECT = pattern_of(
    r"\s?(?:\([^()]{1,8}\))?(?:頃|ごろ)?(?:(?:に|、)?(?P<verb>(?:判明|発覚|発生|発見|紛失|公表|発表)(?:し|され)た)"
    r"|に(?P<deed>(?:流出|漏え?い|漏洩|誤送信|誤送付|侵入|感染)(?:し|され)た)(?=こと|と|可能|疑|もの|旨|おそれ|恐れ|[。、]))"
)
# に紛失が判明してから
_SENT_THING = pattern_of(  # 5月20日に送付した書類を確認したところ
    r"(?:\([^()]{1,8}\))?に[^。、]{0,40}(?:送付し|発送し|送信し|交付し|投函し|渡し)"
    r"(?:てい)?た(?:患者|方|書類|封筒|通知書?|文書|メール|名簿|記録)[^。、]{0,3}[をがはの]"
)
_SINCE_FOUND = pattern_of(r"\s?(?:\([^()]{1,8}\))?に[^。、]{0,12}が(?:判明|発覚)してから")
_ASIDE = pattern_of(r"\([^()]*\)")
_TO_THEM = pattern_of(
    rf"""
    {RECIPIENT}[^。]{{0,6}}
    (?: に(?:(?:つきまして|対して)?は|も|対し(?:て)?|向けて)? | へ(?:は|も)?)、?\s?  # 対象の方には
    (?:(?:書[状面]|文書|電話|電子メール|メール)(?:にて|で|により)、?\s?)?\Z  # 書状にて、
    """,
    re.VERBOSE,
)
