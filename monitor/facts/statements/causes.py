"""What went wrong, as the text says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monitor.facts.sheet import Sheet
from monitor.facts.statements.genre import is_defined, tells_tricks
from monitor.facts.statements.mishaps import find_mishaps, tells_mishap
from monitor.facts.statements.modality import Stance
from monitor.facts.statements.retold import find_retold
from monitor.facts.statements.stance import MAY_BE_BOTH, judge_stance
from monitor.facts.statements.unmeant import find_unmeant
from storage.records import Fact
from storage.text.patterns import pattern_of

_STAFF = r"(?:元|前)?(?:派遣社員|従業員|社員|職員|教職員|担当者|部長|課長|係長|役員)"
_WORKER = (
    r"(?:行員|団員|警察官|巡査(?:部長|長)?|警部補?|消防士|教諭|教員|講師|教授|看護師|医師|薬剤師|技師"
    r"|局員|隊員|保育士|事務員"
    r"|アルバイト|パート|署員|駅員|部員|学芸員|司書|相談員|議員|職員|社員|従業員|課長|係長|部長)"
)
_SENDS = r"(?:送信|送付|郵送|発送|交付|渡|手交|配達|投函|配布|配信|同封|返送|転送|発出|送[っりるら]|届)"
_OTHERS = (
    r"(?:(?<![特個種類性差区])別の?|(?<!その)他の|異なる|無関係の?な?|第三者の?)(?:方|人|者|世帯|宛先"
    r"|住所|利用者"
    r"|(?:対象|受給|申請|納税|加入|申込|応募|契約|受診|被保険)者|お?客さ?[まさ様]*|患者(?:さ[まん])?"
    r"|会員|児童|生徒"
    r"|家庭|企業|会社|事業者|団体|保護者|住民|メールアドレス|アドレス)"
)
_TO_FIELD = r"[「『\"]?(?:CC|Cc|cc|TO|To|宛先|あて先)[」』\"]?\s?(?:\([^()\n]{0,20}\))?(?:欄)?"

_CAUSE = pattern_of(
    rf"""
    (?:
      (?P<ransomware>
          ランサムウ[ェエ]ア | ランサム攻撃 | 身代金要求型             # ランサムウェアに感染
      )
    | (?P<web_skimming>
          (?:Web|ウェブ)スキミング
        | 決済(?:アプリケーション|システム|ページ|画面|フォーム)(?:の|が|を)改ざん        # 決済ページの改ざん
        | 決済(?:ページ|画面|フォーム)[^。、]{{0,40}}よう(?:に|な)?改ざん
        | ペイメントアプリケーション(?:の改ざん|が改ざん|等の改ざん)
        | (?:入力|決済)フォームが改ざん | フォームジャッキング
      )
    | (?P<malware>
          マルウ[ェエ]ア | エモテット | Emotet
        # ウイルスに感染
        | (?:コンピュータ(?:ー)?)?(?<!コロナ)(?<!エンザ)ウ[イィ]ルス
          (?:[「『][^」』]*[」』])?(?:に|への|の)?(?:感染|侵入)
        | 不正(?:な)?プログラム(?:が|を|の)(?:実行|設置|埋め)
      )
    | (?P<phishing>
          フィッシング(?:詐欺)?(?:メール|サイト)?(?:\([^()\n]{{0,6}}\))?(?:に|へ(?!の)|により|で|から
            |の被害|の(?:リンク|URL))
        | サポート詐欺 | 偽サイトに(?:入力|誘導)
      )
    | (?P<unauthorised_access>
          # 不正アクセスを受け
          不正(?:な|に)?アクセス(?!行為の禁止|禁止法) | 不正な?ログイン | 不正侵入
            | 不正な侵入 | 不正にログイン
        | 第三者(?:による|の)(?:不正な)?侵入 | 第三者に(?:不正に)?侵入
        | サイバー攻撃(?!の一[つ種]) | アカウントの乗っ取り
        | アカウント(?:が|を)、?[^。、]{{0,6}}(?:盗|窃取|奪)
        | アカウント[のへを](?:悪用した)?なりすまし(?!に?(?:注意|気を))
        | パスワード(?:等|など)?(?:が|を)[^。、]{{0,8}}(?:解読|推測|突破|割り出|破ら)
        # 第三者が本人になりすまし、ポイントを不正に交換した
        | 第三者(?:が|による|の)[^。、]{{0,20}}なりすま(?:し」?(?:て|に(?:より|よる)|、)|した)
          [^。]{{0,40}}(?:ログイン|不正(?:に|な)[^。、]{{0,8}}(?:交換|利用|使用|購入|注文|変更|申込))
        # アカウントが不正に利用され
        | アカウント(?:等|情報)?が[^。、]{{0,16}}不正(?:に|な)?(?:利用|使用|操作|使わ) | 乗っ取られ
        | ハッキング(?:され|を受|被害|に(?:遭|あ)|、) | 脆弱性を(?:悪用|突|つ)
          | SQLインジェクション | パスワードリスト | ブルートフォース
      )
    | (?P<insider_misuse>
          # 不正に持ち出した
          (?:不正|無断)(?:な|に|で)?(?:持ち?出|持ち?帰|持出|複写|複製|コピー|閲覧|取得|入手|抜き取|保有
            |保管)[しさ]?(?!防止)
        | (?:(?:漏えい|漏洩|流出)(?:させ|し)(?:た|ていた)|漏らし(?:た|ていた))(?:など)?(?:として|疑いで?)
          [^。]{{0,80}}(?:停職|減給|戒告|懲戒|処分|免職|逮捕|書類送検|送検|起訴|告発|解雇)
        # 退職時に持ち帰った名簿で
        | (?:退職|離職|在職)(?:する|した)?(?:時|中|前|後|の?際)に?、?[^。、]{{0,30}}持ち(?:出|帰)[しさっ]
        # 職員が患者の氏名をSNSに書き込み
        | {_STAFF}(?:が|は)、?(?:(?!誤|公式)[^。]){{0,50}}(?:SNS|(?:X|LINE)(?:上)?[にへ]|ツイッター|[Tt]witter
            |フェイスブック|Facebook|インスタグラム|Instagram)(?:(?!誤|公式)[^。]){{0,40}}
          (?:書き込[みんま]|(?:投稿|掲載|公開|アップ)し)
        # 無断で投稿した
        | 許可(?:なく|を得ずに?)[^。、]{{0,16}}?(?:投稿し|掲載し|公開し|持ち?出し|閲覧し)(?:た|て)
        | 無断で[^。、]{{0,36}}?(?:メモを|掲載|投稿|アップ|撮影|提供|開示|閲覧|コピー|複製|転送)
          (?:さ?せ|し|さ)?(?:た|て|ま|れ)?(?!こと|[^。]{{0,12}}(?:禁|断|遠慮|できません))
        | 漏らした[^。、]{{0,10}}(?:守秘義務|法)[^。、]{{0,8}}違反  # 漏らした地方公務員法(守秘義務)違反
        | 情報(?:等|など)?を[^。、]{{0,24}}(?:流用|不適切に(?:利用|使用))し  # 顧客情報を政治活動に流用し
        # 出向者が顧客の一覧を出向元に送付していた
        | 出向[^。\n]{{0,60}}出向元[^。\n]{{0,24}}(?:送[っりらる信付]|漏|流し|伝え|提供し|渡し|報告し)
        | 出向(?:者|社員)(?:[0-9]{{1,3}}[人名])?(?:が|は)、?[^。、\n]{{0,40}}
          (?:漏え?い|漏洩)(?:さ?せ|し)(?:て|た|まし)  # 出向者が情報を漏えいしていた
        | (?:不正|無断)に、?(?:外部(?:に|へ))?(?:流出|漏え?い|漏洩)させ(?:て|た)  # 不正に流出させた
        | 内部不正 | 内部犯行 | 違法(?:に)?取得
        | (?:流出|漏えい)させた[^。、]{{0,16}}(?:職員|社員|主査|主任|男性|女性)  # 流出させた職員
          # 不正に端末を操作し
        | 不正に(?:端末|システム)を操作 | 端末(?:を|の)?不正操作 | 不正に情報を(?:入手|閲覧)
        | {_STAFF}(?:\([^()\n]{{0,20}}\))?(?:が|に(?:より|よる)|による|は)[^。、「]{{0,30}}
          (?:持ち?出(?!し[^。]{{0,40}}(?:紛失|盗|置き忘|落と|[な無失]くし))|不正に(?:取得|閲覧)|漏えいさせ
            |漏らし|無断で)
        | {_STAFF}(?:の|による)不正(?:な)?(?:アクセス|ログイン)
        | 盗み見(?:た|てい|まし|し|を(?:繰り返|続け)|[^。、\n]{{0,12}}逮捕)  # 盗み見ていた
        # 私的に閲覧した, 業務に関係なく検索
        | (?:私的に|興味本位で|業務(?:と|に)(?:は)?(?:関係|関わり|関連)(?:の)?なく|業務以外(?:の目的)?で)
          [^。、]{{0,14}}(?:閲覧|検索|照会|利用|取得)し?
        | 目的外(?:で|に)?(?:の)?(?:利用|閲覧)し?
          # of one who was punished: 全町民の個人情報を持ち出す
        | (?:情報|データ|名簿)[」』]?(?:など|等)?を[^。、不無]{{0,14}}持ち?出[しす]
          # 友人に顧客情報を漏らした
        | {_WORKER}(?:\([^()\n]{{0,20}}\))?(?:が|は)、?[^。「]{{0,40}}(?:情報|内容|名簿|秘密
          |データ)[^。、「]{{0,16}}漏らし
        | (?:名簿)?(?:業者|第三者)に(?:販売|売却|売って|売っ|売り)                          # 業者に売っていた
        | 名簿業者に(?:[^。、]{{0,8}}を)?(?:渡|流し|提供し)
      )
    | (?P<misdirected>
          # 誤送付
          配[付布達]の?誤り
        # 発送ミス
        | (?:送信|送付|発送|配送|郵送|封入|宛名|宛先|配布|配達|交付)(?:作業|時|の際)?(?:上)?の?(?:人為的な?)?
          ミス(?!を防|防止|リード)
        | 誤(?:添付|提供|送信|送付|発送|配[達付布]?|配信|交付|郵送|封入|通知|転送|投函|返却|手交|渡し
            |送)(?!る)
        # 誤って別の方に送付
        | 誤って(?!廃棄|破棄|捨て|処分|溶解)(?:[^。、]{{0,30}}ではなく、)?[^。、]{{0,60}}?(?:{_SENDS}|提供し)
        | (?:宛先|宛名|送信先|送付先|あて先|送り先)(?:を|の|に)?(?:誤|間違|取り違)          # 宛先を間違え
        | (?:送信|配信)(?:先|方法|時|の際)?(?:の)?設定[のに]?(?:誤り|ミス|間違い)
        # 宛先に他社の担当者が入っていた
        | (?:宛先|あて先|送信先)[^。、にをが]{{0,8}}に[^。、]{{0,24}}
          (?:含まれ|入って|残って|混じって|設定され)(?:て)?(?:い|お|しま)(?:た|り|い)
        # 別の方が受領し
        | {_OTHERS}(?:が|の[^。、]{{1,12}}を)(?:誤って)?(?:受領し|受け取った|受け取(?:り、|って))
        | 誤って[^。、]{{0,24}}(?:に|へ)(?:漏え?い|漏洩)(?:\([^()]*\))?(?:さ?せ|し)(?:て|た)
        | 誤って[^。]{{0,12}}添付 | 不要な(?:ファイル|書類|データ)を(?:添付|同封)  # 不要なファイルを添付
        | 誤った(?:宛先|宛名|相手|送付先|送信先|メールアドレス|アドレス|住所)
        | (?:BCC|Bcc|bcc|ブラインド)[^。]{{0,24}}{_TO_FIELD}                             # BCCではなくCC
        | {_TO_FIELD}(?:欄?に)[^。]{{0,24}}(?:入力|入れ|記入|設定|貼)
        | (?:TO|To|CC|Cc)(?:[」』]?で(?:の)?)?送信(?!者|先)
        # アドレスが互いに見える形で送信
        | (?<=[がにも])(?:見え|見られ|表示され|閲覧でき|閲覧可能)[^。、]{{0,10}}(?:方法|形式?|状態|設定)で
          [^。、]{{0,14}}(?:送[っり信付]|配信|発[信送]|郵送)
        | {_OTHERS}(?:の[^。、]{{1,16}}を同封|(?!から|より)[^。、]{{0,20}}{_SENDS})  # 別の方へ発送
        | (?:貼り|取り|入れ|封入を?|渡し)違え | (?:取り|封入)(?:間違|ミス|誤り) | 混入して(?:送|発|郵)
      )
    | (?P<theft>
          盗難(?![届車]|通帳|キャッシュ|保険) | 車上荒らし | 車上ねらい | 置き引き | 窃取
        | 盗まれ(?!た(?:自転車|車
            |バイク|現金|財布|商品)) | ひったくり | 空き巣
            | 窃盗(?!の疑い|罪|容疑|や|など|、)
      )
    | (?P<loss>
          紛失(?!届) | 散逸 | 飛散 | 散乱 | 置き忘れ | 所在不明 | 所在が(?:不明|分から|わから|確認でき)
        | 遺失(?!届|物) | 誤廃棄 | 誤って(?:廃棄|破棄|捨て|処分|滅失)
        | 誤(?:破棄|廃棄|処分)
        | 誤って(?:破砕|裁断|焼却|溶解|消去)(?:処分|処理)(?!業) | 誤ってシュレッダー
      )
    | (?P<misconfiguration>
          設定(?:の|に)?(?:誤り|ミス|不備|間違い|漏れ|誤) | 設定を(?:誤|間違)[りっえ] | 誤設定  # 設定ミス
        | (?<!再)設定(?:に|を)?し?忘れ
        | アクセス(?:権限|制限|権)(?:の|に)(?:設定)?[^。、]{{0,8}}(?:誤|不備|漏れ|ミス)
        | (?:公開|共有|閲覧)(?:範囲|設定|権限)[^。、]{{0,8}}(?:誤|不備|ミス|「?全員
          |制限(?:され|し)て(?:い|お)?ら?な)
        | 誤(?:公開|掲載|表示|投稿)
        | 誤って(?:[^。、削消黒]{{0,30}})?(?<!非)(?:公開|掲載|表示|投稿|アップ|共有)              # 誤って公開
      )
    | (?P<viewable>
          (?:外部から|第三者(?:が|から)|誰でも|他人から)[^。、]{{0,6}}
          見(?:られる|える|れる)(?:状態|状況|設定)  # 外部から見られる状態
        | (?:外部から|第三者(?:が|から)|誰でも)?(?:閲覧|アクセス)(?:できる|可能な|可能な?の?)(?:状態|状況)
        | (?:検索|閲覧|アクセス)(?:できる|可能な|が可能な)(?:公開)?
          (?:サーバー?|場所|領域|フォルダー?|ページ)[にへ上]
        | (?<=が)(?:見(?:られる|れる|える)|閲覧される)状態(?=だ|で|に|と)  # 顧客名が見られる状態
        | (?:確認|表示|特定|判別)(?:できる|可能な|される)状態で?[^。、]{{0,14}}(?:公表|公開|掲載)
        | (?:閲覧|アクセス)(?:できるよう|可能)に?なって(?:い|お)
        | (?:閲覧|アクセス)や[^。、]{{0,6}}が?可能な(?:状態|状況)
        | (?:閲覧|アクセス)(?:(?:する)?ことが|が)(?:可能な|できる)(?:状態|状況)
        | (?:閲覧|アクセス)(?:可能|できる(?:状態|よう)?)(?:と|に)なる(?:事案|事象|事態|問題|状)
      )
    | (?P<failure_to_erase>
          (?:消去|削除)(?:し|され)(?:て(?:い|お))?なかった(?=こと|た?ため|。) | 削除されて(?:い|お)らず
        | (?:非表示|非公開|[不非]開示)(?:で|に|と)(?:ある|す)べき(?=個人|氏名|情報|箇所|部分|欄)
        | (?:黒塗り|墨塗り|マスキング)(?:した|の)?(?:部分|[箇個かカヶケ]所)[^。、]{{0,24}}[がを][^。]{{0,24}}
          (?:表示|閲覧|確認|判読|読め|読み取|見え|見られ)
        | (?:消去|削除)(?:漏れ|し忘れ|を忘れ|されず|せず|されないまま|しないまま)        # 削除漏れ
        | (?:消去|削除)(?:され(?:ている)?|し(?:ておく|ている)?|する|す)べき                # 削除すべき
        | (?<!ガス)(?<!ガスの)(?<!火の)(?<!電気の)(?<!照明の)消し忘れ
          | 残ったまま[^。]{{0,20}}(?:公開|掲載|載せ|送)
        # 記録されたまま転売
        | (?:(?:残っ|残され|記録され|保存され)たまま|(?:残っ|残され)た状態で)[^。]{{0,24}}
          (?:流出|販売|売られ|売却|転売|出品|譲|リサイクル|オークション|下取り|廃棄)
        | (?:消去|物理破壊)[^。、]{{0,12}}?(?:を?し|を?行わ|を?行っ|され|実施し)
          (?:て(?:い|お)(?:らず|なかった|ない(?!か))|ず(?!に済)|なかった)
        | (?:消去|削除)(?:処理)?[がの]不(?:十分|完全)
        | (?:黒塗り|墨塗り|マスキング)(?:(?:に|と)?(?:され|する|す)る?べき)
        | 塗り忘れ
        # 非表示のシートに名簿が含まれていた
        | 非表示(?:に(?:した|して|設定)[^。、]{{0,8}}|設定の?|の)?(?:シート|列|行|セル)
          [^。]{{0,40}}(?:含まれ|残[っさ]|入って)
        | マスキング(?:漏れ|が不十分|の不備|せず|されず) | 黒塗り(?:が不十分|の不備|漏れ|が外)
      )
    | (?P<system_fault>
          # 不具合
          (?:システム|プログラム|アプリ|ソフト(?:ウェア)?|機能[」』]?)(?:上)?(?:の)?(?:障害|不具合|バグ
            |ミス|誤り|欠陥|トラブル|エラー)
        | 不具合(?=のため|が原因|に(?:よ|起因)
          |が(?:起き|発生し|生じ)(?:た|て|、|まし(?!たら))|があ(?:った(?!場合|ら|際)|り、))
        | (?<=表示)不具合 | (?<=表示の)不具合
      )
    )
    """,
    re.VERBOSE,
    begins=(
        'BC Bc CC Cc Em SQ TO To We bc cc "C "T "c "あ "宛 '
        "「C 「T 「c 「あ 「宛 『C 『T 『c 『あ 『宛 ひっ ソフ 偽サ 端末 誰で あて アカ アク アプ アル "
        "ウィ ウイ ウェ エモ コン サイ サポ シス デー ハッ パス パー フィ フォ ブラ ブル プロ ペイ "
        "マス マル ラン 不具 不正 不要 乗っ 事務 他の 他人 交付 係長 保存 保育 元係 元役 元従 元担 元教 "
        "元派 元社 元職 元課 元部 入れ 入力 出向 公開 共有 内部 判別 別お 別の 別ア 別メ 別世 別事 別人 "
        "別企 別会 別住 別保 別児 別利 別加 別受 別団 別契 別宛 別客 別家 別対 別応 別患 別方 別生 "
        "別申 別納 別者 別被 削除 前係 前役 前従 前担 前教 前派 前社 前職 前課 前部 医師 取り 司書 "
        "名簿 団員 外部 学芸 宛先 宛名 封入 局員 巡査 役員 従業 情報 所在 技師 担当 教員 教授 教職 "
        "教諭 散乱 散逸 検索 業務 業者 機能 残さ 残っ 決済 派遣 流出 消し 消去 消防 混入 渡し 漏え "
        "漏ら 漏洩 無断 無関 物理 特定 異な 盗ま 盗み 盗難 目的 相談 看護 確認 社員 私的 空き 窃取 "
        "窃盗 第三 紛失 置き 署員 職員 脆弱 興味 薬剤 行員 表示 見え 見ら 見れ 記録 設定 許可 誤っ "
        "誤交 誤公 誤処 誤封 誤廃 誤手 誤投 誤掲 誤提 誤添 誤渡 誤発 誤破 誤表 誤設 誤転 誤返 誤送 "
        "誤通 誤郵 誤配 課長 講師 警察 警部 議員 貼り 身代 車上 送り 送付 送信 違法 遺失 部員 部長 "
        "退職 離職 在職 "
        "配信 塗り 墨塗 非表 非公 非開 不開 発送 郵送 配付 配布 配送 配達 閲覧 隊員 飛散 駅員 黒塗"
    ),
)
_NAMES = {
    "web_skimming": "web-skimming",
    "viewable": "misconfiguration",
}
_MEASURE = pattern_of(
    r"""
    [^。、]{0,6}?(?:防止|対策|禁止(?!事項)|訓練|保険|検知(?:システム|ソフト)|チェック(?:ツール|リスト)
      |を防|が(?:ない|起き|発生し)?ないよう|対応(?:マニュアル|手順|訓練)|を想定)
    # 不正アクセス、紛失、漏えいなどを防止する, 盗難にご注意ください
    | (?:[、・や][^。、]{1,10}){0,5}?(?:など|等)?(?:を|の|に対(?:し|する)て?)(?:未然に)?(?:防止|予防|防ぐ
      |防ぎ|安全対策|安全管理)
    | (?:など|等)?に(?:は)?(?:十分に?)?(?:ご?注意|気を付け)
    | [はが](?:近年|年々|日々|急速に|急激に|さらに|ますます)?、?
      (?:増え|増加|多発|横行|急増|巧妙|高度化|後を絶た)
    | (?:[、・や][^。、]{1,10}){0,5}?(?:など|等)?の(?:危険|リスク|脅威)(?:に|を|から)
    | は(?:一切|決して)?(?:いたし|致し|し)ません
    | (?:の)?(?:リスク|脅威|手口|対応作業|復旧作業|現状|動向|情勢|実態|傾向|主因)
    | か[^。、か]{1,12}か(?:等|など|の|を|、)  # サイバー攻撃か人的ミスか等を調べる
    | 行為(?:の|等|など)(?!疑い) | 被害\s?(?:が|は)?(?:多発|急増|増加)
    | とは | に備え | が心配
    | して[^。、]{0,24}の手口[をが]  # 偽サイトに誘導して金銭をだまし取る詐欺の手口を
    | が(?:実際に)?(?:あった|行われた)の?か(?:を|どうか|否か)
    | の原因(?:と|に)な(?:ります|る(?![。、]?[^。]{0,8}(?:判明|確認)))  # 不正アクセスの原因となります
    | (?:[・や][^。、]{1,6})?の際は  # 紛失・盗難の際はご連絡ください
    | した(?:カード|証|券)[^。、]{0,6}の?再(?:発行|交付)(?:手数料|手続)
    """,
    re.VERBOSE,
)
_RULED_OUT = pattern_of(
    r"(?:等|など)?(?:による[^。、]{0,16}|に(?:より|よって)[^。、]{0,8}もの|が原因)?では(?:一切"
    r"|決して)?、?(?:な|あり|ござ)|[にが]?あ?っ?たわけでは(?:な[いく]|あり|ござ)"
)
# Explain why data could be seen or were taken: then 閲覧可能な状態 is the effect, and 窃取 is no burglary.
# A mail to all of whom each saw the others: that their addresses could be seen is its effect.
_IN_SIGHT = pattern_of(
    r"BCC|Bcc|bcc|ブラインド|\b(?:CC|Cc|TO|To)\b|「(?:CC|Cc|TO|To)|(?:TO|To|CC|Cc)送信|宛先"
    r"|\A(?:見|表示|閲覧)"
)
_SEEN = pattern_of("(?:共有|表示)\\Z")
_NEAR = 160  # characters behind a mail that went astray, in which its effect is told
_BEFORE = 24  # characters in which it may be told once more that it was sent


def _is_of_mail(matches: list[re.Match[str]], match: re.Match[str]) -> bool:
    """Tell whether what could be seen was in a mail that went astray, as the words before say."""
    told = match.string[max(0, match.start() - _BEFORE) : match.start()]
    sent = "配信" in told or "送信" in told
    return any(
        other.lastgroup == "misdirected"
        and "信" in other[0]
        and (sent or 0 <= match.start() - other.end() < _NEAR)
        for other in matches
    )


# ランサムウェア|に感染した疑い, 「ランサムウェア」|と呼ばれるウイルスに感染した
_CAUGHT = pattern_of(
    r"(?:「[^」\n]{0,20}」|[」』])?(?:\([^()\n]{0,20}\))?(?:(?:と呼ばれる|という)[^。、\n]{0,20})?"
    r"(?:(?:には?|への)感染(?=し|の(?:可能|疑|おそれ|恐れ))"
    r"|による[^。、\n]{0,6}攻撃(?=の(?:可能|疑|おそれ|恐れ)))"
)
# 名簿を流出させたとして減給: who answers for it may have done no more than set something up wrongly
_BLAMED = pattern_of(r"(?:漏えい|漏洩|流出)(?:させ|し)(?:た|ていた)(?:など)?(?:として|疑いで?)")


def _without_blame(matches: list[re.Match[str]]) -> list[re.Match[str]]:
    """Leave out that a person is blamed for a leak, where the text tells how else it came about."""
    told = [match for match in matches if _BLAMED.match(match[0]) is None]
    return told or matches


_ATTACKS = frozenset(
    ("ransomware", "web_skimming", "malware", "phishing", "unauthorised_access", "insider_misuse")
)


def find_causes(sheet: Sheet) -> list[Fact]:
    """List every mention of a cause: ``negated`` where it is ruled out, ``possible`` where it is open."""
    matches = [
        match for match in _CAUSE.finditer(sheet.text) if not _is_no_cause(sheet, match, str(match.lastgroup))
    ]
    found = list(_told(sheet, list(_judged(sheet, _without_blame(matches)))))
    return found if any("negated" not in fact.qualifiers for fact in found) else [*found, *_by_story(sheet)]


_Judged = tuple[re.Match[str], tuple[str, ...], Stance]
"""Words of a cause, what a fact of them is marked with, and what the text says of them."""


def _told(sheet: Sheet, judged: list[_Judged]) -> Iterator[Fact]:
    """Yield the facts of judged words; none of an effect, a symptom, or a doubt of no more than where."""
    attacked = any(match.lastgroup in _ATTACKS and "negated" not in flags for match, flags, _ in judged)
    matches = [match for match, _, _ in judged]
    sent = any(_IN_SIGHT.search(match[0]) for match in matches if match.lastgroup == "misdirected")
    sure = {_name(match) for match, flags, said in judged if said in _TOLD or not flags}
    for match, flags, _ in judged:
        kind, name = str(match.lastgroup), _name(match)
        seen = kind == "viewable" or (kind == "misconfiguration" and _SEEN.search(match[0]) and not attacked)
        if seen and (attacked or sent or _is_of_mail(matches, match)):
            continue
        if attacked and _SYMPTOM.search(match[0]):
            continue
        if name in sure and _is_of_elsewhere(sheet, match, flags):
            continue
        yield sheet.fact("cause", name, match.start(), match.end(), qualifiers=flags)


def _name(match: re.Match[str]) -> str:
    kind = str(match.lastgroup)
    return _NAMES.get(kind, kind.replace("_", " "))


def _is_of_elsewhere(sheet: Sheet, match: re.Match[str], flags: tuple[str, ...]) -> bool:
    """Tell whether only where or to whom it happened is doubted, or that it happened again or elsewhere."""
    if "negated" in flags:  # その後、新たな不正アクセスは確認されていません
        return _ANOTHER.search(sheet.before(match.start(), 40)) is not None
    return "possible" in flags and bool(
        _WHERE.search(sheet.before(match.start(), 12)) or _WHO.match(sheet.after(match.end(), 24))
    )


# 不正ログイン|された可能性のある顧客には
_WHO = pattern_of(
    r"したと[み見]られる[0-9]|(?:し|され)た(?:可能性|おそれ|恐れ)[のが](?:ある|あった|高い)(?:お?客|顧客|会員|利用者|方|人|アカウント)"
)
_ANOTHER = pattern_of(
    r"(?:(?:更|さら)な[るり]|新たな?|同様の?|(?<!その)他[のに]|その他|以外|以降|その後|[策旧止断]後|全体|再度)[^。\n]*\Z"
)
# 紛失しました。庁内で|紛失した可能性が高い
_WHERE = pattern_of("(?:[内中外先所室署宅庫](?:で|にて|において)|時(?:など)?に)、?\\Z")
_TOLD = ("stated", "attributive")
# What those see who are attacked: data are taken, the system does not answer.
_SYMPTOM = pattern_of(r"\A(?:窃取|盗まれ)\Z|(?:障害|トラブル)\Z")


def _judged(sheet: Sheet, matches: Iterable[re.Match[str]]) -> Iterator[_Judged]:
    """Yield words of causes that are not ruled out as none, with what the text says of them."""
    for match in matches:
        caught = _CAUGHT.match(sheet.text, match.end())
        end = caught.end() if caught else match.end()
        end += sheet.text[end : end + 1] in ("」", "』")
        said = judge_stance(sheet, match.start(), end)
        flags = _qualifiers(sheet, end, said)
        if flags is not None:
            yield match, flags, said


def _by_story(sheet: Sheet) -> Iterator[Fact]:
    """Find what went wrong where no word names it: 名簿を電車に忘れた; else a deed that was not meant."""
    if not tells_mishap(sheet.text) or tells_tricks(sheet.text):
        return
    told = [
        (match.start(), match.end(), str(match.lastgroup).replace("_", " "))
        for match in find_mishaps(sheet.text)
    ]
    for start, end, kind in told or [*find_retold(sheet)] or find_unmeant(sheet):
        said = judge_stance(sheet, start, end)
        if said != "denied" and not _MEASURE.match(sheet.after(end, 32)):
            flags = ("possible",) if said == "possible" else ()
            yield sheet.fact("cause", kind, start, end, qualifiers=flags)


def _is_no_cause(sheet: Sheet, match: re.Match[str], kind: str) -> bool:
    """Tell whether the words name no cause: an illness, a missing person, a measure, a warning."""
    said = match[0]
    if said.startswith(("ウ", "コ")) and not _OF_MACHINES.search(
        sheet.text, max(0, match.start() - 120), match.end() + 120
    ):
        return True  # an illness
    if said.startswith("所在") and _OF_PERSON.search(sheet.before(match.start(), 12)):
        return True  # 男性の所在が分からない
    if kind == "insider_misuse" and _is_no_misuse(sheet, match):
        return True
    if kind == "malware" and (
        _SHOWN.match(sheet.text, match.end())
        or "ランサム" in said
        or _SO_CALLED.search(sheet.before(match.start(), 30))
    ):
        return True
    if _MEASURE.match(sheet.after(match.end(), 32)):
        return True  # 不正アクセス防止
    if _ALSO_WAS.match(sheet.after(match.end(), 40)) and _ONCE.search(sheet.before(match.start(), 24)):
        return True  # 市では昨年3月にデータ紛失、4月には誤送付があった
    # ファイルを開くことにより、感染や不正アクセスの恐れが生じる
    return (
        is_defined(sheet, match.start())
        or _OPENED.search(sheet.before(match.start(), 80)) is not None
        or (
            _MAY_BE.match(sheet.after(match.end(), 40)) is not None
            and _WHENEVER.search(sheet.before(match.start(), 60)) is not None
        )
    )


def _is_no_misuse(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell whether data were taken by others, or for work: 職員が業務のために持ち出した."""
    if _TAKEN_OUT.match(match[0]) and not _PUNISHED.search(sheet.text):
        return True
    if "違法" not in match[0] and _GAINED.search(match[0]) and not _is_by_staff(sheet, match):
        return True
    return _IN_DUTY.search(match[0]) is not None or _BROUGHT_BACK.match(sheet.text, match.end()) is not None


