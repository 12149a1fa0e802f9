"""Words for data that are no data of the notice: advice to readers, an address to write to, a way in.

A notice says パスワード and 住所 of much besides what was lost: what readers shall change, where papers
went, how an attacker came in, what was checked. What stands around the word tells.
"""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from storage.text.patterns import pattern_of
from storage.text.telephones import AREA, FROM_ABROAD, UNPARTED

# What a reader is asked to do, or what is said of a thing rather than of data that were lost.
_ASKED = pattern_of(
    r"[^。?\n]{0,60}か\?|"  # カード情報が漏えいしたのではないですか?
    r"[^。]{0,50}(?:入力|変更|お伝え|教え|聞(?:き|か)|尋ね|伺|問い?合わせる|ご確認|記入|明記|要求|求め"
    r"|提供|お知らせ)[^。]{0,24}(?:ください"
    r"|下さい|お願い|ご注意|しない|ことは(?:一切|決して)?(?:ありません|ございません|ない))"
    r"|[^。、は]{0,12}を(?:教え|伝え|入力し|送ら|渡さ)ない(?:。|こと|で)"
    r"|[^。は]{0,20}が必要(?:です|となり|になり)"
    # 所得の状況を把握することを目的に
    r"|[^。は]{0,30}を(?:把握|調査|調べ|分析)(?:する|る)?(?:こと)?(?:を目的|ため)"
    # 連絡先は厳重に管理しており
    r"|(?:[、・や][^。、は]{1,8}){0,4}(?:等|など)?の?(?:個人)?(?:情報|データ)?は、?[^。]{0,40}(?:厳重"
    r"|適切|安全)に(?:管理|保管)(?:して|され)"
    r"|[^。、は]{0,6}を(?:入力|登録|設定|変更|記入|選択|指定)(?:する|します)(?=[。\s]|\Z)"  # ・住所を登録する
    # 口座番号や暗証番号を尋ねる電話; but not 氏名を聞き取った
    r"|(?:[、・やと][^。、はが]{1,10}){0,4}(?:など|等)?を?お?(?:伺[いう]|尋ね|聞(?!き?取))"
)
_PASSWORD_OF = pattern_of(
    r"(?:[、・と](?:[^。、をがは]{0,10}パスワード)?)?(?:等|など)?を[^。、]{0,12}(?:変更|再設定|初期化)し"
    r"|(?:なし|無し|あり|付)\)"  # ファイル(一部パスワードなし)
    r"|は、?(?:別(?:途|の?メール|便)|電話)"  # パスワードは別メールで送る
    r"|を(?:得|入手し|知っ)(?:た|て)[^。、]{0,12}(?:により|ため|閲覧|ログイン|アクセス|侵入)"
    r"|を?[^。、]{0,4}(?:サービス|サイト)[^。、]{0,6}(?:同じ|同一|共用|共通|使用|利用)"  # 別のサービスと共用
    r"|(?:等|など)の[^。、]{0,8}を入力|(?:(?:と|や|及び|・)(?:ログイン)?パスワード)?[をが]変更|"
    r"(?:を|の|が|で|は|に)?(?:適切な|適正な|厳重な|十分な)?(?:脆弱|強度|複雑|使い?まわ|書き換え|変更"
    r"|推測|設け|設定|改ざん|再設定|リセット|破ら|破り|突破|使い回|初期化"
    r"|厳格|強化|付き|つい|付い|保護|ロック|解除|管理|かけ|かか|付け|必要|リスト|認証|入力(?!(?:させ|し(?:て|、))[^。]{0,20}(?:取|盗|奪))|伝え|教え"
    r"|共有|使用(?:せず|しない)|使わ)"
)
_REGARDLESS = pattern_of(r"(?:[や、・][^。、]{1,6})?(?:を問わ|に(?:関係|かかわ|関わ)|不問|の?別な)")
_UNKNOWN = pattern_of(
    r"が(?:不明|分か[らる]|わか[らる]|変わ|判明し)|を(?:把握|確認)でき|が特定でき|が?(?:ある"
    r"|存在する)?お?問い?合わせ"
)
_OF_BCC = pattern_of(r"「?(?:BCC|Bcc|TO|To|CC|Cc)」")
_CONTACT = pattern_of(
    r"(?:お問い?合わせ|相談(?!内容|記録|者)|本件|窓口|担当(?!者)|報道|取材)[^。\n]{0,10}\Z|(?:\A|\n)\s?[【\[(■○●◆]?\s?\Z"
)
_OF_LEAK = pattern_of(
    r"(?:[・や、][^。、]{1,8})?(?:等|など)?の?(?:漏えい|漏洩|流出|窃取|不正|公開|表示)[^。、]{0,16}(?:に(?:より"
    r"|よる|よって|伴う)|が原因)"
)


