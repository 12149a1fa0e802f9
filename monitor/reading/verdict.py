"""Whether what was read is the page: content, or something else in its place.

Only ``content`` becomes a version, so both errors cost: an error page taken for content is a false
change, content taken for an error page is silence. Phrases count where they stand as the page's
title, or where little else is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.records import Block, Verdict
from storage.text.patterns import pattern_of

_GONE = pattern_of(
    r"""
      (?:ページ|ファイル|ＵＲＬ|URL|アドレス|記事|コンテンツ)(?:または(?:ファイル|ページ))?[はがを]?\s?[、,]?\s?
        (?:存在しません|存在しない|見つかりません|見付かりません|みつかりません|見つけることができません|表示できません
          |表示することができません|削除され(?:た(?:か|可能性)|ました)|公開を終了|掲載を終了|現在公開されていません)
    | (?:お探し|ご指定|お求め|アクセス|指定|ご覧(?:になろう)?|リクエスト)[^。]{0,25}
        (?:ページ|ファイル|URL|記事|コンテンツ)[^。]{0,40}
        (?:存在しま|見つか|見付か|みつか|削除|移動|変更された|公開を?(?:終了|期間)|表示でき|ございません|ありません)
    | お探しの[^。]{1,25}[はが][^。]{0,12}(?:見つかりませ|存在しませ|削除され|公開を終了|掲載を終了)
    | (?:ページ|記事)の?(?:公開|掲載)(?:期間)?[はが]終了(?:し|いたし|致し)
    | (?:^|[、。\n]|(?:ページ|記事|情報|コンテンツ|リリース)[のはが、]{0,2})(?:公開|掲載|閲覧|表示|有効)の?
        期[間限][はがを]?(?:既に|すでに)?(?:終了し|終了いたし|過ぎ|切れ|満了)
    | (?:移動|削除|変更)(?:または|又は|もしくは|若しくは|あるいは|・|、|か)(?:移動|削除|変更|廃止)され
    | 該当(?:する|の)?(?:ページ|ファイル|記事|URL)[はが]
        (?:存在しません|ありません|ございません|見つかりません)
    | (?:ページ|記事)は(?:現在)?、?公開されて(?:おり|い)ません
    | (?:この|当|本)(?:ページ|サイト|ホームページ)は[^。]{0,30}(?:移動|移転|閉鎖)(?:し|いたし|致し|され)ました
    | \bcode["']?\s?[=:]\s?["']?4(?:04|10)\b | specified\skey\sdoes\snot\sexist
    | (?m:^404$) | (?m:^not\sfound$)
    | \b404\b[\s\-:|]*(?:not\s?found|error|エラー|ページ) | (?:error|エラー|http)[\s\-:]*404\b
    | (?:page|file|document|file\sor\sdirectory|requested\surl.{0,80}|url|resource)\s
        (?:was\s|could\s|cannot\s|is\s|can't\s|can’t\s)?(?:be\s)?not\s(?:be\s)?found
    | page\s(?:you.{0,40}\s)?(?:cannot|can't|could\snot|can’t)\sbe\sfound
    | \bnot\sfound\b(?=\s*$) | page\sdoes(?:n't|\snot|n’t)\sexist
    | (?:page|article)\sis\sno\slonger\savailable
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BLOCKED = pattern_of(
    r"""
    # challenges and firewalls
      just\sa\smoment | attention\srequired | checking\s(?:your\sbrowser|if\sthe\ssite)
    | verif(?:y|ying)\s(?:that\s)?you\sare\s(?:a\s)?human | performance\s&\ssecurity\sby\scloudflare
    | ddos\sprotection\sby | (?:cloudflare\s)?ray\sid:?\s | pardon\sour\sinterruption | unusual\straffic
    | are\syou\sa\s(?:robot|human) | i['’]m\snot\sa\srobot | \bcaptcha\b | bot\s(?:detected|verification)
    | enable\sjavascript\sand\scookies\sto\scontinue | sucuri\swebsite\sfirewall
    | request\sunsuccessful.{0,20}incapsula | incapsula\sincident | powered\sby\simperva
    | requested\surl\swas\srejected | your\ssupport\sid\sis | web\spage\sblocked
    | request\s(?:was\s|has\sbeen\s)?blocked | you\shave\sbeen\sblocked | \bblacklist
    | ip\saddress.{0,40}(?:blocked|banned)
    # refusals and failures of a server
    | access\s(?:to\sthis\spage\shas\sbeen\s|is\s)?denied | access\sforbidden | \bforbidden\b
    | authorization\srequired | 401\sunauthorized | too\smany\srequests | rate\slimit(?:ed|\sexceeded)
    | (?:50[0234])\s(?:service|bad|internal|gateway) | service\s(?:is\s)?(?:temporarily\s)?unavailable
    | don['’]t\shave\spermission\sto\saccess | temporarily\sunable\sto\sservice | (?m:^bad\srequest)
    | error\scode:?\s?[45][0-9]{2}\b | web\sserver\sis\sdown | origin\sdns\serror
    | site\scan['’]t\sbe\sreached | account\s(?:has\sbeen\s)?suspended
    | welcome\sto\snginx | apache2?.{0,20}default\spage | (?m:^index\sof\s/)
    | bad\sgateway | gateway\stime-?out | internal\sserver\serror
    | (?m:^(?:error[\s:]*|http(?:\sstatus)?[\s:/]*)?(?!404|410)[45][0-9]{2}[\s\-–—:|]+
        (?:bad|unauth|forb|not\s|method
        |proxy|request|precond|payload|uri|unsupp|range|unproc|locked|too\s|unavail|internal|service|gateway
        |the\splain|backend|error|server)) | \bcode["']?\s?[=:]\s?["']?(?:4(?!04|10)|5)[0-9]{2}\b
    | page\syou\sare\slooking\sfor\sis\s(?:currently|temporarily)\sunavailable
    | confirm\syou\sare\s(?:a\s)?human | complete\sthe\ssecurity\scheck | enable\sjs\sand\sdisable
    # the same in Japanese
    | セキュリティ(?:の?検証|の?確認|チェック)を(?:実行|行って|実施) | 悪意のあるボット
    | (?:お客様|あなた|ご利用の(?:環境|端末))(?:の|から(?:の)?)アクセスは(?:拒否|制限|禁止|遮断|ブロック)され
    | アクセスが?(?:拒否|制限|禁止|遮断|ブロック)され | アクセス(?:権限|する権限|権)が(?:ありません|ない)
    | アクセスが(?:大変)?集中して | 不正なアクセス(?:を検知|と判断|の可能性があるため)
    | (?:ページ|サイト)への?アクセスは(?:許可|禁止|制限) | (?:ロボット|ボット)では(?:ありません|ないことを)
    | 人間であること(?:を|の)確認 | 画像認証
    | (?:ただいま|只今|現在)[^。]{0,20}メンテナンス(?:中|を(?:行|実施))
    | (?:一時的に|現在)(?:サービス|サイト|ホームページ)を(?:停止|休止)し
    | しばらく(?:時間を?おいて|経って|たって)から[^。]{0,20}(?:アクセス|お試し|再度)
    | (?:内部|サーバー?)エラーが発生
    | (?m:^(?:システム|サーバー?|予期(?:せぬ|しない))?エラー(?:が発生し(?:まし)?た|です)?。?$)
    | サービスを(?:一時)?停止(?:して(?:おり|い)ます|中) | (?m:^不正な(?:リクエスト|アクセス)です)
    | (?m:^セッションが(?:タイムアウト|切れ|無効))
    | (?m:^.{0,20}(?:認証が必要です|ログインして(?:ください|下さい)).{0,3}$)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WAITING = pattern_of(
    r"""
      (?:now\s)?loading[.…]* | .{0,20}(?:読み?込み?|ロード)(?:ん?で(?:い|おり)ます|中(?:です)?)[.。…]*
    | (?:(?:もう)?(?:少々|しばらく)(?:の間)?)?お待ち(?:ください|下さい)[.。…]*
    | .{0,80}(?:java\s?script|cookies?|クッキー).{0,80} | .{0,20}(?:有効|オン)に(?:設定)?して.{0,20}
    | .{0,20}自動的に(?:切り?替|移動|遷移|転送|ジャンプ|画面).{0,60} | .{0,20}redirected.{0,40}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOTICE = pattern_of("お詫び|について|に関する|障害|漏えい|漏洩|流出|のご報告|(?<!エラーが)発生")
"""A title that speaks of something: a page about an error is no error page."""
_INCIDENT = pattern_of("お?詫び|障害|漏えい|漏洩|流出|紛失|不正|個人情報|被害")
_WHITE = pattern_of(r"\s+")

_MOVED = pattern_of(
    r"""
      (?:ページ|サイト)[をがは][^。]{0,25}
        (?:移転|移動|移行|引っ?越し)(?:し|いたし|致し|され)ました
    | (?:URL|ＵＲＬ|アドレス|掲載場所|掲載先)[をがは][^。]{0,25}
        (?:変更|移転|移動)(?:し|いたし|致し|され)ました
    | page\s(?:has\s)?(?:been\s)?moved
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LEADS_ON = pattern_of(
    r"(?:お?知らせ|記事|本件|内容|リリース|掲載|案内)[^。]{0,25}(?:へ|に)"
    r"(?:移転|移動|移行|移設|引っ?越し|変更)(?:し|いたし|致し|され)(?:ました|ています|ております)"
)
"""Beside a link: what was moved is what the page told of."""
_MAX_STUB_CHARS = 200  # characters of a page that says no more than where it went
_MAX_ERROR_CHARS = 900  # characters: an error page may apologise at length, with a search box's words
_SHORT_CHARS = 400
_MIN_CONTENT_CHARS = 5000  # a page that is called not found may hold a map of the site
_MIN_CHARS = 12  # fewer characters than this are no page


def judge(
    units: Sequence[Block],
    *,
    title: str,
    whole_title: str,
    heading: str,
    status: int,
    missing: str,
    documents: bool,
    instead: str = "",
    onward: str = "",
) -> tuple[Verdict, str]:
    """Return the verdict and its evidence in one line."""
    if status in (404, 410):
        return "soft-404", f"HTTP {status}"
    if status >= 400:
        return "blocked", f"HTTP {status}: {title or _start(units)}"[:200]
    if onward:
        return "soft-404", f"the page only points on to {onward}"
    verdict, detail = _error_page(units, (whole_title, heading))
    if verdict != "content":
        return verdict, detail
    titles = (whole_title, heading, title)
    if instead and not _is_said_of(units, titles):
        return "blocked", f"in its place stands {instead}"
    if not documents and (gone := _find_moved_line(units, titles)):
        return "soft-404", gone
    if missing:
        return "empty", f"nothing matches {missing}"
    if sum(len(unit.text) for unit in units) > _MAX_ERROR_CHARS:
        return "content", ""
    said = [unit.text for unit in units if not is_waiting(unit.text)]
    size = sum(len(_WHITE.sub("", text)) for text in said)
    if not said or (size < _MIN_CHARS and not documents):
        return "empty", f"{size} readable characters" + (f": {units[0].text[:60]}" if units else "")
    return "content", ""


def is_waiting(text: str) -> bool:
    """Tell whether a line is what a shell says until its script has run."""
    return _WAITING.fullmatch(text) is not None


def _error_page(units: Sequence[Block], titles: Sequence[str]) -> tuple[Verdict, str]:
    text = "\n".join(unit.text for unit in units)
    size = len(text)
    first = next((unit.text for unit in units[:3] if unit.kind == "heading"), "")
    titles = (*titles, first)
    if size > _MIN_CONTENT_CHARS or any(_NOTICE.search(name) for name in titles):
        return "content", ""
    for name in titles:
        if match := _GONE.search(name):
            return "soft-404", f"title: {match[0].strip()}"
        if size <= _MAX_ERROR_CHARS and (match := _BLOCKED.search(name)):
            return "blocked", f"title: {match[0].strip()}"
    if size <= _MAX_ERROR_CHARS:
        if (match := _BLOCKED.search(text)) and (size <= _SHORT_CHARS or match.start() < 120):
            return "blocked", _line(match, text)
        if (match := _GONE.search(text)) and (size <= _SHORT_CHARS or match.start() < 200):
            return "soft-404", _line(match, text)
    return "content", ""


def _is_said_of(units: Sequence[Block], titles: Sequence[str]) -> bool:
    """Tell whether a page with a notice's title also has a notice's words: one about a login is no login."""
    if not any(_NOTICE.search(name) for name in titles):
        return False
    return any(_INCIDENT.search(unit.text) for unit in units if unit.text not in titles)


def _find_moved_line(units: Sequence[Block], titles: Sequence[str]) -> str:
    """Find the line by which a page that says nothing else sends its reader elsewhere.

    The title of such a page may be whatever it is.
    """
    said = [unit.text for unit in units if unit.kind != "heading" and unit.text not in titles]
    if sum(map(len, said)) > _MAX_STUB_CHARS:
        return ""
    gone = next((text for text in said if _MOVED.search(text)), "")
    if not gone and any(unit.links for unit in units):
        gone = next((text for text in said if _LEADS_ON.search(text)), "")
    return gone[:200]


def _line(match: re.Match[str], text: str) -> str:
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    return text[start : end if end >= 0 else None].strip()[:200]


def _start(units: Sequence[Block]) -> str:
    return units[0].text[:120] if units else ""
