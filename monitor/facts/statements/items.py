"""Items of personal data that a text names, and whether it says they were not among the data."""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from monitor.facts.statements.headings import is_denied_list
from monitor.facts.statements.modality import NEGATION
from monitor.facts.statements.other_senses import is_no_data
from storage.records import Fact
from storage.text.patterns import pattern_of

_PERSON = (
    r"(?:契約者|会員|生徒|児童|園児|学生|患者|利用者|保護者|担当者|申請者|申込者|応募者|受講者"
    r"|参加者|取引者|加入者|受給者|対象者"
    r"|代表者|職員|社員|従業員|受取人|名義人|登録者|購入者|依頼人|回答者|入居者|所有者|世帯主|顧客"
    r"|お客[さ様]?ま?|個人|本人|教員|家族)"
)
_GOES_ON = (
    r"(?=\s?(?:[、。・,)(|\n]|及び|並びに|または|又は|や|等|など|と(?!し|な)|が|を|は|も"
    r"|の(?:情報|データ|記載|一部)|情報|欄|で[すあし、]|だ(?:と|。|っ)|$))"
)

_ITEM = pattern_of(
    rf"""
    (?:
      (?P<special_care_data>
          # 病歴
          要配慮個人情報 | センシティブな?情報 | 病歴(?!番号) | 疾[患病]名 | アレルギー(?:情報)? | 受診歴
        | 既往(?:歴|症) | 血液型 | 傷病名 | (?<!傷)病名 | 診断名 | 診療(?:情報(?!提供)|内容|記録|録)
        | (?:健診|健康診断|検診)の?(?:結果|情報|記録|[票表])
        | 障[害が]い?等?(?:の)?(?:状況|有無|等級|情報|程度|種別|名)
        | (?:診療|健康診断|健診|病歴|障害|障がい|健康)に関する(?:情報|記録)
        | 病状 | (?:治療|手術|入院|通院|処置|検査)の?(?:内容|経過|歴|履歴|結果|データ|項目|記録)
        | 手術名 | 服薬 | 薬歴
        | 処方(?:薬|箋|せん|内容|歴) | 臨床(?:経過|情報) | 看護(?:記録|要約) | 症状{_GOES_ON} | 健康状態
        | カルテ(?:の(?:内容|一部|写し)|情報|内容) | (?:予防)?接種(?:履?歴|記録|状況) | 妊娠(?:歴|の有無)
        | 前科 | 逮捕歴 | 犯歴 | 犯罪(?:の?経?歴)
        | 機微(?:な|性の高い)?(?:個人)?情報 | 投薬 | 要?介護(?:認定|度|情報|状態区分)
        | 障[害が]い?支援区分 | 障[害が]い?者手帳(?=の?(?:等級|番号|級|種別|情報|有無)) | 傷病の?程度
        | 病気(?=[、・や]|の(?:情報|有無|内容|名)|治療|名) | 健康調査(?:票|の?結果)
        | 手術日 | 術式{_GOES_ON} | 発達(?:の状況|の?検査|の?記録) | 心身の(?:状態|状況)
        | (?:感染|罹患|療養)の?有無 | 信条(?=[、・等]|に関|など)
      )
    | (?P<my_number>
          # マイナンバー
          マイナンバー(?!カード|法|制度|ポイント|への|関連|システム|を(?:めぐ|巡)|普及|活用)
            | (?<!会員)(?<!お客様)個人番号(?!カード)
            | 特定個人情報(?!保護)
      )
    | (?P<card>
          クレジット(?:番号|情報) | クレジットカード(?:の|に関する)?(?:情報|番号|名義|有効期限)
        | カード(?:情報|番号|の?名義)
        # クレジットカード番号
        | クレジットカード(?:番号)?の?(?:下|末尾)[0-9] | セキュリティ(?:ー)?コード
          | (?:カードの?)?有効期限{_GOES_ON}
      )
    | (?P<bank_account>
          # 口座番号
          (?:(?:銀行|金融機関|振込(?:先)?|振替)の?)?口座(?:の)?(?:情報|番号|名義) | 銀行口座 | 預金口座
        | 振込先 | 振込口座 | (?<!指定)(?:銀行|金融機関)名
      )(?!振替(?:届|依頼|申))
    | (?P<password>
          (?:ログイン)?パスワード | 暗証番号 | 認証情報                                       # パスワード
      )
    | (?P<user_id>
          # ログインID, ログイン用IDとパスワード
          (?:ユーザー?|ログイン|会員|顧客)ID | アカウント(?:名|ID)(?!の?作) | 回線ID
        | (?<![A-Za-z])ID(?=\s?(?:及び|および|[・、/]|と|や)\s?(?:その)?(?:ログイン)?パスワード)
      )
    | (?P<email>
          # メールアドレス
          (?<!使用していない)(?<!存在しない)(?:電子)?メ\s?ー\s?ル・?\s?アドレス
        | [Ee]-?(?:mail|メール)アドレス
        | [Ee]-?mail(?=[、・,)|\n])
        | (?<=[人名]分の)アドレス | (?<![A-Za-zァ-ヴー・])アドレス(?=[0-9,約]{{1,9}}万?件)
      )
    | (?P<phone>
          # 電話番号
          (?<!合わせ先の)(?<!画面の)(?:(?:携帯|固定|自宅|連絡先)の?)?電話番号 | 携帯(?:電話)?の?番号
        | 連絡先(?:電話)?(?:番号)?{_GOES_ON} |
          (?:(?<=氏名[、・])|(?<=住所[、・])|(?<=名前[、・])|(?<=年齢[、・])|(?<=性別[、・]))(?:電話
            |TEL){_GOES_ON} | (?<!間違った)(?<!誤った)FAX番号
          | (?<!間違った)(?<!誤った)ファッ?クス番号
      )
    | (?P<postcode> 郵便番号(?!検索|簿))
    | (?P<address>
          # 住所
          (?<!メール)(?<!IP)住所(?!不明|録|変更|地|不定|等変更) | (?:送付|配送
            |お届け)先(?:の?(?:住所|情報))?(?=[、・]) | 居住地
      )
    | (?P<birth_date>
          # 生年月日, but not 発生年月日
          (?<!発)(?<!発生・)生年月日 | 誕生日 | 出生日 | 生年月(?!日)
      )
    | (?P<age>
          # 年齢
          (?<!中高)(?<!高)年齢(?!層|確認|制限|要件|条件|別) | 年令 | 年代{_GOES_ON}
      )
    | (?P<sex> 性別 | (?<=[、・])男女の?別)
    | (?P<kana>
          # フリガナ
          フリガナ | ふりがな | よみがな | 読み?[仮が][名な] | 氏名(?:カナ|カタカナ)
            | カナ氏名 | カナ(?=[、)])
      )
    | (?P<name>
          # 氏名, 生徒名
          ご?氏名 | お?名前(?!を?[付呼]) | 姓名 | 名字 | 実名(?!を公|公表|報道|で) | (?<![法一])個人名
            | {_PERSON}名(?![簿義札称前宛]|で)
      )
    | (?P<insurance_number>
          (?:被?保険(?:者)?証)(?:の)?(?:記号)?(?:・|及び|と)?(?:番号)
            | 被保険者(?:証)?(?:記号)?(?:・)?番号 | 保険者番号
      )
    | (?P<pension_number> (?:基礎)?年金番号 | 年金証書の?(?:記号)?番号)
    | (?P<tax>
          # 所得
          (?<!低)所得(?!以[上下]|等に(?:関|係|かか)|税(?!額)|者|制限|割|世帯|状況(?:届|調査)|証明)(?:額|情報)?
        | 課税(?:額|情報|状況)
        | (?<!特別徴収)税額(?!決定|変更|通知|欄)
        | 課税区分 | 給与(?:額|の額|支給額) | 納税(?:額|情報) | 滞納(?:額|情報) | 年収 | 収入額
      )
    | (?P<contract_number>
          (?:契約|お?客[さ様ま]*|会員|顧客|利用者|受付|整理|注文|予約|受診者|学生証|メーター?|宛名|学籍
            |供給地点特定|社員|職員|従業員|証券|水栓|使用者|受[験検]|受給者証
            |運転免許証|免許証|旅券|パスポート|患者|病歴|受給者
            |(?:奨学|学)生|診察券|カルテ|申請)(?:の)?番号                              # 契約番号
        | (?:会員|顧客|お?客[さ様ま]+)(?:識別|管理)番号
        | (?:患者|契約)(?:[さん様]{{1,2}})?ID
      )
    | (?P<purchase_history>
          # 購入履歴
          購入(?:した)?(?:商品|金額|日時?|品目?){_GOES_ON} | 注文商品{_GOES_ON} | 利用明細{_GOES_ON}
            | 貸出履歴
          |
          (?:購入|購買|注文|取引|利用|通話|(?<!ブラウザの)閲覧|位置)(?:履歴|内容|情報)(?!がずれ
            |の?提供サービス|の?照会|[がを]?照会)
      )
    | (?P<employer>
          # 勤務先
          (?<!旧)勤務先(?!企業|から|に(?:は|も)?(?:表示|閲覧|知ら|開示))
            | (?<!委託)(?<!運営)(?<!カード)(?:会社|企業)名
            | (?<!発生)(?<!作成)(?<!担当)(?<!に)所属
            (?:先名称?|先|部署|学[部科校]|名|機関名?|団体名?)?{_GOES_ON}
            | 役職名?{_GOES_ON} | 部署名 | 職名{_GOES_ON} | 肩書き?{_GOES_ON} | 職[業種]{_GOES_ON} | 学校名
      )
    | (?P<photo> 顔写真 | (?<=記録した)写真 | (?:行事|活動|保育|授業)[^。、]{{0,6}}の写真
        | 写真(?=のみ|が(?:誤|他|別|無関係|表示|流出|掲載)) | (?<=撮影した)写真
          | (?<=撮影された)写真 | (?<=撮影されている)写真
        | 保存写真 | (?:写っ(?:た|ている)|写り込んだ|特定できる)(?:写真|画像|映像|動画)
        | (?:児童|生徒|園児|学生|利用者|患者|入居者|参加者|お子[様さ]ま?ん?|子ども)(?:等|ら|たち)?の?写真
        | 画像データ | 写真データ | 集合写真)
    | (?P<family> 家族(?:構成|情報|状況) | 続き?柄 | 世帯(?:情報|構成|状況)
        | 扶養(?:親族|家族|者(?=情報|の?氏名|数)|状況|の有無) | 家族の情報 | 家族関係
        | 婚姻(?:歴|状況|の有無) | 配偶者の?(?:氏名|有無|情報))
    )
    """,
    re.VERBOSE,
    begins=(
        "TE e- em eメ 予約 信条 実名 年令 心身 感染 男女 病気 療養 発達 給与 罹患 職名 肩書 術式 貸出 部署 "
        "依頼 奨学 子ど 自宅 E- Em Eメ FA ID お名 お子 お客 お届 ご氏 ふり よみ "
        "アカ アド アレ カナ カル カー クレ セキ セン "
        "パス ファ フリ マイ メ メー ユー ログ 世帯 予防 介護 代表 企業 会員 会社 位置 住所 使用 "
        "供給 保存 保育 保護 保険 個人 健康 健診 傷病 免許 児童 入居 入院 写っ 写り 写真 処方 処置 "
        "出生 利用 前科 加入 勤務 参加 収入 取引 受付 受取 受給 受診 受講 受検 受験 口座 名前 名字 名義 "
        "回答 回線 固定 園児 基礎 契約 妊娠 姓名 婚姻 学校 学生 学籍 宛名 客さ 客の 客ま 客様 客番 "
        "家族 対象 居住 年代 年収 年金 年齢 役職 従業 応募 性別 患者 所属 所得 所有 手術 扶養 投薬 "
        "担当 振替 振込 授業 接種 携帯 教員 整理 旅券 既往 暗証 有効 服薬 本人 検査 検診 機微 氏名 "
        "水栓 治療 注文 活動 滞納 特定 犯歴 犯罪 生年 生徒 申請 申込 画像 疾患 疾病 病名 病歴 病状 "
        "症状 登録 看護 社員 税額 納税 続き 続柄 職員 職業 職種 臨床 薬歴 血液 行事 被保 要介 要配 "
        "診察 診断 診療 証券 認証 誕生 読が 読み 読仮 課税 購入 購買 送付 通話 通院 連絡 逮捕 運転 "
        "郵便 配偶 配送 金融 銀行 閲覧 障が 障害 集合 電子 電話 預金 顔写 顧客"
    ),
)
_NAMES = {"special_care_data": "special-care data"}

