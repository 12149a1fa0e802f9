"""Bodies that no list holds: by corporate form, by the ending of their name, by the words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.facts.gazetteer import Name
from monitor.facts.sheet import Sheet

_COMPANY = r"株式会社|有限会社|合同会社|合資会社|合名会社|\(株\)|\(有\)|\(同\)|[㈱㈲]"
_PUBLIC = (
    r"(?:特例|一般|公益)(?:社団|財団)法人|\((?:一社|一財|公社|公財|社福|特非)\)|社会福祉法人|医療法人(?:社団|財団)?|学校法人|宗教法人|"
    r"独立行政法人|国立研究開発法人|国立大学法人|公立大学法人|地方独立行政法人|特定非営利活動法人|NPO法人|認可法人|税理士法人|弁護士法人|監査法人|農業協同組合法人|農事組合法人"
)
FORM = re.compile(rf"{_COMPANY}|{_PUBLIC}")
_C = r"[A-Za-z0-9ァ-ヴー一-龥々〆ヶ&＆.+'’･・\-]"
_LETTERS = re.compile(rf"{_C}+(?:(?<=[A-Za-zァ-ヴー]) (?=[A-Za-zァ-ヴー]){_C}+)*")
_HIRAGANA = re.compile(r"[ぁ-んー]+")

# Before a name: what it is or when, not how it is called.
_LEAD = re.compile(
    r"\A(?:.*(?:[0-9]日|[0-9]月|[0-9]年|午前|午後|委託先|委託元|委託業者|受託者|受託業者|受託事業者|運営会社|運営元|子会社|親会社|グループ会社|関連会社|関係会社|取引先|派遣元|派遣先|"
    r"発行元|販売元|開発元|提供元|発注者|受注者|契約者|事業者|業者|会社名|法人名|社名|名称|企業|各位|株主|加盟店|代理店|同社|当社|弊社|大手|現在|今般|今回|先般|及|並|若|又|対|等|・|[-.]))"
)
_TRAIL = re.compile(
    r"(?:代表取締役|取締役|代表|社長|会長|執行役|御中|広報|担当|名義|及|並|若|又|等|様|従業員|社員|職員|元社員|元従業員|担当者|関係者|以下|製(?!作|薬|造|菓|鉄|鋼|紙|油|粉|麺|糖)|宛|間|側|内|外|向).*\Z"
)
_COMMON = frozenset(
    [
        "システム",
        "サーバ",
        "サーバー",
        "メール",
        "データ",
        "データベース",
        "ウェブサイト",
        "ウェブ",
        "サイト",
        "ホームページ",
        "アカウント",
        "パスワード",
        "セキュリティ",
        "ランサムウェア",
        "ランサムウエア",
        "マルウェア",
        "ウイルス",
        "サービス",
        "インターネット",
        "ネットワーク",
        "クラウド",
        "ソフトウェア",
        "ソフト",
        "アプリ",
        "アプリケーション",
        "プログラム",
        "ファイル",
        "フォルダ",
        "フォルダー",
        "フォーム",
        "アンケート",
        "アクセス",
        "ログ",
        "ログイン",
        "コールセンター",
        "データセンター",
        "カスタマーセンター",
        "サポートセンター",
        "お客様センター",
        "お客さまセンター",
        "センター",
        "グループ",
        "カード",
        "クレジットカード",
        "クレジット",
        "キャッシュカード",
        "ショッピング",
        "オンラインショップ",
        "オンラインストア",
        "ショップ",
        "ストア",
        "ユーザー",
        "ユーザ",
        "クライアント",
        "パートナー",
        "ベンダー",
        "ベンダ",
        "メーカー",
        "スタッフ",
        "アルバイト",
        "パート",
        "オペレーター",
        "オペレータ",
        "メンバー",
        "マイナンバー",
        "パソコン",
        "ノートパソコン",
        "スマートフォン",
        "スマホ",
        "タブレット",
        "メモリ",
        "プリンター",
        "プリンタ",
        "コピー",
        "バックアップ",
        "ハードディスク",
        "リスト",
        "メールアドレス",
        "メールマガジン",
        "ニュース",
        "リリース",
        "ニュースリリース",
        "ページ",
        "トップページ",
        "お知らせ",
        "リンク",
        "コメント",
        "キャンペーン",
        "イベント",
        "セミナー",
        "テスト",
        "ツール",
        "プラットフォーム",
        "コンサルティング",
        "マーケティング",
        "テレマーケティング",
        "コンピューター",
        "コンピュータ",
        "ダークウェブ",
        "ハッカー",
        "フィッシング",
        "ソリューション",
        "プロジェクト",
        "チーム",
        "ポイント",
        "ポータルサイト",
        "ポータル",
        "メッセージ",
        "チケット",
        "ケース",
        "ミス",
        "トラブル",
        "ガイドライン",
        "マニュアル",
        "ルール",
        "チェック",
        "モニタリング",
        "プライバシー",
        "プライバシーマーク",
        "サイバー",
        "サイバー攻撃",
        "インシデント",
        "フォレンジック",
        "フォレンジック調査",
        "コンプライアンス",
        "ガバナンス",
        "ホテル",
        "レストラン",
        "クリニック",
        "スーパー",
        "コンビニ",
        "コンビニエンスストア",
        "ドラッグストア",
        "ガソリンスタンド",
        "テレビ",
        "ラジオ",
        "ワクチン",
        "ワクチン接種",
        "コロナ",
        "新型コロナウイルス",
        "ボランティア",
        "デイサービス",
        "ケアマネジャー",
        "ヘルパー",
        "ライブラリ",
        "コード",
        "ソースコード",
        "エラー",
        "バグ",
        "パッチ",
        "VPN",
        "USB",
        "USBメモリ",
        "USBメモリー",
        "PC",
        "HDD",
        "SSD",
        "SNS",
        "URL",
        "ID",
        "DM",
        "EC",
        "ECサイト",
        "CSV",
        "PDF",
        "FAX",
        "AI",
        "IT",
        "DX",
        "API",
        "IP",
        "CC",
        "BCC",
        "TO",
        "Web",
        "WEB",
        "HP",
        "QRコード",
        "CD",
        "DVD",
        "SQL",
        "SQLインジェクション",
        "Excel",
        "Word",
        "Access",
        "PHP",
        "OS",
        "LAN",
        "WiFi",
        "NAS",
        "RDP",
        "SSL",
        "VPN機器",
        "IoT",
        "Q",
        "A",
        "B",
        "C",
        "D",
        "E",
    ]
)
_COMMON_ENDING = re.compile(
    r"(?:者|員|等|他|側|内|外|中|先|元|上|下|後|前|間|名|数|件|様|氏|的|化|性|用|品|書|表|票|日|月|年|度|回|時|報|号|版|法|令|約|料|費|額|率|情報|会社|企業|事業|業務|業者|事業者|団体|機関|法人|組織|部門|部署|担当|窓口|サイト|サーバー?|システム|"
    r"サービス|アプリ|データ|ファイル|メール|アドレス|アカウント|端末|機器|カード|ポイント|ページ|フォーム|センター|リスト|調査|攻撃|対策|対応|処理|管理|運営|利用|使用|発表|公表|報告|通知|連絡|確認|発生|判明|被害|影響|事案|事件|事故|問題|原因|結果|内容|範囲|項目|状況|状態|経緯|概要|方法|手続|手段|製品|商品|契約|委託|派遣|個人|本人|社内|国内|海外|全国|地域|全体|一部|複数|多数|以上|以下|以外|関係|関連|同様|可能性|恐れ|お客様|顧客|会員|市民|県民|住民|生徒|児童|学生|患者|教員|職員|社員|従業員|役員|店舗|施設|学校|病院|自治体|市町村|都道府県|警察|専門家|弁護士|第三者|外部|内部|相手|自身|自社|他社|同社|両社|各社|当社|弊社|本社|支社|支店|営業所|工場|公式|会見|取材|記者|新聞|報道|記事|同日|翌日|前日|当日|本日|昨年|今年|来年|同年|同月)\Z"
)
_NO_NAME = re.compile(
    r"\A(?:[0-9,.]+|[同当本各全他両某小貴御弊]?社|[ぁ-ん]+|.|[0-9]+[一-龥].*|(?:同|当|本|各|他|両|某|貴|この|その|一部|複数|関係|関連|特定|外部|民間|大手|国内|海外|新|旧|元|前|現).{0,4})\Z"
)
# Kana before or inside a name (さくらインターネット, みなと銀行) is told from grammar by its ending.
_GRAMMAR = re.compile(
    r"(?:[のはがをにへとでやもか]|から|より|まで|など|る|た|て|ず|ない|ので|ます|です|こと|もの|ため|これ|それ|その|この|うち|ほか|あり|なり|おり|れ|した|して|により|として|および|または|ならびに)\Z"
)
_PARTICLE = re.compile(r"\A[のはがをにへとでやも](?=[ぁ-ん]{2})")


def _kana_of_name(text: str, end: int) -> str:
    """The kana that end at a place, as far as they belong to a name that goes on there."""
    kana = re.search(r"(?<![ぁ-ん])[ぁ-ん]{2,7}\Z", text[max(0, end - 8) : end])
    if kana is None or _GRAMMAR.search(kana[0]):
        return ""
    return _PARTICLE.sub("", kana[0])


def is_common(name: str) -> bool:
    """Whether this is a word of the language rather than a name."""
    return name in _COMMON or bool(_NO_NAME.match(name)) or bool(_COMMON_ENDING.search(name))


# --- corporate forms ------------------------------------------------------------------------


def with_form(sheet: Sheet) -> Iterator[Name]:
    """株式会社X, X株式会社, ㈱X, 一般財団法人X; the name without its form."""
    text = re.sub(r"及び|並びに|または|および|ならびに|又は", lambda m: "、" * len(m[0]), sheet.text)
    for form in FORM.finditer(text):
        yield from _named_after(text, form) or _named_before(text, form)


def _named_before(text: str, form: re.Match[str]) -> list[Name]:
    if form[0].endswith(("法人", "社団", "財団")) or form[0][1:3] in (
        "一社",
        "一財",
        "公社",
        "公財",
        "社福",
        "特非",
    ):
        return []
    end = form.start() - (text[form.start() - 1 : form.start()] == " ")
    run = _run_before(text, end)
    name = _LEAD.sub("", run)
    if not name or is_plain(name) or re.search(r"[0-9][年月日]", name):
        return []
    return [Name(end - len(name), form.end(), name, "company")]


_RUN = re.compile(rf"{_C}{{1,30}}\Z")


_SPACED = re.compile(r"[A-Za-zァ-ヴー] [A-Za-zァ-ヴー]")


def _run_before(text: str, end: int) -> str:
    """The characters of a name up to ``end``; kana such as さくら before them, but no particles."""
    run = _RUN.search(text, max(0, end - 30), end)
    start = run.start() if run else end
    if kana := _kana_of_name(text, start):
        start -= len(kana)
        while len(kana) > 1 and start and end - start < 30 and re.match(r"[一-龥ァ-ヴー]", text[start - 1]):
            start -= 1
    elif _SPACED.match(text, max(0, start - 2)) and start > 1:  # NTT マーケティングアクト ProCX
        return _run_before(text, start - 1) + text[start - 1 : end]
    return text[start:end]


def _named_after(text: str, form: re.Match[str]) -> list[Name]:
    """Nothing where a name stands directly before a company's form: X株式会社大阪支店."""
    at = form.end()
    company = re.fullmatch(_COMPANY, form[0])
    before = text[form.start() - 1 : form.start()]
    if company and before and re.match(_C, before):
        owner = _LEAD.sub("", _run_before(text, form.start()))
        if owner and not is_plain(owner):
            return []
    at += text[at : at + 1] in (" ", "\n")
    run = _LETTERS.match(text, at)
    if run is None:
        kana = _HIRAGANA.match(text, at)
        name = _GRAMMAR.sub("", kana[0]) if kana else ""
        tail = _LETTERS.match(text, at + len(name)) if name else None
        name += tail[0] if tail else ""
    else:
        name = _TRAIL.sub("", run[0].split(" 代表")[0])
        name = _with_kana(text, at, name) if name == run[0] else name
    inner = FORM.search(name)
    if inner:
        name = name[: inner.start()] if inner.start() else name[inner.end() :]
    name = name.rstrip("-・. ")
    if len(name) < 2 or is_plain(name):
        return []
    return [Name(form.start(), at + len(name), name, "company" if company else "body")]