# 電話番号:076-…, 郵便番号360-0105, メールアドレス:X@Y: a contact and no data of the notice.
_NUMBER = pattern_of(
    r"\s?(?:\([^()]{1,8}\))?\s?[:|]?\s*"
    r"(?:[XＸ〇○●*＊]{2,}|0[XＸ〇○●*＊]|必須)"
    r"|\s?(?:\((?:必須|任意|例)[^()\n]{0,12}\)|[※*]\s?(?:必須|\n|$)|\[?必須)"
    r"|\s?(?:\([^()]{1,8}\))?\s?[:|]?\s*"
    rf"(?:\(?{AREA}[-)(]|{FROM_ABROAD}|{UNPARTED}|[0-9]{{3}}-[0-9]{{4}}|\ufffc)"
)
# 封筒と書類の名前が違っていた, 氏名と住所がずれた: what went wrong with the wording of a letter.
_MISMATCH = pattern_of(
    r"(?:、|と|や|・)?(?:[^。、はがを]{0,6})?(?:が|の)(?:すべて|全て|それぞれ)?(?:誤った|誤りが|違(?:っ"
    r"|う)|異な|ずれ|一致し|入れ替わ)|とは(?:違|異な)"
    r"|(?:のみ)?を(?:削除|照合|突合)(?:し|する)|と(?:連動|一致)|の一致|と?を?(?:取り違|見間違)|が同じ"
    r"|が(?:よく)?(?:似|類似|酷似|同一)|の読みが|(?:[や・、][^。、]{1,6})?の誤記|を確認でき(?:ず|な)|データの?(?:作成|入力)(?:ミス"
    r"|誤り)|(?:等|など)?を入力するため"
)
_SAME = pattern_of(r"(?:同じ|似た|同姓同名の|同一の)[「『]?\Z")  # 同じ名字
# 患者の居住地を管轄する保健所, 住所が確認できない方
_PLACE = pattern_of(
    r"(?:が(?:確認|特定|判明)でき(?:ず|な)|を管轄|[にへ](?:ご|お)?(?:電話|連絡)|を訪問|を覚え)"
)
_WITHHELD = pattern_of(
    r"(?:[、・や][^。、はがを]{1,8}){0,4}(?:など|等)?(?:について|に関して)?[はも]、?[^。]{0,40}"
    r"(?:非公表|(?:公表|明らかに)(?:いた)?し(?:な|ませ|て(?:い|お)(?:な|りませ))|公表を控|差し控)|は?非公表"
)  # 学校名は非公表
# メールアドレスを確認しないまま送信: what was done with an address to send to, no data that were lost.
_HANDLED = pattern_of(
    r"から[^。、]{0,24}アドレス(?:に|へ)|(?:から|より)、?(?:[^。、]{0,16}メールが[^。、]{0,20})?(?:送信され|発信され|配信され|送付され|送られ)"
    r"|を(?:手入力|手打ち|選択|コピー|貼り付け|事前に登録)|の(?:自動)?転送(?:先)?の?設定|に設定され|に(?:関する|係る)(?:送受信)?(?:ログ|履歴)"
    r"|の(?:ファイル|メールボックス|[送受]信(?:箱|トレイ|フォルダ))を(?:確認|調[査べ]|開)"
    r"|を(?:知る|知っている|把握している)[^。、]{0,6}者|への(?:送付|発送|郵送)|の(?:アカウント|ドメイン)|に(?:メールを|誤って|複数回"
    r"|繰り返し)?誤?(?:送信|配信|転送|送付|送[っりる])"
    r"|の(?:ログイン)?パスワード(?:を|の)?変更|の?(?:入力|設定|登録|確認)(?:を(?:誤|間違)|の?(?:ミス"
    r"|誤り|間違い)|漏れ)"
    r"|(?:を|が)(?:[0-9一]文字)?(?:入力|設定|登録)?を?(?:間違え|間違っ|取り違え)|を[0-9一二][桁字](?:違"
    r"|間違|誤)"
    r"|に[^。、]{0,10}(?:郵送|発送|送付|送信|お?送り|送っ|届い|届け|配達|案内|通知を|封書|連絡)"
    r"|における|の(?:使用|利用)[はをが][^。、]{0,8}(?:認め|禁|許|制限)|(?:を|の)?ご?利用(?:者|の(?:方|お客|皆))|(?:あて|宛)て?に?|として(?:管理|登録)"
    r"|(?:(?:及び|や|・|、)[^。、はがを]{1,6})?を(?:登録|入力)したため"
    r"|を(?:装|かた|騙|詐称)"
    r"|の入力欄|に(?:は)?ご注意"
    r"|(?:に|宛てに)[^。、]{0,18}(?:メールが|届いた)|に(?:複数回|何度も|繰り返し|すぐに)?、?(?:架電|電話(?:を)?(?:し|かけ))|宛て?に届く"
    r"|に配信でき|に送信(?:すべき|するところ)"
    r"|を(?:誤入力|誤登録|誤って(?:入力|登録|設定))"
    r"|を(?:[0-9一二]人で|複数[^。、]{0,6}で|十分に?|よく)?確認(?:し(?:ない|なかっ|ます)|せず|する)"
)
# 氏名の確認を怠った, 氏名と生年月日で本人確認を行う: what is done, or was left undone, with it.
_CHECKED_BY = pattern_of(
    r"(?:(?:や|と|・|、|及び|および|並びに)[^。、はがをの]{1,8}){0,3}(?:など|等)?(?:の|を|で|により)"
    r"(?:相互に?|再度|十分に?|しっかり|必ず|[0-9一二]人で|複数[^。、]{0,6}で|ダブル|双方で|口頭で"
    r"|改めて)?、?(?:ご?本人)?"
    r"(?:名乗|確認|照合|読み?合わせ|突き?合わ?せ|突合|聞き?取|チェック)(?!でき|され|可能|が(?:でき|可能))"
)
# 要配慮個人情報については特に注意して扱うよう周知した: a measure
_TAUGHT = pattern_of(
    r"(?:等|など)?(?:の|については|について|を)?[^。は]{0,12}(?:取り?扱い?|扱[うい]|注意|入力"
    r"|管理)[^。]{0,30}(?:研修|周知|徹底|指導|留意|啓発|教育)"
)
_BY_LAW = pattern_of(
    r"[^。]{0,30}(?:法第|法律第|第[0-9一二三四五六七八九十]+条|条の規定|法)[^。]{0,16}(?:制限|禁止|定め"
    r"|規定|基づ)|[^。]{0,60}(?:ものとする|なければならない)"
)
_TO_PROVE = pattern_of(
    r"[^。]{0,20}が(?:確認|証明)できる(?:書類|もの|証明)|[^。]{0,20}を(?:ご)?用意|をお手元|を(?:検索"
    r"|入力)した(?:ところ|際)"
)
_SERVICE = pattern_of(
    r"(?:の|を)[^。、]{0,4}(?:通知|送付|提供)(?:する)?(?:業務|事業|を(?:受託|委託))|への(?:お?振り?込|入金)"
)
_OWN_PLACE = pattern_of(r"\s*[:|\n]\s*(?:〒|[一-龥]{2,4}[都道府県市区町村])")
_OF_PETS = pattern_of(
    r"毛色|雑種|不妊|去勢|避妊手術|収容(?:日|場所|期間|動物|犬|猫|中)|譲渡|オス|メス|品種|猫|犬種"
)
# メールアドレスの登録がないお客様: who cannot be reached by it
_WHO_LACKS = pattern_of(
    r"(?:[やと、・又は及び]{1,2}(?:住所|氏名|電話番号|連絡先|メールアドレス))*(?:など|等)?"
    r"(?:(?:の|を|が)?(?:ご)?(?:登録|届け?出|申告|把握|お持ち|記載|入力|存じ|設定)?(?:を)?(?:の|が|で"
    r"|して(?:い|お)|され(?:て(?:い|お))?)?(?:も)?"
    r"(?:ない|なかった|いただいていない|頂いていない)"
    r"|[がのを]?(?:不明(?:な|の|で)|分から(?:ない|なかった)|わから(?:ない|なかった)|判明し(?:ない"
    r"|ていない)|特定できない|変更され(?:た|ている)))"
    r"(?:一部の?)?(?:お客|方|者|会員|人|利用者|対象者|世帯|[0-9,]{1,8}[名人])"
)
_WHO_HAS = pattern_of(
    r"の(?:ご)?登録[がの]ある(?:方|お客|会員|対象者)|[をが](?:ご)?登録(?:いただいて(?:い|お)る|して(?:い|お)る|された|した|済み?の)[^。、]{0,6}(?:方"
    r"|皆様|お客様|会員|人)"
)
_TO_SEND = pattern_of(r"(?:転送|送信|提出|返信|報告|届け出|宛|あて)先の?(?:電子)?\Z")
_OF_SENDER = pattern_of(r"(?:送信|発信|差出|配信)(?:元|人)の?(?:電子)?\Z")  # 送信元の|メールアドレス
_OF_SENDING = pattern_of(
    r"に(?:誤り|間違い|不備)|[がは](?:誤っ|間違|違っ|異な)|の(?:ドメイン|設定|登録(?!情報)|入力)|(?:等|など)?を(?:設定|登録|入力|指定)"
)
_NO_FAULT = pattern_of(r"(?:など|等)?の?(?:記載|表示)?に(?:誤り|間違い|相違)は")  # 住所の記載に誤りはなく
_IS_OF_TREATMENT = pattern_of("検査|処置|症状|手術|治療|入院|通院|健康状態|病状|接種|妊娠")
_OF_ANIMALS = pattern_of("[犬猫]|ペット|動物|飼い?主")
_OF_MEDICINE = pattern_of(
    "ワクチン|術式|既往|血圧|傷病|搬送先|患者|病院|医師|医療|診療|受診|保健|検診|健診|クリニック|看護|介護|感染者|陽性"
)
_OF_PEOPLE = pattern_of(r"顔|本人|児童|生徒|園児|患者|人物|撮影|会員|利用者")


