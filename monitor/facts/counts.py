"""How many: persons, cases, bodies and things, quoted with unit, qualifiers and what is counted.

Nothing is added up. A number that is not said (数百件, 件数非公表, 人数は確認中) is a count without a
value. 一般社団法人, 3件目, 1件当たり, 第2社 and the like are no counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.facts.column_counts import find_count_cells
from monitor.facts.sheet import Sheet, select_within
from storage.records import Fact
from storage.text.japanese import kanji_number
from storage.text.patterns import pattern_of
from storage.text.units import BODIES, BODY_UNITS, LABEL_UNITS, THINGS, any_of, ended, guarded

# Every repetition has a bound: a page of nothing but digits must not cost more than another.
_DIGITS = r"[0-9](?:[0-9,]{0,18}[0-9])?(?:\.[0-9]{1,9})?"
_NUMBER = (
    rf"(?:{_DIGITS}(?:\s?[億万千百](?:\s?{_DIGITS})?){{0,6}}"
    r"|[〇一二三四五六七八九十百千][〇一二三四五六七八九十百千万億]{0,20})"
)
_BEFORE = (
    r"最大限?で?|最多で?|上限|少なくとも|最低でも|最低|おおよそ|おおむね|概ね|およそ|ほぼ|約|延べ?"
    r"|のべ|累計で?|合計で?|総計"
    r"|それぞれ|各々|推計で?|推定で?|うち"
)
_AFTER = r"を超え|超|以上|以下|未満|弱|強|程度|前後|余り|あまり|ほど|くらい|ぐらい|近く|を上回|を下回|規模"

# Every first character, so that other places are left at once; a test proves that none is left out.
_FIRST = r"(?=[0-9〇一二三四五六七八九十百千最上少おほ概約延の累合総そ各推う])"
_QUALIFIED = rf"(?P<before>(?:(?:{_BEFORE})[、\s]?){{0,5}})"
_COUNT = pattern_of(
    rf"""
    {_FIRST}{_QUALIFIED}
    (?: (?<![0-9])(?=[0-9]) | (?=[〇一二三四五六七八九十百千]))  # whole numbers only: fewer ways to fail
    (?:(?P<low>{_NUMBER})(?![0-9])\s?(?:~|ないし)\s?約?)?                   # 2~3名
    (?P<n>{_NUMBER})(?![0-9])(?P<over>余り?|あまり|超|強|弱)?\s?             # 900万件超
    (?: (?P<unit>{guarded()})                                                # 928万件
      | (?<=[0-9万千百億])(?P<dunit>{ended()})                                # 12部
      | の(?P<bodies>{any_of(BODY_UNITS)})                                   # 69の団体
    )
    様?(?P<bun>分)?                                                          # 59社分
    (?P<after>(?:の?(?:{_AFTER})){{0,3}})                                    # 50人程度
    """,
    re.VERBOSE,
)
_UNITLESS = pattern_of(
    rf"""
    {_FIRST}{_QUALIFIED}
    (?P<n>{_DIGITS}\s?[億万](?:\s?{_DIGITS}[万千百]?){{0,3}})(?P<over>余り?|あまり|超|強|弱)?  # 最大約529万に
    (?=[、。)(にへとがはものを・,~-]|から|より|$)(?!の?(?:円|ドル))
    """,
    re.VERBOSE,
)
_HEADS = (*LABEL_UNITS, "台", "枚", "契約")
_LABELLED = pattern_of(
    rf"""
    (?P<label>{any_of(_HEADS)}数)
    (?:等|など|合計|計)?(?:\([^()]{{0,12}}\))?\s?(?:[:|]|は)\s?               # 件数:150
    {_QUALIFIED}
    (?P<n>{_DIGITS}(?:\s?[億万千百](?:\s?{_DIGITS})?){{0,6}})
    (?=\s*(?:[|)(、。\n]|程度|以上|$))
    """,
    re.VERBOSE,
    begins="アカ 世帯 人数 件数 口座 台数 契約 戸数 枚数 社数 者数",
)
_VAGUE = pattern_of(
    rf"""
    (?<!複)
    (?P<n>(?:数|何|十数|百数|数十|数百|数千|数万|数十万|数百万|数千万|百数十|千数百)[十百千万億]{{0,4}})
    \s?(?P<unit>{guarded()})                                                 # 数百件
    """,
    re.VERBOSE,
    begins="何 十数 千数 数 百数",
)
_NOT_SAID = pattern_of(
    rf"""
    (?P<label>(?:対象|影響|被害|漏[えいれ洩]{{1,2}}|流出|該当|顧客|会員|利用)?
      (?P<kind>{any_of(LABEL_UNITS)}))(?:数|の数)(?:等|など)?
    (?:[・、や及びと]+(?:内容|範囲|項目|人数|件数|詳細|規模|[^。、はがもを]{{1,12}}情報)(?:等|など)?)*
    (?:に(?:ついて|関して|つきまして))?(?:は|も|が|を|:|\||等)?、?\s?
    (?:現在|現時点で?は?|目下|なお|詳細に?|引き続き)*、?
    (?P<said>
        非公表 | 未公表 | 非開示 | 公表(?:して|は行って|を控え|し(?:ない|ません))     # 件数は非公表
      | 明らかに(?:して|し(?:ない|ません)|なってい(?:ない|ません))
      | 確認中 | 調査中 | 精査中 | 集計中 | 特定中                                  # 人数は確認中
      | 不明 | 未定 | 未確定 | 判明してい(?:ない|ません) | 特定(?:でき|に至)
      | わかってい | 分かってい
    )
    """,
    re.VERBOSE,
    begins=(
        "アカ 世帯 人の 人数 件の 件数 会員 利用 口座 対象 影響 戸の 戸数 流出 漏い 漏え 漏れ 漏洩 社の "
        "社数 者の 者数 被害 該当 顧客"
    ),
)
_SAID = (
    ("確認中", "under-investigation"),
    ("調査中", "under-investigation"),
    ("精査中", "under-investigation"),
    ("集計中", "under-investigation"),
    ("特定中", "under-investigation"),
    ("非", "undisclosed"),
    ("未公表", "undisclosed"),
    ("公表", "undisclosed"),
    ("明らかにし", "undisclosed"),
)
_UNIT_OF_LABEL = {"者": "人"}

# Not counts although number and unit stand there.
_ORDINAL = pattern_of(
    r"\s?(?:(?:につき|当たり)?[0-9,]{2,9}円|(?:ま|迄)で(?:受け?付け|申し?込|申請|応募|ご?利用)"
    r"|目|ずつ|あたり|当たり|当り|につき|毎|ごと|おき|前(?!後)|分の[0-9一]"
    r"|(?:を|に)?(?:増設|増強)|体制|態勢|[1一]組|満点|中[0-9]+位|以上(?:で|の(?:職員|者|目))[^。]{0,8}(?:確認|点検|チェック)"
    r"|(?:ほど)?[がの]決裁|で(?:の)?(?:二重|相互|ダブル|複数)?に?(?:チェック|点検|照合|確認(?:する|し、|を行|します)))"
    # 2人体制, 3名で点検
)
# 確認を二人で行う, 三人の職員で点検: how many check, and not how many are concerned.
_CHECKED = pattern_of(r"(?:確認|チェック|点検|照合|読み合わせ)(?:作業)?(?:を|は)、?(?:必ず|常に|原則)?\Z")
_BY_SO_MANY = pattern_of(
    r"(?:に)?より、?[^。、]{0,12}(?:確認|点検|チェック)"
    r"|(?:の(?:職員|者|担当者?|目)[^。、]{0,4})?で(?:行|実施|する|し、|確認(?:する|し|を)|点検|照合|チェック)"
)
_POINTS = pattern_of(
    r"(?:次|以下|上記|下記|左記|この|その|主な|以上|満|得|平均)の?(?:[0-9.]{0,5})?\Z"
    r"|(?:対策|防止策|施策|方策|課題|問題|要因|理由|原因|方法|改善|留意|変更|テスト|試験|得点"
    r"|成績)[^。]{0,6}\Z"
)  # 次の3点に取り組む
_NOT_ONE = pattern_of(r"(?:も|たりとも)[^。]{0,24}(?:ない|ません|なかっ|ず|なし)")  # 1件もない
_ALONE = pattern_of(
    r"で(?:、|[^。、は]{0,12}(?:行|作成|作業|担当|送信|封入))"
)  # 担当者が1人で、名簿を作成した
_ONE_OF_THEM = pattern_of(r"[一1][人名](?:\([^()]*\))?(?:から|が|より)")  # 申込者の一人から電話があった
_NO_START = pattern_of(
    r"(?:(?:先着|定員|募集人[員数]|採用予定)[はが:\s]{0,2}(?:先着)?"
    r"|第|統|唯|随|同|単|均|画|逐|No\.?|何|[0-9一二三四五六七八九十百千][.,・/~-]?|[#/.,-])\s?\Z"
)
_PROPER = pattern_of(r"一(?:人(?:ひとり|一人|前|暮|で|称)|社\)|件(?:書類|落着)|枚岩|本|名様)")
_COMPOUND = pattern_of(r"[一-龥ァ-ヴ]")  # 一社研修, 一件書類
_AFFAIR = pattern_of(r"(?:この|その|今回の|本|今般の|当該)\Z")

_PAPERS = (
    r"(?:書類|申請書類?|申込書|届出書|届書|文書|資料|名簿|台帳|答案|調査票|診断書|カルテ|封筒|帳票|伝票"
    r"|図面|契約書|領収書|用紙|手帳|ファイル|USBメモリ)"
)
_SPAM = r"(?:迷惑|スパム|SPAM|不審な?|フィッシング|なりすまし)(?:電子)?メール(?!アドレス)"
_AFFAIRS = r"(?:事案|事故|事件|インシデント|不祥事|事例)"
_ROLES = (
    # role, pattern, characters before the count (else after), pattern
    (
        "incidents",
        pattern_of(
            rf"{_AFFAIRS}(?:は|が|を|の発生は|件数は?|の(?:うち、?)?(?=\Z)|、)(?![^。]*(?:対象|情報|データ|個人))[^。]{{0,14}}\Z"
        ),
        30,
        0,
    ),
    ("incidents", pattern_of(rf"\A(?:分)?の(?:[^。、]{{0,10}}){_AFFAIRS}(?!に(?:係|関))"), 0, 16),
    ("incidents", pattern_of(rf"\A(?:が)?(?:発生|発覚|判明)し(?:た|ていた){_AFFAIRS}"), 0, 16),
    ("incidents", pattern_of(r"(?:下記|以下の?|次の)\Z"), 8, 0),
    (
        "notified",
        pattern_of(
            r"(?:通知|連絡|発送|送付|郵送|お知らせ)(?:済|を?(?:行|完了|実施|いた|し(?:た|て|まし))|した)"
        ),
        0,
        22,
    ),
    ("notified", pattern_of(r"(?:通知|連絡)(?:済み?|した|でき(?:た|ない))[^。、]{0,6}\Z"), 14, 0),
    ("consultations", pattern_of(r"(?:問い?合わ?せ|相談|苦情|申告)[^。、]{0,14}\Z"), 18, 0),
    ("consultations", pattern_of(r"\A[^。、]{0,4}(?:問い?合わ?せ|相談|苦情|申告)"), 0, 12),
    ("reports", pattern_of(r"漏(?:えい|洩)等?報告[^。、]{0,8}\Z"), 16, 0),
    (
        "staff",
        pattern_of(
            r"(?:従業員|従業者|職員|社員|スタッフ|(?<!ご)担当者|役員|同僚|隊員|署員|巡査|[部課係]長級の?)(?:等|情報|の情報|数)?[^。、]{0,5}\Z"
        ),
        14,
        0,
    ),
    ("staff", pattern_of(r"\A(?:分)?の(?:[^。、]{0,6})(?:従業員|従業者|職員|社員|スタッフ|役員)"), 0, 14),
    ("staff", pattern_of(r"[一-龥]氏の\Z"), 6, 0),
    ("staff", pattern_of(r"\Aが[^。、]{0,10}(?:担当し|対応し|従事し|当たっ)"), 0, 20),
    # 上記2名で訪問
    ("staff", pattern_of(r"\Aで(?!、)[^。、]{0,16}(?:訪問|お?伺|謝罪|説明に|捜索|巡回|作業)"), 0, 26),
    ("things", pattern_of(rf"{_PAPERS}(?:等|など|計|合計|が)?\Z"), 12, 0),
    # 約3万件の迷惑メール, 迷惑メール1,500件: what an intruder sent
    ("things", pattern_of(rf"\A(?:の|もの)?(?:大量の)?{_SPAM}"), 0, 16),
    ("things", pattern_of(rf"{_SPAM}(?:が|を)?(?:合計|計|約)?\Z"), 16, 0),
)
_WRONGLY = pattern_of(r"誤っ|誤送|誤配|誤交付|間違|取り違")
_OF_RECORDS = ("incidents", "things")  # of 件 only: 11名 is of persons whatever they lost
_LEFT_CHARS, _RIGHT_CHARS = 30, 40  # characters around a count that may say more of it
_SAYS = tuple(
    (qualifier, pattern_of(pattern))
    for qualifier, pattern in (
        (
            "approx",
            "約|およそ|おおよそ|おおむね|概ね|ほぼ|程度|前後|ほど|くらい|ぐらい|近く|余|あまり|強|弱|規模",
        ),
        ("max", "最大|最多|上限|以下"),
        ("min", "少なくとも|最低|以上"),
        ("over", "超|上回|余|あまり|強"),
        ("under", "未満|弱|下回|近く"),
        ("gross", "延|のべ"),
    )
)
_SUBSET = pattern_of(r"(?:うち|内訳は?|内数)[^。、]{0,12}\Z")
_GROSS = pattern_of(r"(?:延べ|のべ)(?:[^。、]{0,3}数)?\s?\Z")
_ESTIMATE = pattern_of("推[計定]")
_POSSIBLE = pattern_of(r"おそれ|恐れ|可能性|懸念|疑い|否定でき")
_AS_OF = pattern_of(r"(?:\s?\([^()]{1,6}\))?(?:\s?[0-9]{1,2}[時:][0-9]{0,2}分?)?\s?(?:の)?(?:時点|現在)")


def find_counts(sheet: Sheet, dates: Sequence[Fact] = ()) -> list[Fact]:
    """Find every count of the text in order; ``dates`` are those found in it, for 10月17日時点."""
    found: dict[int, Fact] = {}
    labelled = _find_labelled(sheet) if "数" in sheet.text else ()
    for fact in (*_with_unit(sheet), *labelled, *_vague(sheet), *_find_tabulated(sheet)):
        found.setdefault(fact.start, fact)
    spans = sorted((fact.start, fact.end) for fact in found.values())
    kept = [found[a] for i, (a, _) in enumerate(spans) if not i or a >= spans[i - 1][1]]
    return [_as_of(sheet, fact, dates) for fact in kept]


def _with_unit(sheet: Sheet) -> Iterator[Fact]:
    for match in _COUNT.finditer(sheet.text):
        if _is_no_count(sheet, match):
            continue
        unit = (match["unit"] or match["dunit"] or match["bodies"]) + (match["bun"] or "")
        fact = _fact(sheet, match, unit, (match["over"] or "") + match["after"])
        if match["low"]:  # 2~3名: both ends, each with its own place
            low, at = round(kanji_number(match["low"])), match.start("low")
            yield replace(
                fact, value=low, raw=sheet.raw[at : match.end("low")], start=at, end=match.end("low")
            )
            fact = replace(fact, raw=sheet.raw[match.start("n") : fact.end], start=match.start("n"))
        yield fact
    if "万" not in sheet.text and "億" not in sheet.text:
        return
    for match in _UNITLESS.finditer(sheet.text):
        if match["before"] or match["over"]:
            yield _fact(sheet, match, "", match["over"] or "")


def _find_labelled(sheet: Sheet) -> Iterator[Fact]:
    """Find 件数：150 and the cells of a table with such a heading."""
    for match in _LABELLED.finditer(sheet.text):
        kind = match["label"][:-1]
        yield _fact(sheet, match, _UNIT_OF_LABEL.get(kind, kind), "")


def _find_tabulated(sheet: Sheet) -> Iterator[Fact]:
    """Find bare numbers below a heading that says what is counted."""
    for cell in find_count_cells(sheet.table):
        number = re.search(r"[0-9].*", cell.text)
        value = round(kanji_number(number[0])) if number else None
        flags = _qualifiers(cell.text, "", "") if number else [_why_not(cell.text)]
        role = _role(*_around(sheet, cell.start, cell.end), cell.unit)
        yield sheet.fact("count", value, cell.start, cell.end, cell.unit, flags, role)


def _fact(sheet: Sheet, match: re.Match[str], unit: str, after: str) -> Fact:
    """Make the fact of a count; ``after`` are the qualifying words that follow number or unit."""
    start = match.start("before") if match["before"] else match.start("n")
    end = match.end()
    context = _around(sheet, start, end)
    qualifiers = list(_qualifiers(match["before"] + after, *context))
    if not _grouped(match["n"]):
        qualifiers.append("odd-grouping")
    value = round(kanji_number(match["n"]))
    return sheet.fact("count", value, start, end, unit, qualifiers, _role(*context, unit))


def _around(sheet: Sheet, start: int, end: int) -> tuple[str, str]:
    """Return what the sentence says before and after a count."""
    return sheet.before(start, _LEFT_CHARS), sheet.after(end, _RIGHT_CHARS)


def _qualifiers(said: str, before: str, after: str) -> Iterator[str]:
    if said:
        yield from (qualifier for qualifier, pattern in _SAYS if pattern.search(said))
    if "うち" in said or _SUBSET.search(before[-16:]):
        yield "subset"
    if _ESTIMATE.search(said + before[-16:]):
        yield "estimate"
    if "延" not in said and "のべ" not in said and _GROSS.search(before):
        yield "gross"
    if "それぞれ" in said or "各" in said:
        yield "each"
    if _POSSIBLE.search(after):
        yield "possible"


def _grouped(number: str) -> bool:
    return "," not in number or all(
        re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})*|[0-9]+", part) for part in re.findall(r"[0-9][0-9,]*", number)
    )


def _is_no_count(sheet: Sheet, match: re.Match[str]) -> bool:
    text, number = sheet.text, match["n"]
    start = match.start("low" if match["low"] else "n")
    if _ORDINAL.match(text, match.end()) or _PROPER.match(text, start):
        return True
    if not match["before"] and (_is_numbered(text, start) or _is_entry(sheet, match, start)):
        return True
    if _is_of_measures(text, match, start):
        return True
    if number in ("1", "一") and _is_not_one(text, match, start):
        return True
    if "." in number and not re.search("[億万千百]", number):
        return True  # 0.2人: a mean
    if len(number) > 1 and set(number) == {"〇"}:
        return True  # 〇〇件: a blank left to fill in
    kanji_before = (
        start and number[0] in "一二三四五六七八九十千万百" and re.match(r"[一-龥ァ-ヴ]", text[start - 1])
    )
    return bool(
        kanji_before
        and not match["before"]
        and len(number) == 1
        and match["unit"] in ("人", "社", "名", "団体", "校", "台", "園")
    )


def _is_of_measures(text: str, match: re.Match[str], start: int) -> bool:
    """Tell whether what is done against it is counted: 確認を二人で行う, 次の3点に取り組む."""
    if _BY_SO_MANY.match(text, match.end()):
        return match["n"] in "1一2二3三" or _CHECKED.search(text[max(0, start - 16) : start]) is not None
    return match["dunit"] == "点" and _POINTS.search(text[max(0, start - 12) : start]) is not None


def _is_not_one(text: str, match: re.Match[str], start: int) -> bool:
    """Tell 一 in a word or for a whole affair from the number one."""
    if _NOT_ONE.match(text, match.end()) or (
        text[:start].endswith(("の", "のお")) and _ONE_OF_THEM.match(text, start)
    ):
        return True
    if text[start - 1 : start] == "が" and _ALONE.match(text, match.end()):
        return True
    if match["unit"] in ("件", "人") and _AFFAIR.search(text[max(0, start - 4) : start]):
        return True
    return match["n"] == "一" and _COMPOUND.match(text, match.end()) is not None


def _is_numbered(text: str, start: int) -> bool:
    """Tell whether a number is the part of a word or of another number: 第2社, 数3; 人数 1,595人 is none."""
    if _LISTED.search(text, max(0, start - 3), start):
        return False
    if _PRODUCT.search(text, max(0, start - 12), start):
        return True
    before = text[max(0, start - 3) : start]
    return bool(_NO_START.search(before)) and not re.search(r"数\s{0,2}\Z", before)


_PRODUCT = pattern_of(r"(?:Office|Microsoft)\s?\Z")  # Office 365 アカウント
_LISTED = pattern_of(r"(?:\A|\n)- \Z")  # a bullet, and no part of a number
_ENTRY = pattern_of(r"[0-9]{1,2}\s(?:[^\W0-9一-龥]|[一-龥]{2})")
_OF_ENTRY = pattern_of(r"(?:等|など)?(?:の|へ|に|名|側|から)")


def _is_entry(sheet: Sheet, match: re.Match[str], start: int) -> bool:
    """Tell whether a number heads a line and its unit is the heading: 3 学校の対応."""
    at_head = start == 0 or sheet.text[start - 1] == "\n"
    return at_head and bool(_ENTRY.match(sheet.text, start) and _OF_ENTRY.match(sheet.text, match.end()))


def _vague(sheet: Sheet) -> Iterator[Fact]:
    for match in _VAGUE.finditer(sheet.text):
        role = _role(*_around(sheet, match.start(), match.end()), match["unit"])
        yield sheet.fact("count", None, match.start(), match.end(), match["unit"], ("vague",), role)
    if "数" not in sheet.text:
        return
    for match in _NOT_SAID.finditer(sheet.text):
        unit = _UNIT_OF_LABEL.get(match["kind"], match["kind"])
        role = _role(*_around(sheet, match.start(), match.end()), unit)
        yield sheet.fact("count", None, match.start(), match.end(), unit, (_why_not(match["said"]),), role)


def _why_not(said: str) -> str:
    """Say why a count has no value, by the word that stands for one."""
    return next((flag for word, flag in _SAID if said.startswith(word)), "unknown")


_OTHER_PERSONS = pattern_of(r"(?:分)?の(?:患者|お?客|利用者|生徒|児童|園児|学生|会員|住民|市民|保護者|受講)")


def _role(before: str, after: str, unit: str) -> str:
    """Say what is counted."""
    plain = unit.removesuffix("分")
    for role, pattern, left, right in _ROLES:
        if role in _OF_RECORDS and plain != "件":
            continue
        if role == "notified" and (plain == "通" or _WRONGLY.search(before) or _WRONGLY.search(after[:22])):
            continue
        if pattern.search(before[-left:] if left else after[:right]):
            if role == "staff" and left and _OTHER_PERSONS.match(after):
                continue
            return role
    if plain in BODIES:
        return "organisations"
    if plain.endswith("アドレス"):
        return "mails"
    if plain in THINGS:
        return "mails" if plain == "通" else "things"
    return "affected"


def _as_of(sheet: Sheet, fact: Fact, dates: Sequence[Fact]) -> Fact:
    """Add to ``fact`` the day it is said to be true of, if its sentence names one (10月17日時点)."""
    first, last = sheet.sentence(fact.start)
    for said in select_within(dates, first, last):
        if said.value and _AS_OF.match(sheet.text, said.end):
            return replace(fact, qualifiers=(*fact.qualifiers, f"as-of:{said.value}"))
    return fact
