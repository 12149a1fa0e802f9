"""What became of the data. Four states stay apart: taken out, leaked, possible, not confirmed.

確認されていない means that no leak was seen, not that there was none. Misuse (二次被害, 不正利用) is
told apart from the leak itself by the fact's role.
"""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.facts.sheet import Sheet
from monitor.facts.statements.genre import is_defined
from monitor.facts.statements.modality import Stance
from monitor.facts.statements.stance import judge_stance
from storage.records import Fact
from storage.text.patterns import pattern_of

_EVENT = pattern_of(
    r"""
    (?:
    (?P<misuse>
        不正(?:に)?(?:利用|使用)(?!者|検知|防止)             # 不正利用されたカード
        # 第三者に利用された, 第三者により個人情報が利用された
      | (?:第三者|何者か|他人)に(?:よって|より)?(?:[^。、はも]{0,8}情報が)?(?:不正に)?(?:利用|使用)(?=され)
      | 不適切に(?:利用|使用)(?=され)
      | 悪用 | 二次被害 | 二次的な?被害
      # 不審なメールが届く
      | 不審な?(?:電話|メール|請求|連絡|SMS|ショートメッセージ|郵便|はがき|訪問|問い?合わ?せ)
      | 身に覚えのない(?:請求|購入|引き?落とし|決済|注文) | 勧誘の?電話
      | なりすまし(?:メール|被害)?
      | 迷惑(?:メール|メッセージ|電話)
      | (?<=実際に|詐欺に|犯罪に)使わ | 不正決済
      | (?:現金|預金|円)[がを](?:不正に)?引き出さ(?=れ)
    )
  | (?P<harm>
      # 被害の報告はない: nothing but its denial is said
      (?<!二次)(?<!2次)(?<!への)(?<!不正)(?<!盗難)(?<!な)(?:(?:金銭)?被害|実害)
      (?=(?:等|など)?[はも]|(?:等|など)?のご?(?:報告|申し?出|届け?出|発生|相談|訴え|事実|連絡|情報)
        (?:など|等)?(?:(?:について)?[はも]|を、?(?:受け|いただい|頂い)))
    )
  | (?P<taken>
        # 持ち出した, 持ち出しが判明
        持ち?出し(?=[がをもの等な]|では|は) | (?<=の)持ち?出し(?=[、・やと]|及び|並びに|又は|または)
      | 持ち?出し(?=に(?:つきまし|関しまし|ついて)) | 持ち?出(?=[しさ]) | 持ち去ら
      # データが窃取された, カード情報が不正に取得された
      | (?:[窃搾詐奪]取|不正に?(?:取得|入手))
        (?=され(?:た(?:。|と|こと|可能|おそれ|恐れ|形跡|痕跡|証跡|事実|証拠|様子|記録)|まし|てい|、)|に至)
        # 窃取された顧客データは; but not 窃取された情報を用いたログイン
      | [窃搾詐奪]取(?=された(?:お?客様|顧客|会員|利用者|患者|従業員|個人)の?(?:個人)?(?:情報|データ)
          (?!等?を(?:使|用|利用|悪用|もと|元)))
      | (?:抜き取|盗み取|吸い取)ら(?=れ) | 吸い上げら(?=れ)  # データが抜き取られた
      | (?:抜き出|盗み出|引き出)さ(?=れ)
    )
  | (?P<leak>
        漏(?:えい|洩え?|出) | 漏れ(?=た|て|出|る(?:おそれ|恐れ|可能性|事態|こととな)) | ろうえい   # 漏えい
      | 流出 | (?<=情報[のがを])流失 | (?<=外部[にへ])流失 | (?<=外部)流失 | 流れ出(?=た|て) | 外部流出
      | (?:第三者|外部)(?:へ|に)?(?:の|へ)?提供 | (?<=以外へ)提供(?=された事実)
        | (?<=以外に)提供(?=された事実)              # 第三者へ提供
        # 情報を漏らした; but not 削除する作業を漏らした
      | (?<!作業を)(?<!処理を)(?<!確認を)(?<!手続を)(?<!続きを)(?<!記載を)漏ら(?=し)
      | (?:第三者|外部(?:の者)?|犯人|犯罪グループ|名簿業者|業者|知人|友人|他人
        |部外者)(?:の手)?[にへ]渡(?=った|って|る(?:おそれ|恐れ|可能性))
      | (?:第三者|外部)[にへ](?:(?:送信|転送|開示|公開)(?=され)|送ら(?=れ(?:た(?!メール)|て)))
      | (?:インターネット|ネット|SNS|ウェブ)上?[にで][^。、\n]{0,8}?(?:公開|拡散|掲載)
        (?=され(?:た|て(?:い|お)る)(?:事実|形跡|痕跡))
      | (?<=外部[にへ])出(?=た(?:形跡|事実|痕跡))
      | (?:ダークウェブ|闇サイト|リークサイト)(?:等|など)?(?:上)?
        (?: [にで][^。、\n]{0,24}?(?:公開|掲載|投稿|売買)(?=され)
          | (?:における|での|への)[^。、\n]{0,20}?(?:公開|掲載|流通|売買)(?=(?:等|など)?[はもが]) )
    ))
    """,
    re.VERBOSE,
    begins=(
        "SN イン ウェ ネッ 実害 ダー リー 不適 出 被害 金銭 闇サ "
        "身に 勧誘 現金 預金 円が 円を なり ろう 不審 不正 二次 他人 何者 使わ 友人 名簿 外部 "
        "吸い 奪取 引き 悪用 抜き 持ち 持出 提供 "
        "搾取 業者 流れ 流出 流失 漏え 漏ら 漏れ 漏出 漏洩 犯人 犯罪 盗み 知人 窃取 第三 詐取 迷惑 "
        "部外"
    ),
)
_VALUES = {"taken": "taken out", "leak": "leaked", "misuse": "misused"}
# What flows out beside data: 原油の流出, 人口流出.
_NO_DATA = pattern_of(
    r"(?:油|人口|人材|資金|土砂|汚水|排水|薬品|薬液|ガス|放射能|放射性物質|血|土石|有害物質|廃液"
    r"|若者|頭脳|水|溶剤|煙|雨)"
    r"(?:の|が|等の)?(?:県外|海|外部|市外|河川)?(?:へ|に)?(?:の)?\Z"
)
_OF_MATTER = pattern_of(r"[油水]|人口|人材|資金|土砂|薬[品液]|ガス|放射|血|土石|物質|廃液")
_DATA = pattern_of(r"情報|データ|名簿|個人|アドレス|顧客|会員|氏名|カード|書類|ファイル|資料|記録")


