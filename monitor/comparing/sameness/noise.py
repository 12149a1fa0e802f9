"""What says nothing: clocks, counters, tokens, sizes, and the moving parts of addresses.

General rules only, none for one site. They work on folded text (``storage.text.fold.fold``: NFKC,
lower case, no whitespace) and only for comparing; what was published is stored and shown as it
stands. A rule that could swallow a sentence of a notice (an access counter beside "不正アクセス
数 1,204件") must match a whole block, and never a table row.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from monitor.comparing.sameness.counters import is_counter, strip_counters
from storage.text.patterns import pattern_of
from storage.text.units import COMMON_UNITS, PEOPLE_UNITS, any_of

# Every pattern is verbose and works on folded text; beside an alternative stands what it is for.

_N = r"[0-9]+(?:,[0-9]{3})*"  # 1,204
_WEEKDAY = r"(?:\(?[月火水木金土日]\)?(?:曜日?\)?)?)"  # (月), 火曜日
_DAY = rf"""(?:
    (?:(?:[0-9]{{4}}|(?:令和|平成|[rh])\.?(?:元|[0-9]{{1,2}}))[年/.-])?  # 2024年, 令和6年, r6.
    [0-9]{{1,2}}[月/.-][0-9]{{1,2}}日?{_WEEKDAY}?  # 1月17日(水), 1/17
)"""
_TIME = r"""(?:
    (?:午前|午後|am|pm)?[0-9]{1,2}[時:][0-9]{2}分?  # 午前10時05分, 10:05
    (?:[:.]?[0-9]{2}(?:秒|(?:\.[0-9]+)?)?)?  # :30, 30秒, :30.5
    (?:am|pm)?
)"""
_SECONDS = r"(?:[0-9]{1,2}[時:][0-9]{1,2}[分:][0-9]{1,2}(?:秒|\.[0-9]+)?)"  # 10時5分3秒
_ZONE = r"(?:jst|utc|gmt|z|[+-][0-9]{2}:?[0-9]{2}|\(jst\))?"

_CLOCK_LABEL = r"""(?:
    現在の?(?:日付?)?(?:時刻|日時|時間)  # 現在の時刻
  | (?:ただいま|只今)の?(?:日時|時刻|時間)?は?  # ただいまの時刻は
  | (?:ページ)?(?:表示|出力|印刷|生成)(?:日時|時刻|時間|日)  # 表示日時
  | 取得(?:日時|時刻)  # 取得日時
  | (?:サーバー?|システム)(?:時刻|時間|日時)  # サーバー時刻
  | (?:本日|今日|きょう)(?:の日付)?は?  # 本日は
  | ページ生成
  | pagegenerated(?:at|on)?
  | generated(?:at|on)?
  | currenttime
  | servertime
)"""
_STAMP_LABEL = r"""(?:
    (?:最終)?(?:更新|改訂|修正)(?:日時?|年月日|時刻)?  # 最終更新日, 改訂年月日
  | last(?:updated?|modified)(?:on|at)?
  | updated(?:on|at)?
)"""
_VISITS = r"""(?:
    アクセスカウンター?
  | アクセス(?:回数|数|者数)?
  | カウンター?
  | (?:総|累計)?閲覧(?:回数|者?数)  # 総閲覧数
  | 訪問者?数?
  | 来訪者?数?
  | 来場者数
  | ページビュー数?
  | pv数?
  | ビュー数?
  | views?
  | visitors?
  | hits?
  | visits?
)"""
_WHEN = r"(?:本日|今日|昨日|今月|先月|累計|合計|総数?|通算|total|today|yesterday)"
_PASSED = r"[0-9]+(?:秒|分|時間|日|週間|か月|ヶ月|カ月|ヵ月|年)前"  # 3時間前
_DONE = r"""(?:
    に?(?:最終)?(?:更新|投稿|公開|掲載|閲覧|取得)(?:されました|しました|済み?)?  # に更新されました
)?"""
_CALLER = r"(?:訪問者|来訪者|来場者|お客様|アクセス|ご?訪問)"
_READ = r"(?:回閲覧|回(?:見|読)まれ|アクセス|ページビュー|pv|ビュー|views?|hits?)"
_SLIDE = r"(?:スライド|画像|バナー|ページ|slide|image)"
_UPTO12 = r"(?:[1-9]|1[0-2])"

_WHOLE = pattern_of(
    rf"""
    # clocks and today's date
    [※(\[【]?{_CLOCK_LABEL}[:は]?{_DAY}?(?:t|,)?(?:{_TIME})?{_ZONE}(?:です)?[。)\]】]?  # 表示日時:2024/1/17
  | (?:{_CLOCK_LABEL}|{_STAMP_LABEL})?[:は]?{_DAY}t?{_SECONDS}{_ZONE}  # 2024/01/17t10:05:33+09:00
    (?:現在|です|(?:に)?更新)?。?
  | {_SECONDS}{_ZONE}(?:現在)?  # 10:05:33現在

    # relative times
  | (?:{_STAMP_LABEL}|投稿|公開|掲載)?(?:日時?)?[:は]?(?:約|およそ)?{_PASSED}{_DONE}。?  # 約3時間前に更新
  | (?:updated|posted|published|lastupdated)?:?(?:about)?  # updatedabout3hoursago
    (?:an?|[0-9]+)(?:second|minute|hour|day|week|month|year)s?ago
  | (?:たった今|数分前|数秒前|ついさっき)(?:更新)?  # たった今更新

    # counters of visits and applause
  | [(\[【]?(?:{_WHEN}の?)?{_VISITS}[:は]?{_N}(?:回|人目|番目|{_READ})?(?:です。?)?[)\]】]?  # 今日の閲覧:5回
  | (?:訪問者|来訪者|来場者|visitors?)数?[:は]?[0-9][0-9,]*{any_of(PEOPLE_UNITS)}?  # 訪問者数:1,204人
  | (?:since[0-9./年月日-]+[:,]?)?(?:あなたは|本日|今日)?  # あなたは1,204人目の訪問者です
    {_N}(?:人目|番目)の?{_CALLER}(?:様|者)?(?:です)?。?
  | (?:この(?:ページ|記事)は)?{_N}{_READ}(?:され|まし|てい|た|ます|ました)*。?  # この記事は5回閲覧された
  | (?=.*(?:アクセス|訪問|閲覧|カウンタ|visitor|views?|pv))(?!.*不正)  # 本日:12昨日:34累計:1,204pv
    (?:{_VISITS}?[:|/]?{_WHEN}(?:の?{_VISITS})?[:は]?{_N}(?:回|人|pv)?[,/|・]*)+
  | (?:いいね!?|シェア|ツイート|ブックマーク|リツイート|likes?|shares?|tweets?)  # いいね!12件
    [:(]?{_N}\)?(?:件|回)?

    # a carousel's position
  | {_SLIDE}?{_UPTO12}(?:枚目)?/(?:全|計)?{_UPTO12}(?:枚中?)?(?:枚目)?(?:前へ|次へ|停止|再生)*  # 画像2/5次へ
  | {_SLIDE}[0-9]{{1,2}}(?:of|/)[0-9]{{1,2}}  # slide2of5
  | (?:全|計)?[0-9]{{1,2}}枚中[0-9]{{1,2}}枚目(?:を?表示(?:中|しています)?)?  # 全5枚中2枚目を表示中
    """,
    re.VERBOSE,
)
_MAX_WHOLE_CHARS = 90
"""No clock or counter is longer; a longer block is not tried against the rules above."""

_UNIT = r"""(?:
    [km]i?b  # kb, mib
  | [km]?bytes?
  | (?:キロ|メガ)?バイト
  | [km](?=[)\]】])  # (123k)
)"""
_SIZE = rf"[0-9]+(?:,[0-9]{{3}})*(?:\.[0-9]+)?{_UNIT}(?![a-z])"
_TYPE = r"""(
    (?:pdf|word|docx?|excel|xlsx?|powerpoint|pptx?|csv|zip|一太郎|txt|rtf|jpe?g|png)
    (?:ファイル|形式|文書|版|データ)?  # pdfファイル
)"""
_SESSION = r"""(  # of a session, not of ours
    (?:
        csrf | xsrf | nonce | token | トークン | session(?:id)? | セッション(?:id)?
      | sid | jsessionid | phpsessid | request-?id | trace-?id | rayid | リクエストid | reference\#
    )[:=\#]
)[0-9a-z_./+=-]{6,}"""
_BUSTER = r"""
    [?&;](?:utm_[a-z]+|v|ver|t|ts|cb|_|rnd|jsessionid|phpsessid|sid|session_?id|fbclid|gclid)
    =[^&\s\"')<>」]*
"""
_YEARS = r"(?:(?:19|20)[0-9]{2}[-~,年]*)+"  # 2010-2024
_INLINE: tuple[tuple[re.Pattern[str], re.Pattern[str], str], ...] = tuple(
    # (what must occur, what is masked, what is left of it)
    (pattern_of(cheap), pattern_of(pattern, re.VERBOSE), left)
    for cheap, pattern, left in (
        (r"[bkmト]", rf"{_TYPE}[:/,・;-]?[(\[]?約?{_SIZE}", r"\1"),  # pdf:123kb
        (
            r"[bkmト]",
            rf"[(\[【](?:サイズ|容量|ファイルサイズ|filesize)?:?{_SIZE}[)\]】]",
            "",
        ),  # (サイズ:1kb)
        (r"サイズ", rf"(ファイルサイズ|データサイズ)[:は|]?約?{_SIZE}", r"\1"),  # ファイルサイズ:約1.2mb
        (r"c|©", rf"((?:copyright|\(c\)|©)[^0-9]{{0,24}}){_YEARS}(?![0-9])", r"\1"),  # ©みなと市2010-2024
        (
            r"allrights",
            rf"{_YEARS}(?=[^0-9。]{{0,40}}allrightsreserved)",
            "",
        ),  # 2024市allrightsreserved
        (r"[:=#]", _SESSION, r"\1"),  # requestid:9f8e7d
        (r"=", _BUSTER, ""),  # ?v=20240117
    )
)


def mask_noise(folded: str) -> str:
    """Give ``folded`` without what moves by itself; empty where the whole block is such a thing."""
    if len(folded) <= _MAX_WHOLE_CHARS:
        if _WHOLE.fullmatch(folded) or is_counter(folded):
            return ""
        folded = strip_counters(folded)
    for cheap, pattern, left in _INLINE:
        if cheap.search(folded):
            folded = pattern.sub(left, folded)
    return folded


_STAMP = pattern_of(
    rf"""
    [(\[【]?{_STAMP_LABEL}[:は|]?{_DAY}(?:t?{_TIME}{_ZONE})?(?:更新)?[)\]】]?  # 更新日:2024年1月17日
  | ^[(\[【※]?{_DAY}(?:{_TIME})?(?:に)?(?:最終)?更新[)\]】]?$  # 2024年1月17日更新
    """,
    re.VERBOSE,
)


def strip_update_date(folded: str) -> str:
    """Give ``folded`` without the page's own "更新日：2024年1月17日"."""
    return _STAMP.sub("", folded)


_NAMES_INCIDENT = pattern_of(
    rf"""
    追記|訂正|続報
  | 第.{{1,3}}報  # 第2報
  | お詫び|漏えい|漏洩|流出|紛失|個人情報|不正|被害
  | まで  # 3月31日まで
  | [0-9万億千百]{any_of(COMMON_UNITS)}  # 928万人
  | 第[0-9]+条  # 第26条
    """,
    re.VERBOSE,
)


def names_incident(folded: str) -> bool:
    """Tell whether a short text could tell of an incident: such a block is never taken for decoration."""
    return _NAMES_INCIDENT.search(folded) is not None


# --- link targets -----------------------------------------------------------------------------

_NOISE_PARAMETER = pattern_of(
    r"""
    utm_\w+|_ga|_gl|gclid|fbclid|yclid|msclkid|mc_[ce]id  # of advertisers
  | jsessionid|phpsessid|aspsessionid\w*|cfid|cftoken|sid  # of sessions
  | _?sess(?:ion)?(?:_?id)?|_?session_?\w*id
  | token|_?token|csrf\w*|_csrf\w*|xsrf\w*|authenticity_token|nonce|_?wpnonce  # of forms
  | _|v|ver|rev|t|ts|_t|_ts|time|timestamp|mtime|cb|cache\w*|_cache\w*|bust\w*|nocache  # against caches
  | rnd|rand|random|hash|dummy|r
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EPOCH = pattern_of(r"1[5-9][0-9]{8}(?:[0-9]{3})?")
_PATH_SESSION = pattern_of(r";[^/?#]*|/\([sS]\([^)]*\)\)")
_INDEX = pattern_of(r"/(?:index|default)\.(?:html?|php|aspx?|jsp|cgi)$", re.I)


@lru_cache(4096)  # asked for twice with every link, and the pages of a site link to each other
def link_target(url: str) -> str:
    """Give ``url`` as it is compared: without session, cache-buster, fragment, scheme and ``www.``.

    The order of the query is kept. Empty for what is no address of a document (``tel:``).
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url.strip()
    if parts.scheme not in ("http", "https", ""):
        return ""
    path = _INDEX.sub("/", _PATH_SESSION.sub("", parts.path))
    # latin-1 keeps any byte apart: an address may be percent-encoded in Shift_JIS
    path = quote(unquote(quote(path, "%/~", errors="replace"), "latin-1"), "/~", "latin-1")
    bare = parts.query.isdecimal()  # a number against caches: /a.pdf?1001
    query = "&".join(
        f"{name}={value}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
        if not (_NOISE_PARAMETER.fullmatch(name) or _EPOCH.fullmatch(value) or (bare and name.isdecimal()))
    )
    route = f"#{parts.fragment}" if parts.fragment[:1] in ("!", "/") else ""
    return f"{host}{port}{path.rstrip('/')}{'?' + query if query else ''}{route}"
