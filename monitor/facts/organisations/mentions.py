"""Organisations: by name, by corporate form, by ending, by the words around; each place once.

The value is the name without its corporate form, as written: an alias (ProX) is marked with whose
alias it is and never replaced. A name broken over lines is kept whole and marked ``split``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from monitor.facts.organisations import by_context, by_form, listed
from monitor.facts.organisations.by_form import COMMON
from monitor.facts.organisations.listed import Name, Squeezed
from monitor.facts.sheet import Sheet, Taken
from storage.records import Fact
from storage.text.patterns import pattern_of

# A place is no body where somebody lives or something lies: 市民, 市内, 市在住, 県警 (a body of its own).
_NOT_A_BODY = pattern_of(
    r"""
      民(?!生(?!委員|・|児童)) | 町村 | 公金 | 内(?!部|閣) | 立(?!入)                       # 市民, 市内, 市立
    | [一-龥]{0,3}(?:支店|支社|営業所|出張所)
    | 在住 | 出身 | 在勤 | 在学                               # 市在住
    | (?:と|や|、)[一-龥ぁ-ん]{1,5}[市区町村]在住             # 市と隣の市在住
    | 議(?!会) | 長(?!寿|期) | 知事                           # 市議, 市長
    | 産(?!業) | 域 | 境 | 下(?!水)                           # 県産, 県境
    | 北部 | 南部 | 東部 | 西部 | 中部 | 中央(?!消防)         # 県北部
    | 沖 | 沿岸 | 方面 | 行き | 経由 | 地方(?!独) | 全域 | 場(?!合) | 道[0-9] | 街
    | [一-龥]{1,4}(?:周辺|付近|地内) | [一-龥]{1,3}区内 | [一-龥]{2,5}町[、。)]
    | の(?!委託|指定|再委託)[^。、の]{0,9}(?:会社|企業|業者)
    | (?:の|に(?:ある|所在する|住む|お住まい|本社|本拠))(?:[^。、]{0,4})
      (?: (?:専門|高等?|中|小|大|私立|県立|市立)?学校|高校|大学|病院|幼稚園|保育園
      | 男性|女性|男|女|会社|企業|店|ホテル|飲食|住宅|民家|自宅|路上|駅|倉庫|工場|業者|コンビニ
      )                                                       # 市の男性
    | の?「[^」]{2,20}(?:病院|医院|クリニック|大学|高校|学園|会社|金庫|銀行|組合|保育[園所]|ホテル)」
    | の[^。、の]{0,6}(?:農家|世帯|住民|市民|町民|村民|区民|家庭|夫婦|高齢者)
    | の[0-9,]+(?:人|名|世帯|戸|校|社|店) # 町の262人
    | の[一-龥ァ-ヴ]{1,8}(?:支店|支社|出張所|営業所)        # 県の若葉支店
    | の(?:営業所|支店|支社|事業所|工場|店舗|本社|本店|オフィス|倉庫)
    | [一-龥ヶ]{1,5}の[市県府町村国私]立
    | (?:内)?の(?:自治体|市町村?|町村)(?!教|議)                        # 県の自治体
    | の(?:県警|府警|道警)                                    # 市の県警本部
    | の(?:[一-龥]{0,3}[県都府道市町村国私公])立                  # 市の県立高校
    | [一-龥]{1,5}町の[^。、]{0,12}(?:校|園|病院|店|医院|事業所)   # 市本町の県立高校
    | に(?:ある|所在|住む|お住まい|本社|本店|本拠|拠点)       # 市にある
    | [一-龥ァ-ヴ]{1,6}に(?:住む|お住まい|在住)                # 市本町に住む
    | [一-龥]{1,5}[町村](?:の会社|の[^。、]{0,6}(?:店|校|病院))
    | [一-龥]{1,4}区の(?:[一-龥]{2,6}法人|会社|[^。、]{1,12}(?:学校|病院|大学|保育園))
    | [一-龥ぁ-ん]{1,4}[小中高](?:教諭|教頭|校長)           # 東例示町神田小教頭
    | での[^。、]{0,8}(?:事件|殺人|強盗|傷害|窃盗|詐欺)(?!で発覚)  # 市での強盗事件
    | の[^。、の]{0,10}(?:キャンパス|校舎) | の[一-龥]{2}団体(?![がはにへ])
    | に(?:出張|旅行|転勤|転居|帰省|引っ越)
    | (?:の[^。、]{1,10})?で(?:(?:行|開)[^。、]{1,3})?(?:記者)?会見
    | [一-龥]{0,8}の(?:路上|道路|国道|県道|市道) | [一-龥ヶ]{1,10}=  # =例示市南区本町=
    | の(?:図書館|美術館|博物館|公民館)(?!で)
    # 県や隣の県に拠点を置く
    | (?:と|や|・|、|及び)[一-龥ヶ]{2,5}[都道府県市区町村]に(?:ある|所在|本社|本店|本拠|拠点)
    | 、[一-龥ァ-ヴー]{2,14}(?:の[男女](?!性職)|容疑者|被告)   # 市、会社員の男
    | の[一-龥]{2,4}に(?:ある|所在|本社|本店|本拠|拠点)
    | [0-9]
    """,
    re.VERBOSE,
)
_QUARTER = pattern_of("[一-龥ヶ]{1,5}町(?:[でのにを]|から|内|付近)")  # 例示市美和町で
_PART_OF_TOWN = pattern_of("[一-龥ヶ]{1,4}(?<![課部局室係所館園校院署会長庁員])の")
_SHARED_WARDS = ("中央区", "北区", "港区")  # names of wards of other cities, too
_SPEAKS = pattern_of(r"[はが]|によ(?:ると|れば|りますと)|役所|教育委員会|議会")
_STREET = pattern_of(
    r"[^\s、。()「」|]{0,14}?[0-9一二三四五六七八九十]+(?:丁目|番地?|条|号|-[0-9])"
    r"|[^\s、。()「」|]{1,8}[0-9]{1,4}(?=[)】\]])"
)
_HEADED = pattern_of(r"(?:〒\s?[0-9]{3}-?[0-9]{4}|所在地|住所|本社所在地|本社|本店)(?:は|:|\||・|／|/)?\s?\Z")
_BRACKET = pattern_of(
    r"(?:社|[A-Za-z&ぁ-んァ-ヴー一-龥]{2}|\))[」』]?\s?\("
    r"(?:(?:本社|本店|本部|事務局|拠点|同県)?[・:]?|[ァ-ヴー]{2,12}、)\Z"
)
_ROLE_BEFORE = pattern_of(r"(?:委託元|委託者|自治体|市町村?|対象|団体|委託先|うち|内訳)\s?\(\Z")
_AT_PLACE = pattern_of(rf"(?:{'|'.join(sorted(by_form.stems()))})・\Z")  # 東京・港区の会社
_TAKEN_AT = pattern_of(r"=[^。、\n]{1,12}、\Z")  # …する社長=4日午後、東京都千代田区: below a photograph
# 例示市|の公立保育所
_ITS_OWN = pattern_of("の(?:公立|[市町村区]立)(?:保育|こども園|幼稚園|小学校|中学校|病院)")
_OFFICE = pattern_of(r"(?:市|区|町|村)?役[所場]|庁舎?(?!内)|議会")
_ALIAS = pattern_of(
    r"""
    以下、?(?:単に|総称して|併せて)?
    (?: [「『](?P<a>[^」』]{1,20})[」』]                                     # 以下「ProX」という。
      | (?P<bare>[A-Z][A-Za-z0-9]{1,11}(?:\s?社)?|[一-龥ァ-ヴー]{2,10}社|[ァ-ヴー]{3,10})
        (?=\)|と(?![一-龥])|。|」|、本社)                                        # 以下、FCS)
    )
    """,
    re.VERBOSE,
)
_ABBREVIATION = pattern_of(
    r"[」』]?\s?\([「『]?(?P<a>[A-Z][A-Z]社?|[A-Z][A-Za-z-]{2,9}社?)[」』]?\)"
)  # 例示支援機構(KSRC)
_OPENS = pattern_of(r"[」』]?\s?\(")
_PRONOUN = pattern_of(
    r"""
      (?:当|弊|同|本|貴|両|各)
      (?: 社|市|県|町|村|区|行|会|院|校|学|法人|組合|機構|協会|団体|財団|金庫|グループ|連合会|センター
        | 所|省|庁|委員会|大学|病院
      )                                                       # 当社, 本機構
    | [ぁ-ん]+
    | 機構 | 財団 | 協会 | 組合 | 連合会? | 公社 | 法人 | 学会 | 学園 | 大学 | 病院 | 学校 | 会社
    | 委員会 | 事務局 | センター | 金庫 | 銀行 | 研究所                         # 以下「機構」
    | 再?(?:委託|受託|派遣)(?:先|元|者|業者|事業者|会社)(?:等)? | .*(?:業者|会社|機関)
    | 法 | 番号法 | 個人情報保護法 | 規則                     # 以下「法」
    | 本件.* | 本事.* | 本委託.*                              # 以下「本件事案」
    | .*(?: データ|情報|システム|サイト|サービス|業務|事案|事象|法|規則|ガイドライン|端末|社員|者|ら
          | サーバー?
        )                                                     # 以下「本システム」
    """,
    re.VERBOSE,
)


def find_organisations(sheet: Sheet) -> list[Fact]:
    """Find every mention of a body in the text, in order."""
    view = Squeezed.of(sheet)
    companies, offices = list(by_form.find_by_form(sheet)), list(by_form.find_by_ending(sheet))
    # 例示県の建設国保組合: a union of the prefecture's firms, which says nothing of where it stands.
    starts = {name.start for name in (*companies, *offices) if not name.text.endswith("組合")}
    ends = {name.start: name.end for name in offices}
    known = [
        *listed.find_bodies(view),
        *(
            place
            for place in listed.find_places(view)
            if _is_body(sheet, place, starts) and ends.get(place.end - len(place.text), 0) <= place.end
        ),
    ]
    sure = [*known, *companies, *offices]
    weak = list(by_context.find_by_words(sheet))
    found = _apart(sure, weak)
    aliases = list(_aliases(sheet, found))
    if aliases:
        found = _apart(_apart(sure, aliases), weak)
    return [
        _fact(sheet, name)
        for name in sorted(found, key=lambda n: n.start)
        if not _FEIGNED.match(sheet.text, name.end)
    ]


_FEIGNED = pattern_of(
    r"[」』]?(?:など|等)?を(?:名乗|装[いっう]|騙|かた[りるっ]|称[しす])"
)  # 「例示銀行」を名乗る男


def _apart(sure: list[Name], weak: list[Name]) -> list[Name]:
    """Keep names that do not overlap: of two at one place the longer, a weak one only where none is."""
    taken, kept = Taken(), []
    for names in (
        sorted(sure, key=lambda n: (n.start - n.end, n.start)),
        sorted(weak, key=lambda n: n.start - n.end),
    ):
        for name in names:
            if not taken.overlaps(name.start, name.end):
                taken.add(name.start, name.end)
                kept.append(name)
    return kept


def _is_body(sheet: Sheet, place: Name, starts: Container[int]) -> bool:
    """Tell whether a place name stands for its government here, and is no address or whereabouts.

    ``starts`` are where names of other bodies begin: of 例示市の例示県立病院 the city says where it is.
    """
    text = sheet.text
    if place.end + 1 in starts and text[place.end : place.end + 1] == "の":
        return False
    after = sheet.after(place.end, 24)
    if place.text[-1] in "市区" and _QUARTER.match(after):
        return False
    if text[place.start - 1 : place.start] == "【" and after.startswith(("】\n", "】\r")):
        return False  # …発見に至らず【例示県】
    part = _PART_OF_TOWN.match(after)
    if part and place.end + part.end() in starts:
        return False  # 例示市西中の|JA例示
    if _ITS_OWN.match(after) and place.kind == "municipality":
        return True
    if _NOT_A_BODY.match(after) and not _OFFICE.match(after):
        return False
    if _STREET.match(after) and not re.match(r"[はがのをにへとでも、等]|及び", after):
        return False
    if place.text in _SHARED_WARDS and "東京" not in text and not _SPEAKS.match(after):
        return False
    before = text[max(0, place.start - 14) : place.start]
    return not _is_whereabouts(before, after)


def _is_whereabouts(before: str, after: str) -> bool:
    """Tell by the words around a place whether it says where something is: 東京・港区, (例示市)."""
    if _HEADED.search(before) or _AT_PLACE.search(before):
        return True
    if _TAKEN_AT.search(before) and re.match(r"[\s)]|\Z", after):
        return True
    in_brackets = _BRACKET.search(before) and re.match(r"[)、]|[^()]{0,12}\)", after)
    return bool(in_brackets and not _ROLE_BEFORE.search(before))


def _aliases(sheet: Sheet, found: list[Name]) -> Iterator[Name]:
    """Find mentions of X where a body is 以下「X」."""
    owners: dict[str, Name] = {}
    for match in _ALIAS.finditer(sheet.text):
        alias = match["a"] or match["bare"]
        if len(alias) < 2 or alias in owners or _PRONOUN.fullmatch(alias):
            continue
        first = max(sheet.sentence(match.start())[0], match.start() - 80)
        before = [name for name in found if first <= name.start and name.end <= match.start()]
        owner = max(before, key=lambda name: name.end, default=None)
        if owner and _opens_before(sheet.text, owner.end, match.start()):
            owners[alias] = owner
    for name in found:
        short = _ABBREVIATION.match(sheet.text, name.end)
        if short and short["a"] not in COMMON and sheet.text.count(short["a"]) > 1:
            owners.setdefault(short["a"], name)
    yield from _first_parts(sheet, found)
    if not owners:
        return
    known = "|".join(sorted(map(re.escape, owners), key=len, reverse=True))
    pattern = rf"(?<![A-Za-z])(?:{known})(?![A-Za-z])" if all(a.isascii() for a in owners) else known
    for again in re.finditer(pattern, sheet.text):
        owner = owners[again[0]]
        yield Name(
            again.start(), again.end(), again[0], owner.kind, owner.text if owner.text != again[0] else ""
        )


def _opens_before(text: str, start: int, end: int) -> bool:
    """Tell whether the bracket that opens behind a name is still open at another place."""
    opened = _OPENS.match(text, start)
    if opened is None:
        return False
    depth = 1
    for sign in text[opened.end() : end]:
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return False
    return True


# 例示重工業, later 例示重工; 例示ホールディングス, later 例示
_FIRST_PART = pattern_of(r"([^\s]{3,20}?)(?:(?<=工)業|ホールディングス|コーポレーション)")
_ALONE = pattern_of(
    r"(?<![A-Za-zァ-ヴー一-龥])[A-Za-z0-9ァ-ヴー一-龥・]{3,20}(?=[はがのにへとで、。(]|から|より)"
)


def _first_parts(sheet: Sheet, found: list[Name]) -> Iterator[Name]:
    """Find companies that are called by the first part of their name, where that stands alone."""
    wholes = {}
    for name in found:
        first = _FIRST_PART.fullmatch(name.text) if name.kind == "company" else None
        if first and not _PRONOUN.fullmatch(first[1]):
            wholes[first[1]] = name.text
    for again in _ALONE.finditer(sheet.text) if wholes else ():
        if whole := wholes.get(again[0]):
            yield Name(again.start(), again.end(), again[0], "company", whole)


def _fact(sheet: Sheet, name: Name) -> Fact:
    qualifiers = []
    if name.of:
        qualifiers.append(f"in:{name.of}" if name.kind == "municipality" else f"alias-of:{name.of}")
    if "\n" in sheet.raw[name.start : name.end]:
        qualifiers.append("split")
    return sheet.fact(
        "organisation", _tidy(name.text), name.start, name.end, qualifiers=qualifiers, role=name.kind
    )


def _tidy(name: str) -> str:
    """Return the name without white space, except between words of Latin letters."""
    return re.sub(r"\s+(?![A-Za-z&])|(?<![A-Za-z&])\s+", "", name)