def _is_beside(word: str, kind: str, rest: str) -> bool:
    """Tell whether the words behind an item say that it is used only: 年齢を問わず, 住所を確認せず."""
    return bool(
        (kind in ("email", "address", "phone") and _HANDLED.match(rest))
        or (kind in ("name", "address", "email", "special_care_data") and _MISMATCH.match(rest))
        or (kind in ("age", "sex") and _REGARDLESS.match(rest))
        or (kind == "name" and _READING.match(rest))
        or rest.startswith(("をもとに", "を基に", "を元に", "を騙", "を名乗", "を装"))
        or (kind in ("password", "user_id", "email") and _MEANS.match(rest))
        or (
            word == "勤務先"
            and rest.startswith(
                ("の", "だった", "から", "で", "を退職", "に", "へ", "あて", "宛", "担当者", "事業")
            )
            and not rest.startswith(("の情報", "に関", "に係", "事業所名", "に加"))
        )
        or ("AX" in word and _DIALLED.match(rest))
        or ("クス" in word and _DIALLED.match(rest))
        or (word in ("担当者名", "代表者名") and rest.lstrip().startswith((":", "|")))
    )


# 与えられたIDとパスワードでサーバーにアクセスし: how somebody came in.
_MEANS = pattern_of(
    r"(?:(?:と|や|、|・|及び)(?:ログイン)?パスワード)?(?:が(?:不正に)?(?:利用|使用|悪用)され、|で|(?:など|等)?を(?:使|用い|利用し|悪用し|入力し))"
    r"(?:[^。、]{0,24}(?:アクセス|ログイン|侵入)|[^。]{0,40}(?:メール|スパム|踏み台))"
)
_READING = pattern_of(r"[にへ]の?(?:振り?仮名|ふりがな|フリガナ|ルビ)")  # 戸籍の氏名に振り仮名を記載する
_DIALLED = pattern_of(
    r"[がのを](?:機器に|あらかじめ|誤って)?(?:事前|短縮)?に?(?:登録(?!情報)|入力|確認|誤|間違|押|変更"
    r"|記載(?:し|を)|訂正|書き)"
    r"|[にへ](?!関|つ)|(?:宛|あて)"
)  # FAX番号が登録されておらず
_OF_FILE = pattern_of(
    r"(?:ファイル|添付|Zip|ZIP|zip)の?(?:開封|解凍)?用?の?\Z|(?:開封|解凍)用?の?\Z"
    r"|(?<!IDと)(?<!ID及び)(?<!IDおよび)(?<!IDや)その\Z"
)  # その|パスワード: of a file
# 偽のメールで職員の|IDとパスワードを盗み取られ、患者の情報を見られた: how they came in
_OF_STAFF = pattern_of(r"(?:職員|社員|従業員|教員|教諭|医師|管理者|管理用)[^。、]{0,20}\Z")
_TAKEN = pattern_of(
    r"(?:(?:及び|と|・|や)(?:ログイン)?パスワード)?(?:等|など)?[をが][^。、]{0,6}(?:盗|窃取|詐取|騙し取|だまし取|抜き取)"
    r"[^。、]{0,6}、[^。]{0,40}(?:閲覧|アクセス|ログイン|侵入|送信)"
)
# 不正ログインに使用された|ID・パスワード, 他社サービスから流出した|パスワードを試す: how they came in
_TRIED = pattern_of(
    r"(?:ログイン|アクセス|攻撃)に(?:使用|利用|使わ)(?:され|れ)た(?:ID(?:・|と|や|及び|/))?\Z"
    r"|(?:他社|他の?(?:サービス|サイト|会社|企業)|別の?(?:サービス|サイト)|外部サービス)[^。、]{0,12}"
    r"(?:から|で|より|の)[^。、をがは]{0,24}\Z"
)
_SET = pattern_of(r"設定(?:されており|しており|されていて)、\Z")  # パスワードが設定されており、パスワードは


