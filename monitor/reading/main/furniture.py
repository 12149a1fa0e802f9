"""What furniture says, on every template in the same few words; and what is never furniture."""

from __future__ import annotations

import re
from functools import lru_cache

from monitor.reading.page_dates import has_labelled_date
from storage.text.patterns import pattern_of
from storage.text.telephones import of_either_width, parted

PHONE = pattern_of(of_either_width(parted("[-－‐ー―(（)）]")))
CONTACT = pattern_of("お?問い?合わ?せ|担当(?:課|部|者|：|:)|連絡先|このページ(?:の作成|に関する)")

SURVEYS = ("ページ", "サイト", "この情報", "この記事", "掲載内容", "掲載情報")
_OF_IT = (
    r"(?:の(?:内容|情報|ご?感想)|について|は|に対して|に関して)?[^。]{0,12}"
    r"(?:役に?立|わかりやす|分かりやす|見つけやす|参考にな|ご?意見|ご?感想|お聞かせ|改善)"
)
QUESTIONS = ("ご意見", "意見", "ご感想", "感想", "役", "アンケート")
# Every alternative begins with a character of its own, so that other places are passed over at once.
BOX = pattern_of(
    "|".join(
        (
            *(f"(?<![ァ-ヶー]){subject}{_OF_IT}" for subject in SURVEYS),
            *(subject + "を?お(?:聞|き)かせ" for subject in QUESTIONS[:4]),
            "役に?立ちましたか|アンケート",
            "こんなページも見て|見ている人は|最近(?:見た|閲覧した)ページ",
            "よく(?:見|読)られて(?:いる)?(?:ページ|記事)",
            "足あと|知りたい情報がない|情報が見つからない|への別ルート",
            "同じ(?:階層|カテゴリー?|分類)の(?:情報|ページ|記事)",
            *(
                kind + "(?:別|から)に?(?:探す|さがす)"
                for kind in ("目的", "組織", "分類", "対象者?", "カテゴリー?")
            ),
        )
    ),
    needs=(
        "ページ サイト この情報 この記事 掲載 かせ 役立 役に アンケート 見て よく 足あと 情報が 別ルート "
        "同じ 探す さがす"
    ),
)
"""The words that a box of a survey, or of links to elsewhere, begins with: one of ``SURVEYS``, or one of
``QUESTIONS``, which may be what the page is about (a consultation of the public) and make a box only of
what has something to fill in."""

ASKS = pattern_of("ますか|ましたか|ですか|[?？]|ください|下さい|お(?:聞|き)かせ|お寄せ")
"""What a survey says, and a sentence about a page does not."""

_TELLS = pattern_of(
    "脆弱|悪用|漏[えいら洩]|流出|紛失|不正|侵入|攻撃|感染|被害|盗|窃|詐|誤って|誤送|公開され|認証|[0-9０-９]台"
)
"""What furniture never speaks of."""

