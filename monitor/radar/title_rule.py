"""Whether the title of a row is about one incident with personal data: yes, look (at its page), or no.

    title -> NFKC -> traps cut out -> words by class -> one sentence of the rule

*Events* say that something happened to data (漏えい, 誤送信, 不正アクセス), *events of data* only
where a word of data stands beside them (紛失, 盗難). *Data* is what it happened to (個人情報, USBメモリ).
*Cases* are a regulator's action on one body. A *frame* makes a title general: hard (law, statistics,
lessons, crime) or soft (surveys, products, precautions), which may stand in a notice of an incident too.
A *form* is how a body speaks of its own affair (お詫び, 第2報, おそれ, 最大38件). *Weak* words may stand
over an incident.

A trap is a compound whose parts mean something else (新型コロナウイルス感染症 holds ウイルス感染).
What cannot be decided from a title is answered ``look``: its page is read, and its facts decide.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from storage.text.units import PEOPLE_UNITS, any_of

MAX_TITLE_CHARS = 300
"""What is read of a title: real ones have at most some 150 characters, a stranger's may have a million."""

Answer = Literal["yes", "look", "no"]

KINDS = (
    "regulator",
    "ministry",
    "agency",
    "municipality",
    "public-body",
    "company",
    "affected",
    "index",
    "commentary",
    "news",
)
"""Kinds of publisher. The rule tells apart: agencies that warn of vulnerabilities (never an incident of their
own), and regulators and ministries, whose lists hold too much else for a weak word to count."""


@dataclass(frozen=True, slots=True)
class Relevance:
    """An answer, and the words of the title that decided, in their order."""

    answer: Answer
    because: tuple[str, ...]


def _words(text: str) -> re.Pattern[str]:
    return re.compile(text, re.VERBOSE)


_TRAPS = _words(r"""
    # 新型コロナウイルス感染症
    (?:コロナ|インフルエンザ|ノロ|肝炎|ハンタ|エボラ|[^\s、。]{0,4})
      ウイルス(?:への)?感染(?:症|者|拡大|防止|対策|が発生したクルーズ)
    # 記載漏れ等で解消されなかった方へ
  | (?:記載|記入|申告|返戻|申請|登録|提出|計上|給付|請求|支給|徴収|課税|受診)(?:の)?漏れ
  | 漏水 | 油漏れ | ガス漏れ | 水漏れ | 漏電 | 雨漏り  # 漏水調査のお知らせ
    # 文化財の海外流出
  | (?:文化財|人口|人材|頭脳|土砂|土石|油|汚水|資金|暗号資産|仮想通貨|ビットコイン|若者|NFT)
      [^、。]{0,6}(?:海外)?(?:流出|漏洩)
  | 海外流出
    # 自動車盗難の防止
  | (?:自動車|自転車|車両|車上|部品|金属|銅線|電線|ケーブル|農作物|果物|米|家畜|現金
      |絵画|文化財|仏像)[^、。]{0,4}盗難
  | 盗難(?:車|保険|補償|防止|対策|届)
  | 往訪閲覧 | 縦覧 | 閲覧(?:室|制度|手数料|期間|場所|用|申請)  # 往訪閲覧・縦覧のデジタル化
  # カードを紛失した場合, マイナンバーカードの紛失・再交付手続
  | 紛失(?:届|防止|時の(?:手続|連絡)|した(?:場合|とき)|(?:・|や|等による|による)再(?:交付|発行))
  | 行方不明(?:者|高齢|児) | 落とし物 | 遺失物 | (?:薬|麻薬|鍵|拳銃|実弾)の(?:紛失|所在不明|盗難)  # 薬の紛失
  | 誤登録口座 | 口座の誤登録  # 公金受取口座の誤登録
  | (?:幹部|受章者|委員|役員|閣僚)(?:等)?名簿(?!の?(?:流出|漏|紛失|持))  # 幹部名簿を更新
  | サイバー攻撃(?:対処|対策|演習|訓練)  # サイバー攻撃対処・分析システム
  | STOP!?名簿流出 | SAVE!個人情報  # 啓発の標語
  | 情報窃取型マルウェア
  | 情報公開(?:制度|請求|条例|審査会|・)?  # 情報公開請求
  | 持出(?:金|し禁止区域)
  | 被害(?:者)?(?:を受けられ|に遭われ)た
""")
"""Compounds whose parts are no event; an example beside each."""