# 確認できていないが、完全には否定できない
_DOUBT = (
    r"(?:否定|排除|払拭)[^。]{0,8}?"
    r"(?:(?:でき|きれ|得)(?:な|ま|ず|てい|てお)|至(?:ら|って(?:い|お))|困難|難し)"
)
_NO_OTHER = r"(?:(?!漏|流出|悪用|不正[利使]用|二次|閲覧)[^。\n])"
_YET = pattern_of(rf"[^。]{{0,50}}(?:が|ものの)、{_NO_OTHER}{{0,40}}{_DOUBT}")
# 流出は確認されていません。|しかしながら、その可能性を否定することはできません
_YET_NEXT = pattern_of(
    rf"\s?{_NO_OTHER}{{0,30}}?(?P<doubt>可能性|おそれ|恐れ)[をはもが]{_NO_OTHER}{{0,10}}{_DOUBT}"
)
# 不正に使用されていないかについては確認中, 未開封で回収された場合には、通常、漏えいに該当せず
_WHETHER = pattern_of(
    r"[^。、]{0,10}(?:い|おり)(?:ない|ません)か(?:どうか|否か)?(?:に(?:つい|関)|を|、|は|も|確認|調)"
)
_IN_CASE = pattern_of(r"場合(?:に)?は、[^。]{0,20}\Z")
# 個人情報の漏えいは、権利の侵害に該当する可能性がある: said of any
_OF_ANY = pattern_of(
    r"は、?[^。]{0,30}(?:侵害|違反|犯罪|処罰)[^。、]{0,8}(?:に(?:該当|当た|つなが)|となり|になり)"
)
# 従ってしまうと、漏えいなどの重大なリスクにつながるおそれ: a warning
_RISK = pattern_of(r"(?:や|など|等)[^。]{0,30}(?:リスク|危険)(?:に|が)(?:つなが|あ)")
# 漏えい、滅失又は毀損事案の発生について、基準に基づき公表する: the words of the law
_IN_LAW = pattern_of(
    r"、(?:滅失|紛失)[^。]{0,6}(?:毀損|き損|棄損)(?:\([^()]{0,60}\))?[^。]{0,8}(?:について|に関し|場合|した(?:とき|場合))"
)
# 漏えいを把握できなかった: it was there and not seen
_UNSEEN = pattern_of(r"を(?:把握|検知|察知)(?:でき(?:な|ず|ませ)|し?きれ)")
# 車内から持ち出さず、車内で確認するよう指導した: how it shall be done
_AS_RULE = pattern_of(r"(?:さず|さないで?)[^。]{0,120}(?:指導|徹底|指示|こと|よう)")
_SELDOM = pattern_of(
    r"[しさ](?:れる)?ことは(?:通常|普段|基本的に|原則|ほとんど)"
)  # 持ち出されることは通常なく
# 担当者が持ち出していたが、気付いた時には無くなっていた: taken along for work, and lost
_THEN_LOST = pattern_of(
    r"(?:し|して(?:い|お)り?)(?:た|まし(?:た)?)(?:が|ものの|際|ところ)、?[^。]{0,30}(?:[無な]くな|紛失"
    r"|見当たら|落と|忘れ|盗)"
)
# 持ち出した職員はなく: nobody did
_NOBODY = pattern_of(
    r"(?:し|され?|させ)?(?:た|ていた)[^。、はがも]{1,10}(?:は|が|も)(?:い|お|見つか|確認(?:でき|され))?(?:て(?:い|お))?"
    r"(?:な[くいか]|ません|らず|らな|おらず|ず)"
)
# 実際には流出したのに「流出していない」と回答
_FALSELY = pattern_of(r"(?:実際には[^。「」]{0,40}|虚偽の?|うその|誤って)「[^」]*\Z")
_GOT = pattern_of(
    r"(?:情報|データ|ファイル|メール|番号|アドレス|コード|名簿)(?:等|など|の一部)?(?:\([^()\n]{0,20}\))?"
    r"(?:[がをも][^。、]{0,8}|の)\Z"
)
_GOT_DATA = pattern_of(r"された[一-龥]{1,3}の?(?:個人)?(?:情報|データ)(?<!認証情報)(?<!資格情報)")
# 職員の認証情報が窃取され、大量のメールが送信された: how they came in
_KEYS = pattern_of(
    r"(?:認証情報|資格情報|ID|パスワード|アカウント(?:情報)?)(?:等|など)?[がを](?:不正に|第三者に(?:より)?)?\Z"
)
_CAME_IN = pattern_of(
    r"され(?:、|て|たことに?より)[^。]{0,40}(?:アクセス|ログイン|侵入|送信|操作)(?:され|し|が)"
)
# 他社サービスから|流出したIDを使ったログイン: of others, and before. No such: 利用する外部サービスからの|流出
_FROM_OTHERS = pattern_of(
    r"(?:他社|他の?(?:サービス|サイト|企業)|別の?(?:サービス|サイト)|外部サービス)(?:の?(?:サービス|サイト))?"
    r"(?:等|など)?(?:から|より|で)(?:[^。、をがは]{0,6})?\Z"
)
_KEYS_OF_OTHERS = pattern_of(
    r"した(?:可能性のある|おそれのある|恐れのある|と(?:みられ|見られ|思われ|考えられ|推測され)る|とみる)?"
    r"[^。、がは]{0,12}(?:ID|パスワード|アカウント|認証情報|資格情報|ログイン情報|メールアドレス|リスト)"
)
_FEARED = pattern_of(
    r"[もが](?:懸念|危惧)され(?:て(?:い|お)(?!な|ら|りませ)|る(?!場合))"
)  # 流出も懸念されている
_QUOTED_FACT = pattern_of(
    r"」が(?:判明|発覚|発生)し(?:た|まし)(?!場合|際|とき)"
)  # 「個人情報の漏えい」が判明した
# 「漏えいのおそれ」がある状況が判明した
_QUOTED_FEAR = pattern_of(
    r"(?:等|など)?の?(?:おそれ|恐れ|可能性)[」』](?:が|の)あ(?:る|った)(?:状況|状態|事案|事態"
    r"|こと)?[^。]{0,20}"
    r"(?:判明|発表|確認|分か|わか)"
)
# 漏えいとなりました; but not 漏えいとなった場合
_CAME_TO = pattern_of(
    r"(?:る(?:こと|事態))?と(?:なりました|なった(?!場合|際|とき|おそれ|恐れ|可能)|なってしまい)"
)
# 悪用したサイバー攻撃などについて、確認されていない
_NONE_OF_IT = pattern_of(
    r"(?:し|され|させ)た[^。、はがもを]{1,16}(?:について(?:は|も)?|に関して(?:は|も)?|は|も)、?[^。、]{0,12}"
    r"(?:確認(?:され|して)|認められ|把握(?:され|して)|受けて)(?:て)?(?:い|お)?(?:な|ませ|りませ|ら(?:ず|な))"
)
# 情報を悪用した詐欺にご注意ください
_BEWARE = pattern_of(
    r"(?:し|され)た[^。、はがも]{1,24}に(?:は|も)?、?(?:十分に?|くれぐれも|特に)?、?ご?(?:注意|警戒|用心)"
)
# 名簿を悪用した「かたり調査」の恐れ
_FEARED_USE = pattern_of(
    r"(?:し|され)た[^。、はがもを]{1,16}(?:の|が(?:発生する|起きる|行われる|ある))(?:恐れ|おそれ|可能性|懸念)"
)
_OF_ACCOUNT = pattern_of(
    r"(?:アカウント|システム|サーバー?|ソフト(?:ウェア)?|プラグイン|機能)(?:が|を)(?:(?:第三者"
    r"|何者か)(?:から|に))?\Z"
)  # アカウントが不正に利用された: how they came in
# 5月2日に発生した個人情報流出事故
_AFFAIR = pattern_of(r"(?:の)?(?:事故|事案|事件)(?!が(?:発生|起き)した場合)|について|に関し")
_AROSE = pattern_of(r"(?:発生|起こ|起き)(?:した|しました|きた|た|いたしました)[^。、おそ恐可疑]{0,12}\Z")
_WRONG = pattern_of(
    r"同意を得(?:ず|ない|ること)|同意(?:が)?な[くい]|無断|不正|誤っ|違反|漏|流出|目的外|不適切|許可|持ち出|売"
)


