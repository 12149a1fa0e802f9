"""Counters and elapsed times in the words that pages use for them, on folded text.

Each pattern has to match a whole block, or a whole part of a line of such things
("2026年10月1日|閲覧1,204回|3日前"): what a notice counts stands in a sentence.
"""

from __future__ import annotations

import re

from storage.text.patterns import pattern_of
from storage.text.units import PEOPLE_UNITS, any_of

_PERSONS = any_of(PEOPLE_UNITS)
_N = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[km万千]?"  # 1,204 1.2k
_SPAN = r"(?:秒|分|時間|日間?|週間?|[か箇ヶカヵ]月間?|年間?)"
_EVENT = r"(?:公開|掲載|更新|改訂|投稿|作成|発信|配信|掲示|公表|発表|登録|開設|リリース)"
_AGO = r"(?:an?|one|[0-9]+)(?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|day|week|month|year|[smhdwy])s?ago"
_LABEL = rf"""(?:
    (?:最終|最新|前回の?)?{_EVENT}(?:日時?|年月日|時刻)?  # 最終更新日
  | (?:last)?(?:updated?|modified|edited|posted|published|added|created|seen|checked)(?:on|at)?
)"""
_OF_THIS = r"(?:この|本|当)(?:ページ|記事|お?知らせ|投稿|サイト|情報|動画|資料)(?:は|を|が|の)?"
_DEED = r"""(?:
    閲覧|視聴|再生|表示|アクセス|訪問|来訪|来場|既読|ページビュー|クリック|ダウンロード|pv|ビュー
  | いいね!?|お気に入り(?:登録)?|シェア|ツイート|リツイート|リポスト|ポスト|ブックマーク|はてブ|拍手|応援
  | 高評価|低評価|フォロワー|フォロー|参考になった|役に立った|見た|読んだ
)"""
_DOING = r"""(?:
    (?:閲覧|視聴|表示|アクセス|訪問)(?:中|してい(?:ます|る)|されてい(?:ます|る)|され(?:ました|た))?
  | (?:見|読)(?:てい(?:ます|る)|られ(?:ました|た|てい(?:ます|る))|まれ(?:ました|た|てい(?:ます|る)))
  | 再生(?:され(?:ました|た))?|いいね!?(?:しました|して(?:い)?ます)?|シェア(?:され(?:ました|た)|しました)?
  | お気に入り(?:に?登録)?(?:しています|しました)?|クリック|ビュー|pv
)"""
_DEEDS = r"""(?:
    (?:page)?views?|visits?|visitors?|access(?:es)?|hits?|downloads?|reads?|readers?|likes?|shares?|tweets?
  | retweets?|reposts?|favou?rites?|bookmarks?|clicks?|impressions?|followers?|reactions?|claps?
)"""
_DONE = r"(?:viewed|read|seen|visited|shared|downloaded|liked|accessed|clicked|watched)"
_PEOPLE = r"(?:people|persons?|users?|readers?|visitors?|others|times)"
_TIMES = r"(?:回|件|人|名|pv|hits?|views?)?"
_HEARTS = "[♡♥❤★☆👍👏🔁👁👀]\ufe0f?"