_OWN = pattern_of(
    r"(?:誤った|間違った|私用|私的|個人|自分|自身|自宅)(?:の|な|用の?)?\Z"
)  # 私用の|メールアドレスに送信


def _is_of_other(kind: str, ahead: str, rest: str) -> bool:
    """Tell whether the words before an item say that it is no data: 同じ名字, その (of a file) パスワード."""
    if kind == "password" and (_OF_FILE.search(ahead) or _SET.search(ahead)):
        return True
    if kind in ("password", "user_id") and (
        _TRIED.search(ahead) or (_OF_STAFF.search(ahead) and _TAKEN.match(rest))
    ):
        return True
    if kind == "email" and _OWN.search(ahead) and rest.startswith(("に", "へ", "宛", "あて")):
        return True
    return _SAME.search(ahead) is not None or _is_to_reach(kind, ahead, rest)


# How to tell a mail that feigns to be ours: 送信者の氏名とメールアドレスが異なっているという特徴がある.
_BAD_MAIL = pattern_of("不審|なりすまし|攻撃メール|装った|Emotet|エモテット")
_LOOKS = pattern_of(
    "特徴(?:は|と|が)|見分け|表示と|異な[るっ]|一致し[なま]|ことから不審|添付されて|記載されているケース|表示されて"
)