def _is_wrong(sheet: Sheet, at: int) -> bool:
    """Tell whether a sentence speaks of a wrong: with consent, to provide data is no leak."""
    first, last = sheet.sentence(at)
    return _WRONG.search(sheet.text, max(first, at - 120), min(last, at + 60)) is not None


# 第三者に提供することはありません: a promise
_PROMISED = pattern_of(
    r"(?:を|は)?(?:する|いたす|行う)?(?:こと)?(?:は|も)?(?:一切|決して)?、?(?:あり|ござい|いたし|致し"
    r"|し)ま?せ|(?:する)?ことはない"
)
_NEVER = pattern_of(
    r"(?:される|する)ことは(?:一切|決して)?、?(?:あり|ござい)ません"
)  # 外部に送信されることはありません
# 漏えいした|情報は氏名のみであり: it did leak, whatever else is denied
_WHAT_IT_WAS = pattern_of(
    r"した(?:個人)?(?:情報|データ|内容|項目)(?:は|が)、?(?:(?!可能|おそれ|恐れ|調査|確認|不明|[なま]い|ませ|見込)[^。、]){1,40}"
    r"(?:です|であ[りっる]|でした|のみ|だけ)"
)
# 外部への持ち出しはせず管理している: a practice
_NEVER_DONE = pattern_of(r"は(?:せず|しないで)に?、?[^。、]{0,8}(?:運用|管理|保管|取り?扱|使用|利用)")
# 不審なメールが届いた際は、開かずに: advice
_ON_ARRIVAL = pattern_of(r"[がを][^。、]{0,12}(?:た|る)(?:際|場合|とき|時)に?は、?")
# 漏えいさせたことは許されるものではない: it did
_NO_EXCUSE = pattern_of(
    r"(?:させ|し|され)た(?:こと|の|行為)[はが]、?[^。、]{0,10}(?:許され|容認|看過|弁解|言い訳|申し開き)"
)
# 更なる漏えいの可能性はない
_ANY_MORE = pattern_of(r"(?:更なる|さらなる|これ以上の)(?:個人|外部への?)?(?:情報の?)?\Z")
_RULES_OF = {"misuse": (_ON_ARRIVAL,), "taken": (_AS_RULE, _NEVER_DONE), "leak": (_NEVER,)}
_OPENED = pattern_of(
    r"(?:を|に(?!な))[^。、]{0,8}(?:開|受け取|クリック|返信し|見分)"
)  # 迷惑メールを開くと、感染する
_HARM = pattern_of(r"(?:等|など)?(?:による|に伴う|に起因する)[^。、]{0,8}被害")  # 流出による被害の報告はない