_COUNTER = pattern_of(
    rf"""
    # how long ago
    # 公開から12日
    (?:{_OF_THIS})?(?:最終|最新|前回の?)?{_EVENT}(?:日|開始)?(?:から|より|後|して(?:から)?)(?:、)?(?:約|およそ|すでに|既に)?
    [0-9]+{_SPAN}(?:以上|ほど|目)?(?:が|を)?
    (?:(?:経過|経|たち|たっ|過ぎ)(?:し|い|まし|た|て|ています|ております|ち|っ|ます|る|います|おります)*)?。?
  | {_EVENT}[0-9]+日目  # 掲載12日目
  | {_LABEL}[:は]?(?:about|約|およそ)?{_AGO}(?:by\w{{1,20}})?  # 最終更新:3daysago
  | {_AGO}(?:に?{_EVENT})?
    # 3日前に改訂
  | (?:{_LABEL}[:は]?)?[0-9]+{_SPAN}前(?:に|の)?(?:{_EVENT}(?:され(?:ました|た)|しました|済み?)?)?。?
    # 昨日更新
  | (?:{_LABEL}[:は]?)?(?:たった今|先ほど|本日|今日|昨日
      |一昨日|おととい|先週|先月|yesterday|today|justnow)
    に?(?:{_EVENT}(?:され(?:ました|た)|しました)?)?
  | (?:.{{0,12}}まで)?(?:あと|残り)[0-9]+{_SPAN}(?:です)?[。!]?  # 終了まであと3日

    # how many
    # 閲覧者:12
  | (?:{_OF_THIS})?(?:累計|合計|総|のべ|延べ|現在の?)?{_DEED}(?:者|(?:した)?[人方])?
    (?:回数|者数|人数|数|カウント)?[:は(\[]?(?:累計|合計|総計|通算|計|約)?{_N}(?:回|件|{_PERSONS}|目|users?|pv|views?)?[)\]]?
    (?:です|でした)?。?
    # 5回閲覧
  | (?:{_OF_THIS})?(?:これまでに?|現在|ただいま|累計|合計|のべ|延べ)*{_N}(?:回|pv)(?:が|に|も)?{_DOING}。?
    # このページを3人が閲覧しました
  | {_OF_THIS}(?:これまでに?|現在|ただいま|累計)*{_N}{_PERSONS}(?:が|に)?{_DOING}。?
  | (?:現在|ただいま|今)?{_N}{_PERSONS}が
    (?:閲覧中|見ています|閲覧しています|いいね!?(?:しました|して(?:い)?ます))。?
    # 12人が「参考になった」と言っています
  | (?:これまでに)?{_N}(?:人|名)の?(?:方)?が[「『]?{_DEED}[」』]?と(?:言|い|答え|回答|評価)\w{{1,8}}。?
  | {_N}{_DEED}
  | (?:この記事に)?コメント(?:数)?[:(]{_N}件?\)?
    # numberofviews:1,204
  | (?:total|the)?(?:number|count|no\.?)?(?:of)?{_DEEDS}(?:count)?[:=(\[]?{_N}{_PEOPLE}?[)\]]?
  | {_N}(?:total|unique)?(?:{_DEEDS}|comments?)(?:today|sofar|thisweek)?  # 1.2kviews
  | (?:this(?:page|article|post)?(?:was|hasbeen)?)?{_DONE}(?:by)?{_N}{_PEOPLE}?\.?  # viewed1,204times
  | {_N}{_PEOPLE}(?:have|has|are)?
    (?:{_DONE}|viewing|reading|watching|foundthishelpful)(?:this)?(?:page|article|post)?(?:now)?\.?
    # 本日20/昨日31/累計10,444
  | (?:アクセス(?:数|カウンター)?[:]?)?(?:本日|今日|きょう|today)[:は]?{_N}{_TIMES}[|/・,、]?
    (?:昨日|前日|きのう|yesterday)[:は]?{_N}{_TIMES}(?:[|/・,、]?(?:累計|合計|総計|通算|total)[:は]?{_N}{_TIMES})?
  | (?:人気|アクセス|閲覧|ページ|記事|週間|月間|デイリー)+(?:ランキング|順位)[:は]?(?:第|現在)?[0-9]+位
  | (?:this)?page(?:was)?(?:generated|rendered|created|loaded|served)in{_N}(?:milli)?(?:seconds?|secs?|m?s)\.?
  | {_HEARTS}[:×x(]?{_N}\)?|{_N}{_HEARTS}  # ♡12
    """,
    re.VERBOSE,
)
_DAY = pattern_of(
    r"(?:[0-9]{4}|(?:令和|r)(?:元|[0-9]{1,2}))[年.-][0-9]{1,2}[月.-][0-9]{1,2}日?(?:\([月火水木金土日]\))?"
)
_PARTS = pattern_of(r"([|/・])")
_MAX_PART_CHARS = 60
_MAX_LABEL_CHARS = 12  # of what stands beside a counter: more is something said


def is_counter(folded: str) -> bool:
    """Tell whether a block, or a part of one, is nothing but a counter or an elapsed time."""
    return len(folded) <= _MAX_PART_CHARS and _COUNTER.fullmatch(folded) is not None


def strip_counters(folded: str) -> str:
    """Take the counters out of a line of small things (a day, an office, a counter).

    Bars may be those between the cells of a row: there nothing but days may stand beside a counter.
    """
    parts = _PARTS.split(folded)
    if len(parts) < 3 or not any(map(is_counter, parts[::2])):
        return folded
    kept = [part for part in parts[::2] if part and not is_counter(part)]
    longest = 0 if "|" in folded else _MAX_LABEL_CHARS
    if any(len(part) > longest and not _DAY.fullmatch(part) for part in kept):
        return folded
    return "|".join(kept)