_ABSENT = pattern_of(
    rf"""
    \A [^。\n※①-⑳]{{0,70}}?
    (?:は|も|が|について(?:は|も)?|に関して(?:は|も)?|に関する情報は|を|の(?:記載された
      |入った|含まれた|載った)[^。、は]{{1,8}}は|に係る情報は
      |は[^。、\n]{{2,16}}(?:おり|いるため)、(?=漏|流|含))、?
    [^。\n、]{{0,16}}?
    (?: (?: 含|保有|保存|保管|漏|流出|対象と|該当|記載|登録|収集|取得|表示|記録|格納|確認|判明|把握|利用|使用
          |公開|開示|送信|提供|載|見|認め|入|持|扱|書か|(?<!では)あ(?=り)|残|盗|触れ|読み取|特定|預
            |閲覧)[ぁ-ん]{{0,4}}?{NEGATION}
      | (?:表示|流出|漏えい|漏洩|送信|閲覧|公開|開示|保存|保管|取得|引き出)[ぁ-ん]{{0,8}}
        (?:事実|形跡|痕跡)[はもが](?:一切|全く)?{NEGATION}
      | (?<=[はもが、く切全])(?<!では)(?:{NEGATION})
      | 対象外 | (?:空欄|空白|未記入|未入力)(?=[で。、)\s]) | 除(?:く|かれ|いた|外) | 含まず | 該当しな
    )
    """,
    re.VERBOSE,
)
_OTHER_VERB = pattern_of(
    r"""
    含まれ(?:て(?:い|お)(?:る|た|り(?!ませ)|ま(?!せ))|る|ます|た)  # 含まれている
  | があり、 | 含む | です。 | (?:情報|データ|もの|内容|等|など|分)で、
  | であ[るり]  # である
  | (?:氏名|住所|番号|年月日|職業|年齢|性別|アドレス|口座)(?:など|等)?で、  # 氏名や職業で、カードは含まれない
  | 開封し | 未開封
  | でした
  | (?:し(?:た|まし)|(?<!なか)った|[いん][ただ])(?:こと|ところ|際|ため(?!、?(?:記載|含|掲載|登録|保存)))
  | (?:漏(?:えい|洩)|流出)し(?:た|まし|、)  # 漏えいした
  | 持ち出され
    # 記載されていた
  | (?:記載|登録|表示|記録|保存|格納|掲載|入力)され
    (?:た(?=[。、])|て(?:い|お)(?:た|る(?=[一-龥])|て(?=、)|り(?!ませ)|まし))
  | が、 | ですが | ものの、 | 一方 | ただし
    """,
    re.VERBOSE,
)
_EXCEPT = pattern_of(r"\A[^。、\nをがは)]{0,12}(?:を除[くい]|以外|を含まな|を含みま?せ)")
_NONE = pattern_of(
    r"(?:等|など)?(?:の(?:有無|記載|情報|流出|漏えい))?(?:\s?[:|]?\s?|(?<=有無)\s*)"
    r"(?:なし|無し|無(?![一-龥])|含まれ(?:ず|ていない(?!情)|ておりません)|該当なし|対象外)"
)
_HEAD_NOT = pattern_of(
    r"(?:含(?:まれ|ん)(?:て(?:い|お))?(?:らない|ない|りません)|含まない|対象外の?|該当しない"
    r"|流出して(?:い)?ない)[^。:\n]{0,10}[:|\s][^。\n]{0,60}\Z"
)
# 氏名以外の情報については、公示する必要のないもの
_SHOULD_NOT = pattern_of(r"[^。]{0,60}(?:必要の?(?:は|が)?な|べきで(?:は)?な)")