_DATA = _words(r"""
    個人(?:の)?(?:情報|データ|番号)  # 個人情報を含む文書
    # お客様情報, 会員の名簿, 健診データ
  | (?:顧客|お?客(?:様|さま)(?:の)?|会員|患者|利用者|契約者|受験者|応募者|申込者|加入者|寄[付附]者
      |従業員|社員|職員|生徒|児童|園児|学生|住民|市民|町民|区民|株主|取引先|登録者|購入者|予約|採用
      |回答者|参加者|宿泊者|来場者|納税者|出願者|入所者|入居者
      |健診|成績|人事|アカウント|ユーザー?|カード|口座|名簿|氏名|保有)(?:の|等の)?(?:情報|データ|リスト|名簿)
  | メール(?:アドレス|アカウント) | メルアド | メアド
  | マイナンバー | 個人番号 | 住民票 | 名簿 | 氏名 | 住所録
  | USB(?:メモリー?)? | HDD | ハードディスク | 外付け | (?:ノート)?パソコン | ノートPC
  | (?:業務用)?(?:PC|端末|スマートフォン|タブレット)
  | 通信の秘密 | 履歴書 | カルテ | 診療録 | 答案 | 指導要録 | 調査票 | 申請書 | 申込書 | 願書
  | 被?保険者証 | 割合証 | 受給者証 | 入場券 | 台帳 | 通知書 | 請求書
  | 納付書 | 証明書 | 文書 | 書類 | 資料
""")
"""What it happened to."""

_EVENT = _words(r"""
    # 個人情報の漏えいについて
    漏(?:えい|洩|泄|れた|れか|れの(?:可能性|おそれ|恐れ|疑い)|れて|出) | 情報漏れ
  | 情報[^、。]{0,8}流出 | 流出(?:か|の(?:可能性|おそれ|恐れ|疑い|懸念)|懸念)  # お客様情報流出懸念
    # メールの誤送信
  | 誤(?:って)?(?:の)?(?:送信|送付|発送|配布|配達|配送|交付|提供|開示|投函|手渡し|封入|添付|郵送)
    # 通知書の送付誤り
  | (?:送付|送信|発送|配布|交付|封入|宛先|添付)(?:先)?(?:の)?(?:誤り|ミス|間違い|相違|取り違え)
  | 不正(?:な)?(?:アクセス|ログイン|閲覧|持ち?出し?|侵入|流出)
  | 第三者(?:による|からの)(?:不正|アクセス|侵入|閲覧)
  | ランサム(?:ウェア|ウエア) | サイバー(?:攻撃|インシデント|被害) | マルウェア
  | ウイルス(?:に)?感染 | エモテット | Emotet
    # サポート詐欺被害、PC遠隔操作
  | 乗っ取り | サポート詐欺(?:の)?被害 | フィッシング(?:メール|詐欺)?(?:の)?被害
  | リスト持ち?出し? | 情報(?:の)?(?:不正)?(?:持ち?出し?|窃取|毀損|滅失|消失)  # 情報の持ち出しについて
  | 覗き見 | のぞき見 | マスキング(?:の)?(?:不備|漏れ) | 黒塗り[^、。]{0,6}(?:不備|漏れ)
""")
"""What happened, in words that mean data by themselves."""

_EVENT_OF_DATA = _words(r"""
    流出 | 紛失 | 亡失 | 遺失 | 所在不明 | 行方不明 | 置き忘れ | 盗難 | 盗まれ | 散乱  # 書類の紛失
  | 誤(?:って)?(?:の)?(?:廃棄|掲載|公開|記載|印字|表示|通知|返却|入力)  # 公文書の誤廃棄
  | (?:印字|宛名|記載|掲載|設定|操作)(?:の)?(?:誤り|ミス)
  | 不正(?:な)?(?:取得|利用|使用|送信) | 標的型攻撃 | 改ざん | 改竄 | 踏み台
  | (?:無断|目的外)(?:で)?(?:の)?(?:持ち?出し?|閲覧|利用|提供|使用|送信|複製)
  | (?:の|を|が)持ち?出し?
  | 閲覧(?:が)?(?:可能|できる|できた|され)(?:な|に|と|状態)? | 見られる状態 | 参照できる状態
  | 公開状態
  | (?:外部から|他(?:人|者)(?:の|が|から))[^、。]{0,12}(?:閲覧|見え|表示)
  | (?:フィッシング|なりすまし|迷惑)メール(?:の|を)?(?:送信|発信)
""")
"""What happened to data, or to something else: asks for a word of data beside it."""