# 他社で発生した情報|漏えい事件を受け、点検した: a lesson
_ELSEWHERE = pattern_of(
    r"(?:他社|他(?:の)?(?:自治体|企業|団体|市町村|学校|病院|事業者|大学)|(?:他|よそ)の?[市県校院])"
    r"(?:等|など)?(?:で(?:発生|起き)(?:した|た|て(?:い|お)る)|(?:等)?の|における)[^。、]{0,10}\Z"
)
_LESSON = pattern_of(
    r"(?:の)?(?:事案|事件|事故|事例)(?:等|など)?(?:を(?:受け|踏まえ|教訓|機に)|に鑑み|の(?:発生|報道)を受け)"
)


def _is_of_another(sheet: Sheet, match: re.Match[str], kind: str) -> bool:
    """Tell whether a word is said of no data: 端末が窃取された, 原油の流出, アカウントが不正に利用された."""
    if kind == "taken" and _SELDOM.match(sheet.text, match.end()):
        return True
    if match[0][0] in "窃搾詐奪抜盗引吸" or (kind == "taken" and match[0][0] == "不"):
        ahead = sheet.before(match.start(), 16)
        if _KEYS.search(ahead) and _CAME_IN.match(sheet.text, match.end()):
            return True
        return not any((_GOT.search(ahead), _GOT_DATA.match(sheet.text, match.end())))
    of_others = kind == "leak" and _FROM_OTHERS.search(sheet.before(match.start(), 24)) is not None
    if of_others and _KEYS_OF_OTHERS.match(sheet.text, match.end()):
        return True
    elsewhere = kind == "leak" and _LESSON.match(sheet.text, match.end())
    if elsewhere and _ELSEWHERE.search(sheet.before(match.start(), 30)):
        return True
    if kind in ("harm", "leak"):
        data, matter = _subjects(sheet.text)
        near = _NO_DATA.search(sheet.text, max(0, match.start() - 12), match.start())
        return near is not None or (not data and (matter or kind == "harm"))
    if kind == "misuse" and _OPENED.match(sheet.text, match.end()):
        return True
    return kind == "misuse" and _OF_ACCOUNT.search(sheet.before(match.start(), 20)) is not None