_ONCE = pattern_of(
    r"[市県町村区社校学院局庁所](?:で|に)[はも]、?(?:昨年|一昨年|過去|以前|これまで)[^。\n]{0,20}\Z"
)
_ALSO_WAS = pattern_of(r"[、やと][^。\n]{0,36}(?:があった|が(?:起き|発生|相次|続))")
# 「パソコンがウイルスに感染した」という警告が表示された: what a swindler's screen says
_SHOWN = pattern_of(
    r"[^「」。\n]{0,30}[」\"”](?:[「」、今すぐ]|[^。\n「」]{0,24}」)?[^。\n]{0,40}(?:表示|警告|画面"
    r"|メッセージ|音声|アナウンス)"
    r"|(?:し(?:た|ている))?(?:との|という|の)(?:偽|虚偽|警告|メッセージ)"
)
# 「ランサムウェア」と呼ばれるウイルスに感染, 身代金を要求するウイルスに感染: no other cause beside that one
_SO_CALLED = pattern_of(
    r"ランサム[^。、\n]{0,10}(?:と呼ばれる|という)[^。、\n]{0,10}\Z|身代金[^。、\n]{0,12}\Z"
)
_TAKEN_OUT = pattern_of("(?:情報|データ|名簿)[」』]?(?:など|等)?を[^。、]*持ち?出")
_PUNISHED = pattern_of("逮捕|送検|停職|懲戒|免職|減給|戒告|告訴|告発")
_IN_DUTY = pattern_of(
    r"業務のため|(?:撮影|訪問|調査|出張|研修|授業|行事|会議|作成|点検|引き継ぎ|遠足"
    r"|見学)[^。、]{0,6}(?:のため|ため|目的)(?:に|で)"
)
_BROUGHT_BACK = pattern_of(
    r"[しさ]?た(?:際|あと|後)に?は?、?[^。]{0,12}戻"
)  # 持ち出した際には管財課に戻された
_OPENED = pattern_of(
    r"(?:開(?:く|いた|封)|クリック)(?:こと|と|場合)?[^。]{0,30}(?:により|で|と|すると|場合)[^。]{0,30}\Z"
)
# 不審なメールを受信された際には、ウイルスへの感染の恐れがございます: said to whom it may happen
_WHENEVER = pattern_of(
    r"(?:受信|開封|クリック|受け取|届|返信|開い)[^。、]{0,6}た(?:際|場合)(?:に)?は、?[^。、]{0,24}\Z"
)
_MAY_BE = pattern_of(
    r"(?:[やと・、][^。、]{1,14})?(?:等|など)?(?:の|に[^。、]{1,8})(?:可能性|おそれ|恐れ|危険性?)が(?:あり|ござ|ある)"
)
_OF_MACHINES = pattern_of(
    r"コンピュータ|パソコン|PC|サーバ|システム|メール|端末|ネットワーク|添付|ファイル|ランサム"
    r"|マルウェア|Emotet|エモテット"
)
_OF_PERSON = pattern_of(r"(?:男性|女性|本人|者|方|氏|人)(?:について)?(?:は|の|が)、?\Z")
_GAINED = pattern_of(r"(?:(?:取得|入手)[しさ]?|閲覧さ?)\Z")
_INSIDER = pattern_of(rf"{_STAFF}(?!室)|派遣|退職|業務端末|勤務中|内部|販売員|店員|(?:代理店|受託)業務を行")