_OWN_DATA_EVENT = _words(r"""
    # 個人情報を含む文書の公開について, メールに22名の個人情報記載
    (?:個人情報|患者情報|顧客情報|会員情報|氏名|名簿|メールアドレス
      |マイナンバー(?!カード|制度|関連|法|\(個))(?:等)?
      (?:を含む|が含まれ|の(?:記載|入った|入り|載った))?[^、。]{0,14}
      (?:の(?:公開|掲載|送信|表示|郵送|送付|混入|開示|保存)(?:について|に関|して|が)
        |を(?:掲載|公開|郵送|記載|送付|利用し|閲覧|表示)|が(?:閲覧|表示|公開|見)|記載\Z|記載の|印字)
  | (?:個人|顧客)情報(?:の)?(?:不適切|不適正)(?:な)?(?:取扱い|取り扱い|管理|利用)
  | 他(?:の)?(?:寄付者|利用者|人|者|方|顧客|お?客(?:様|さま)|会員|社|受験者|患者|世帯)の(?:個人)?情報
  | 不要な個人情報
""")
"""Phrases that say of data itself what should not have happened to it: 個人情報を含む文書の公開について."""

_CASE = _words(r"""
    # 株式会社Xに対する個人情報の保護に関する法律に基づく行政上の対応について
    (?:に対する|への)[^、。」]{0,60}(?:法律|個人情報保護法)[^、。」]{0,40}に基づく[^、。」]{0,12}
      (?:行政上の対応|勧告|命令|指導|報告(?:等の求め|徴収)|処分)
  | 行政上の対応
  | 個人(?:情報|データ)[^」]{0,40}(?:漏えい|漏洩|流出)[^」]{0,12}(?:事案|事件|事故)
  | 事案(?:に対する|について(?:の)?(?:勧告|指導|行政))
    # 個人情報保護委員会からの弊社に対する指導について
  | 個人情報保護委員会[^。]{0,56}(?:指導|勧告|命令|報告(?:等の求め|徴収))
  | (?:に|へ)(?:対し)?(?:業務)?(?:改善|停止)命令(?:で|を|が|\Z)
  | 入札参加(?:資格)?(?:の)?停止[^、。]{0,4}[かヶカ]月 | 指名停止[^、。]{0,6}[かヶカ]月
""")
"""A regulator's action on a case, as regulators and their addressees word it."""

_COUNTED = any_of((*PEOPLE_UNITS, "件", "世帯"))
_FORM = _words(rf"""
    お(?:詫|わ)び | [ご御](?:報告|説明) | 追加報告 | 再発防止策 | 懲戒
  | (?:おそれ|恐れ|虞|可能性|懸念|疑い|疑義)(?!のある(?:事案|行為|メール|物質))
  | 続報 | (?:最終|確|速|中間|続)報 | 第\s?[0-9一二三四五六七八九十]{{1,3}}\s?報
  | (?:漏えい|漏洩|流出|漏れ|被害|アクセス)か(?:\Z|[、。\s「・―ー?])  # 約9万人の個人情報流出か
  | (?:について|を)まとめてみた | (?:に関する|についての)お知らせ
  | の発生(?:について|に関|及び|\Z) | が(?:発生|判明|発覚)(?:し|\Z|した) | [をと](?:公表|発表)(?:し|\Z)
    # 約7.2万件の情報漏えい, 521件のカード番号
  | (?:最大|約|計|延べ)?[0-9][0-9,.]{{0,14}}\s?[万億]?\s?[0-9,]{{0,8}}\s?余?{_COUNTED}(?:分|余|超|以上)?
      [^、。]{{0,14}}(?:個人|情報|漏|流出|紛失|誤)
  | (?:漏えい|漏洩|流出)[^、。]{{0,6}}[0-9][0-9,.]{{0,14}}万?(?!世帯){_COUNTED}
  | [弊当](?:社|行|院|校|市|県|町|村|法人|団体|組合|会|店|協会|機構|グループ)
  | 委託(?:先|業者|事業者|会社)
""")
"""How a body speaks of an affair of its own, and a journalist of somebody's."""

