"""Bare names in places where only a body can stand: 委託先のX, Xは…発表した, X社, Xが運営する."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from monitor.facts.organisations.by_form import COMMON, KANA, LEAD, NO_NAME, is_kind
from monitor.facts.organisations.listed import Name
from monitor.facts.sheet import Sheet
from storage.text.patterns import pattern_of

_COMMON_ENDING = pattern_of(
    r"""
    (?: 者|員|等|他|側|系|内|外|中|先|元|上|下|後|前|間|名|数|件|様|氏|的|化|性|用|品|書|表|票
      | 日|月|年|度|回|時|報|号|版|法|令|約|料|費|額|率
      | 情報|会社|企業|事業|業務|業者|事業者|団体|機関|法人|組織|部門|部署|担当|窓口
      | コピー機|複合機|印刷機|券売機|シュレッダー|プリンター?|スキャナー?
      | クラウド|フォルダー?|ドライブ|ポータル|チャット
      | サイト|サーバー?|システム|サービス|アプリ|データ|ファイル|メール|アドレス|アカウント
        |ドメイン|ブランド|メーカー
      | 端末|機器|機能|ソフト|ツール|プラグイン|モール|カード|ポイント|ページ|フォーム|センター|リスト
      | 調査|攻撃|対策|対応|処理|管理|運営|利用|使用|発表|公表|報告|通知|連絡|確認|発生|判明
      | 被害|影響|事案|事件|事故|問題|原因|結果|内容|範囲|項目|状況|状態|経緯|概要|方法|手続|手段
      | 訪問|面談|製品|商品|契約|委託|派遣|個人|本人|社内|国内|海外|全国|地域|全体|一部|複数|多数
      | 以上|以下|以外|関係|関連|同様|可能性|恐れ
      | スタッフ|ドライバー|オペレー[タト]ー?|メンバー|ユーザー|エンジニア|パート|アルバイト|ボランティア
      | マネー?ジャー|リーダー|チーフ|コーチ|トレーナー|ヘルパー|ケアマネ|ドクター|ナース|サポーター
      | インストラクター|カメラマン|ライター|アドバイザー|コンサルタント|コーディネーター|ディレクター
      | プログラマー?|デザイナー|セールスマン|ガードマン|オーナー|ワーカー|カウンセラー|ハッカー
      | 教諭|講師|教授|校長|医師|看護師|警察官|巡査
      | お客様|顧客|会員|市民|県民|住民|生徒|児童|学生|患者|教員|職員|社員|従業員|役員
      | 店舗|施設|学校|病院|自治体|市町村|都道府県|警察|専門家|弁護士|第三者|外部|内部|相手
      | 自身|自社|他社|同社|両社|各社|当社|弊社|本社|支社|支店|営業所|工場
      | ネットワーク|プログラム|プロジェクト|キャンペーン|イベント|ツアー|セミナー|コンテスト|アンケート
      | ヒアリング
      | オンライン(?:ショップ|ストア)|公式ショップ|パーク|アリーナ|スタジアム
      | 公式|会見|取材|記者|新聞|報道|記事
      | 同日|翌日|前日|当日|本日|昨年|今年|来年|同年|同月
    )\Z
    """,
    re.VERBOSE,
)

_EDGE = r"(?<![A-Za-zァ-ヴー一-龥])"
_IN = r"[A-Za-z0-9ァ-ヴー一-龥々&＆.・'’-]"
_K = (
    rf"(?P<n>(?:(?:{KANA})(?=[A-Za-zァ-ヴー一-龥]))?[A-Za-zァ-ヴー一-龥々]"
    rf"{_IN}{{1,22}}(?:(?<=[A-Za-z.]) (?=[A-Z]){_IN}{{1,20}}){{0,3}}"
    r"(?:ホールディングス|グループ)?)"
)
_TELLS = r"(?:誤(?:開示|配信|送信|表示|公開|掲載)|発表|公表|明らかに|お詫び|謝罪|報告|説明|コメント|開示)"
_HARM = r"(?:流出|漏えい|漏洩|不正アクセス|ランサム|紛失|盗難|誤送|サイバー攻撃|感染|被害|持ち出し|お詫び)"
_PART = (
    r"委託先|再委託先|委託元|委託業者|運営会社|運営元|受託者|受託業者"  # 委託先のX
    r"|運営する|手がける|手掛ける|展開する|提供する|開発する|販売する"  # ……を運営するX
    r"|(?<=物流|製造|印刷|販売|テム|IT|広告|保険|通信|警備|清掃|運送|出版|調査|人材|食品|建設|製薬)会社"
    r"|傘下の|子会社|親会社|グループ会社|大手|業者|企業|事業者|取引先|ベンダー?"
    r"|売却先|依頼先|発注先|納品先|請負先|リース元"  # 子会社のX, 大手のX
    r"|販売元|開発元|提供元|サイト運営"
    r"|(?:委託|受託|外注|発注)(?:して(?:い|お)る|した|する)"  # 委託しているX
    r"|同業他社?|競合他社?|競合会社|転職先|元請け?|下請け?|勤務先"  # 同業他社であるX
)
_HELD = (
    r"(?:(?:元|一部の)?(?:社員|従業員|派遣社員|子会社"  # Xの元社員
    r"|公式(?:サイト|通販|オンライン)|通販(?:サイト)?|通信販売"  # Xの公式サイト
    r"|オンラインショップ|オンラインストア|ECサイト"
    r"|グループ会社|連結子会社|完全子会社"
    r"|サーバー?(?:が|に|へ)|社内|顧客|会員|利用者|店舗|工場"  # Xのサーバーが
    r"|システム(?:が|に)|ネットワーク(?:が|に)))"
)
_TASK = r"(?:業務|作業|運用|運営|保守|開発|管理|配送|発送|印刷|処理|集計|入力)"
_ENDS = (
    r"ホールディングス|コンサルティング|ソリューションズ|コミュニケーションズ|システムズ|テクノロジーズ"
    r"|ネットワークス|コーポレーション|エンジニアリング"
    r"|フィナンシャルグループ|HD"
)

# Before a name, or around it.
_PARTNER = pattern_of(
    # the first letters of all these words, so that other places are passed over at once
    rf"(?=[委再運受手展提開販会傘子親グ大業企事取ベサ外発同競転元下勤売依納請リ])"
    rf"(?:{_PART})(?:である|の|、)?[「『]?{_K}(?=[」』(、。はがのをにとでも]|へ(?!の)|及び|など|から|$)",
    begins=(
        "グル サイ ベン 下請 事業 企業 会社 傘下 元請 再委 勤務 取引 受託 同業 外注 大手 委託 子会 展開 "
        "手が 手掛 提供 業者 発注 競合 親会 販売 転職 運営 開発 売却 依頼 納品 請負 リー"
    ),
)
_SAYS = rf"\s?[「『]?{_K}[」』]?(?:\([^()]*\))?(?:は|が)(?=[^。\n]{{0,120}}{_TELLS})"
_OPENING = pattern_of(rf"(?:【[^】]*】)?{_SAYS}")  # at the head of a text
_SENTENCE = pattern_of(
    rf"[。\n■○●◆・|]{_SAYS}", needs="発表 公表 明らか 詫び 謝罪 報告 説明 コメント 開示 誤"
)
# 問題は、Xが昨年12月、…と公表し
_MIDWAY = pattern_of(
    rf"、{_K}が(?:(?:昨|今|同)年)?[0-9]{{1,2}}[月日][^。\n]{{0,100}}?(?:と|を)(?:発表|公表|明らかに)し",
    needs="発表し 公表し 明らかにし",
)
_QUOTED = pattern_of(
    r"(?:会社|企業|業者|大手|メーカー|法人|団体|学習塾|予備校|スポンサー|[BC]S放送|出版社|商社|百貨店"
    r"|委託(?:する|して(?:い|お)[るた]|した|先))(?:の|である)?「(?P<n>[^」]{2,24})」"
)
_LED = [
    pattern_of(
        rf"\A{_K}、(?=[^\n]{{0,60}}{_HARM})",
        needs="流出 漏えい 漏洩 アクセス ランサム 紛失 盗難 誤送 攻撃 感染 被害 持ち出し お詫び",
    ),
    # Xに不正アクセス、17万人の情報漏えいか
    pattern_of(
        rf"\A{_K}に(?:不正アクセス|サイバー攻撃|ランサム)", needs="に不正アクセス にサイバー攻撃 にランサム"
    ),
    _QUOTED,
    # 「X」の代表, 「X」に転職
    pattern_of(
        r"「(?P<n>[A-Za-z0-9ァ-ヴー一-龥・]{2,24})」"
        r"(?:\([^()]{0,20}\))?(?:の(?:代表|社長|役員|元?社員|元?従業員|親会社|本社|支店|営業所)|に(?:転職|再就職|入社)|を退[職社])"
    ),
    pattern_of(
        r"(?:NGO|NPO)(?:法人)?[ 「](?P<n>[A-Za-zァ-ヴー一-龥][A-Za-z0-9ァ-ヴー一-龥々・-]{2,22})"
        r"(?=[\s」はがのに、(]|$)",
        needs="NGO NPO",
    ),
    pattern_of(
        r"「(?P<n>[A-Za-z0-9ァ-ヴー一-龥・]{2,20}(?:製作所|工業|商事|電機|製薬|食品|印刷|運輸))」社(?![員会内長外名史屋])",
        needs="」社",
    ),
    pattern_of(
        r"「(?P<n>[A-Za-z0-9ァ-ヴー一-龥・]{2,24}(?:テクノロジー|銀行|証券|生命|保険|電力|ガス))」",
        needs="ー」 行」 券」 命」 険」 力」 ス」",
    ),
]
# After a name; the name is then read backwards.
_FOLLOWED = pattern_of(
    rf"""
    (?=[がのにへか社日(」』])[」』]?
    (?: (?:が|の)(?:運営|提供|開発|販売|展開)(?:する|している|元)              # Xが運営する
      | (?:に|へ)(?:対して)?{_TASK}?(?:の一部)?(?:を|の)?(?:委託|再委託|外部委託)  # Xに業務を委託
      | から{_TASK}?を?(?:委託|受託|再委託)                                    # Xから受託した
      | 日本法人(?=[はがのにで、])                                              # X日本法人
      | の{_HELD}                                                              # Xの元社員
      | (?<!会)社(?![員会内長外名史屋])                                               # X社
      | \((?:本社|東証|東京都|大阪府|京都府|北海道|[一-龥]{{2,3}}県|東京・|[一-龥]{{2,4}}市)
        [^()]{{0,30}}\)                                                        # X(東京都港区)
    )
    """,
    re.VERBOSE,
)
_ENDED = pattern_of(
    rf"(?:{_ENDS})(?![A-Za-zァ-ヴー])",
    needs="ングス ティング ションズ テムズ ジーズ ークス レーション リング グループ HD",
)
_BACKWARDS = pattern_of(rf"{_EDGE}{_K}\Z")
# What a text begins with and says something of is a body in whatever letters: 関通は…と発表した.
_SUBJECT = pattern_of(
    rf"\A(?:【[^】]*】)?\s?(?P<n>(?:(?:{KANA})(?=[一-龥]))?[^\sのをにへとはがも、。「」()|:0-9]{{2,20}})(?:\([^()]*\))?"
    r"は(?=[^。\n]{0,160}(?:発表|公表|明らかに)(?:し|する))"
)
# The first line of a headline: 関通、ランサムウェア被害.
_HEADLINE = pattern_of(
    rf"\A(?P<n>[^\sのをにへとはがも、。「」()|:0-9]{{2,16}})、(?=[^。\n]{{0,60}}{_HARM}[^。\n]{{0,60}}(?:\n"
    rf"|\Z))"
)
_NO_SUBJECT = pattern_of(
    r"\A(?:こ|そ|あ|お|ご|本|当|同|以下|なお|また|今|先|昨|第|[0-9])|[市区町村県都府道省庁]\Z|\A[市区町村県都府道]教委\Z|[ぁ-ん]\Z"
)
# Lines of business that end the names of companies in kanji: 例示観光, 例示運輸.
_TRADES = (
    "観光|交通|不動産|商事|物産|電機|電工|運輸|運送|通運|印刷|建設|工務店|食品|製薬|鉄道|百貨店"
    "|製作所|商会|商店|本店|本舗|酒造|興業|倉庫|書店|出版|薬品|化成|石油|産業|工業|水産|農園|紙業|精機"
)
_BRANCH = pattern_of(r"(?<=[ァ-ヴーA-Za-z])[一-龥]{2,3}支\Z")  # Xシステムズ中部支|社
_KANA_NAME = pattern_of(rf"(?:{KANA})[一-龥ァ-ヴ]{{2}}")  # かもめ食品
_FOREIGN = pattern_of(
    rf"[A-Z][A-Za-z]|[A-Z]{{2}}|[ァ-ヴー]{{2}}|\A(?:{KANA})[一-龥]{{2}}|\A[一-龥]{{2,6}}(?:{_TRADES})\Z"
)
_LOCATED = pattern_of(
    r"(?<=[一-龥]{4})\((?:東京|大阪|[一-龥]{2,3}[市区])[^()]{0,8}\)[がはのに]"
)  # 例示建設技術(例示市)が
_SERVICES = ("LINE", "Google", "HD")  # said of a tool far more often than of a company


def find_by_words(sheet: Sheet) -> Iterator[Name]:
    """Find names by the words beside them; words of the language are left out.

    Katakana or Latin letters are asked for: kanji alone would catch too many words.
    """
    offered = {service["n"] for service in _INTRODUCED.finditer(sheet.text)}
    for match in _candidates(sheet.text):
        found = _name(match)
        if (
            found
            and found.text not in offered
            and (
                match.re.pattern == _QUOTED.pattern
                or _FOREIGN.search(found.text)
                or _LOCATED.match(sheet.text, found.end)
            )
        ):
            yield found
    subject = _SUBJECT.match(sheet.text) or _HEADLINE.match(sheet.text)
    if subject and not _NO_SUBJECT.search(subject["n"]) and (found := _name(subject)):
        yield found


# 会員サービス「マイ例示」: what is so called is no body further down, either
_INTRODUCED = pattern_of(
    r"(?:アプリ|サービス|サイト|システム|ソフト|ツール|ショップ|ゲーム|機能|ブランド)[「『](?P<n>[^「」『』()]{2,24})[」』(]"
)


def _candidates(text: str) -> Iterator[re.Match[str]]:
    yield from _PARTNER.finditer(text)
    if opening := _OPENING.match(text):
        yield opening
    yield from _SENTENCE.finditer(text, opening.end() if opening else 0)
    for pattern in (_MIDWAY, *_LED):
        yield from pattern.finditer(text)
    for end in chain((m.start() for m in _FOLLOWED.finditer(text)), (m.end() for m in _ENDED.finditer(text))):
        if match := _BACKWARDS.search(text, max(0, end - 26), end):
            yield match


_SERVICE = pattern_of(
    r"[」』](?:\([^()]*\))?(?:の)?(?:サービス|サイト|アプリ|システム|ソフト|会員|ショップ|ツール|プラットフォーム|を利用|利用者|運営(?:会社|元)|のEC)"
)
_OFFERED = pattern_of(r"(?:運営|提供|展開|開発|販売)(?:する|している)[^。、「」]{0,8}[「『]\Z")


_KIND_OF_SERVICE = pattern_of(
    r"(?:アプリ|サービス|サイト|システム|ソフト(?:ウェア)?|ツール|ショップ|ブランド|ゲーム|番組|雑誌|媒体|プラットフォーム"
    r"|クラウド|モール|カード|ソフト|キャンペーン|講座|SNS|メルマガ|商品|製品)[「『]\Z"
)
_OURS = pattern_of(
    r"(?:[^をにへ、。\s]が|(?:当社|弊社|同社|当会|当協会|当法人|本会)[のでは])、?"
    r"(?:運営|提供|展開|開発|販売)(?:する|している|しております)[「『]?\Z"
)


_COMPANY = pattern_of(r"[」』](?:\([^()]*\))?社(?![員会内長外名史屋])")  # 開発する「例示製作所」社


def _is_service(match: re.Match[str]) -> bool:
    """Tell whether a name is that of a service: 弊社が提供するX, 弊社が提供する「X」サービス."""
    text, start, end = match.string, match.start("n"), match.end("n")
    if _COMPANY.match(text, end):
        return False
    if _OURS.search(text, max(0, start - 16), start):
        return True
    return text[start - 1 : start] in "「『" and bool(
        _SERVICE.match(text, end)
        or _KIND_OF_SERVICE.search(text, max(0, start - 12), start)
        or _OFFERED.search(text, max(0, start - 20), start)
    )


_OPENED = pattern_of(r"[「『][ぁ-ん]{1,8}\Z|[「『][^」』]{2,}\s\Z")  # 「かもめテラス」の会員: one word
_KANA_PART = pattern_of(r"(?:\A|[^ぁ-ん])[のはがをに]?([ぁ-ん]{3,8}・)\Z")


_PERFORMER = pattern_of(r"(?:コンビ|タレント|歌手|俳優|芸人|アイドル)[・の「『]")  # 人気コンビ・例示ズが
_OF_PROGRAM = pattern_of(r"[」』]?(?:機能|設定|画面|ボタン|タブ|欄)")  # 「勤務先のブロック」機能


def _name(match: re.Match[str]) -> Name | None:
    if (match.start("n") and _is_service(match)) or _OF_PROGRAM.match(match.string, match.end("n")):
        return None
    if _PERFORMER.search(match.string, max(0, match.start("n") - 6), match.end("n")):
        return None
    name = match["n"].rstrip("・.-")
    lead = LEAD.match(name)
    start = match.start("n") + (lead.end() if lead else 0)
    name = _BRANCH.sub("", name[lead.end() :] if lead else name)
    if name[:1] in ("当", "弊") and _KANA_OR_LATIN.match(name, 1):
        name, start = name[1:], start + 1  # 当|みほんクラブ
    kana = _KANA_PART.search(match.string, max(0, start - 10), start) if name else None
    if kana and match.string[start - 1] == "・":
        name, start = kana[1] + name, start - len(kana[1])  # ほくやく・竹山ホールディングス
    common = (
        name in COMMON if match.re.pattern == _QUOTED.pattern or _KANA_NAME.match(name) else is_common(name)
    )
    if (
        len(name) < 2
        or (name in _SERVICES and match.re.pattern not in _SPEAKS)
        or common
        or (match.string.startswith("社", start + len(name)) and _SO_MANY.search(name))
        or _OPENED.search(match.string, max(0, start - 10), start)
    ):
        return None
    return Name(start, start + len(name), name, "company")


_KANA_OR_LATIN = pattern_of(r"[ァ-ヴーA-Z]")
_SO_MANY = pattern_of(r"(?:[0-9数各両複同]|[0-9]つの|の)\Z")  # カードブランド5|社, カード会社各|社
# LINEは10日、…と発表した
_SPEAKS = tuple(one.pattern for one in (_OPENING, _SENTENCE, _SUBJECT, _HEADLINE))
_FORMS = ("LLC", "Inc", "Ltd", "Limited", "Corp", "Corporation", "Co")


def is_common(name: str) -> bool:
    """Tell whether this is a word of the language rather than a name."""
    return (
        name in COMMON
        or name in _FORMS
        or is_kind(name)
        or bool(NO_NAME.match(name))
        or bool(_COMMON_ENDING.search(name))
    )