def _is_of_bad_mail(sheet: Sheet, at: int) -> bool:
    """Tell whether a sentence describes a mail of an attacker, and no data."""
    first, last = sheet.sentence(at)
    if _BAD_MAIL.search(sheet.text, max(0, first - 120, at - 400), at) is None:
        return False
    return _LOOKS.search(sheet.text, max(first, at - 120), min(last, at + 120)) is not None


_FORM = pattern_of(r"(?:お?問い?合わ?せ|入力|送信|申込|ご?相談)フォーム|入力してください|ご入力|必須項目")


def _is_field(sheet: Sheet, match: re.Match[str], rest: str) -> bool:
    """Tell whether an item labels a number or a field, or is said of a mail's looks or of no patient."""
    if _NUMBER.match(rest) or _is_of_bad_mail(sheet, match.start()) or _is_no_patient(sheet, match):
        return True
    text = sheet.text
    alone = text[match.start() - 1 : match.start()] in ("", "\n") and text[match.end() : match.end() + 1] in (
        "",
        "\n",
    )
    return alone and _FORM.search(text, max(0, match.start() - 80), match.start()) is not None


_ALIAS = pattern_of(r"\A\(以下、?[^()]*\)")  # 誤ったメールアドレス|(以下「誤アドレス」)に送信した