# 同市では昨年も…流出した, 過去にも; but not 昨年の申込者の情報も流出した, 職員は昨年にも…漏らした
_LAST_YEAR = r"(?:昨年度?|一昨年度?|おととし|去年|前年度?)"
_ONCE = r"(?:過去|以前|かつて|[0-9]{1,2}年前|20[0-9]{2}年度?|(?:令和|平成)[0-9元]{1,2}年度?)"
_DAY = r"(?:の?[0-9]{1,2}月(?:[0-9]{1,2}日)?|[春夏秋冬])?"
_BACKGROUND = pattern_of(
    rf"""
    (?P<before>
        (?:\A|では、?|で、|[市町村県区社院校大学庁省署委会庫行]は、?)
        (?:{_LAST_YEAR}{_DAY}に?|{_ONCE}{_DAY}に)も(?!含) )
  | (?:(?:他|ほか|近隣|周辺)の?(?:自治体|市町村?|[町村県区]|企業|会社|団体)|他社
      |(?:隣|近隣|隣接する)の?[一-龥]{{1,5}}[市町村県区])で(?:は|も)、?
  | (?:\A|[はに、])(?P<body>[一-龥]{{2,5}}[市町村県])でも、?(?:{_LAST_YEAR}|{_ONCE}){_DAY}に?も?、?
    """,
    re.VERBOSE,
)
_CLAUSE = pattern_of(
    r"[しりいきちみえけせてめれ]、|(?:[るた]|ない)[一-龥ァ-ヴ]"
)  # 他社でも使う製品の弱点を突かれ、
_OF_NOW = pattern_of(
    r"判明|発覚|分か[っり]|わか[っり]|見つか|確認しま|調査の結果|新たに|このたび|この度"
    r"|今[回般年月]|本年|現在|その(?:とき|際)"
)
_OUR_OWN = pattern_of(
    r"(?:当|本|弊|自)(?:社|市|町|村|県|区|院|校|園|会|学|所|店|行|庫|協会|法人|団体|センター)"
)