# What a notice of a mishap says at least; a form, a policy and guidance name items and say nothing of it.
_AFFAIR = pattern_of(
    r"お?詫び|おわび|謝罪|陳謝|申し訳|事案|不適切|懲戒|停職|減給|戒告|不祥事|発覚|判明|逮捕|送検"
    r"|明らかに|分か[っり]|わか[っり]|発表"
)
_SHORT = 200  # characters of a text that may leave out why it names what


def tells_of_affair(text: str) -> bool:
    """Tell whether what a text names may be the data of a mishap; a few lines alone may be."""
    return len(text) < _SHORT or _AFFAIR.search(text) is not None


def find_items(sheet: Sheet) -> list[Fact]:
    """List every data item; ``not included`` where its clause says so."""
    found = []
    for match in _ITEM.finditer(sheet.text):
        kind = str(match.lastgroup)
        rest = _without_asides(sheet.after(match.end(), 220))[:110]
        if is_no_data(sheet, match, kind, rest):
            continue
        flags = ("not included",) if _is_absent(sheet, match, rest) else ()
        value = _NAMES.get(kind, kind.replace("_", " "))
        found.append(sheet.fact("data-item", value, match.start(), match.end(), qualifiers=flags))
    return found


# 他の受信者に表示されない(BCC), 存在しない場合: how a thing works, not what the data lacked.
_NOT_SHOWN = pattern_of(r"(?:よう|形|状態|設定|方法|「|\)|\(|B|機能|で(?:送信|一斉))")
_NEVER_SHOWN = pattern_of(
    r"(?:受信者|相手|宛先)[^。、]{0,4}には?表示され(?:ません|ない)\Z"
)  # 受信者には表示されません
# 名前を確認せずに封入した: what was left undone with it.
_DONE_WITHOUT = pattern_of(r"(?:等|など|の情報)?を")
_KEPT = pattern_of(r"含|保有|保存|保管|記載|登録|収集|取得|入力|表示|記録|掲載|持っ|扱|除")
_IF = pattern_of(r"(?:場合|とき|際|よう|旨|こと(?:が|を|に|から))")
# 氏名のみで、住所は含まれない; X以外の情報は含まれていない: these were among the data.
_ONLY = pattern_of(r"(?:(?!なし|無し|ない|除)[^。はがをにも\n]){0,40}?(?:のみ|だけ)で(?![はな])")
# 氏名を含む個人情報や、カード情報の閲覧については確認されていません
_ALL_OF_IT = pattern_of(
    rf"""
    を含む(?:個人|顧客|会員)?(?:情報|データ)(?:等|など)?(?:[や、・]+[^。、は]{{1,20}})*
    (?:の(?:閲覧|流出|漏えい|漏洩|取得)(?:等|など)?)?(?:について|に関して)?(?:は|も)、?
    [^。、]{{0,14}}?(?:確認|認め|見つか|発見|流出|漏えい|漏洩|閲覧|取得)[ぁ-ん]{{0,4}}?{NEGATION}
    """,
    re.VERBOSE,
)
_NONE_ELSE = pattern_of(
    r"[^。、\nをがは)]{0,12}以外の?[^。、\n]{0,20}(?:は|も|が)[^。、\n]{0,12}?"
    r"(?:含(?:まれ|ん)|流出し|漏えいし|漏洩し|(?:確認|把握)(?:され|し)|認められ|あり|ござい"
    r"|(?:記載|登録|保存|保管|記録|格納|表示|掲載|公開|送信|入力|保有|収集|取得)(?:され|し))"
    r"(?:て|で)?(?:い|お)?(?:ません|らず|ない|りません|なかっ|ず)"
)
# 氏名など個人が特定できるものではありません
_NOT_TO_KNOW = pattern_of(
    r"(?:[や、・と][^。、はが]{1,10}){0,4}(?:など|等)?(?:、|の)?(?:個人(?:が|を)(?:特定|識別)(?:でき"
    r"|し得)る(?:もの|情報)|個人情報)"
    r"では(?:ありません|ない|ございません|なく)"
)
_OTHER_OF_IT = pattern_of(
    r"[^。、\nをがは)]{0,12}を除[くい][^。、]{0,8}アドレス"
)  # 公開アドレスを除く個人メールアドレス
_USE_OF = pattern_of(r"の(?:使用|利用|ため|入力|変更)|は?わか|は?分か")


