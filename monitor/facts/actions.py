"""What an authority does: recommendation, order, guidance, report demand and so on.

The words are everyday words, so each needs an authority in its sentence, or a text that speaks of one
and not in the first person of a company; and what a body does to its own staff, customers or
contractors is no action. Compounds (保健指導, 生徒指導, 業務命令) are none either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.facts.sheet import Sheet, select_within
from monitor.facts.statements.stance import judge_act
from storage.records import Fact
from storage.text.patterns import pattern_of

# 指導 as a word of its own: 保健指導 and 生徒指導 are others.
_FREE = r"(?<=[をのにがはもやと等ぁ-ん、。・「（( \d|項条])|(?<![一-龥ァ-ヴー])"

_ACTION = pattern_of(
    rf"""
    (?:
      (?P<tender_exclusion>
          指名停止                                                       # 6か月の指名停止
        | (?:競争)?入札(?:参加)?(?:資格)?(?:の)?停止                     # 競争入札参加資格の停止
      )
    | (?P<criminal_complaint>
          刑事告発                                                       # 刑事告発した
        | (?<!内部)(?<!公益)告発(?!者|窓口|文書|文)                      # 県警に告発, but not 公益告発
      )
    | (?P<on_site_inspection> 立ち?入り?(?:検査|調査))                   # 立入検査
    | (?P<report_demand>
          報告(?:等|書|・資料)?(?:の)?(?:徴収|徴求|命令)                 # 報告徴収
        | 報告(?:等|書)?(?:及び資料の提出|・資料の提出|や資料の提出)?
            (?:の提出)?(?:の求め|[をも](?:[^。、]{{0,8}})(?:求め|命じ))      # 報告及び資料の提出を求めた
        | 報告するよう(?:に)?(?:[^。、]{{0,10}})(?:求め|命じ|要請|指示)  # 報告するよう求めた
        | 資料の提出を求め                                               # 資料の提出を求めた
        | 報告(?:等)?の求め                                              # 報告の求め
        | 報告(?:等)?を要求                                              # 報告を要求した
      )
    | (?P<alert> 注意喚起)                                               # 注意喚起を行った
    | (?P<emergency_order> 緊急(?:の)?(?:措置)?命令)                     # 緊急命令
    | (?P<order>
          (?<!職務)(?<!業務)(?<!報告)(?<!特務)命令
            (?!文|実行|コード|を実行|系統|ライン|形|調)                  # 命令を発した, but not 職務命令
        | 業務(?:停止|改善)命令                                          # 業務改善命令
      )
    | (?P<recommendation>
          (?<!人事院)(?<!人事委員会)(?<!退職)(?<!避難)(?<!解任)勧告      # 勧告した, but not 退職勧告
      )
    | (?P<administrative_guidance> 行政指導)                             # 行政指導
    | (?P<guidance>
          (?:{_FREE}|(?<=是正)|(?<=改善)|(?<=厳重)|(?<=文書)|(?<=口頭)|(?<=重点)|(?<=個別)|(?<=及び))
          指導(?![員者書料課室案票医主要教力層方計原歴部局係長下])       # 文書指導, but not 指導員
      )
    | (?P<advice> 助言)                                                  # 指導及び助言
    )
    """,
    re.VERBOSE,
    begins="入札 刑事 助言 勧告 告発 命令 報告 指名 指導 業務 注意 立ち 立入 競争 緊急 行政 資料",
)
# Every alternative begins with a character of its own, so that other places are passed over at once.
_AUTHORITY = pattern_of(
    r"""
      個人情報保護委員会 | (?<!教育)(?<!農業)(?<!調査)(?<!第三者)委員会 | 個情委 | PPC
    | 総務省 | 金融庁 | 厚生労働省 | 厚労省 | 経済産業省 | 経産省 | 国土交通省 | 国交省
    | 文部科学省 | 文科省 | 農林水産省 | 農水省 | 消費者庁 | デジタル庁
    | 警察 | 警視庁 | 財務局 | 労働局 | 総合通信局 | 公正取引委員会 | 公取委 | 内閣府
    | 監督官庁 | 監督当局 | 規制当局 | 都知事 | 道知事 | 府知事 | 県知事 | 検察
    | IPA | JPCERT | NISC
    | 国(?=[はがのから])(?:(?<=[はが、のに]国)|(?<=\A国))  # 国から, but not 全国から
    | 当局 | 同省 | 同庁 | 同委
    """,
    re.VERBOSE,
    needs="委 省 庁 警 局 府 知事 検察 IPA JPCERT NISC PPC 国",
)
_ALWAYS = ("tender exclusion", "emergency order")
_OF_LAW = pattern_of(r"(?:法|第)\s?[0-9一二三四五六七八九十百]{1,4}\s?条|14[5-8]\s?条|法に基づ|法律に基づ")
_FIRST_PERSON = pattern_of(
    r"当社|弊社|当市|本市|当町|当院|当校|当法人|当組合|当協会|当会|本学|当行|当金庫|当財団|当事業団|当機構"
)
_OWN_PEOPLE = pattern_of(
    r"""
    (?: 職員 | 従業員 | 従業者 | 社員 | スタッフ | 担当者 | 教職員 | 教員 | 生徒 | 所属 | 部下 | 関係者
      | ユーザー? | 利用者 | 会員 | 顧客 | お?客さ?[まさ様]? | 皆様 | 皆さま
      | 市民 | 県民 | 町民 | 住民 | 区民 | 消費者 | 組合員 | 被保険者 | 対象者 | 本人 | 学生
    )
    (?:等|ら|たち|の方|方|各位|全員)?
    (?:に対(?:し|する|して)|へ|への|に|を|に向け|に向けた|宛)  # 従業員に対し
    (?![^。、]*(?:監督|管理))[^。、]{0,14}\Z
    """,
    re.VERBOSE,
)
_CONTRACTOR = pattern_of(
    r"""
    (?:委託先|委託業者|受託者|受託業者|受注者|業者|子会社|グループ会社|グループ各社)
    (?:等|各社|である[^。、]{0,14})?
    (?:に対(?:し|する|して)|へ|への|に|を)[^。]{0,30}\Z  # 委託先に対し
    """,
    re.VERBOSE,
)
_EXPERTS = pattern_of(
    r"(?:専門家|弁護士|有識者|外部|第三者|コンサル|専門機関|専門会社|アドバイザ|ベンダ|警察)[^。、]{0,16}\Z"
)
_HYPOTHETICAL = pattern_of(
    r"""
    \A(?:等|書|措置)?
    (?: に(?:従わ|応じ|違反|係る措置をと)                          # 命令に違反した場合
      | の(?:対象(?!と(?:なった|した))|権限|要件|基準|規定|定め)    # 勧告の要件
      | (?:で|に)定める                                            # 命令で定める
      | を(?:受けた)?場合 | を受けることの                         # 勧告を受けた場合
      | [^。、]{0,16}
        (?: ことができ | ことがある | こともある                   # 命ずることができる
          | されることがあ | され得る | されるおそれ               # 勧告されることがある
          | となる(?:場合|おそれ|可能性)                           # 対象となる場合
          | 場合がある | する場合 | できる(?!だけ|限り)            # 命令する場合
        )
    )
    """,
    re.VERBOSE,
)
_MAY = pattern_of(r"ことができ(?:る|ます)(?:\([^()]*\))?。?\s?\Z")  # what the law allows
_NOT_DONE = pattern_of(
    r"""
    \A[^。、]{0,12}
    (?: 至らな | 至ってい(?:ない|ません)          # 勧告には至っていない
      | 行わな | 見送                             # 命令は見送った
      | 受けてい(?:ない|ません) | 受けた事実は(?:な|あり|ござ)  # 指導を受けた事実は(?:な|あり|ござ)い
    )
    """,
    re.VERBOSE,
)
_EMERGENCY = pattern_of(r"148\s?条\s?第?\s?3\s?項[^。]{0,40}\Z")


def find_actions(sheet: Sheet, found: Sequence[Fact] = ()) -> list[Fact]:
    """Return every action in order.

    ``found``: organisations, deadlines and provisions of the same text in order, for the qualifiers
    ``respondent:``, ``by:``, ``deadline:`` and ``provision:``.
    """
    matches = list(_ACTION.finditer(sheet.text))
    if not matches:
        return []
    anywhere = not _FIRST_PERSON.search(sheet.text) and bool(_AUTHORITY.search(sheet.text))
    facts = []
    for match in matches:
        value = str(match.lastgroup).replace("_", " ").replace("on site", "on-site")
        if not _is_action(sheet, match, value, anywhere):
            continue
        if value == "order" and _EMERGENCY.search(sheet.before(match.start(), 60)):
            value = "emergency order"
        first, last = sheet.sentence(match.start())
        facts.append(
            sheet.fact(
                "action",
                value,
                match.start(),
                match.end(),
                qualifiers=_particulars(sheet, match.start(), select_within(found, first, last)),
            )
        )
    return facts


def _is_action(sheet: Sheet, match: re.Match[str], value: str, anywhere: bool) -> bool:
    first, last = sheet.sentence(match.start())
    sentence = sheet.text[first:last]
    before, after = sheet.text[first : match.start()], sheet.text[match.end() : last]
    if (
        _HYPOTHETICAL.match(after)
        or _MAY.search(after)
        or _NOT_DONE.match(after)
        or judge_act(after.split("、", 1)[0]) == "denied"
    ):
        return False
    if value in _ALWAYS:
        return judge_act(after) != "denied"
    authority = bool(_AUTHORITY.search(sentence))
    if value == "advice" and (_EXPERTS.search(before) or not (authority or "指導" in before[-6:])):
        return False
    if value in ("guidance", "advice", "alert", "report demand"):
        if _OWN_PEOPLE.search(before) and not (authority and value == "report demand"):
            return False
        if _CONTRACTOR.search(before) and not authority:
            return False
        return authority or anywhere or bool(_OF_LAW.search(sentence))
    return True


def _particulars(sheet: Sheet, at: int, near: Sequence[Fact]) -> list[str]:
    """Find by whom, to whom, under what and until when, as far as the sentence says."""
    said: dict[str, None] = {}
    provision = ""
    for fact in near:
        if fact.field == "deadline":
            said[f"deadline:{fact.value}"] = None
        elif fact.start < at and fact.field == "provision":
            law = fact.value
            provision = f"provision:{law['article']}" + (f"({law['paragraph']})" if law["paragraph"] else "")
        elif fact.start < at and fact.field == "organisation":
            if _BY.match(sheet.text, fact.end) and _AUTHORITY.search(str(fact.value)):
                said[f"by:{fact.value}"] = None
            elif _TO.match(sheet.text, fact.end, at):
                said[f"respondent:{fact.value}"] = None
    return [*said, provision] if provision else list(said)


_BY = pattern_of(r"(?:等|ら)?(?:は|が|より|から|による)")
# Between a respondent and the particle that makes it one stand its alias and the other respondents.
_TO = pattern_of(
    r"""
    (?:社|等|ら|さん)?
    (?:\s?\([^()]*\))?                                                          # X(以下「Y」という。)
    (?:(?:及び|並びに|と|や|、|・)(?:[^。()]|\([^()]*\)){0,60}?)?               # X及びY
    (?:の?(?:[0-9]|二|三|両)社)?                                                # X及びYの2社
    (?:に対し|に対する|へ|に(?=、|[^。]{0,40}\Z))
    """,
    re.VERBOSE,
)