def is_no_data(sheet: Sheet, match: re.Match[str], kind: str, rest: str) -> bool:
    """Tell whether the words are no data of the notice: advice to readers, a setting, a contact box."""
    rest = _ALIAS.sub("", rest, count=1)
    if (kind in ("password", "user_id") and _PASSWORD_OF.match(rest)) or _OF_LEAK.match(rest):
        return True
    if _is_field(sheet, match, rest) or _PLACE.match(rest) or _WITHHELD.match(rest):
        return True
    ahead = sheet.before(match.start(), 40)
    if _is_beside(match[0], kind, rest) or _is_of_other(kind, ahead, rest):
        return True
    if kind == "phone" and match[0].startswith("連絡先"):
        if _OF_BCC.search(sheet.after(match.end(), 60)):
            return True  # 他者の連絡先が見える「TO」のまま
        before = sheet.text[max(0, match.start() - 14) : match.start()]
        if _UNKNOWN.match(rest) or (_CONTACT.search(before) and not rest.startswith(("、", "や", "及び"))):
            return True
    if _is_asked_or_vowed(sheet, match.start()) or (
        kind in ("employer", "age", "sex") and _PUNISHED.search(ahead)
    ):
        return True
    return _is_other_sense(sheet, match, rest) or _is_of_work(sheet, match, kind, rest)


# 被処分者は、|所属が福祉課、年齢50歳代: of who did it
_PUNISHED = pattern_of(r"(?:被?処分(?:者|を受けた|対象)|懲戒)[^。\n]{0,30}\Z")
_ASKS = pattern_of(r"(?:ください|下さい|お願い(?:いた|申し?上げ|し)ます)[。)\s]*\Z")
_VOWS = pattern_of(
    r"\s?(?:[・●○-]|[0-9]{1,2}[.)]?)?\s?(?:今後(?:は|、|の)|再発防止(?:策)?として)"
    r"[^。]*(?:徹底|努め|(?:こと|もの)と|(?<![いお])ます|(?<!てい)る)[^。]{0,12}[。\s]*\Z"
)
_OF_AFFAIR = pattern_of(
    r"漏|流出|紛失|盗|窃取|含[まむん]|(?:記載|表示|掲載|公開|保存|登録)(?:さ|が)|閲覧|誤[っ送交]|不正|悪用|該当|対象"
)