_SAYS_NOT = pattern_of("含|[な無]し|以外")
_IN_ASIDE = pattern_of(r"[^()]*\)")
_ASIDE = pattern_of(r"\([^()]*\)")


def _without_asides(rest: str) -> str:
    """Leave out what brackets say apart: カード情報(番号、暗証番号)は含まれていない."""
    if _SAYS_NOT.search(rest) and "(" in rest and ")" in rest:
        aside = _IN_ASIDE.match(rest)
        if aside and "含" in aside[0]:
            return aside[0]  # (住所の情報は含まれていない) speaks for itself
        rest = _ASIDE.sub("", rest[aside.end() :] if aside else rest)
    return rest[:-1].replace("\n", "") + rest[-1:]


_ALL_BUT = pattern_of(r"[をぁ-ん除]{0,3}除(?:く|いた)(?:住所|氏名|所在地|番号|生年月日)")
_LEFT_IN = pattern_of(
    r"の(?:分|わ)かる|(?:が|は|の)?[^。、]{0,6}(?:黒塗り|マスキング|削除|消去)(?:が|は)?されて(?:い"
    r"|お)(?:らず|ない|なかっ)|"
    r"(?:が|を|の)?[^。、]{0,10}(?:削除|消去|マスキング|黒塗り)[^。、]{0,6}(?:ない|ず)(?:まま|に)"
)


