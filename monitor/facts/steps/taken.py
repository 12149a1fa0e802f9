"""The steps a notice tells of: reported, notified, police informed, recovered, deleted and so on.

A step is ``denied`` where the text says that it was not taken, ``planned`` where it is announced only, and
``date:2025-01-14`` says when, if its clause names a day. A rule (漏えいした場合は報告します), a habit and a
heading tell of no step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.facts.sheet import Sheet, select_within
from monitor.facts.statements.stance import Stance, is_denied_list, judge_act
from storage.records import Fact
from storage.text.patterns import may_match, pattern_of
from storage.text.units import PEOPLE_UNITS, any_of

# Every pattern is verbose; beside an alternative stands what it is for.

_TO = r"""(?:
    へ(?:の|は|も)?  # 警察への
  | に(?!よ|拠|お[いけ]|関|基|係|係る|伴)(?:は|も|対し(?:て|ても?)?)?  # 本人に対して; but not により
  | 宛て?(?:に|の)? | あて(?:に|の)?  # 本人宛に
)"""
_OFFICE = r"(?:[^。]{0,40}?)"
_REPORT = r"(?:漏えい等)?(?:の)?(?:報告書?|速報|確報|届出|届け出|一報|第[一1]報|通報|申告)"
_POLICE = r"""(?:
    警察(?:署|庁|本部|当局)? | 県警(?:[一-龥ぁ-ん]{2,8}署)? | 府警 | 道警 | 警視庁 | 所轄署
  | (?:[一-龥]{1,6})(?<!部)(?<!消防)署(?=に|へ|及)  # 例示署に; but not 消防署
  | 交番 | 駐在所
)"""
_MINISTRY = r"""(?:
    # 総務省
    (?: 総務 | 厚生労働 | 厚労 | 経済産業 | 経産 | 国土交通 | 国交 | 文部科学 | 文科 | 農林水産 | 農水 | 環境
      | 財務 | 法務 | 外務 | 防衛)省
  | 金融庁 | 消費者庁 | デジタル庁 | 国税庁 | 文化庁 | こども家庭庁 | 資源エネルギー庁 | 中小企業庁 | 観光庁
  | [一-龥]{2,4}財務局  # 関東財務局
  | 財務局 | 労働局 | 総合通信局 | 厚生局
  | 監督(?:官庁|当局|省庁)  # 監督官庁
  | 所[管轄](?:官庁|省庁|当局)  # 所管省庁
  | 関係(?:省庁|官庁|当局)  # 関係省庁
  | 主務(?:官庁|省庁|大臣)  # 主務大臣
)"""
_PERSONS = r"""(?:
    ご?本人(?!、)  # but not 本人、教頭へ連絡
  | 対象(?:者|の(?:方|皆|お?客|会員|世帯))?  # 対象の方
  | 該当(?:者|する|の(?:方|皆|お?客))  # 該当する
  | 当該(?:生徒|児童|患者|お?客|世帯|利用者|職員|企業)  # 当該生徒
  | お?客(?:さま|様|さん)  # お客様
  | 誤(?:送信|送付|配布|配達)先 | 被害者 | 関係者 | 当事者 | (?:該当|対象|当該)(?:の)?ユーザー
  | 皆(?:様|さま|さん) | みな(?:様|さま|さん)  # 皆様
  | 保護者 | 生徒 | 児童 | 園児 | ご?家族 | 世帯 | 会員 | 加入者 | 利用者 | 受信者(?:全員)? | 受信した方
  | 患者(?:様|さま|さん)?  # 患者さん
  | 住民 | 市民 | 登録者 | 申込者 | 応募者 | 受講者 | 参加者 | 購入者 | 契約者 | 従業員 | 取引先 | 被保険者
  | (?:滞納|記載|掲載|申告|当選|出願|回答|受賞|受給|申請|届出|受検|志願|出品|視聴|来場|入居|求職
    |名義|権利|債務)(?:者|人)
  | 納税者 | 所有者 | 義務者 | 受験者 | 組合員 | 被害世帯 | 遺族 | 学生 | 受講生 | 卒業生
  | 顧客(?!満足|情報|データ|名簿|管理|サービス|対応)
  | [A-Z](?:氏|さん|様) | (?:業者|法人)[A-Z]  # A氏, 業者B
  | 客(?=に(?:事情|対|謝|説|経緯))
  | (?:男性|女性)(?=に)  # 女性に
  | 可能性(?:が|の)ある(?:人|方|世帯)  # 可能性のある方
  | (?:送信|受信)した(?:事業者|企業|団体)  # 受信した企業
  | (?:対象|該当)(?:の)?(?:事業者|企業|団体|法人)  # 対象の事業者
  | (?:受け(?:た|る)|られた|ある|影響の?)[^。、]{0,8}方  # 影響を受けた方
  | 方(?:々|全員)?(?:\([^()\n]{0,20}\))?(?=に|へ|あて|宛)  # 方々へ, 方(以下「A様」)に
  | (?<=[るたた])人(?:たち|々)(?=に)  # 載っていた人たちに
  | 個人(?!情報)
)"""
_COUNTED = any_of((*PEOPLE_UNITS, "件", "世帯"))
_TELL = r"""(?:
    (?<!非)(?<!案内)通知(?!に代え|書(?!を?(?:お?送|郵))|[先表簿])  # 通知; but not 通知先
  | 連絡(?!先) | (?<![いるただ能]と)ご?説明(?:(?:及び|および|と)(?:謝罪|お詫び))?(?!会|の動画|資料
    |書|責任|義務) | 謝罪
  | お(?:詫|わ)び(?!申|を?申(?!し上げるととも)|し?ます|いたし)  # お詫びの; but not お詫び申し上げます
  | (?<![のて])(?<!あることを)お知らせ(?=し|を|済|いたし(?:ま|て)|の)  # 個別にお知らせし
  | 案内(?![状書文通])
  | 個別[にの](?:ご)?報告 | お伝え(?=し|いた)
  | お(?:詫|わ)びの電話(?=を)
  | (?:はがき|ハガキ|葉書)を[^。、]{0,4}(?:お?送|発送|郵送|送付)
    # お詫び状を発送
  | (?: 手紙 | 書面 | 文書 | 書簡 | (?:謝罪|通知|案内)文 | お(?:詫|わ)び状)
    [^。、]{0,8}(?:お?送|発送|郵送|送付|お届け)
)(?!時|先|方法|窓口|体制|内容|ノート|アプリ|システム|カード|手段|事項|[票帳網欄])"""
_THINGS = r"""(?:
    名簿 | 書類 | 書面 | 資料 | 鞄 | かばん | カバン | バッグ | 端末 | パソコン | PC | USB | メモリ | 媒体
  | 封筒 | ファイル | 調査票 | 答案 | 通知書? | 台帳 | 申込書 | 申請書
  | PDF | 画像 | 動画 | リンク先? | 投稿 | 謄本 | 抄本 | 写し | 封書
  | [一-龥]{1,6}[書票証](?=[をがはの、(]|について) | (?:紹介|案内|招待)状  # 納付書を
  | シート | リスト | CD | DVD | HDD | ディスク | メモ(?!リ)
  | データ | 情報 | メール | 郵便 | はがき | 文書 | カード | 写真 | 用紙 | ノート | 手帳 | 診断書 | 複製
  | 記録 | 冊子 | 荷物 | 帳簿 | 伝票
  | [0-9](?:通|件|部|枚|名分|人分|冊)  # 3通
)"""


@dataclass(frozen=True, slots=True)
class _Step:
    """A step: the words that name it, ending where its verb begins, and what the sentence must not say."""

    name: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    noun_is_done: bool = False  # 逮捕, 指名停止: the noun alone says that it was


def _words(pattern: str, needs: str = "") -> re.Pattern[str]:
    return pattern_of(pattern, re.VERBOSE, needs=needs)


_STEPS = (
    _Step(
        "reported-to-ppc",
        _words(
            rf"""
            (?:個人情報保護委員会|個情委|(?<![A-Za-z])PPC|(?<=[、\s\n])委員会|\A委員会|国の委員会)
            (?:\([^()]*\))?(?:をはじめ(?:として|とする|、)?)?[^。からがは]{{0,30}}?
            {_TO}{_OFFICE}{_REPORT}  # 個人情報保護委員会へ速報を提出
            """,
            needs="委員会 個情委 PPC",
        ),
        pattern_of(r"(?:教育|公安|農業|選挙管理|監査|運営|調査|検討)委員会(?:に|へ)"),
    ),
    _Step(
        "reported-to-ministry",
        _words(rf"{_MINISTRY}[^。からがは]{{0,30}}?{_TO}(?:は)?{_OFFICE}{_REPORT}", "省 庁 局 大臣"),
    ),
    _Step(
        "police-informed",
        _words(
            rf"""
            {_POLICE}(?:等|など|署)?\)?(?:の[^。、]{{0,10}}(?:機関|当局))?
            (?:(?:及び|および|や|と|・)[^。、]{{1,12}})?{_TO}(?!戻|勤務)[^。]{{0,24}}?
            # 警察に相談
            (?:被害届|被害の?申告|遺失届|盗難届|紛失届|届(?!けら)(?!け?出があ)け?出?|通報|相談|申告|連絡|報告
              |告訴|告発|情報提供)(?!られ|が(?:あ[っり]|入|寄))
          | 110番(?=(?:に|へ)?(?:通報)?し)
          # 被害届を提出
          | (?:被害届|遺失届|盗難届|紛失届)
            (?=を?(?:[^。、]{{0,20}}(?:署|交番|警察)[^。、]{{0,10}}(?:へ|に))?(?:出|提出|受理|受け))
            """,
            needs="警 署 交番 駐在所 110番 被害届 遺失届 盗難届 紛失届",
        ),
        pattern_of(
            "拾得物?として|(?:通行人|住民|発見者|拾得者|拾った人)[^。]{0,30}(?:拾|見つけ|発見)[^。]{0,16}(?:警察|交番|署)[^。、]{0,8}に届け"
            "|(?:県警|府警|道警|署)[はが]、?[^。、]{0,10}警察庁に"
        ),
    ),
    _Step(
        "persons-notified",
        _words(
            rf"""
            # 対象の方へ個別に通知
            {_PERSONS}(?!が|から|より|を)(?:\([^()\n]{{0,60}}\))?
            [^。]{{0,20}}?(?:{_TO}|全員(?:に|へ)|個別)[^。]{{0,40}}?{_TELL}
          # お客様に対し、…を電子メールにてご連絡
          | {_PERSONS}に(?:対し(?:て)?)?、?[^。]{{0,90}}?(?:メール|書面|文書|電話)(?:にて|で|により)
            (?:個別に|順次)?ご?(?:連絡|通知|案内)
          | 個別に[^。、]{{0,8}}お(?:詫|わ)び(?=申し?上げて(?:い|お)(?:る|り))
          # 個別の通知ができない
          | 個別(?:の|に|な)[^。、]{{0,8}}{_TELL}
          # 全2,310世帯に手紙を
          | (?<=全)[0-9,]{{1,9}}{_COUNTED}に[^。]{{0,16}}(?:手紙|お(?:詫|わ)び)
          # 両家庭に電話で謝罪や状況説明を行った
          | (?:に|へ)(?:対し)?[^。、]{{0,12}}(?:謝罪|お(?:詫|わ)び)
            (?=(?:や|と|・|及び)[^。、]{{0,8}}説明を(?:行|し|実施))
          # お詫び文書発送
          | お(?:詫|わ)び(?:の)?(?:文書?|状|手紙|書面|メール|電話|連絡|一式|はがき|ハガキ
            |葉書)[^。、]{{0,8}}(?:発送
            |送っ|送付|郵送|送信|お?送り|配布)
          | 家庭訪問(?=[^。]{{0,30}}(?:謝罪|詫|説明)|$|[。\n)])
          | (?:宅|世帯|家庭|対象者|方々)を(?:訪(?:問し|れ|ね)|回)[^。]{{0,20}}?(?:謝罪|説明|詫び
            |わび)  # A宅を訪問し謝罪
          | 全員(?:に|へ)[^。、]{{0,12}}(?:謝罪|お(?:詫|わ)び|通知|説明)
            # 謝罪をメールで学生に
          | (?:謝罪|お(?:詫|わ)び|通知)を[^。、]{{0,12}}{_PERSONS}[^。、]{{0,4}}?(?:に|へ)(?=(?:行|実施))
            # 施設に、経過の説明と謝罪を行い
          | (?<![0-9,])[0-9][0-9,]{{0,8}}万?(?:人|名|世帯|社|店|店舗|施設|団体|校|園)(?:に|へ)(?:は
            |対し)?[^。]{{0,30}}?
            (?:謝罪|お(?:詫|わ)び|通知(?!書)|連絡(?=する対応))
            # お宅へ伺い、お詫びいたしました; 27名さまには書状でおわび申し上げ、
          | (?:お宅|ご?自宅|ご家庭)(?:へ|に|を)[^。]{{0,6}}(?:伺|訪)[^。]{{0,12}}?お(?:詫
            |わ)び(?=し|いたしま|申し?上げ(?:まし|、|て))
          | (?:[名人]さま|[名人]様|方(?:々|とご家族)?|皆さま)(?:に|へ)は?[^。]{{0,24}}?お(?:詫
            |わ)び(?=しま|いたしました|申し?上げ(?:まし|、|て(?:い|お)))
            # 75名の方には電話を差し上げ
          | (?:方|皆(?:さま|様)|ご家庭|世帯|お客(?:さま|様))(?:に|へ)は?[^。]{{0,24}}(?:お?電話
            |お?手紙|書面|メール)
            (?=を(?:差し上げ|お送り|お?届け|入れ|いたし|さしあげ))
            # 謝罪文を組合員に郵送
          | (?:謝罪文|お(?:詫|わ)び(?:状|文)|通知文)を[^。、]{{0,12}}{_PERSONS}(?:に|へ|宛てに
            |あてに)(?=[^。、]{{0,6}}(?:郵送|送付|発送|送[っりる]|配))
          | (?<=[一-龥ァ-ヴA-Za-z])(?:に|へ)(?:対し(?:ては?)?)?、?
            (?:それぞれ|順次|電話で|直接|すでに|既に)?(?:[^。、]{{0,8}}(?:説明|経緯)と)?
            (?:お(?:詫|わ)び|謝罪)(?=を(?:行|済|終)|し(?:た|て|まし|、)|の上)
          | (?:に|へ)(?:対し)?、?[^。、]{{0,8}}(?:お(?:詫|わ)び|謝罪)の(?:メール|文書|手紙)(?=を(?:送|配|郵))
          | (?:お(?:詫|わ)び|謝罪)(?:と|及び|および)[^。、]{{0,24}}(?:メール|文書|手紙|はがき)
            (?=を[^。、]{{0,20}}(?:送|配|郵))
            # whoever they were: 電話で謝罪し; but not 会見で謝罪し, 県民に謝罪した
          | (?<!深く)(?<!」と)(?<!として)(?<!として、)(?<![いるただ]と)(?:謝罪|お(?:詫|わ)び)
            (?=を(?:行|済|終|し)|し(?:た|て|まし|、)|の上|のうえ|済|すると(?:とも|共)に|。)
          | 保護者(?:説明)?会を開(?:き|いて|催し)[^。]{{0,12}}(?:謝罪|説明)
          | 保護者説明会(?=を(?:開[きい]|開催し|実施し))
            """,
            needs="通知 連絡 説明 謝罪 詫び わび 知らせ 案内 報告 伝え 書 手紙 はがき ハガキ 訪問 電話 "
            "メール",
        ),
        pattern_of(
            r"(?:ニュース|プレス)リリース|誤って[^。]{0,20}(?:通知|送付|発送|送信)(?!した(?:方|人|世帯|お?客|対象|皆))|心よりお(?:詫|わ)び|深くお(?:詫|わ)び"
            r"|(?:通知|案内|文書)[^。、]{0,14}別(?:人|の)[^。、]{0,16}(?:送[っりる]|送付|発送|郵送)"
            r"|(?:中傷|脅迫|告発)(?:する|した)|迷惑を[^。]{0,16}(?:お(?:詫|わ)び|謝罪)"
        ),
    ),
    _Step(
        "data-recovered",
        _words(
            rf"""
            {_THINGS}[^。]{{0,40}}?(?:回収(?!率|状況|業者|箱|コンテナ|ボックス|車|場|中)|引き取(?=り|る|っ)|返却(?!期限)
              |返還|取り戻|見つ(?=か[りっら]|け[、た])|(?<!ことを)(?<!のを)発見(?=され|し|に至|でき)|戻(?=され|って|り、|しいただ))
          | (?:連絡|申し?出)があり、[^。、]{{0,6}}(?:返却|回収)(?=され|し)
          | (?:全て|すべて|全件|全数|全部|いずれも)[^。、]{{0,8}}回収
          | 回収(?=完了|済)
            # 近隣の人が拾って届け出た
          | 誤[^。]{{0,20}}(?:住民|方|人|企業|会社|業者)が[^。]{{0,20}}を[^。、]{{0,10}}に届け(?=た|出|まし)
          | (?:拾(?:っ|い|得[しさ])|発見し|見つけ)[^。]{{0,30}}?届け(?=出があ|出?(?:た|て(?!くだ|下)|、|まし)
            |出?られ(?:た|て|まし))
            # 院内を探したものの、発見には至っていない
          | (?:捜索|探し|探索|捜し)[^。]{{0,40}}?見つ(?=かって(?:い|お)(?:な|ら|ま))
          | (?:捜索|探し|探索|捜し|聞き取り)[^。]{{0,60}}?(?:発見|回収)
            (?=することができ | に?は?至 | され(?:て(?:い|お)|ず|ませ) | でき(?:て|ず|ませ|な))
          | (?<=今も)見つ(?=かって(?:い|お))  # 今も見つかっていない
          | (?:捜索|探し|探索|捜し|確認し)た(?:が|ものの)、?[^。、]{{0,10}}見つ(?=から)
          | 発見(?=の(?:報告|連絡)[はを])  # 未だ発見の報告は受けていない
            # whatever it was, in a text that tells of a loss: その後に回収した, まだ見つかっていない
          | 回収(?=する予定|し(?:た|て|まし|、)|済|を(?:完了|終え))
          | (?:発見|見つ)
            (?=に?は?至 | でき(?:な|ず|ませ|て(?:い|お)(?:な|ら|ま)) | され(?:ず|て(?:い|お)(?:な|ら|ま))
             | すること[はが]でき(?:な|ず|ませ) | か(?:らず|らな|って(?:い|お)(?:な|ら|ま))
               | けられ(?:ず|な|て(?:い|お)(?:な|ら|り?ませ)))
            # 当該書類を機構で受領, 誤送付した書類を返送していただいた
          | (?:誤[っ送交配封]|別人|当該)[^。]{{0,40}}?{_THINGS}[^。]{{0,30}}?
            (?: (?:で|にて|から|より)、?[^。、]{{0,8}}(?:受領(?=(?:いた)?し(?:まし|た(?=[。\s]|$))|済)
                | 受け取(?=りまし|った(?=[。\s]|$)))
              | 返送(?=(?:して)?(?:いただきまし|頂きまし|いただいた(?=[。\s]|$)|もらった)
                | され(?:まし|た(?=[。\s]|$|こと))) )
            """,
            needs="届け 回収 引き取 返却 返還 取り戻 見つ 発見 戻 受領 受け取 返送",
        ),
        _words(
            r"""
            清掃業者 | 溶解 | ごみ | ゴミ
          | 返却されて(?:い|お)?(?:な|ら)  # 返却されていない
          | 回収(?:する|し)?(?:よう|を依頼|をお願い|に努)  # 回収を依頼
          | 不具合 | 脆弱性 | 本の返却 | 返却を延滞
          | 持ち出した(?:際|あと|後)に?は?、?[^。]{0,12}戻 | 検索したところ
          | から見つか[^。]{0,40}流出  # 端末から見つかり、流出した
          | 画像が(?:ある|掲載)
            # 返却したが、翌日に紛失に気付いた
          | (?:返却|返還)した(?:が|ところ|後|際)[^。]{0,40}(?:紛失|見当たら|ないこと|無いこと)
          | (?:行為|事実|ミス|誤り)を発見
          | (?:ファイル|ページ)[がは]見つか(?!ら|って(?:い|お)(?:な|ま|ら|りま))  # ファイルが見つかった
          | 新たに発見された | 発見され(?:ること)?(?:が|は)?なくな
          | 痕跡
          | 誤り[がを]  # 誤りを
          | 毎(?:年|月|日|週)  # 毎年
          | 回収処理 | 不[用要]とな | から[^。、]{0,12}が見つかったと
          | 定期 | アンケートを回収 | データが見つか | マルウ | ウイルス
            """
        ),
    ),
    _Step(
        "data-deleted",
        _words(
            rf"""
            (?:{_THINGS}|当該|送信先|受信|委託先|ページ|キャッシュ|全員|相手方?)[^。]{{0,40}}?
            # 複製データは消去させた
            (?:削除|消去|破棄|取り下げ|(?<!誤)廃棄(?!予定|用|物|処分場|対象|前|業者|時)|消し(?=てもら|ていただ))
          | (?:気付い|気づい|受け)て[^。、]{{0,10}}(?:削除|消去)(?=[。\s]|し(?:た|ま))
          | (?:全て|すべて|全件)[^。、]{{0,8}}(?:削除|消去)(?=され)
          | (?:同日|当日|翌日|後)[^。]{{0,6}}(?:削除|消去)(?=されたことを確認)
          | (?:直後に|直ちに|すぐに|即座に|即時に?|速やかに|同日中に)[^。、]{{0,6}}(?:削除
            |消去)(?=し(?:た|まし)|され(?:た|まし))
          | (?:削除|消去|破棄)(?=(?:した旨|したと|済みと|完了)の(?:連絡|報告|回答)
            (?:あり|を受|を得|があ|がなさ))
            """,
            needs="削除 消去 破棄 取り下げ 廃棄 消し",
        ),
        _words(
            r"""
            誤って[^。]{0,12}(?:削除|消去|破棄|廃棄)  # 誤って削除
          | (?:て(?:い|お)る|てい?た)場合[はに][^。、]{0,6}(?:削除
            |消去)する  # 写真を保存していた場合は削除するよう
          | (?:攻撃者|何者か|第三者)[^。]{0,20}(?:削除|消去)  # 攻撃者が削除
          | ログ[をが](?:削除|消去)  # ログを消去
          | 毎(?:年|月|日|週)  # 毎月
          | 定期
            # 削除すべき
          | (?:削除|消去)(?:漏れ|すべき|し忘れ|され(?:ている|ておく)?べき|されず|せず|しておくべき)
            # 廃棄処分業務を委託
          | (?:削除|消去|破棄|廃棄)(?:処分|処理)?(?:業務)?[をの][^。、]{0,8}委託
          | (?:削除|消去)(?:する(?:作業|の|こと))?を?(?:漏ら|失念|忘れ|怠)
          | (?:削除|消去)したつもり | 廃棄すべき | 廃棄したと(?:み|考え|思)
          | 保存期間 | 保管期限 | (?:削除|消去)してしま | 廃棄する(?:ごみ|ゴミ|書類|物)
          | (?:アカウント|機能|サービス)(?:を|の)[^。、]{0,8}(?:削除|消去)
          | (?:員|者)が、?[^。]{0,40}シュレッダーで破棄 | 偽造
          | (?:削除|消去|破棄)(?:の|に)(?:承諾|了承|同意)  # 削除の承諾を得られた
          | 本来は?、?[^。、]{0,6}(?:削除|破棄|廃棄)
          | (?:格納|保管)[、・や]廃棄 | 廃棄(?:等|など) | (?:破棄|廃棄)のため(?:の|に)
          | (?:削除|消去)した」と(?:答|話|説明|虚偽) | ます」と記載
          | ページ(?:は|が)、?[^。]{0,10}移動  # ページは移動
          | アドレスが変更 | 開示、訂正
            """
        ),
    ),
    _Step(
        "ransom-demanded",
        _words(
            r"""
            身代金[^。型]{0,12}(?:要求|請求|支払い?を求)                                        # 身代金の要求
          | 脅迫(?:文書?|メール|状|メッセージ|行為) | ランサムノート
          # 金銭要求の連絡
          | 要求され(?:た|ている)(?:金銭|身代金|額)  # 要求された金銭は払っていない
          | (?:金銭|金品|仮想通貨|暗号資産|ビットコイン)[^。]{0,16}(?:要求|請求|求め)
            """,
            needs="要求 請求 を求 求め 脅迫 ランサムノート",
        ),
        pattern_of(
            r"とは|プログラムです|要求型|要求する[^。、]{0,10}(?:ウイルス|ウィルス|マルウ|プログラム|ソフト)|(?:要求|請求|支払い)に(?:は|も)?[^。、]{0,8}応じ"
        ),
    ),
    _Step(
        "encrypted-at-rest",
        _words(
            r"暗号化(?=され|し[たて]|を施|が施|済|の上|のうえ|処理|は|も|や|及び|等|・|の?[措処]置)", "暗号化"
        ),
    ),
    _Step(
        "password-protected",
        _words(
            r"(?:パスワード|生体認証|PINコード|暗証番号)(?:が|を|は|による|で|の)?[^。、]{0,8}(?:設定|ロック"
            r"|保護|設け|(?<!呼び)(?<!呼)かけ|かかっ|付(?=き)|[つ付]い(?=て))(?:(?:等|など)?の[^。、]{0,8}(?:対策|機能))?",
            "パスワード 生体認証 PINコード 暗証番号",
        ),
        pattern_of(
            r"パスワードの?(?:変更|再設定|初期化)|パスワードを変更|推測|使い回|設定してください|設定の(?:見直|強化)"
            r"|機能を持たない|(?:不審|なりすまし|攻撃)[^。]{0,8}メール|(?:媒体|USB[^。、]{0,8}|端末|パソコン)を(?:配[付布]|導入|支給)"
        ),
    ),
    _Step("arrested", _words(r"(?:再|誤認)?逮捕(?!状|術)", "逮捕"), None, True),
    _Step("prosecuted", _words(r"(?<!不)(?:在宅|追|略式)?起訴(?!猶予|状|休職)", "起訴"), None, True),
    _Step(
        "tender-exclusion",
        _words(
            r"指名停止(?!基準|要綱|要領|措置要領) | (?:競争)?入札(?:参加)?(?:資格)?(?:の|を)?停止 "
            r"| 指名回避(?!要)",
            "停止 回避",
        ),
        None,
        True,
    ),
)
_CUE = pattern_of(
    r"(?:伝え|電話(?=を[差おい入さ])|はがき|葉書|ハガキ|書面|文書|謝罪文|お?送り|発送|送付|郵送"
    r"|案内|委員会|個情委|PPC|省|庁|局|当局|警|署|交番|駐在|届|番(?=通|し)|通知|連絡"
    r"|説明|謝罪|詫び|わび|知らせ|手紙|消し|受領|受け取|返送|訪問|回収|引き取|返却|返還|戻|見つ|発見|削除|消去|破棄"
    r"|廃棄|取り下げ|身代金|脅迫|金銭|金品|通貨|暗号|ビットコイン|パスワード|認証|PIN|逮捕|起訴|指名|入札)",
    begins=(
        "PIN PPC お送 はが わび ハガ パス ビッ 交番 伝え 個情 入札 削除 取り 受け 受領 回収 委員 局 届 庁 廃棄 引き 当局 "
        "戻 手紙 指名 文書 暗号 書面 案内 消し 消去 番 発見 発送 省 知ら 破棄 署 脅迫 葉書 見つ 訪問 詫び 認証 説明 謝罪 警 "
        "起訴 身代 返却 返送 返還 送り 送付 通知 通貨 連絡 逮捕 郵送 金品 金銭 電話 駐在"
    ),
)
_SUPPOSED = _words(
    r"""
    万一 | 万が一 | 仮に | 訓練 | マニュアル
  | 手順(?:を|に|書)  # 手順書
  | 規程 | 規定で | 定めて
  | 場合(?:は|に|、|には)  # 場合は
  | 際に備え | ときは | とは、 | 必要です | なければ | ものとする | ことができる
  | 規定に(?:より|よる)  # 規定により
    """
)
_ASKED = _words(
    r"""
    \A(?:処分|処理|作業)?(?:等|など)?
    (?: [をのもに]
      | (?:する|し(?:ていただく|て頂く|てもらう))(?:よう(?:に)?|こと)(?:を|に)?、?  # 削除するように
      | の(?:ご)?  # 削除のご
    )?
    [^。、しさ]{0,12}?(?:お願い|申請|ご?依頼|要請|求め|促|指示|徹底|義務|ください|呼び?かけ|伝え)  # 依頼
    """
)
# Asked for, and then told as done: 削除を依頼し、削除済み.
_THEN_DONE = _words(
    r"""
    (?:削除|消去|破棄|廃棄|回収|返却|返送)
    (?: 済 | 完了 | が完了
      | を?(?:確認(?:し|済|でき|いた)|終え|しても?ら|していただ)  # 削除を確認し
      | さ?れたこと  # 削除されたこと
      | した(?:こと|旨|との)  # 削除した旨
      | の確認(?:を|が)  # 削除の確認を
      | の連絡(?:を|が)  # 削除の連絡を
    )
    """
)
_SENDS = pattern_of("送付|発送|郵送|送り|送る|配布")
_RECEIVED = pattern_of(r"[をがは]、?(?:受|いただ|頂|あり|あっ|入っ|寄せ)")
_DEMANDED = pattern_of(
    r"(?:する|を行う|を?提出する|いたす)(?:よう(?:に)?|こと)(?:を|に)?[^。]{0,8}"
    r"(?:求め|命じ|命令|指示|要請|指導|お願い|依頼|勧告)"
)  # 総務省に報告することを求めた
_FIRST_CLAUSE = pattern_of(r"(?<=[しりえけせてめれた])、|。")
_NEEDLESS = pattern_of(
    r"(?:を)?(?:する|行う)ことは(?:な|あり)|[はが]、?(?:不要|必要(?:は|が)?な|対象外|該当しな|義務)"
)
_WHETHER = pattern_of(r"(?:等|など)?の(?:有無|要否|必要|方法|可否|対象|検討)")
_SUGGESTION = pattern_of(r"ください|下さい|お願い(?:いた|申|しま)")
# 謝罪することにしている
_DECIDED = pattern_of(
    r"(?:する(?:と(?:とも|共)に|ほか)、)?[^。、]{0,24}る(?:ことに(?:し|なっ)|と(?:し|話し)|という|方向)"
)
_PROCESS = pattern_of(r"個別|本日|順次|予定|次第|今後|方針|準備|速やか|進め|以内|までに|考え|検討")
_ATTACK = pattern_of(r"ランサム|攻撃者|感染|不正アクセス|侵害|勝手に|ウイルス|被害を受け")
_KEPT = pattern_of(
    r"保管|保存|バックアップ|格納|パスワード|内蔵|ディスク|端末|USB|媒体|紛失|盗|管理|施|読み出|万全|措置"
)
_SIGNS = pattern_of(r"確認|完了|応じ|至っ|でき|回収|見つか|発見|戻")


def find_steps(sheet: Sheet, days: Sequence[Fact]) -> list[Fact]:
    """List every step in order; ``days`` are the dates of the text, in order."""
    found: list[Fact] = []
    steps = [step for step in _STEPS if may_match(step.words, sheet.text)]
    at = 0
    while cue := _CUE.search(sheet.text, at):  # most sentences have none
        first, last = sheet.sentence(cue.start())
        for step in steps:
            if step.words.search(sheet.text, first, last):
                found += _read(sheet, step, first, last, days)
        at = max(last, cue.end())
    return sorted(found, key=lambda fact: (fact.start, fact.end))


def _read(sheet: Sheet, step: _Step, first: int, last: int, days: Sequence[Fact]) -> Iterator[Fact]:
    text = sheet.text
    sentence = text[first:last]
    if step.unless and step.unless.search(sentence):
        return
    at = first
    seen: set[str] = set()
    while match := step.words.search(text, at, last):
        at = match.end()
        said = _said(sheet, step, match, sentence, last)
        more = _AGAIN.search(text, at, last) if step.name == "reported-to-ppc" else None
        yield from _fact(sheet, step, match.start(), match.end(), said, first, last, days, seen)
        if more:  # 速報を行い、10月31日に確報を提出
            said = _said(sheet, step, more, sentence, last)
            yield from _fact(sheet, step, more.start(), more.end(), said, at, last, days, seen)
            at = more.end()


_AGAIN = pattern_of(r"(?:[、,]|り)[^。]{0,24}?(?:確報|続報|最終報告|追加報告)")


def _said(sheet: Sheet, step: _Step, match: re.Match[str], sentence: str, last: int) -> Stance:
    """Tell whether a step was taken, as the words behind its name say."""
    # Many branches: rules in the order in which they take precedence, each with its answer.
    rest = _ASIDE.sub("", sheet.text[match.end() : last]).rstrip("\n")
    ahead = _ASIDE.sub("", sentence[: max(0, match.start() - sheet.sentence(match.start())[0])])
    if step.name == "ransom-demanded":
        if match[0].startswith("要求され"):
            return "stated"
        ahead = _QUOTED.sub("", ahead)  # 「支払わなければ公開する」という脅迫文
    if _UNDONE.match(rest) or (step.name in ("data-deleted", "data-recovered") and _UNABLE.match(rest)):
        return "denied"
    if _SUPPOSED.search(ahead) or (
        _SUPPOSED.search(_FIRST_CLAUSE.split(rest)[0]) and step.name != "tender-exclusion"
    ):
        return "open"
    if _NEEDLESS.match(rest) or _WHETHER.match(rest) or _DEMANDED.match(rest):
        return "open"
    if step.name in ("data-deleted", "data-recovered") and (
        told := _of_things(sheet, step, match, rest, ahead)
    ):
        return told
    if step.name == "persons-notified" and _ASKED_THEM.match(rest):
        return "open"
    if match[0] in _FOUND and not _is_of_loss(sheet, match):
        return "open"
    if (match[0] in _SORRY and _IN_PUBLIC.search(sentence)) or _BEFORE_ALL.search(match[0]):
        return "open"
    if step.name == "persons-notified" and (told := _told(rest, sentence)):
        return told
    if _FIRST_THEN.match(rest):
        return "open" if re.search("ください|お願い|今後|検討|予定|方針", rest) else "stated"
    said = judge_act(rest)
    if said == "open" and is_denied_list(sheet, match.start()):
        return "denied"
    if said == "open":
        return _without_verb(sheet, step, match, rest)
    if step.noun_is_done and said == "planned" and not re.search("予定|方針|検討|見込", rest):
        return "stated"  # 入札参加資格を停止する: a decision
    if said == "planned" and _SUGGESTION.search(rest):
        return "open"
    if said == "planned" and not _is_likely(sheet, step, match, sentence, rest):
        return "open"
    if step.name == "data-deleted" and said == "denied" and not _SIGNS.search(rest):
        return "open"
    if step.name == "encrypted-at-rest" and said == "stated" and not _at_rest(sheet, match, sentence, rest):
        return "open"
    return said


def _of_things(sheet: Sheet, step: _Step, match: re.Match[str], rest: str, ahead: str) -> Stance | None:
    """Judge what became of things and data, where the words behind or around say so in a way of their own."""
    if _ASKED.match(rest):
        return "stated" if _THEN_DONE.search(rest) else "open"
    if _SHOULD.match(rest) or (step.name == "data-recovered" and _OF_OTHERS.search(match[0])):
        return "open"
    if _SO_THAT.match(rest):
        return "stated"
    if match[0].endswith("届け"):
        return "stated" if _is_of_loss(sheet, match) else "open"
    if sheet.text.startswith(")", match.end()):
        return "open" if _TO_DO.search(match[0] + ahead[-20:]) else "stated"  # (※通知書を回収)
    return None


_SO_THAT = pattern_of(r"して[^。、]{0,16}ないようにし(?:た|て|ま)")  # 削除して、閲覧できないようにした
# 該当する利用者にはメールで連絡を行う; but not 対象者に確認の連絡を行う below 再発防止.
_OF_THEM = pattern_of(
    r"(?:該当|対象|影響)(?:する|の|者|とな)|(?:可能性|おそれ|恐れ)の?(?:が)?(?:ある|高い)|流出した|漏えいした|全員|当該"
)


def _is_likely(sheet: Sheet, step: _Step, match: re.Match[str], sentence: str, rest: str) -> bool:
    """Tell whether a plan is one for this case, and no rule for later."""
    if _PROCESS.search(sentence) or _SENDS.search(match[0][-6:] + rest[:20]) or _DECIDED.match(rest):
        return True
    return step.name == "persons-notified" and _is_promise(sheet, sentence, match)


_ON_A_DAY = pattern_of(r"[0-9]日(?:に|から)は?、?\Z")  # 19日には保護者に説明する


def _is_promise(sheet: Sheet, sentence: str, match: re.Match[str]) -> bool:
    """Tell whether a sentence says of those concerned that they will be told, and is no rule for later."""
    if re.search("確認|場合|徹底|都度|必ず", sentence):
        return False
    if not _OF_THEM.search(sentence) and not _ON_A_DAY.search(sheet.before(match.start(), 12)):
        return False
    return "再発防止" not in sheet.text[max(0, match.start() - 200) : match.start()]


# 求職申込書は返却、又は廃棄をするべきところ
_SHOULD = pattern_of(
    r"(?:[、又は・や及び]{1,4}[^。、]{0,16})?(?:を)?(?:する|す)べき(?:ところ|だった|であ|もの)"
)
# 電話連絡したところ、返却していないことを確認した: what they were asked
_ASKED_THEM = pattern_of(r"(?:を)?(?:し|取っ|入れ)たところ、(?![^。]{0,60}(?:謝罪|詫|了承|了解|理解|説明))")
_OF_OTHERS = pattern_of(
    r"(?:現金|財布|犯人|容疑者|原因)[はがも][^。、]{0,8}(?:見つ|発見)\Z"
)  # 現金は見つかっていない
_FOUND = ("回収", "発見", "見つ")
_UNDONE = pattern_of(r"ず(?:に|、|。)|ない(?:まま|で|、|。)|なかった")  # パスワードをかけ|ずに保存した
_UNABLE = pattern_of("[がはも](?:不可能|困難|できな|できませ)")  # 回収が不可能となった
_LOST = pattern_of(
    "紛失|遺失|誤送信|飛散|盗ま|盗難|置き忘れ|所在不明|見当たら|誤(?:送付|交付|配|発送|封入)|誤って"
)
_NO_THING = pattern_of(
    r"(?:現金|財布|犯人|容疑者|脆弱|痕跡|形跡|原因|証拠|不審|異常|問題|ウイルス|マルウ|プログラム|欠陥|製品|商品|ごみ|ゴミ|アンケート)[^。、]{0,12}\Z"
)
_SORRY = ("謝罪", "お詫び", "おわび", "お侘び")
_BEFORE_ALL = pattern_of("(?:議会|会見|委員会)[^。、]{0,8}で[^。]{0,24}(?:謝罪|お?詫び|おわび)\\Z")
_IN_PUBLIC = pattern_of(
    "会見|大臣|知事が|総会|議会|と述べ|公表|発表|明らかに|ホームページ|サイト|ウェブ|迷惑|陳謝|県民|市民の皆"
)
# 連絡するためファイルを見た, 案内が送付されることとなり: no step of its own.
_FOR_OTHERS = pattern_of(
    r"のため(?:の|に)|を?(?:する|行う)(?:ため|よう|際|予定だった)|[がを]?[^。、]{0,6}され?ることとな"
)
# 速やかに連絡し、説明と謝罪を行います。 今月末から郵送し、窓口を設置する。
_PROMISED = pattern_of(
    r"[^。、]{0,6}し、(?:(?!た[。、])[^。、]){0,40}(?:[いしり]ます|る|予定(?:です)?)[。\s]*\Z"
)
_ADVICE = pattern_of(r"(?:ましょう|べきです|望ましい[^。]{0,8})[。\s]*\Z")  # 謝罪し、手続きを進めましょう
# 書面で謝罪していて今後は徹底する; 連絡する対応を取った
_GOING = pattern_of(r"(?:を)?し(?:ていて|ており、)|する対応(?:を|が)(?:取|と|行)(?:っ|ら)")
_AND_NOUN = pattern_of(
    r"して[^。、]{0,24}(?:回収|説明|返却|削除|連絡|謝罪|お詫び|おわび)(?:。|\Z)|し謝罪したうえで"
)
_WILL = pattern_of(r"し、(?:謝罪|お詫び|説明|通知|連絡)(?:する|します|いたします)(?=。|」|\s|\Z)")
_QUOTED_PROMISE = pattern_of(r"(?:を)?(?:させていただきます|いたします|する|します)」と")
_SOON = pattern_of(r"速やか|今後|順次|準備|次第|月末|[上中下]旬|来月|来週|後日")
# 警察へ連絡の上、状況を確認中です。
_FIRST_THEN = pattern_of(
    r"の(?:上|うえ)で?、[^。]{0,40}(?:て(?:い|お)(?:る|り?ま)|中(?:です|であ|、|。|\Z)|(?:まし)?た[。\s]*\Z)"
)
_ASIDE = pattern_of(r"\([^()]*\)")
_QUOTED = pattern_of(r"「[^」]*」")
_SENT = pattern_of(r"[^。、]{0,20}を(?:一斉)?(?:配信|送信|送付|発送|郵送)[。\s]*")  # お詫び一式を送付
_DONE_NOUN = pattern_of(
    r"(?:を)?(?:済み?|完了|実施済|提出済|依頼済|開始|終了|受理|実施"
    r"|提出|(?:一斉)?(?:配信|送信)|送付|発送|郵送)?[\s。)、]*(?:[:|]?\s?(?:\Z|\(|[0-9令平]))"
)


# 発覚し、警察に相談。 同日、患者に謝罪。: a noun that ends a sentence as its verb.
_GOES_BEFORE = pattern_of(r"[しりえけせてめれ]、|同日|翌日|当日|直ちに|即日|速やかに|[0-9]日")


def _without_verb(sheet: Sheet, step: _Step, match: re.Match[str], rest: str) -> Stance:
    """Judge words that end without a verb: an entry of a course of events, or a heading."""
    if rest.startswith(("の上", "し")) and _is_entry(sheet, match, rest):
        return "stated"
    done = re.match(r"(?:(?:及び|と|や)(?:謝罪|説明))?を?[^。、]{0,6}(?:済み?|完了)", rest)
    if done or (
        step.noun_is_done and not re.search(r"(?:基準|要綱|場合|について|可能性|おそれ|か)", rest[:12])
    ):
        return "stated"
    ahead = sheet.before(match.start(), 24)
    dated = re.search(r"[0-9]\s?[日時]|[0-9]/[0-9]", ahead) or re.match(
        r"\s?[:|]?\s?(?:令和|20[0-9]{2})", rest
    )
    to_do = re.search("今後の|再発防止", sheet.text[max(0, match.start() - 80) : match.start()])
    if not dated and not to_do and not rest.strip("。\n "):
        dated = _GOES_BEFORE.search(sheet.before(match.start(), 60) + match[0])
    if not dated and _is_entry(sheet, match, rest):
        return "stated"
    return "stated" if dated and (_DONE_NOUN.match(rest) or _SENT.fullmatch(rest)) else "open"


def _is_of_loss(sheet: Sheet, match: re.Match[str]) -> bool:
    """Tell whether what was found or taken back is what the text says was lost or sent to others."""
    return not _NO_THING.search(sheet.before(match.start(), 24)) and _LOST.search(sheet.text) is not None


_ENTRY_END = pattern_of(
    r"(?:と(?:謝罪|お詫び|説明)|(?:の上で?|し)、?(?:順次|個別に|電話で|直接)?(?:謝罪|お詫び))?"
    r"(?:を(?:実施|完了|開始))?[。\s]*\Z"
)
_BULLET = pattern_of(r"(?:\A|\n)\s?(?:[・●○◆■〇*-]|[0-9①-⑳⑴-⒇]{1,2}[.)]?|\([0-9ア-ン]\))\s?[^。\n]{0,40}\Z")
_DOT = pattern_of(r"\n\s?[・●○◆■〇*-]\s?[^。\n]{0,40}\Z")
_DEALT_WITH = pattern_of(
    r"対応(?:状況|経過)|(?:行った|実施した|講じた|事後の?|発覚後の?|これまでの)(?:対応|措置)"
)
_TO_DO = pattern_of(r"今後|予定|再発|徹底|方針|検討|場合|防止|準備|手順|速やか")


def _is_entry(sheet: Sheet, match: re.Match[str], rest: str) -> bool:
    """Tell whether words are an entry of what was done: ・警察に相談, 削除を実施."""
    ahead = sheet.text[max(0, match.start() - 120) : match.start()]
    if not _ENTRY_END.fullmatch(rest) or _TO_DO.search(ahead[-80:] + match[0]):
        return False
    if rest.startswith(("を", "と", "の上", "し")):
        return True
    bullet = _BULLET.search(ahead[-60:]) is not None
    if _DOT.search(ahead[-60:]) and _DEALT_WITH.search(ahead):
        return True
    told = re.search(r"(?:へ|に|を|から)(?!の)[^のへにを]{0,8}\Z", match[0]) is not None
    return told and (bullet or rest.startswith("。"))


def _told(rest: str, sentence: str) -> Stance | None:
    """Tell whether those concerned were told, where the words behind say so in a way of their own."""
    if _RECEIVED.match(rest) or _FOR_OTHERS.match(rest) or _ADVICE.search(rest):
        return "open"
    if _PROMISED.match(rest) and _SOON.search(sentence[:-1]):
        return "planned"
    if _AND_NOUN.match(rest) or _GOING.match(rest) or rest.startswith(("申し上げ、", "申しあげ、")):
        return "stated"
    if re.match(r"を(?:送る|(?:郵送|発送|送付)する)(?=。|\s|\Z)", rest):
        return "planned"
    if _QUOTED_PROMISE.match(rest) or _WILL.match(rest):
        return "planned"
    return "denied" if re.match(r"[がは](?:困難|不可能|行え)", rest) else None


def _at_rest(sheet: Sheet, match: re.Match[str], sentence: str, rest: str) -> bool:
    """Tell whether data were kept encrypted, rather than encrypted by an attacker."""
    first = sheet.sentence(match.start())[0]
    if _ATTACK.search(sentence) and not re.search("保管|保存|バックアップ", rest):
        return False
    if _FILES.search(sentence[: match.start() - first]) and _ATTACK.search(
        sheet.text, max(0, first - 200), first
    ):
        return False  # サーバーの各種ファイルが暗号化された
    return bool(_KEPT.search(sentence))


_FILES = pattern_of(r"(?:ファイル|データ|サーバー?)(?:等|など|の一部)?が\Z")


def _fact(
    sheet: Sheet,
    step: _Step,
    start: int,
    end: int,
    said: Stance,
    first: int,
    last: int,
    days: Sequence[Fact],
    seen: set[str],
) -> Iterator[Fact]:
    if said not in ("stated", "denied", "planned"):
        return
    qualifiers: list[str] = [] if said == "stated" else [said]
    day = _day(sheet, days, first, start, end, last)
    if step.name == "tender-exclusion":
        qualifiers += [f"{role}:{fact.value}" for role, fact in _period(sheet, days, first, last)]
    elif day:
        qualifiers.append(f"date:{day}")
    key = f"{said} {day}"
    if key not in seen:
        seen.add(key)
        yield sheet.fact("step", step.name, start, end, qualifiers=qualifiers)


def _is_beside(fact: Fact) -> bool:
    """Tell whether a day is one of a period, or that of the announcement, rather than of the step."""
    return fact.role in ("period-start", "period-end") or (fact.role == "published" and fact.raw != "本日")


def _day(sheet: Sheet, days: Sequence[Fact], first: int, start: int, end: int, last: int) -> str | None:
    """Find the day of a step: the last one named before its verb, or one in brackets behind it."""
    whole = [fact for fact in select_within(days, first, last) if fact.field == "date" and _is_day(fact)]
    before = [fact for fact in whole if fact.end <= end and not _is_beside(fact)]
    if before:
        return str(before[-1].value)
    behind = [fact for fact in whole if fact.start >= end]
    if behind and re.fullmatch(r"[^。、]{0,6}[(:|\s]\s?", sheet.text[end : behind[0].start]):
        return str(behind[0].value)
    return None


def _period(sheet: Sheet, days: Sequence[Fact], first: int, last: int) -> Iterator[tuple[str, Fact]]:
    for fact in select_within(days, first, last + 40):
        if fact.role in ("period-start", "period-end"):
            yield ("from" if fact.role == "period-start" else "until"), fact


def _is_day(fact: Fact) -> bool:
    return fact.value is not None and re.fullmatch(r"\d{4}-\d\d-\d\d", str(fact.value)) is not None