def _is_asked_or_vowed(sheet: Sheet, at: int) -> bool:
    """Tell whether a sentence asks its readers for something or vows to do better, and tells of no affair."""
    first, last = sheet.sentence(at)
    asked = _ASKS.search(sheet.text, max(at, last - 16), last) or _VOWS.match(sheet.text, first, last)
    return asked is not None and _OF_AFFAIR.search(sheet.text, first, last) is None


def _is_of_work(sheet: Sheet, match: re.Match[str], kind: str, rest: str) -> bool:
    """Tell whether an item is what work or law deals with: 氏名の確認を怠った, 本人確認, a cat's age."""
    if any(rule.match(rest) for rule in (_ASKED, _CHECKED_BY, _TAUGHT, _BY_LAW, _TO_PROVE, _SERVICE)):
        return True
    if kind == "address" and _OWN_PLACE.match(rest):
        return True
    beast = kind in ("age", "sex", "birth_date", "name", "photo")
    return beast and _OF_PETS.search(sheet.text, max(0, match.start() - 60), match.end() + 60) is not None


def _is_other_sense(sheet: Sheet, match: re.Match[str], rest: str) -> bool:
    """Tell whether a word is no item here, though it is one elsewhere: 地図の位置情報, 製品の有効期限."""
    word = match[0]
    if word == "認証情報":
        return _STOLEN.match(rest) is not None
    if word == "画像データ":
        return _OF_PEOPLE.search(sheet.before(match.start(), 24)) is None
    if word == "有効期限":
        return "カード" not in sheet.text
    if match["email"] and _ENTERED.match(rest):
        return "自動返信" in sheet.after(match.end(), 100)
    if word in ("利用内容", "取引内容"):
        return _CHECKED.match(rest) is not None
    return word.startswith("位置情報") and "地図" in sheet.before(match.start(), 12)


def _is_no_patient(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell whether words of medicine are said of a machine, of an animal, or in a talk: 病状を説明."""
    if match["special_care_data"] is None or _IS_OF_TREATMENT.match(match[0]) is None:
        return False
    first, last = max(0, match.start() - 300), match.end() + 200
    if _TOLD.match(sheet.text, match.end()) or _OF_ANIMALS.search(sheet.text, first, last):
        return True
    return _OF_MEDICINE.search(sheet.text, first, last) is None


_TOLD = pattern_of(r"(?:など)?(?:の|を)?(?:説明|尋ね|聞き取)")


def _is_to_reach(kind: str, ahead: str, rest: str) -> bool:
    """Tell whether an item says only where something goes: 送信先のアドレスの設定, 住所の分からない方."""
    if kind not in ("email", "address", "phone"):
        return False
    if kind == "email" and _OF_SENDER.search(ahead):
        return True
    if kind == "email" and _TO_SEND.search(ahead) and _OF_SENDING.match(rest):
        return True
    if _TO_REACH.search(ahead) and _OUT_OF_DATE.match(rest):
        return True
    return bool(_WHO_LACKS.match(rest) or _WHO_HAS.match(rest) or _NO_FAULT.match(rest))


# ご連絡先の|メールアドレスの変更などで通知できない方: how they could have been told
_TO_REACH = pattern_of(r"(?:連絡|送付|通知|届け|郵送)先の?(?:電子)?\Z")
_OUT_OF_DATE = pattern_of(
    r"の?(?:変更|不明|不達|相違|誤り)(?:等|など)?(?:で、?|により|のため|に伴い|によって)"
)
_STOLEN = pattern_of("(?:を|が)(?:不正に)?(?:入手|窃取|悪用|使用|利用)")  # 認証情報を入手し、侵入した
# 問い合わせ用の画面に他人の|メールアドレスなどが入力され、自動返信で送られた
_ENTERED = pattern_of(r"(?:(?:及び|および|と|や|など|等)[^。、]{0,14})?(?:が|を)入力(?:し|され)")
# ご利用内容に身に覚えのない請求がないか: what a reader looks at.
_CHECKED = pattern_of(r"に(?:関し|つき|ついて|心当|身に|不審|覚え|不明)|を?ご?確認")