_JOINT = re.compile(r"(?![のはがをにへとでやも])[ぁ-ん]{2,5}(?=[一-龥ァ-ヴ])")


def _with_kana(text: str, at: int, name: str) -> str:
    """日本たばこ産業, 名古屋みなと信用金庫: kana inside a name, between two runs of other letters."""
    joint = _JOINT.match(text, at + len(name))
    if joint is None or _GRAMMAR.search(joint[0]):
        return name
    rest = _LETTERS.match(text, joint.end())
    return name + joint[0] + (rest[0] if rest else "")


def is_plain(name: str) -> bool:
    """As ``is_common``, for a name beside a corporate form: there 東京電子サービス is a name."""
    return (
        name in _COMMON
        or bool(_NO_NAME.match(name))
        or bool(
            re.fullmatch(r".*(?:代表者|取締役|である|委託先|委託元|会社|設立|名称|商号|所在地|親会社)", name)
        )
    )


# --- endings --------------------------------------------------------------------------------

_ENDINGS = (
    r"国民健康保険団体連合会|連合会|教育委員会|選挙管理委員会|公安委員会|農業委員会|社会福祉協議会|協議会|協会|振興会|機構|健康保険組合|国民健康保険組合|国保組合|事務組合|共済組合|協同組合|労働組合|"
    r"信用金庫|信用組合|信用保証協会|銀行|短期大学|大学院?|高等専門学校|高専|高等学校|高校|中学校|小学校|特別支援学校|専門学校|幼稚園|保育園|保育所|認定こども園|附属病院|病院|医療センター|がんセンター|研究センター|クリニック|医院|診療所|薬局|"
    r"研究所|研究機構|公社|事業団|財団|基金|商工会議所|商工会|生活協同組合|農業協同組合|農協|漁協|警察署|警察本部|県警察?|府警察?|道警|地方裁判所|高等裁判所|裁判所|地裁|地検|税務署|労働局|労働基準監督署|年金事務所|法務局|財務局|総合通信局|"
    r"消防本部|消防局|水道局|水道企業団|企業団|交通局|広域連合|図書館|美術館|博物館|学会|医師会|弁護士会|生命保険|損害保険|火災保険"
)
_ENDING = re.compile(rf"(?:{_ENDINGS})(?![員生長議前一-龥ァ-ヴー]|会員|関係|職)")
_ENDING_ONLY = re.compile(
    rf"(?:(?:[同当本各全他両某県市町村都府国私公]|当該|一般|総合|民間|地域|関係|関連|地方|所轄|管轄|最寄|指定|認定|専門|業界|全国の|国公私?|市町村|市区町村|県内|市内|近隣|公立|私立|国立|県立|市立|都立|独立行政法人)*(?:{_ENDINGS}))"
)
_LEAD_OF_BODY = re.compile(
    r"\A.*(?:[0-9年月日]|委託先|委託元|及|並|又|等|先般|今般|同日|翌日|昨日|本日|現在|元職員|[、。])"
)