def _is_by_staff(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell whether one's own people gained the data; 不正に取得された alone is said of any attack."""
    return _INSIDER.search(sheet.before(match.start(), 60) + match[0]) is not None


# Behind a cause: it happened, whatever is said of its effect (不正アクセスを受け、…漏えいした可能性).
_HAPPENED = pattern_of(
    r"""
    # を受け, により; but not を受けた可能性
    (?:を|に)(?:受け|遭い|遭って|より|よって|よる)(?!た(?:可能|おそれ|恐れ|疑|との|と考))
  | が(?:あり|行われ|発生し)、  # があり、
    # 紛失したことは許されることではない: it did
  | (?:し|され|させ)た(?:こと|の|行為)[はが]、?[^。、]{0,10}(?:許され|許せ|容認|看過|弁解|言い訳)
  | だった(?:が|ものの|ところ)  # 黒塗りとされるべきだったが、…措置がとられておらず
    # 紛失したり捨てたりして届けなかった
  | し?たり[^。、]{0,16}たりして(?![^。]{0,12}(?:いない|おら|いませ|おりませ))
    # したことにより
  | (?:し(?:てしま|た|まし)|され(?:た|まし)|て(?:い|お)(?:た|りまし))[^。、]{0,2}?
    こと(?:、|により|によって|が原因|から|による|です)
    """,
    re.VERBOSE,
)
_UNLIKELY = pattern_of(
    r"(?:の)?可能性[をも]含め[^。]{0,24}(?:ことは|は)な[いくか]|"
    r"(?:(?:し|され)た|に(?:遭|あ)った|による|の)?(?:もの(?:で|と)[^。、]{0,6})?(?:可能性|おそれ|恐れ)[はも]"
    r"[^。、]{0,6}(?:低|小さ|少な|な[いく]|ありません)"
)
_MAY_COME = pattern_of(r"[^。、はも]{0,24}[れし]た(?:可能性|おそれ|恐れ|疑い)")  # 偽メールから|盗まれた可能性
_IN_VIEW = pattern_of(r"[^。]{0,40}(?:両面|視野に入れ)")  # 不正アクセスと紛失の両面から調べている
_EFFECT = pattern_of(
    r"(?:等|など)?(?:による|に伴う|に起因する|を原因とする|が原因(?:の|で起き|と[見みさ思考][^。、]{0,4}る))(?!もの)"
)
_SO_THOUGHT = pattern_of(
    r"し?たもの?と(?:思わ|[見み]ら|考えら)れる(?=[一-龥])"
)  # 紛失したものと思われる書類を拾った
_AND_THEN = pattern_of(r"、(?!また|又|もし|若し|あるい|或い)")  # 盗まれ、そのなかに…含まれていた可能性
_RULE = pattern_of(
    r"(?:が|を|の|に(?:遭|あ)|し)?(?:発生|生じ|起き|受け|確認|疑)?[^。、]{0,8}(?:た|る)(?:場合|際に備|ときは|ら[^し、]"
    r"|際の[^。、]{0,8}(?:対応|対処|手順))|しやす[いく]"
)


def _qualifiers(sheet: Sheet, end: int, said: Stance) -> tuple[str, ...] | None:
    """Tell whether a cause is ruled out or possible; nothing where a rule speaks of what may happen."""
    after = sheet.after(end, 30)
    if sheet.text.startswith("から", end - 2) and _MAY_COME.match(after):
        return ("possible",)
    if _RULED_OUT.match(after):
        return ("negated",)
    if _RULE.match(after) or _UNLIKELY.match(after):
        return None
    if _IN_VIEW.match(sheet.after(end, 60)) or MAY_BE_BOTH.match(sheet.text, end - 1):
        return ("possible",)
    if (
        _HAPPENED.match(after)
        or _SO_THOUGHT.match(after)
        or (sheet.text[end - 1] == "れ" and _AND_THEN.match(after))
    ):
        return ()
    if said == "denied":
        return None if _EFFECT.match(after) else ("negated",)
    return ("possible",) if said == "possible" else ()