_HARD_FRAME = _words(r"""
    脆弱性 | CVE- | DoS | 署名検証 | アップデート | パッチ
  | セキュリティ(?:更新|月間|診断|人材|ガイド|のご案内)
  | 法(?:律)?(?:案|改正|施行|令) | 条例 | ガイドライン | 指針 | Q&A | FAQ | よくある質問 | 見直し
  | パブリック・?コメント | 意見(?:募集|公募|招請) | 施行規則
  | 年次報告 | 活動方針 | 白書 | 統計(?!調査の) | ガイダンス | 手引き?
  | (?:発生|検知|検挙|実施|処理|取扱い?の?)状況 | 情勢 | 動向
  | ランキング | 四半期
  | 検討会 | 研究会 | 委員会を開催 | 懇談会 | 審議会 | 審査会 | 部会 | 議事 | フォーラム
  | ラウンドテーブル | 意見交換会
  | セミナー | 講座 | 講演 | 研修 | 説明会 | 勉強会 | 訓練 | 演習 | シンポジウム | ウェビナー
  | 展示会 | 教室 | コンテスト
  | アニメ | ドラマ | パンフレット | リーフレット | ポスター | 啓発 | 月間 | キャンペーン | 週間
  | 基礎知識 | 便り
  | 入札(?!参加) | 公募 | 公告 | 採用案内 | 補助金 | 助成金 | 表彰 | 人事異動 | 決算 | 業績 | 求人
  | 募集(?!要項)
  | 詐称 | かたる | かたり | かたった | 騙る | 騙り | 偽(?:サイト|メール|警告|広告)
  | 詐欺(?!(?:の)?被害) | 不審(?:な)?(?:メール|電話)に
  | 対策(?:ソリューション|製品|サービス|ソフト|ツール) | ソリューションの提供
  | 逮捕 | 書類送検 | 有罪 | 判決 | 起訴 | 被告 | 容疑 | 摘発 | テイクダウン | 復号ツール | 北朝鮮
  | プライバシーポリシー | 個人情報保護(?:方針|制度|評価|管理者) | 匿名加工 | 保護評価
  | オプトアウト届出 | 開示請求 | 利活用
  | (?:漏えい|漏洩)等(?:の対応|報告(?:書)?の|報告(?:フォーム|システム|義務|制度)|事案を踏まえ)
  | 事案を踏まえ | 事故調査 | 留意点 | 行政機関等編
  | ソースコード | 環境変数 | 営業秘密 | 機密情報 | Secrets | NTLM | エージェント型 | 検知機能
""")
"""What makes of a title a row about something in general: law, statistics, lessons, products, crime."""

_FRAME = _words(r"""
    注意喚起 | ご注意 | 注意(?:して|を|しま) | 御注意 | なりすまし(?!メール(?:の|を)?送信)
  | 不審(?:な)? | 迷惑メール
  | セキュリティ(?:対策(?!強化|の強化)|相談|リスク|サービス|機能|製品)
  | 対策(?!本部|として|強化|の強化) | 防止(?!策) | 防(?:ぐ|ご)
  | 強化(?:月間|期間) | 取組 | 取り組み | 備え | 予防
  | (?:学校|地方公共団体|行政機関|中小企業)における(?=[^、。]{0,12}取扱い)
  | 調査(?!委員会|を依頼) | 実態 | 件数 | 現状 | 傾向 | 予測 | 改正 | 会議 | イベント | 動画
  | コラボ | 広報(?!課|室)
  | 製品 | 新機能 | サービス(?:を)?(?:開始|提供) | 提供(?:を)?開始
  | (?<!ニュース)(?<!プレス)リリース(?!を出) | を発売 | 開発(?!環境)
  | 搭載 | 連携(?:に|を|し|開始) | ソリューション | 導入
  | (?<!健康)(?<!介護)(?<!被)保険(?!代理店|会社|金|証|協会|への|株式)
  | ツール | プラグイン | ライブラリ
  | 研究 | レポート | 解説 | 特集 | とは\Z | インタビュー | コラム | 先週 | 注目 | ブログ | 事例
  | 攻撃(?:者|グループ)(?:に|が|は) | 踏み台に | 取扱いについて
""")
"""What may make a row general, and may stand in a notice of an incident too."""

