"""Items of personal data that a text names, and whether it says they were not among the data."""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from monitor.facts.statements.stance import NEGATION, is_denied_list
from storage.records import Fact
from storage.text.patterns import pattern_of
from storage.text.telephones import AREA, FROM_ABROAD, UNPARTED

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
          クレジットカード(?:の|に関する)?(?:情報|番号|名義|有効期限) | カード(?:情報|番号|の?名義)
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
          (?<!使用していない)(?<!存在しない)(?:電子)?メ\s?ー\s?ル・?\s?アドレス | E-?(?:mail|メール)アドレス
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
    | (?P<postcode> 郵便番号)
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
          (?<!中高)(?<!高)年齢(?!層|確認|制限|別) | 年令 | 年代{_GOES_ON}
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
          (?<!低)所得(?!等に(?:関|係|かか)|税(?!額)|者|制限|割|世帯|状況(?:届|調査)|証明)(?:額|情報)?
        | 課税(?:額|情報|状況)
        | (?<!特別徴収)税額(?!決定|変更|通知|欄)
        | 課税区分 | 給与(?:額|の額|支給額) | 納税(?:額|情報) | 滞納(?:額|情報) | 年収 | 収入額
      )
    | (?P<contract_number>
          (?:契約|お?客[さ様ま]*|会員|顧客|利用者|受付|整理|注文|予約|受診者|学生証|メーター?|宛名|学籍
            |供給地点特定|社員|職員|従業員|証券|水栓|使用者|受験|受給者証
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
          (?<!旧)勤務先(?!企業|から|に(?:は|も)?(?:表示|閲覧|知ら|開示)) | (?<!委託)(?<!運営)(?:会社|企業)名
            | (?<!発生)(?<!作成)(?<!担当)(?<!に)所属(?:先名称?|先|部署|名|機関名?|団体名?)?{_GOES_ON}
            | 役職名?{_GOES_ON} | 部署名 | 職名{_GOES_ON} | 肩書き?{_GOES_ON} | 職[業種]{_GOES_ON} | 学校名
      )
    | (?P<photo> 顔写真 | (?<=記録した)写真 | (?:行事|活動|保育|授業)[^。、]{{0,6}}の写真
        | 写真(?=のみ|が(?:誤|他|別|無関係|表示|流出|掲載)) | (?<=撮影した)写真
          | (?<=撮影された)写真 | (?<=撮影されている)写真
        | 保存写真 | (?:写っ(?:た|ている)|写り込んだ|特定できる)(?:写真|画像|映像|動画)
        | (?:児童|生徒|園児|学生|利用者|患者|入居者|参加者|お子[様さ]ま?ん?|子ども)(?:等|ら|たち)?の?写真
        | 画像データ | 写真データ | 集合写真)
    | (?P<family> 家族(?:構成|情報|状況) | 続き?柄 | 世帯(?:情報|構成|状況) | 扶養(?:親族|家族|状況
      |の有無) | 家族の情報 | 家族関係
        | 婚姻(?:歴|状況|の有無) | 配偶者の?(?:氏名|有無|情報))
    )
    """,
    re.VERBOSE,
    begins=(
        "TE e- em 予約 信条 実名 年令 心身 感染 男女 病気 療養 発達 給与 罹患 職名 肩書 術式 貸出 部署 "
        "依頼 奨学 子ど 自宅 E- Em Eメ FA ID お名 お子 お客 お届 ご氏 ふり よみ "
        "アカ アド アレ カナ カル カー クレ セキ セン "
        "パス ファ フリ マイ メ メー ユー ログ 世帯 予防 介護 代表 企業 会員 会社 位置 住所 使用 "
        "供給 保存 保育 保護 保険 個人 健康 健診 傷病 免許 児童 入居 入院 写っ 写り 写真 処方 処置 "
        "出生 利用 前科 加入 勤務 参加 収入 取引 受付 受取 受給 受診 受講 受験 口座 名前 名字 名義 "
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
      | 対象外 | 除(?:く|かれ|いた|外) | 含まず | 該当しな
    )
    """,
    re.VERBOSE,
)
_OTHER_VERB = pattern_of(
    r"""
    含まれ(?:て(?:い|お)(?:る|た|り(?!ませ)|ま(?!せ))|る|ます|た)  # 含まれている
  | 含む | です。 | (?:情報|データ|もの|内容|等|など|分)で、
  | であ[るり]  # である
  | (?:氏名|住所|番号|年月日|職業|年齢|性別|アドレス|口座)(?:など|等)?で、  # 氏名や職業で、カードは含まれない
  | 開封し | 未開封
  | でした
  | し(?:た|まし)(?:こと|ところ|際|ため(?!、?(?:記載|含|掲載|登録|保存)))  # したため
  | (?:漏(?:えい|洩)|流出)し(?:た|まし|、)  # 漏えいした
  | 持ち出され
    # 記載されていた
  | (?:記載|登録|表示|記録|保存|格納|掲載|入力)され
    (?:た(?=[。、])|て(?:い|お)(?:た|る(?=[一-龥])|て(?=、)|り(?!ませ)|まし))
  | が、 | ですが | 一方 | ただし
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
    r"|[^。、]{0,12}を?お(?:伺い|尋ね|聞き)(?:いたし|し)ま(?:す|しょう)"
)
_PASSWORD_OF = pattern_of(
    r"(?:等|など)の[^。、]{0,8}を入力|(?:(?:と|や|及び|・)(?:ログイン)?パスワード)?[をが]変更|"
    r"(?:を|の|が|で|は|に)?(?:適切な|適正な|厳重な|十分な)?(?:脆弱|強度|複雑|使い?まわ|書き換え|変更"
    r"|推測|設け|設定|改ざん|再設定|リセット|破ら|破り|突破|使い回|初期化"
    r"|厳格|強化|付き|つい|付い|保護|ロック|解除|管理|かけ|かか|付け|必要|リスト|入力|認証|伝え|教え"
    r"|共有|使用(?:せず|しない)|使わ)"
)
_REGARDLESS = pattern_of(r"(?:[や、・][^。、]{1,6})?(?:を問わ|に(?:関係|かかわ|関わ)|不問|の?別な)")
_UNKNOWN = pattern_of(
    r"が(?:不明|分か[らる]|わか[らる]|変わ|判明し)|を(?:把握|確認)でき|が特定でき|が?(?:ある"
    r"|存在する)?お?問い?合わせ"
)
_CONTACT = pattern_of(
    r"(?:お問い?合わせ|相談(?!内容|記録|者)|本件|窓口|担当(?!者)|報道|取材)[^。\n]{0,10}\Z|(?:\A|\n)\s?[【\[(■○●◆]?\s?\Z"
)


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
        if _is_none(sheet, match, kind, rest):
            continue
        flags = ("not included",) if _is_absent(sheet, match, rest) else ()
        value = _NAMES.get(kind, kind.replace("_", " "))
        found.append(sheet.fact("data-item", value, match.start(), match.end(), qualifiers=flags))
    return found


# 他の受信者に表示されない(BCC), 存在しない場合: how a thing works, not what the data lacked.
_NOT_SHOWN = pattern_of(r"(?:よう|形|状態|設定|方法|「|\)|\(|B|機能|で(?:送信|一斉))")
# 名前を確認せずに封入した: what was left undone with it.
_DONE_WITHOUT = pattern_of(r"(?:等|など|の情報)?を")
_KEPT = pattern_of(r"含|保有|保存|保管|記載|登録|収集|取得|入力|表示|記録|掲載|持っ|扱|除")
_OF_LEAK = pattern_of(
    r"(?:[・や、][^。、]{1,8})?(?:等|など)?の?(?:漏えい|漏洩|流出|窃取|不正)[^。、]{0,16}(?:に(?:より"
    r"|よる|よって|伴う)|が原因)"
)
_IF = pattern_of(r"(?:場合|とき|際|よう|旨|こと(?:が|を|に|から))")


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
    r"から[^。、]{0,24}アドレス(?:に|へ)|への(?:送付|発送|郵送)|の(?:アカウント|ドメイン)|に(?:メールを|誤って|複数回"
    r"|繰り返し)?誤?(?:送信|配信|転送|送付|送[っりる])"
    r"|の(?:ログイン)?パスワード(?:を|の)?変更|の?(?:入力|設定|登録|確認)(?:を(?:誤|間違)|の?(?:ミス"
    r"|誤り|間違い)|漏れ)"
    r"|(?:を|が)(?:[0-9一]文字)?(?:入力|設定|登録)?を?(?:間違え|間違っ|取り違え)|を[0-9一二][桁字](?:違"
    r"|間違|誤)"
    r"|に[^。、]{0,10}(?:郵送|発送|送付|送信|お?送り|送っ|届い|届け|配達|案内|通知を|封書|連絡)"
    r"|における|(?:あて|宛)て?に?|として(?:管理|登録)"
    r"|(?:(?:及び|や|・|、)[^。、はがを]{1,6})?を(?:登録|入力)したため"
    r"|を(?:装|かた|騙|詐称)"
    r"|の入力欄|に(?:は)?ご注意"
    r"|(?:に|宛てに)[^。、]{0,18}(?:メールが|届いた)|宛て?に届く"
    r"|に配信でき|に送信(?:すべき|するところ)"
    r"|を(?:誤入力|誤登録|誤って(?:入力|登録|設定))"
    r"|を(?:[0-9一二]人で|複数[^。、]{0,6}で|十分に?|よく)?確認(?:し(?:ない|なかっ|ます)|せず|する)"
)
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
    r"[^。、\nをがは)]{0,12}以外の?[^。、\n]{0,20}(?:は|も|が)[^。、\n]{0,12}"
    r"(?:含(?:まれ|ん)|流出し|漏えいし|漏洩し|あり|ござい"
    r"|(?:記載|登録|保存|保管|記録|格納|表示|掲載|公開|送信|入力|保有|収集|取得)(?:され|し))"
    r"(?:て|で)?(?:い|お)?(?:ません|らず|ない|りません|なかっ|ず)"
)
# 氏名の確認を怠った, 氏名と生年月日で本人確認を行う: what is done, or was left undone, with it.
_CHECKED_BY = pattern_of(
    r"(?:(?:や|と|・|、|及び|および|並びに)[^。、はがをの]{1,8}){0,3}(?:など|等)?(?:の|を|で|により)"
    r"(?:相互に?|再度|十分に?|しっかり|必ず|[0-9一二]人で|複数[^。、]{0,6}で|ダブル|双方で|口頭で"
    r"|改めて)?、?(?:ご?本人)?"
    r"(?:確認|照合|読み?合わせ|突き?合わ?せ|突合|聞き?取|チェック)(?!でき|され|可能|が(?:でき|可能))"
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
    r"[をが](?:ご)?登録(?:いただいて(?:い|お)る|して(?:い|お)る|された|した|済み?の)[^。、]{0,6}(?:方"
    r"|皆様|お客様|会員|人)"
)
_TO_SEND = pattern_of(r"(?:転送|送信|提出|返信|報告|届け出|宛|あて)先の?(?:電子)?\Z")
_OF_SENDING = pattern_of(
    r"に(?:誤り|間違い|不備)|の(?:ドメイン|設定|登録(?!情報)|入力)|(?:等|など)?を(?:設定|登録|入力|指定)"
)
_NO_FAULT = pattern_of(r"(?:など|等)?の?(?:記載|表示)?に(?:誤り|間違い|相違)は")  # 住所の記載に誤りはなく
_IS_OF_TREATMENT = pattern_of("検査|処置|症状|手術|治療|入院|通院|健康状態|病状|接種|妊娠")
_OF_ANIMALS = pattern_of("[犬猫]|ペット|動物|飼い?主")
_OF_MEDICINE = pattern_of(
    "ワクチン|術式|既往|血圧|傷病|搬送先|患者|病院|医師|医療|診療|受診|保健|検診|健診|クリニック|看護|介護|感染者|陽性"
)
_OF_PEOPLE = pattern_of(r"顔|本人|児童|生徒|園児|患者|人物|撮影|会員|利用者")


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
    r"(?:(?:と|や|、|・|及び)(?:ログイン)?パスワード)?(?:で|(?:など|等)?を(?:使|用い|利用し|悪用し|入力し))"
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
_SET = pattern_of(r"設定(?:されており|しており|されていて)、\Z")  # パスワードが設定されており、パスワードは


_OWN = pattern_of(
    r"(?:誤った|間違った|私用|私的|個人|自分|自身|自宅)(?:の|な|用の?)?\Z"
)  # 私用の|メールアドレスに送信


def _is_of_other(kind: str, ahead: str, rest: str) -> bool:
    """Tell whether the words before an item say that it is no data: 同じ名字, その (of a file) パスワード."""
    if kind == "password" and (_OF_FILE.search(ahead) or _SET.search(ahead)):
        return True
    if kind == "email" and _OWN.search(ahead) and rest.startswith(("に", "へ", "宛", "あて")):
        return True
    return _SAME.search(ahead) is not None or _is_to_reach(kind, ahead, rest)


# How to tell a mail that feigns to be ours: 送信者の氏名とメールアドレスが異なっているという特徴がある.
_BAD_MAIL = pattern_of("不審|なりすまし|攻撃メール|装った|Emotet|エモテット")
_LOOKS = pattern_of("特徴(?:は|と|が)|見分け|表示と|異なって|ことから不審|添付されて|記載されているケース")


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


def _is_none(sheet: Sheet, match: re.Match[str], kind: str, rest: str) -> bool:
    """Tell whether the words are no data of the notice: advice to readers, a setting, a contact box."""
    if (kind in ("password", "user_id") and _PASSWORD_OF.match(rest)) or _OF_LEAK.match(rest):
        return True
    if _is_field(sheet, match, rest) or _PLACE.match(rest) or _WITHHELD.match(rest):
        return True
    ahead = sheet.text[max(0, match.start() - 12) : match.start()]
    if _is_beside(match[0], kind, rest) or _is_of_other(kind, ahead, rest):
        return True
    if kind == "phone" and match[0].startswith("連絡先"):
        before = sheet.text[max(0, match.start() - 14) : match.start()]
        if _UNKNOWN.match(rest) or (_CONTACT.search(before) and not rest.startswith(("、", "や", "及び"))):
            return True
    return _is_other_sense(sheet, match, rest) or _is_of_work(sheet, match, kind, rest)


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
    if kind == "email" and _TO_SEND.search(ahead) and _OF_SENDING.match(rest):
        return True
    return bool(_WHO_LACKS.match(rest) or _WHO_HAS.match(rest) or _NO_FAULT.match(rest))


_STOLEN = pattern_of("(?:を|が)(?:不正に)?(?:入手|窃取|悪用|使用|利用)")  # 認証情報を入手し、侵入した
# ご利用内容に身に覚えのない請求がないか: what a reader looks at.
_CHECKED = pattern_of(r"に(?:関し|つき|ついて|心当|身に|不審|覚え|不明)|を?ご?確認")
_ALL_BUT = pattern_of(r"[をぁ-ん除]{0,3}除(?:く|いた)(?:住所|氏名|所在地|番号|生年月日)")
_LEFT_IN = pattern_of(
    r"の(?:分|わ)かる|(?:が|は|の)?[^。、]{0,6}(?:黒塗り|マスキング|削除|消去)(?:が|は)?されて(?:い"
    r"|お)(?:らず|ない|なかっ)|"
    r"(?:が|を|の)?[^。、]{0,10}(?:削除|消去|マスキング|黒塗り)[^。、]{0,6}(?:ない|ず)(?:まま|に)"
)


def _is_absent(sheet: Sheet, match: re.Match[str], rest: str) -> bool:
    """Tell whether the text says that the item was not among the data."""
    if _ALL_OF_IT.match(rest) or _NOT_TO_KNOW.match(rest):
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
    absent = _ABSENT.match(rest)
    return absent is not None and _denies(absent, rest)


def _denies(absent: re.Match[str], rest: str) -> bool:
    """Tell whether a negation behind an item is one of its being among the data."""
    said = absent[0]
    if "除" in said and _ALL_BUT.match(rest, absent.end() - 2):
        return False  # 氏名、番地を除く住所
    if "意図せ" in said or (_DONE_WITHOUT.match(rest) and not _KEPT.search(said)):
        return False
    if _NOT_SHOWN.match(rest, absent.end()) and "表示" in said:
        return False
    return not _OTHER_VERB.search(said) and not _IF.match(rest, absent.end())