def by_ending(sheet: Sheet) -> Iterator[Name]:
    """Federations, schools, hospitals, police: X連合会, X大学, X病院, X県警."""
    for ending in _ENDING.finditer(sheet.text):
        name = _LEAD_OF_BODY.sub("", _run_before(sheet.text, ending.end()))
        if len(name) > 2 and not _ENDING_ONLY.fullmatch(name):
            yield Name(ending.end() - len(name), ending.end(), name, "body")


# --- words around ---------------------------------------------------------------------------

_K = r"(?P<n>[A-Za-zァ-ヴー一-龥々][A-Za-z0-9ァ-ヴー一-龥々&＆.・'’-]{1,22}(?:ホールディングス|グループ)?)"
_FOREIGN = re.compile(r"[A-Z][A-Za-z]|[A-Z]{2}|[ァ-ヴー]{2}")
_TELLS = r"(?:発表|公表|明らかに|お詫び|謝罪|報告|説明|コメント|開示)"
_AROUND = [
    re.compile(
        rf"(?:委託先|再委託先|委託元|委託業者|運営会社|運営元|運営する|手がける|手掛ける|展開する|提供する|開発する|販売する|子会社|親会社|グループ会社|受託者|受託業者|大手|業者|企業|事業者|販売元|開発元|提供元|取引先|ベンダー?|サイト運営)(?:である|の|、|は、?)?[「『]?{_K}(?=[」』(、。はがのをにへとで]|及び|など|から|$)"
    ),
    re.compile(
        rf"(?:\A|[。\n■○●◆・]|\A【[^】]*】)\s?[「『]?{_K}[」』]?(?:\([^()]*\))?(?:は|が)(?=[^。\n]{{0,120}}{_TELLS})"
    ),
    re.compile(
        rf"(?<![A-Za-zァ-ヴー一-龥]){_K}[」』]?(?:が|の)(?:運営|提供|開発|販売|展開)(?:する|している|元)"
    ),
    re.compile(
        r"(?<![A-Za-zァ-ヴー一-龥])(?P<n>[A-Za-zァ-ヴー][A-Za-z0-9ァ-ヴー・&.-]{1,20})社(?![員会内長外名史屋])"
    ),
    re.compile(
        rf"(?<![A-Za-zァ-ヴー一-龥]){_K}[」』]?(?:に|へ)(?:対して)?(?:業務|作業|運用|運営|保守|開発|管理|配送|発送|印刷|処理|集計|入力)?(?:の一部)?(?:を|の)?(?:委託|再委託|外部委託)"
    ),
    re.compile(rf"(?<![A-Za-zァ-ヴー一-龥]){_K}[」』]?から(?:業務|作業)?(?:を)?(?:委託|受託|再委託)"),
    re.compile(
        rf"(?<![A-Za-zァ-ヴー一-龥]){_K}の(?:元)?(?:社員|従業員|派遣社員|子会社|公式(?:サイト|通販|オンライン)|通販サイト|通信販売|オンラインショップ|オンラインストア|ECサイト|グループ会社|連結子会社|完全子会社)"
    ),
    re.compile(
        rf"(?<![A-Za-zァ-ヴー一-龥]){_K}(?=\((?:本社|東証|東京都|大阪府|京都府|北海道|[一-龥]{{2,3}}県|東京・|[一-龥]{{2,4}}市)[^()]{{0,30}}\))"
    ),
    re.compile(
        r"「(?P<n>[A-Za-z0-9ァ-ヴー一-龥・]{2,24}(?:ホールディングス|ソリューションズ|コミュニケーションズ|システムズ|テクノロジーズ?|ネットワークス|コーポレーション|銀行|証券|生命|保険|電力|ガス|HD))」"
    ),
    re.compile(
        r"(?<![A-Za-zァ-ヴー一-龥])(?P<n>[A-Za-zァ-ヴー一-龥・]{2,20}(?:ホールディングス|ソリューションズ|コミュニケーションズ|システムズ|テクノロジーズ|ネットワークス|コーポレーション|エンジニアリング|フィナンシャルグループ|HD))(?![A-Za-zァ-ヴー])"
    ),
]


def by_words(sheet: Sheet) -> Iterator[Name]:
    """Bare names in places where only a body can stand: 委託先のX, Xは…発表した, X社, Xが運営する."""
    for i, pattern in enumerate(_AROUND):
        for match in pattern.finditer(sheet.text):
            name = match["n"].rstrip("・.-")
            lead = _LEAD.match(name)
            if lead:
                name = name[lead.end() :]
            if len(name) < 2 or is_common(name) or name in ("LINE", "Google"):
                continue
            if _FOREIGN.search(name) or (i == 0 and len(name) > 2 and name[-1] in "店堂屋社園舎"):
                start = match.start("n") + (lead.end() if lead else 0)
                yield Name(start, start + len(name), name, "company")