_WEAK = _words(r"""
    システム(?:の)?(?:障害|トラブル|不具合|停止|復旧)
  | (?:サーバー?|ネットワーク|サービス|サイト|ストア|ショップ)(?:の)?(?:障害|停止|一時停止|再開|復旧|閉鎖)
  | サービス(?:の)?(?:一時)?停止
  | (?:指導|勧告|行政処分|改善命令|業務改善|停止命令|厳重注意|懲戒(?:処分)?|処分|入札参加停止|指名停止)
  | 不適切(?:な)? | 不適正 | 不祥事 | 不正事案 | 不備 | 設定(?:の)?(?:誤り|ミス|不備) | 誤り
  | 仕様不備 | 手違い | 混入 | 取り違え
  | お(?:詫|わ)び
  | (?:お客(?:様|さま)|皆(?:様|さま)|ご利用者)(?:へ|各位)(?:の|、)?(?:重要|大切|お知らせ|お願い|ご報告|\Z)?
  | 重要なお知らせ | (?:一部|特定)の?[^、。]{0,16}(?:お客(?:様|さま)|代理店)
  | フィッシング | なりすまし | 不審(?:な)?(?:メール|アクセス) | 大量退会 | 強制リセット
  | パスワード(?:の)?(?:変更|リセット|再設定) | カード会社
  | 事案 | インシデント | 情報(?:の)?(?:取扱い?|管理)(?:に関|について|の不) | 他人の | 別人の
  | 別の(?:方|医療機関|利用者) | 個人情報(?:の|を|が|に|等) | 顧客情報 | 会員情報 | 患者(?:の|情報)
  | 名簿
  | (?:第\s?[0-9一二三四五六七八九十]{1,3}\s?報|続報|最終報)
  | 不正(?!受給|競争|行為|改造|輸出|対策|のない) | 攻撃 | 被害(?!を受けられ|に遭われ|者の(?:方|皆))
  | 侵害 | 侵入 | 暗号化
""")
"""What may stand over an incident, without saying so."""

_WEAK_IN_NEWS = _words(r"""
    情報 | データ | 個人 | 名簿 | アカウント | サーバー? | ハッキング | ハッカー | クラッキング | 盗 | カード
  | メール | サイト | 停止 | 命令 | 発覚 | 廃棄 | 侵害 | 攻撃 | 休止 | 復旧
""")
"""What a headline of the trade press may word an incident by: サイト停止続く、カード情報に影響."""

_DISASTER = _words(r"""
    大雨 | 台風 | 地震 | 豪雨 | 大雪 | 災害 | 津波 | 火災 | 噴火 | 火山 | 豪雪 | 陥没 | 地滑り | 土砂 | 土石流
  | 熱中症 | 低気圧 | メンテナンス | 異物 | 工事 | 水道水 | 断水 | 株主総会 | 会計処理 | 課税誤り | 試験問題
  | 新型コロナ | 感染症 | 控除証明書 | 移転 | 統合のお知らせ
""")
"""What a weak word stands beside where no data is meant: 大雨により被害を受けられた皆さまへ."""


def judge_title(title: str, kind: str = "") -> Relevance:
    """Answer whether the row with this title is about one incident with personal data.

    ``kind`` is one of KINDS, or empty. Only the first MAX_TITLE_CHARS characters are read.
    """
    text = " ".join(unicodedata.normalize("NFKC", title[:MAX_TITLE_CHARS]).split())[:MAX_TITLE_CHARS]
    text = _TRAPS.sub("・", text)
    cases, data = _found(_CASE, text), _found(_DATA, text)
    events = _found(_EVENT, text) + _found(_OWN_DATA_EVENT, text)
    doubtful = _found(_EVENT_OF_DATA, text)
    if data:
        events, doubtful = events + doubtful, ()
    frames, forms = _found(_FRAME, text), _found(_FORM, text)
    hard = _found(_HARD_FRAME, text)
    if kind == "agency":
        return Relevance("no", frames + hard)
    if hard:
        return Relevance("look" if (events and forms and data) or cases else "no", hard + events)
    if cases:
        return Relevance("yes", cases)
    if events and (not frames or (forms and data)):
        return Relevance("yes", events + data)
    if events or (doubtful and not frames):
        return Relevance("look", events + doubtful + frames)
    if not frames and (weak := _find_weak(text, kind, bool(data))):
        return Relevance("look", weak)
    return Relevance("no", frames)


def _find_weak(text: str, kind: str, has_data: bool) -> tuple[str, ...]:
    """Find weak words for an incident, where such a publisher means one by them."""
    if _DISASTER.search(text) or (kind in ("regulator", "ministry") and not has_data):
        return ()
    return _found(_WEAK, text) + (_found(_WEAK_IN_NEWS, text) if kind in ("news", "commentary") else ())


def _found(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0] for match in pattern.finditer(text)))
