"""Bodies that no list holds, told by their corporate form or by the ending of their name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from monitor.facts.organisations.listed import Name, municipalities, prefectures, read_lines
from monitor.facts.organisations.schools import find_schools
from monitor.facts.sheet import Sheet
from storage.text.body_names import COMPANY
from storage.text.body_names import FORM as FORM
from storage.text.patterns import pattern_of

_C = r"[A-Za-z0-9ァ-ヴー一-龥々〆ヶゞゝ&＆.+'’･・\-]"
_LETTERS = pattern_of(rf"{_C}{{1,40}}(?:(?<=[A-Za-zァ-ヴー]) (?=[A-Za-zァ-ヴー]){_C}{{1,40}}){{0,4}}")
_HIRAGANA = pattern_of(r"[ぁ-んー]+")
_TOWNS = (match[0] for name in municipalities() if (match := re.match(r"[ぁ-ん]{3,}", name)))
KANA = "|".join(
    sorted({*read_lines("kana.txt"), *read_lines("places.txt"), *_TOWNS}, key=lambda word: (-len(word), word))
)
_KANA_LAST = pattern_of(rf"(?:{KANA})\Z")
_KANA_BEGINS = pattern_of(r"(?:\A|(?<=[\s「(|:]))[ぁ-ん]{1,4}\Z")
_KANA_FIRST = pattern_of(
    rf"(?:{KANA})(?:(?![のはがをにへとでやも][^ぁ-ん]|[のはがをにへとでやも]\Z|から|より|など|では|には)[ぁ-んー]){{0,6}}"
)

# Before a name: what it is or when, not how it is called.
LEAD = pattern_of(
    r"""
    \A(?:.*
    (?: [0-9]日|[0-9]月|[0-9]年|午前|午後                     # 10月30日X株式会社
      | 委託先|委託元|委託業者|受託者|受託業者|受託事業者     # 委託先X株式会社
      | 運営会社|運営元|子会社|親会社|グループ会社|関連会社|関係会社
      | 取引先|派遣元|派遣先|発行元|販売元|開発元|提供元|発注者|受注者|契約者
      | 事業者|業者|会社名|法人名|社名|名称|企業|各位|株主|加盟店|代理店
      | 同社|当社|弊社|大手|現在|今般|今回|先般
      | 等(?!々)|(?<![ァ-ヴー])・|・(?![ァ-ヴー])|[-.]
    ))
    """,
    re.VERBOSE,
)
_TRAIL = pattern_of(
    r"""
      (?: 代表取締役|取締役|代表|社長|会長|執行役|御中|広報|担当|名義|等(?!々)|様    # X代表取締役
        | 従業員|社員|職員|元社員|元従業員|担当者|関係者|以下
        | 製(?!作|薬|造|菓|鉄|鋼|紙|油|粉|麺|糖)|宛|側|向け                         # X製, but not X製薬
      ).*\Z
    | (?:オンライン(?:ショップ|ストア)|公式|通販サイト|ECサイト|ウェブサイト|ホームページ).*\Z  # X公式サイト
    | (?:提供|主催|発行|内|外|間)\Z
    | (?<=学会|協会|連盟|機構|財団|組合|大学|病院|銀行)(?:会費|会員|会長|理事|運営委員|事務局|支部
      |総会|大会|入会|総務|本部).*\Z
    | (?<=大学)長.*\Z | (?<=病院)院?長.*\Z                                          # X大学長
    """,
    re.VERBOSE,
)
COMMON = frozenset(read_lines("common.txt"))
NO_NAME = pattern_of(
    r"""
    \A(?: [0-9,.]+ | [A-Z](?:法人|社|病院|店) | [同当本各全他両某小貴御弊]?社 | [ぁ-ん]+ | . | [0-9]+[一-龥].*
      | (?:同|当|本|弊|各|他|両|某|貴|この|その|一部|複数|関係|関連|特定|外部|民間|大手|国内|海外
        |新|旧|元|前|現).{0,4}                                                      # 大手企業
    )\Z
    """,
    re.VERBOSE,
)
# Kana before or inside a name (さくらインターネット, みなと銀行) is told from grammar by its ending.
_GRAMMAR = pattern_of(
    r"(?:[のはがをにへとでやもか]|から|より|まで|など|る|た|て|ず|ない|ので|べき|ます|です|こと|もの|ため|まま"
    r"|なく|よう|づく|づき|づけ|これ|それ|その|この|うち|ほか|なお|また|まず|さらに|ただし|ところ|あり|なり|おり|れ|した|して"
    r"|このたび|このほど|により|として|および|または|ならびに)\Z"
)
_WORDS = pattern_of(
    r"[のはがをにへとでやも]|から(?:の)?|より|など(?:の|が|は|に)?|である|による|として|における|について(?:の|は|も)?"
    r"|では|には|への|との|また|また[はも]|さま|ほか"
)
_RELATIVE = pattern_of(r"\A(?:ある|する|した|いる|いた)(?=[ぁ-ん]{3})")  # 本店があるひまわり信用金庫
_PARTICLE = pattern_of(r"\A[のはがをにへとでやも](?=[ぁ-ん]{2})")


_KA_OF_PLACE = pattern_of(r"[ぁ-ん]{3,5}(?<![たるのいうだ])か\Z")  # 越後ながおか|農業協同組合


def _kana_of_name(text: str, end: int) -> str:
    """Find the kana that end at a place, as far as they belong to a name that goes on there."""
    if known := _KANA_LAST.search(text, max(0, end - 6), end):
        more = _KANA_BEGINS.search(text, max(0, known.start() - 5), known.start())
        return (more[0] if more else "") + known[0]  # 委託しているはやて|運輸, きた|みらい農業協同組合
    kana = re.search(r"(?<![ぁ-ん])[ぁ-ん]{2,7}\Z", text[max(0, end - 8) : end])
    if kana is None or (_GRAMMAR.search(kana[0]) and not _KA_OF_PLACE.search(kana[0])):
        return ""
    return _RELATIVE.sub("", _PARTICLE.sub("", kana[0]))


# --- corporate forms ------------------------------------------------------------------------


def find_by_form(sheet: Sheet) -> Iterator[Name]:
    """Find 株式会社X, X株式会社, ㈱X, 一般財団法人X; the name without its form."""
    text = sheet.listed
    for form in FORM.finditer(text):
        yield from _find_after(text, form) or _find_before(text, form)
    yield from _find_western(sheet.text)


def _find_before(text: str, form: re.Match[str]) -> list[Name]:
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
    if text[end - 1 : end] == ")" and (reading := _READING.search(text, max(0, end - 40), end)):
        end = reading.start()
        name = LEAD.sub("", _run_before(text, end))
        return [] if not name or is_plain(name) else [Name(end - len(name), end, name, "company")]
    run = _run_before(text, end)
    name = LEAD.sub("", run)
    if not name or (is_plain(name) and not _KANA_FIRST.fullmatch(name)) or re.search(r"[0-9][年月日]", name):
        return []
    if form[0] == "(同)" and name[-1] in "店社所校局名報":
        return []  # 若葉支店(同): in the same town
    return [Name(end - len(name), form.end(), name, "company")]


# Example Trading Co., Ltd.; Sample GmbH
_WESTERN = pattern_of(
    r"(?:Co\.?[,、] ?Ltd|Pte\.? ?Ltd|Ltd|Inc|Corp|LLC|GmbH|PLC|S\.p\.A|B\.V)\.?(?![A-Za-z])",
    begins="B. Co Gm In LL Lt PL Pt S.",
)
_WESTERN_NAME = pattern_of(
    r"(?<![A-Za-z0-9])(?P<n>[A-Z][A-Za-z0-9.'-]{0,24}(?: (?:& )?[A-Z][A-Za-z0-9.'-]{0,24}){0,4})[,、]? \Z"
)
_LONGEST_NAME = 96


def _find_western(text: str) -> Iterator[Name]:
    for form in _WESTERN.finditer(text):
        found = _WESTERN_NAME.search(text, max(0, form.start() - _LONGEST_NAME), form.start())
        if found and found["n"] not in COMMON and len(found["n"]) > 1:
            yield Name(found.start(), form.end(), found["n"].rstrip("."), "company")


_READING = pattern_of(r"\s?\([ァ-ヴー・ ]{3,36}\)\Z")  # Sample Works(サンプル ワークス)株式会社
_RUN = pattern_of(rf"(?:{_C}|が(?=丘)|(?<=日)の(?=丸)|(?<=障)がい){{1,30}}\Z")


_SPACED = pattern_of(r"[A-Za-zァ-ヴー] [A-Za-zァ-ヴー]")


_OF_VILLAGE = pattern_of(
    r"(?:\A|[^ぁ-ん]|の)(?P<kana>(?![のはがをにへとでやも])[ぁ-ん]{2,4}の)\Z"
)  # 北区の|あいの|里東中学校


def _run_before(text: str, end: int) -> str:
    """Return the characters of a name up to ``end``; kana such as さくら before them, but no particles."""
    run = _RUN.search(text, max(0, end - 30), end)
    start = run.start() if run else end
    if kana := _kana_of_name(text, start):
        start -= len(kana)
        while len(kana) > 1 and start and end - start < 30 and re.match(r"[一-龥ァ-ヴー]", text[start - 1]):
            start -= 1
    elif (
        text[start : start + 1] in "里丘森杜郷台"
        and start < end
        and (village := _OF_VILLAGE.search(text, max(0, start - 6), start))
    ):
        start = village.start("kana")
    elif _SPACED.match(text, max(0, start - 2)) and start > 1:  # NTT マーケティングアクト ProCX
        return _run_before(text, start - 1) + text[start - 1 : end]
    return text[start:end]


def _find_after(text: str, form: re.Match[str]) -> list[Name]:
    """Find the name behind a form; none where one stands directly before it: X株式会社大阪支店."""
    at = form.end()
    company = re.fullmatch(COMPANY, form[0])
    before = text[form.start() - 1 : form.start()]
    if company and before and re.match(_C, before):
        owner = LEAD.sub("", _run_before(text, form.start()))
        if owner and not is_plain(owner):
            return []
    at += text[at : at + 1] in (" ", "\n", "・")
    run = _LETTERS.match(text, at)
    if run is None:
        kana = _HIRAGANA.match(text, at)
        if kana is None or _WORDS.fullmatch(kana[0]):
            return []
        tail = _LETTERS.match(text, kana.end())  # みなと企画; すかいらーくは
        known = _KANA_FIRST.match(text, at)
        if known and (known.end() < kana.end() or not tail):
            name = known[0]  # 株式会社ひまわりに委託
        else:
            name = kana[0] + _SIGNED.split(tail[0])[0] if tail else _GRAMMAR.sub("", kana[0])
    else:
        name = _TRAIL.sub("", _SIGNED.split(run[0])[0])
        name = _with_kana(text, at, name, bool(company)) if name == run[0] else name
        place = _PLACE_LAST.match(text, at + len(name))
        name += place[0] if place else ""
    inner = FORM.search(name)
    if inner:
        name = name[: inner.start()] if inner.start() else name[inner.end() :]
    name = name.rstrip("-・. ")
    if len(name) < 2 or not _names(text, at, name):
        return []
    return [Name(form.start(), at + len(name), name, "company" if company else "body")]


# 株式会社X カスタマーサポート: who signs for it
_SIGNED = pattern_of(r" (?:代表|カスタマー|サポート|コーポレート|広報|総務|経営|個人情報|事務局)")
_NO_KANA_NAME = pattern_of(
    r"[のはがをにへとでやも]|また|およ|なら|その|この|など|から|より|さん|さま|です|でし|ある|あり|いう|する|した|まで|ほか"
)


def _names(text: str, at: int, name: str) -> bool:
    """Tell whether what stands behind a form is a name; of kana alone, 株式会社ふみつづり and an end."""
    if not is_plain(name) or _KANA_FIRST.fullmatch(name):
        return True
    ends = at + len(name) == len(text) or text[at + len(name)] in "\n 、。)」』(・はがのに"
    kana = ends and len(name) >= 4 and _HIRAGANA.fullmatch(name)
    return bool(kana and not _NO_KANA_NAME.match(name) and not _GRAMMAR.search(name))


_OF_KANA = pattern_of(r"の(?:会|家|里|園|森|丘|輪|郷|杜|村|泉|風|光|星|森|木|国)(?![一-龥])")
# ソーシャルコーディネート|かながわ
_PLACE_LAST = pattern_of(rf"(?:{'|'.join(read_lines('places.txt'))})(?=[はがのにで、。)]|から)")
_JOINT = pattern_of(
    r"(?![のはがをにへとでやも])(?:[ぁ-ん]{2,5}(?=[一-龥ァ-ヴ])|[しみりきけちいえめつ](?=[一-龥]))"
)


_BODY = pattern_of(r"(?:財団|協会|機構|センター|会|社|園|組合|事業団)\Z")


def _with_kana(text: str, at: int, name: str, company: bool) -> str:
    """Extend a name over kana between two runs of other letters: 日本たばこ産業, 例示支援の会."""
    if not company and (more := _OF_KANA.match(text, at + len(name))):
        return name + more[0]
    joint = _JOINT.match(text, at + len(name))
    if joint is None:
        return name
    rest = _LETTERS.match(text, joint.end())
    if len(joint[0]) > 1 and _GRAMMAR.search(joint[0]):
        tail = rest and len(joint[0]) > 2 and not _WORDS.fullmatch(joint[0]) and _BODY.search(rest[0])
        if not tail:
            return name  # 東京しごと財団 is a name, 東京における財団 none
    return name + joint[0] + (_TRAIL.sub("", rest[0]) if rest else "")


def is_plain(name: str) -> bool:
    """Tell whether what stands beside a corporate form is no name; 東京電子サービス is one there."""
    return (
        name in COMMON
        or bool(NO_NAME.match(name))
        or bool(
            re.fullmatch(
                r".*(?:代表者|取締役|法(?:違反)?|条第?.{1,6}号|である|委託先|委託元|会社|設立|名称|商号"
                r"|所在地|親会社)",
                name,
            )
        )
    )


# --- endings --------------------------------------------------------------------------------

_ENDINGS = (
    r"中学校・高等学校|中学・高校|中学・高等学校|小中学校|教委(?=[はがのにと、])|者連盟|病院局|行政評価事務所|公共職業安定所|学園(?=[(はがのに、で])"
    r"|健保組合|国保連|保健所|青年会|局長会|校長会|園長会|実行委員会|組織委員会|愛護会|育成会|同窓会|校友会|国民健康保険団体連合会|連合会|教育委員会|教育局|選挙管理委員会|公安委員会|農業委員会"
    r"|社会福祉協議会|協議会|協会|振興会|機構|(?:士|体育|野球|教職員|労働組合)連盟"
    r"|社協(?=[はがのにでと、も]|から)|選管(?=[はがのにで、も]|から)|生協(?=[はがのにで、も])"
    r"|健康保険組合|国民健康保険組合|国保組合|(?:事務|施設|衛生|清掃|環境|行政|処理|斎場)組合|共済組合|協同組合|労働組合|消防組合"
    r"|信用金庫|労働金庫|信用組合|信用保証協会|銀行|股份有限公司|有限公司"
    r"|短期大学部|短期大学|大学院?(?!学園)|聾学校|盲学校|養護学校|高等専門学校|高専|高等学校|高校|中等教育学校|中学校|小学校|特別支援学校|専門学校|自動車学校|教習所"
    r"|幼稚園|保育園|保育所|認定こども園|こども園(?!課)|子ども園(?!課)"
    r"|附属病院|病院(?!局)|医療センター|メディカルセンター|がんセンター|研究センター|クリニック|医院|診療所|薬局"
    r"|研究所|研究機構|公社|事業団|財団|商工会議所|商工会|生活協同組合|農業協同組合|農協|漁協"
    r"|警察署|警察本部|県警察?|府警察?|(?<!鉄)道警察?|地方裁判所|高等裁判所|裁判所|地裁|地検|(?:地方|高等|区)検察庁"
    r"|公立大学法人(?=[はがのにで、。)])|総監部|幕僚監部|地方協力本部|税関(?![連係すわ])|検疫所|刑務所|拘置所|少年院|鑑別所|保護観察所|海上保安(?:部|署)|気象台|大使館|領事館"
    r"|税務署|国税事務所|労働局|労働基準監督署|年金事務所|法務局|財務局|総合通信局|郵便局"
    r"|経済産業局|農政局|地方整備局|開発局|運輸局|国税局|厚生局|森林管理局|地方環境事務所|入国管理局"
    r"|(?:土木|県税|都税|府税|道税|市税|福祉|保健福祉|総合|法律|会計|建設|農林|農林水産|農政|教育|振興|河川|環境|県民"
    r"|国道)事務所|振興局|家畜保健衛生所"
    r"|子育て支援センター|福祉相談センター|児童相談センター|女性相談センター|児童相談所|こども家庭センター|(?:計算|情報|支援|健診|検診|保健|福祉|技術|振興|自立|サポート|学習|交流|文化"
    r"|消費生活|成人病|水道|推進|動物愛護|動物指導|リハビリテーション|療育|発達支援)センター"
    r"|消防署|(?<!消防)(?<!部)(?<!税務)(?<!所轄)署(?=[はがにへのとやで、]|など|から|地域|刑事|交通|生活安全|警務|警備|総務|留置|巡査|警部|警視|の署員)"
    r"|消防本部|消防局|(?<=[市町村])消防(?=[\sはがのに、])|水道局|水道企業団|企業団|交通局|広域連合|図書館|美術館|博物館"
    r"|(?<![最拡膨甚重増多過莫巨肥広強絶盛寛偉特身物誇極遠壮雄])大(?=[はがのにで▽(=]|など|と発|も、)"
    r"|学会|医師会|薬剤師会|療法士会|栄養士会|税理士会|福祉士会|生命保険|損害保険|火災保険"
)
# What may follow: a department or branch (例示病院循環器内科), but not the people or the end of another word.
_FIRST = "".join(
    sorted(
        {ending[0] for ending in _ENDINGS.split("|") if ending[0].isalnum()}
        | set(
            "テメ新放愛育同校青保中土県都市福保総法会建農教振河国計情支健検技サ学交文消署士体野労選生自総幕地税検刑拘少鑑保海気大領日通高区道施衛清環処斎家動リ療発薬栄税推股有"
        )
    )
)
_ENDING = pattern_of(
    rf"""
    (?=[{_FIRST}])
    (?: (?:{_ENDINGS})(?![員長議前側附付院法債会校係跡]|の?跡地|職(?!員)|事業(?:管理者|局|庁)|カード|生(?!活)
        |関係|改革|図|保育料|授業料|交付|補助|教育[課室部])  # X病院, but not X病院長
      | (?:テレビ|新聞社|放送|日報社|新報社|通信社)(?![一-龥ァ-ヴー])
      | 新聞(?=[はがのにと・、』」]|から|より|によ)
    )
    """,
    re.VERBOSE,
    begins=(
        "がん こど クリ サポ テレ メデ 中学 中等 事務 事業 交流 交通 企業 会計 体育 保健 保育 保護 信用 健保 "
        "健康 健診 児童 入国 公共 公安 公社 公立 共済 刑務 労働 区検 医師 医療 医院 協会 協同 協議 博物 "
        "厚生 同窓 商工 図書 国保 国民 国税 国道 園長 土木 地方 地検 地裁 士連 大 大使 大学 女性 子ど 子育 "
        "学会 学園 学習 実行 専門 小中 小学 少年 局長 市税 幕僚 年金 幼稚 広域 府警 建設 弁護 情報 愛護 "
        "成人 技術 拘置 振興 損害 支援 放送 教委 教習 教職 教育 文化 新報 新聞 日報 校友 校長 森林 検疫 "
        "検診 機構 気象 水道 河川 法務 法律 海上 消費 消防 漁協 火災 特別 生協 生命 生活 病院 盲学 県税 "
        "県警 短期 研究 社会 社協 福祉 税務 税関 組織 経済 総合 総監 署 美術 者連 聾学 育成 自動 自立 薬局 "
        "行政 裁判 計算 診療 認定 警察 財務 財団 農協 農政 農林 農業 通信 連合 運輸 道警 選挙 選管 郵便 "
        "都税 野球 銀行 鑑別 開発 附属 青年 領事 養護 高専 高校 高等 施設 衛生 清掃 環境 処理 斎場 家畜 県民 "
        "動物 リハ 療育 発達 薬剤 療法 栄養 税理 推進 府税 道税 股份 有限"
    ),
)
_ENDING_ONLY = pattern_of(
    rf"""
    (?: (?:緊急|臨時)(?=校長会|園長会|協議会) | [同当本弊各全他両某県市区町村都府道国私公内外立] | [本当]学
      | (?:移動|学校|電子|公共)(?=図書館) | 農[林業](?=振興)
      | 年金 | [一-龥]{{1,3}}(?:系|学部) | [一-龥]{{0,2}}就労 | [一-龥]{{0,3}}(?:就業|就職|自立|相談)
      | [一-龥ァ-ヴヶ]{{1,6}}[都道府県市区町村]立
        (?=[小中]学校|高等学校|幼稚園|保育|こども園|子ども園)  # 所沢市立小学校
      | (?:\S{{0,6}}・)?搬送先 | かかりつけ | 受診先 | [一-龥]{{1,6}}先(?=銀行|信用|病院|医院) | [BC]S(?=放送)
      | [一-龥ァ-ヴヶ]{{1,6}}[都道府県市区町村]立(?=高校|特別支援)
      | (?:小中)?一貫 | 学校 | PTA | 町内 | 村内 | 区内 | 管内 | 小中?(?=[小中]?学校) | 朝刊 | [市県町区村]民
      | (?:[都道府県市区町村]?議会|市議会|[市県区町村])?(?:全員|議員|庁内|部内|校内|院内)
      | 上下(?=水道局) | 大手 | 中堅 | 主要 | 有力 | 国内
      | 当該 | 双方 | 両方 | 各(?=健康|保健|福祉|学校|病院) | (?:協力|連携|提携|紹介)(?=病院|医院)
      | 一般 | 総合 | 精神科 | 民間 | 地域 | 関係 | 関連 | 地方
      | 調剤 | 河川 | 国道 | 健康 | 保健 | 所轄 | 管轄 | 最寄 | 指定 | 認定 | 専門
      | 旧 | 本来 | 校(?=園長) | 特定(?=郵便) | 業界 | 全国の | 国公私? | 動物 | 地元 | 民放 | 再 | 生
      | 出身 | 在籍 | 進学 | 志望 | 警察 | 所属 | 各種 | 相談 | 総合 | 情報 | 計算 | 子育て | 地域包括
      | 中央(?=図書館) | 大学 | 医学部 | 付属 | 附属 | 市町村 | 市区町村 | 県内 | 市内 | 近隣
      | 認可外? | 認証 | 公立 | 私立 | 国立 | 県立 | 市立 | 都立 | 独立行政法人
    )*
    (?:{_ENDINGS}|教委|社協|大|選管|生協|消防|署|学園|テレビ|新聞社?|放送)  # 県内医療センター
    """,
    re.VERBOSE,
)


def is_kind(name: str) -> bool:
    """Tell whether a name says of what kind a body is, and nothing else: 消防組合."""
    return _ENDING_ONLY.fullmatch(name) is not None


_LEAD_OF_BODY = pattern_of(
    r"\A.*(?:[0-9][年月日]?|時頃?|ごろ|頃|過去|参照|委託先|委託元|(?<![高中])等(?!々)|先般|今般"
    r"|同日|翌日|当日|昨日|本日|現在|以上|以内|元職員|[園院校所局署]長・|同[市町村区県]立|同[本支]部|[、。]|(?<=[一-龥ぁ-ん])[-―])"
)


_MINISTRY = pattern_of(r"\A[一-龥]{2,4}[省庁](?=[一-龥]{3})")  # 経済産業省|四国経済産業局
_TORN = pattern_of(r"[度回期号条会](?=[一-龥ァ-ヴ])(?!会津|回生|期待)")  # 令和6年|度予算, 第3|回全国大会


# 被害に遭ったのは、例示大、甲乙県立大、青葉大。
_ONE_OF_ROW = r"[一-龥ァ-ヴー]{1,8}(?<![最拡膨甚重増多過莫巨肥広強絶盛寛偉特身物誇極遠壮雄])大"
_UNIVERSITIES = pattern_of(
    rf"(?<![一-龥ァ-ヴー]){_ONE_OF_ROW}(?:[、・]{_ONE_OF_ROW})+(?=[、。・はがのにで(と\s]|など|$)"
)
_IN_ROW = pattern_of(_ONE_OF_ROW)


def _find_universities(text: str) -> Iterator[Name]:
    for row in _UNIVERSITIES.finditer(text):
        for body in _IN_ROW.finditer(text, row.start(), row.end()):
            if not is_kind(body[0]):
                yield Name(body.start(), body.end(), body[0], "body")


_JOB_OFFICE = pattern_of(
    r"ハローワーク(?!職員|経由|求人|求職|窓口|利用|紹介|助成|担当|主催|開催|情報|登録|所長|以外|内|等)[一-龥]{2,6}(?=[はがのでに、。(]|から|$)"
)  # ハローワーク例示中央
# 磐城農高: how newspapers name a school by what it teaches
_FARM_SCHOOL = pattern_of(r"[一-龥]{2,4}(?:農|工|商|水産|女子|総合)高(?=[はがでのにと、](?!校))")
_JA = pattern_of(
    rf"(?<![A-Za-z])JA(?:{KANA}|(?!職員|組合|関係|共済|会館|中央|全国)[一-龥]{{2,8}}?)(?:中央会)?(?=[はがのにで、(]|から|によ)"
)  # JA例示市
_COOP = pattern_of(
    r"(?<![ァ-ヴー])(?:生活協同組合)?コープ(?:[ぁ-ん]{2,4}?|[一-龥]{2,3})(?=[はがのにで(、])"
)  # コープおきなわ


# 例示県暴追センター: of a prefecture, whatever it is for
_CENTRE = pattern_of(r"センター(?=[はがの、(]|によ)", begins="セン")
_OF_PREFECTURE = pattern_of(rf"(?:{'|'.join(sorted(prefectures()))})[一-龥]{{2,12}}\Z")
_COLLEGE = pattern_of(
    r"専門学校 ?[一-龥ァ-ヴーA-Z]{2,16}(?:カレッジ|学院|大学校|アカデミー|スクール)[一-龥]{0,4}"
    r"(?=[はがのにで、(\s]|$)",
    begins="専門",
)  # 専門学校例示カレッジ広島

# 例示県警戸部署: a station whose name ends as that of a department does
_STATION = pattern_of(r"[一-龥]{2,3}[県府]警[一-龥]{1,3}部署(?=[はがにのとで、])")

# Tried only where the word of each stands.
_BY_A_WORD = (
    ("部署", _STATION),
    ("ハローワーク", _JOB_OFFICE),
    ("コープ", _COOP),
    ("高", _FARM_SCHOOL),
    ("専門学校", _COLLEGE),
    ("JA", _JA),
)


def names_government(name: str) -> bool:
    """Tell whether a name begins with that of a prefecture or municipality of the code table."""
    return any(name[:at] in prefectures() or name[:at] in municipalities() for at in range(2, len(name)))


# 例示県例示町立例示中学校: the prefecture says where the town is.
_OF_TOWN = pattern_of(r"\A[一-龥]{2,3}[都道府県](?=[^立都道府県]{1,6}[市区町村](?:立|教委|選管|社協))")
_NUMBERED = pattern_of("[0-9][回期次](?=[ぁ-ん])")
_NUMBER = pattern_of(r"[0-9] \Z")
_OF_HOSPITAL = pattern_of(r"病院(?!機構)[一-龥]{2,8}センター\Z")
_JOINT_SCHOOL = pattern_of(r"中学校?・高(?:等学)?校")
_OF_OFFICE = pattern_of(r"[市区町村]役[所場][一-龥]{2,10}(?:センター|事務所|図書館|保健所)\Z")
_FIRST_OF_TWO = pattern_of(r"(?:大学|学校|高校|病院|センター|組合|[市町村県])・\Z")


# 大阪市東成区役所: an office of its own, other than 目黒区役所, which is the municipality's.
_WARD = pattern_of(r"(?:(?<![一-龥])|(?<=市))(?P<ward>(?![同当本各全他両市])[一-龥]{1,3}区)役所(?![内前庁])")


# Wards of these cities have names that wards of 東京都 have, too: 中央区, 北区, 港区.
_CITY_OF_WARDS = pattern_of(
    "札幌市|さいたま市|千葉市|相模原市|新潟市|浜松市|名古屋市|京都市|大阪市|堺市|神戸市|岡山市|福岡市|熊本市"
)


def _find_centres(text: str) -> Iterator[Name]:
    for centre in _CENTRE.finditer(text):
        if of := _OF_PREFECTURE.search(text, max(0, centre.start() - 16), centre.start()):
            yield Name(of.start(), centre.end(), of[0] + centre[0], "body")


def _find_wards(text: str) -> Iterator[Name]:
    for office in _WARD.finditer(text):
        if office["ward"] in municipalities() and not _CITY_OF_WARDS.search(text, 0, office.start()):
            continue
        before = text[max(0, office.start() - 6) : office.start()]
        city = next((before[at:] for at in range(len(before)) if before[at:] in municipalities()), "")
        yield Name(office.start() - len(city), office.end(), city + office[0], "body")


def _is_short_station(name: str) -> bool:
    """Tell whether two letters name a police station (蕨署); 中署 may be one of fire engines."""
    return name.endswith("署") and name[0] not in "東西南北中"


@cache
def stems() -> frozenset[str]:
    """Return the prefectures without what they are: 大阪, 北海道."""
    return frozenset(name.rstrip("都府県") for name in prefectures())


@cache
def _places() -> frozenset[str]:
    """Return prefectures and cities as newspapers set them before a station or a school: 大阪・."""
    cities = (f"{name[:-1]}・" for name in municipalities() if name.endswith("市"))
    return frozenset((*(f"{stem}・" for stem in stems()), *cities))


def _is_programme(text: str, ending: re.Match[str], name: str) -> bool:
    """Tell whether a quoted name in テレビ is what a station sends: 「例示わくわくテレビ」など3番組."""
    start = ending.end() - len(name)
    return ending[0] == "テレビ" and text[start - 1 : start] in ("「", "『") and "番組" in text


# A医院, 甲銀行, 同大|大学院: whose name is not said
_UNNAMED = pattern_of("[A-Z甲乙丙]|.*両|同[大校市県町村区院園署局庁省]")


_COMMITTEE = pattern_of(
    r"[「『](?P<n>(?!の)[^「」『』。、\s]{2,14}の[^「」『』。、\s]{1,14}(?:委員会|協議会))\Z"
)


def _in_quotes(text: str, ending: re.Match[str]) -> str:
    """Return the whole name of a committee in quotes, over a の in it: 「例示市成人の日実行委員会」."""
    if text[ending.end() : ending.end() + 1] not in ("」", "』") or not ending[0].endswith("会"):
        return ""
    quoted = _COMMITTEE.search(text, max(0, ending.end() - 32), ending.end())
    return quoted["n"] if quoted else ""


def find_by_ending(sheet: Sheet) -> Iterator[Name]:
    """Find federations, schools, hospitals, police: X連合会, X大学, X病院, X県警."""
    for ending in _ENDING.finditer(sheet.text):
        name = _LEAD_OF_BODY.sub("", _run_before(sheet.listed, ending.start()) + ending[0])
        name = _in_quotes(sheet.text, ending) or name
        if ending[0].endswith("局"):
            name = _MINISTRY.sub("", name)
        own = _JOINT_SCHOOL.sub("中学校", name).rsplit("・", 1)[-1]
        if ending[0] == "保健所" and names_government(name):
            continue  # 滋賀県東近江保健所: an office of 滋賀県, which the list tells
        name = _OF_TOWN.sub("", name.lstrip("・-―−"))
        if name[: -len(own)] in _places() or _is_programme(sheet.text, ending, name):
            if own == name or not own:
                continue
            name = own  # 大阪・例示放送
        if _FIRST_OF_TWO.search(name, 0, len(name) - len(own)):
            name = own  # 甲大学・乙大学
        if _NUMBERED.match(sheet.text, ending.end() - len(name) - 1):
            name = name[1:]  # 第8|回がん例示学会
        start = ending.end() - len(name)
        if name[0] in "年月日" and _NUMBER.search(sheet.text, max(0, start - 3), start):
            name = name[1:]  # 4月 15 日|さいたま署
        if _OF_HOSPITAL.search(name) or _OF_OFFICE.search(name):
            continue  # 例示病院|患者支援センター: a department, beside the hospital
        if (
            len(name) > 2 - _is_short_station(name)
            and not _ENDING_ONLY.fullmatch(own)
            and not _TORN.match(name)
            and not _UNNAMED.fullmatch(name, 0, len(name) - len(ending[0]))
        ):
            yield Name(ending.end() - len(name), ending.end(), name, "body")
    yield from _find_by_a_word(sheet)


def _find_by_a_word(sheet: Sheet) -> Iterator[Name]:
    for word, pattern in _BY_A_WORD:
        if word in sheet.text:
            for body in pattern.finditer(sheet.listed):
                yield Name(body.start(), body.end(), body[0], "body")
    for word, find in (
        ("立", find_schools),
        ("大", _find_universities),
        ("区役所", _find_wards),
        ("県", _find_centres),
    ):
        if word in sheet.text:
            yield from find(sheet.listed)