_LINE = pattern_of(
    r"""
    # where the text begins and ends, for those who listen
      (?:ここから)?本文(?:です|ここから|の始まり)? | ここまで(?:が)?本文(?:です)?
    | (?:この)?ページの?(?:先頭|トップ|上部|最上部)(?:です|へ|に)?(?:戻る|移動)?(?:します)?
    | (?:ページ)?(?:先頭|トップ|上|TOP)(?:へ|に)(?:戻る|もどる)? | page\s?top
    | (?:.{0,12}
        (?:本文|ナビ|メニュー|コンテンツ|共通|リンク|ヘッダー?|フッター?|バナー|カテゴリー?|内容)
        .{0,14})?
        (?:スキップ|飛ばし|とばし)(?:て.{0,15}|する|します)?
    | (?:この)?ページの?(?:本文|内容)へ(?:移動|ジャンプ)?(?:します)?
    # tools
    | (?:この)?(?:ページ|記事)を?印刷(?:する|用|します|用に開く)?
    | 印刷(?:用)?(?:の)?(?:ページ|画面)?(?:を)?(?:表示|開く)?(?:する)?
    | (?:スマートフォン|スマホ|PC|パソコン|モバイル)(?:版|サイト|用|表示)?(?:を|へ|で|に)?
        (?:表示|見る|切り?替え)?(?:する)?
    | 文字(?:サイズ|の大きさ).{0,20} | 背景色.{0,10} | 色合い.{0,10}
    | (?:音声)?読み上げ(?:る|・.{0,8})? | ふりがな.{0,8}
    | (?:Foreign|Select)\s?Languages? | Language | Translate
    | (?:ツイート|シェア|いいね！?|共有|(?:X\s?)?ポスト)(?:する)? | Tweet | Share
    | (?:LINE|X|Facebook|フェイスブック|ツイッター|Twitter)(?:で|に)?
        (?:送る|シェア|ポスト|ツイート|投稿)(?:する)?
    # ways out
    | (?:一つ)?前(?:に見ていた)?の?(?:ページ|画面)?(?:に|へ)戻る | 戻る | 閉じる | 検索 | サイトマップ
    | メニュー(?:を(?:開く|閉じる))? | ページ内目次 | 目次を(?:開く|閉じる)
    | (?:次|前)(?:へ|の(?:記事|ページ|お知らせ)(?:へ)?)
    | (?:一覧|トップ(?:ページ)?|ホーム)(?:へ|に)?(?:戻る|もどる)
    | .{0,12}(?:情報|ページ)が見つからない(?:とき|場合)(?:は|に)?(?:[、\s]*こちら.{0,6})?
    # small print
    | (?:アクセス|閲覧|訪問者?|来訪者?)(?:数|カウンター?|カウント)?\s?[:：]?\s?
        [0-9０-９,，]+\s?(?:回|人|件|PV)?目?
    | (?:アクセス|閲覧|訪問者?|来訪者?)(?:数|カウンター?)?[\s:：]*(?:本日|今日|昨日|累計|合計)[^。]{0,40}
    | (?:copyright|©|\(c\)|（c）|all\srights\sreserved).{0,150} | .{0,80}all\srights\sreserved.?
    | [^。]{0,60}copyright\s?(?:\(c\)|©|（c）|[12][0-9]{3}).{0,80}
    | (?:(?:記事|写真|画像|文章)[^。]{0,10}の)?無断(?:転載|複製|使用)(?:・[^。]{0,8})?
        (?:を)?(?:禁止|禁ず|禁じます)
    | .{0,80}(?:adobe|acrobat|アドビ|アクロバット).{0,80}
        (?:必要|入手|お持ちでない|ダウンロード|インストール|無償|無料).{0,80}
    | (?:get|download)\sadobe.{0,30}
    """,
    re.VERBOSE | re.IGNORECASE,
)
APPLAUSE = pattern_of("いいね|シェア|ツイート|ポスト|共有|share|tweet", re.I)
"""What a number may follow that counts it."""

HOME = pattern_of(
    r"(?:.{0,12}(?:ホーム|トップ)(?:ページ)?|.{0,12}フロントページ|home|top(?:\s?page)?)", re.IGNORECASE
)
"""What a link to the front page says."""

_HERE = pattern_of(
    r"(?:(?:現在(?:の|地)?|いま(?:の)?|ここ|閲覧(?:中の)?)?(?:位置|地|場所|ページ|いる)[はの]?\s?[:：]?)?\W*"
)

ARROWS = " \u3000>＞»›≫→⇒"
STEP = pattern_of(r"\s*[>＞»›≫→⇒]\s*(?=\w)")
"""What stands between the steps of the way from the front page."""

_EDGES = "。．.、,　 \t:：>＞»›|｜・▲△↑⇧←[]［］【】「」()（）"


@lru_cache(4096)  # the pages of a site share them
def is_furniture_line(text: str) -> bool:
    """Tell whether a line is one that every template speaks: skip to the text, print, back to the top."""
    if len(text) >= 200 or _LINE.fullmatch(text.strip(_EDGES)) is None:
        return False
    return not tells_of_event(text)


def tells_of_event(text: str) -> bool:
    """Tell whether a text speaks of what happened, in whatever words furniture may use beside it."""
    return _TELLS.search(text) is not None


def begins(text: str, start: str) -> str | None:
    """Return what follows ``start`` in a text that begins with it, or with «where you are:» and it."""
    here = _HERE.match(text)
    if here is None or not text.startswith(start, here.end()):
        return None
    return text[here.end() + len(start) :]


def is_date_line(text: str) -> bool:
    """Tell whether a line labels a date: such a line is never furniture."""
    return len(text) <= 80 and has_labelled_date(text)