def _is_of_before(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell whether a sentence recalls another affair: an earlier year's, or another body's."""
    first, last = sheet.sentence(match.start())
    ahead = sheet.text[max(first, match.start() - 80) : match.start()]
    if not first or not match["leak"] or match[0][-1] in "ら渡":
        return False
    if "も" not in ahead and "では" not in ahead:
        return False
    told = _BACKGROUND.search(ahead)
    if told is None or (told["body"] and told["body"] in sheet.text[:first]):
        return False
    if not told["before"] and _CLAUSE.search(ahead, told.end()):
        return False
    return not _OUR_OWN.search(ahead, told.end()) and not _OF_NOW.search(sheet.text, first, last)


@lru_cache(4)
def _subjects(text: str) -> tuple[bool, bool]:
    """Tell whether a text speaks of data, and whether of what else flows out; once for all of its words."""
    return _DATA.search(text) is not None, _OF_MATTER.search(text) is not None


def find_outcomes(sheet: Sheet) -> list[Fact]:
    """List every statement about the outcome; a word in a title (漏えい等報告) states nothing."""
    found: list[Fact] = []
    weak: list[Fact] = []
    for match in _EVENT.finditer(sheet.text):
        kind = str(match.lastgroup)
        if _is_of_another(sheet, match, kind) or is_defined(sheet, match.start()):
            continue
        said = _said(sheet, match)
        value = _value(kind, said)
        if value is None or (value != "not confirmed" and _is_of_before(sheet, match)):
            continue
        harm = said == "denied" and _HARM.match(sheet.text, match.end())
        role = "misuse" if kind in ("misuse", "harm") or harm else "leak"
        fact = sheet.fact("outcome", value, match.start(), match.end(), role=role)
        (weak if said == "attributive" else found).append(fact)
    found += _doubts(sheet, found)
    doubted = {fact.role for fact in found if fact.value in ("not confirmed", "possible")}
    stated = {fact.role for fact in found if fact.value in _VALUES.values()}
    found += [fact for fact in weak if fact.role in stated or fact.role not in doubted]
    return sorted(found, key=lambda fact: fact.start)


def _doubts(sheet: Sheet, found: list[Fact]) -> list[Fact]:
    """Find what the next sentence leaves open of a leak that one denies."""
    ends = {sheet.sentence(fact.start)[1] for fact in found if (fact.value, fact.role) == _NO_LEAK}
    doubts = (_YET_NEXT.match(sheet.text, end) for end in ends)
    return [sheet.fact("outcome", "possible", *doubt.span("doubt"), role="leak") for doubt in doubts if doubt]


_NO_LEAK = ("not confirmed", "leak")


def _said(sheet: Sheet, match: re.Match[str]) -> Stance:
    """Judge a word by its sentence: a denial with a doubt behind it, data provided with consent."""
    said = judge_stance(sheet, match.start(), match.end())
    if said == "denied":
        return _denied(sheet, match)
    if said == "open":
        return _open(sheet, match)
    if _is_of_any(sheet.text, match, said):
        return "open"
    if said not in ("stated", "attributive"):
        return said
    if match["taken"] and _THEN_LOST.match(sheet.text, match.end()):
        return "open"
    if _NOBODY.match(sheet.text, match.end()):
        return "open"
    if match["misuse"] and _BEWARE.match(sheet.text, match.end()):
        return "open"
    if match["misuse"] and _NONE_OF_IT.match(sheet.text, match.end()):
        return "denied"
    if match["misuse"] and said == "attributive" and _FEARED_USE.match(sheet.text, match.end()):
        return "possible"
    if said == "attributive" and match["leak"] and _WHAT_IT_WAS.match(sheet.text, match.end()):
        return "stated"
    return "open" if "提供" in match[0] and not _is_wrong(sheet, match.start()) else said


def _is_of_any(text: str, match: re.Match[str], said: Stance) -> bool:
    """Tell whether a word speaks of leaks as such: what they may lead to, how the law calls them."""
    if said == "possible" and (_OF_ANY.match(text, match.end()) or _RISK.match(text, match.end())):
        return True
    return match["leak"] is not None and _IN_LAW.match(text, match.end()) is not None


def _denied(sheet: Sheet, match: re.Match[str]) -> Stance:
    """Judge a denial: a rule, a question, a promise state nothing, one with a doubt a possibility."""
    if _NO_EXCUSE.match(sheet.text, match.end()):
        return "stated"
    if _ANY_MORE.search(sheet.before(match.start(), 12)):
        return "open"
    rules = [_WHETHER, _UNSEEN, *_RULES_OF.get(str(match.lastgroup), ())]
    if "提供" in match[0]:
        rules.append(_PROMISED)
    if any(rule.match(sheet.text, match.end()) for rule in rules):
        return "open"
    if _IN_CASE.search(sheet.before(match.start(), 40)) or _FALSELY.search(sheet.before(match.start(), 60)):
        return "open"
    return "possible" if _YET.match(sheet.after(match.end(), 120)) else "denied"


def _open(sheet: Sheet, match: re.Match[str]) -> Stance:
    """Judge a word of which no verb says anything: what ends its sentence, an affair that arose, a fear."""
    text = sheet.text
    if text[match.end() : match.end() + 1] == "。" and text[match.start() - 1 : match.start()] == "が":
        return "stated"  # 口座番号などが漏えい。
    if _AFFAIR.match(text, match.end()) and _AROSE.search(sheet.before(match.start(), 30)):
        return "attributive"
    if match["leak"] and _HEADLINE.match(text[: match.end()]) and text[match.end() : match.end() + 1] == "\n":
        return "stated"
    if match["leak"] and _FOUND_TO_BE.match(text, match.end()):
        return "stated"
    if match["leak"] and _QUOTED_FACT.match(text, match.end()):
        return "stated"
    if match["leak"] and (_FEARED.match(text, match.end()) or _QUOTED_FEAR.match(text, match.end())):
        return "possible"
    if match["leak"] and "提供" not in match[0] and _CAME_TO.match(text, match.end()):
        return "attributive"
    return "open"


# 例示市、名簿を誤送信 情報流出: the first line of an article, which tells a mishap before
_HEADLINE = pattern_of(
    r"[^\n。]{0,80}?(?:誤送|誤配|誤交付|誤掲載|誤公開|誤発送|紛失|盗難|不正アクセス|攻撃を?|感染"
    r"|侵入)[^\n。]{0,30}[\s、]"
    r"[一-龥]{0,4}情報が?(?:流出|漏えい|漏洩|漏れ)\Z|[^\n。]{6,80}(?:情報|アドレス|データ|氏名|番号|名簿)を(?:流出|漏えい|漏洩)\Z"
)


# 漏えいに該当するものと判断し、報告した
_FOUND_TO_BE = pattern_of(
    r"に(?:該当する|当たる|あたる)(?:もの|事案|事態|こと)?(?:である)?と(?:判断|認定|確認)し(?!た場合)"
)


def _value(kind: str, said: Stance) -> str | None:
    if said == "denied":
        return "not confirmed"
    if kind == "harm":
        return None
    if said == "possible":
        return "possible"
    if said in ("stated", "attributive"):
        return _VALUES[kind]
    return None
