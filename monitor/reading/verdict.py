"""Whether what was read is the page: content, or something else in its place.

Only ``content`` becomes a version, so both errors cost: an error page taken for content is a false
change, content taken for an error page is silence. Phrases count where they stand as the page's
title, or where little else is said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storage.records import Block, Verdict

_GONE = re.compile(
    r"""
      (?:ページ|ファイル|ＵＲＬ|URL|アドレス|記事|コンテンツ)(?:または(?:ファイル|ページ))?[はがを]?\s?[、,]?\s?
        (?:存在しません|存在しない|見つかりません|見付かりません|みつかりません|見つけることができません|表示できません
          |表示することができません|削除され(?:た(?:か|可能性)|ました)|公開を終了|掲載を終了|現在公開されていません)
    | (?:お探し|ご指定|お求め|アクセス|指定|ご覧(?:になろう)?|リクエスト)[^。]{0,25}
        (?:ページ|ファイル|URL|記事|コンテンツ)[^。]{0,40}
        (?:存在しま|見つか|見付か|みつか|削除|移動|変更された|公開を?(?:終了|期間)|表示でき|ございません|ありません)
    | (?:ページ|記事)の?(?:公開|掲載)(?:期間)?[はが]終了(?:し|いたし|致し)
    | \b404\b[\s\-:|]*(?:not\s?found|error|エラー|ページ) | (?:error|エラー|http)[\s\-:]*404\b | ^404$
    | (?:page|file|document|file\sor\sdirectory|requested\surl.{0,80}|url|resource)\s
        (?:was\s|could\s|cannot\s|is\s|can't\s|can’t\s)?(?:be\s)?not\s(?:be\s)?found
    | page\s(?:you.{0,40}\s)?(?:cannot|can't|could\snot|can’t)\sbe\sfound
    | \bnot\sfound\b(?=\s*$) | page\sdoes(?:n't|\snot|n’t)\sexist
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BLOCKED = re.compile(
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
    | bad\sgateway | gateway\stime-?out | internal\sserver\serror
    # the same in Japanese
    | アクセスが?(?:拒否|制限|禁止|遮断|ブロック)され | アクセス(?:権限|する権限|権)が(?:ありません|ない)
    | アクセスが(?:大変)?集中して | 不正なアクセス(?:を検知|と判断|の可能性があるため)
    | (?:ページ|サイト)への?アクセスは(?:許可|禁止|制限) | (?:ロボット|ボット)では(?:ありません|ないことを)
    | 人間であること(?:を|の)確認 | 画像認証
    | (?:ただいま|只今|現在)[^。]{0,20}メンテナンス(?:中|を(?:行|実施))
    | (?:一時的に|現在)(?:サービス|サイト|ホームページ)を(?:停止|休止)し
    | しばらく(?:時間を?おいて|経って|たって)から[^。]{0,20}(?:アクセス|お試し|再度)
    | (?:内部|サーバー?)エラーが発生
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WAITING = re.compile(
    r"(?:now\s)?loading[.…]*|(?:読み込み|読込み?|ロード)中(?:です)?[.。…]*|お待ちください[.。…]*"
    r"|(?:please\s)?enable\sjavascript.{0,80}|.{0,40}javascript.{0,10}(?:有効|オン|on|enable|required).{0,60}"
    r"|.{0,20}redirected.{0,40}",
    re.IGNORECASE,
)
_NOTICE = re.compile("お詫び|について|に関する|障害|漏えい|漏洩|流出|のご報告|発生")
"""A title that speaks of something: a page about an error is no error page."""
_WHITE = re.compile(r"\s+")

_BRIEF = 900  # characters: an error page may apologise at length, with a search box's words
_SHORT = 400
_SPARSE = 12  # fewer characters than this are no page


def judge(
    units: Sequence[Block],
    *,
    title: str,
    whole_title: str,
    heading: str,
    status: int,
    missing: str,
    documents: bool,
) -> tuple[Verdict, str]:
    """The verdict and its evidence in one line."""
    if status in (404, 410):
        return "soft-404", f"HTTP {status}"
    if status >= 400:
        return "blocked", f"HTTP {status}: {title or _start(units)}"[:200]
    verdict, detail = _error_page(units, (whole_title, heading))
    if verdict != "content":
        return verdict, detail
    if missing:
        return "empty", f"nothing matches {missing}"
    if sum(len(unit.text) for unit in units) > _BRIEF:
        return "content", ""
    said = [unit.text for unit in units if not _WAITING.fullmatch(unit.text)]
    size = sum(len(_WHITE.sub("", text)) for text in said)
    if not said or (size < _SPARSE and not documents):
        return "empty", f"{size} readable characters" + (f": {units[0].text[:60]}" if units else "")
    return "content", ""


def _error_page(units: Sequence[Block], titles: Sequence[str]) -> tuple[Verdict, str]:
    text = "\n".join(unit.text for unit in units)
    size = len(text)
    if size > 3 * _BRIEF or any(_NOTICE.search(name) for name in titles):
        return "content", ""
    for name in titles:
        if match := _GONE.search(name):
            return "soft-404", f"title: {match[0].strip()}"
        if size <= _BRIEF and (match := _BLOCKED.search(name)):
            return "blocked", f"title: {match[0].strip()}"
    if size <= _BRIEF:
        if (match := _BLOCKED.search(text)) and (size <= _SHORT or match.start() < 120):
            return "blocked", _line(match, text)
        if (match := _GONE.search(text)) and (size <= _SHORT or match.start() < 200):
            return "soft-404", _line(match, text)
    return "content", ""


def _line(match: re.Match[str], text: str) -> str:
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    return text[start : end if end >= 0 else None].strip()[:200]


def _start(units: Sequence[Block]) -> str:
    return units[0].text[:120] if units else ""