# 氏名などの情報とのひも付けはできない: not among them
_UNLINKED = pattern_of(
    r"(?:[や、・と][^。、はがで]{1,10}){0,4}(?:など|等)?(?:の(?:個人)?情報)?との(?:リンク|ひも付け|紐付け|紐づけ|ひもづけ|照合|結び付け)"
    r"[はも](?:でき|され|可能では)[^。、]{0,4}(?:な|ま|ず)"
)


def _is_absent(sheet: Sheet, match: re.Match[str], rest: str) -> bool:
    """Tell whether the text says that the item was not among the data."""
    if _ALL_OF_IT.match(rest) or _NOT_TO_KNOW.match(rest) or _UNLINKED.match(rest):
        return True
    if _NONE_ELSE.match(rest) or _ONLY.match(rest) or rest.startswith("で、"):
        return False
    if _NONE.match(sheet.text[match.end() : match.end() + 24]):
        return True
    if _EXCEPT.match(rest):
        return _SHOULD_NOT.match(rest) is None and _OTHER_OF_IT.match(rest) is None
    if _HEAD_NOT.search(sheet.before(match.start(), 90)) or is_denied_list(sheet, match.start()):
        return True
    if _USE_OF.match(rest) or _LEFT_IN.match(rest):
        return False  # 氏名が削除されないまま公開された
    if _SPREAD.search(sheet.before(match.start(), 16)):
        return False
    absent = _ABSENT.match(rest)
    return absent is not None and _denies(absent, rest)


_SPREAD = pattern_of(
    r"(?:SNS|ネット|サイト)(?:上|等|など)*への?\Z"
)  # SNS等への|氏名の流出はない: no further than that


def _denies(absent: re.Match[str], rest: str) -> bool:
    """Tell whether a negation behind an item is one of its being among the data."""
    said = absent[0]
    if "除" in said and _ALL_BUT.match(rest, absent.end() - 2):
        return False  # 氏名、番地を除く住所
    if "特定" in said and rest.startswith(("たため", "ため", "たことから"), absent.end()):
        return False  # カード番号が特定されなかったため、全員を対象とする
    if "意図せ" in said or (_DONE_WITHOUT.match(rest) and not _KEPT.search(said)):
        return False
    if "表示" in said and (_NOT_SHOWN.match(rest, absent.end()) or _NEVER_SHOWN.search(said)):
        return False
    return not _OTHER_VERB.search(said) and not _IF.match(rest, absent.end())
