"""A deed that was not meant, by its shape: a word that it was none of what should be, beside a verb.

The words that say so (誤って, 手違いで, 本来は, べきところ, つもりが, てしまった) are few, and what may be
done with data are few verbs, so that a mishap is found which no list of wordings holds: 委員の資料として住所
の入った一覧を配ってしまった. Read only where a text names no cause and tells none of the known mishaps.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.facts.sheet import Sheet
from storage.text.patterns import pattern_of

# Each with the side on which its deed stands.
_MARK = pattern_of(
    r"""
    (?=[誤手本べは間勘思不確気つ操てミのでま])
    (?: (?P<ahead> 誤って | 誤り、 | 手違い(?:で|に|から) | 間違って | 間違え、 | 勘違いし
      | 思い込[みん] | 本来(?:は|で|、|なら)
        | べきところ | はずの?(?:が|ところ) | つもり(?:が|で) | 不注意で | 気[付づ]かず
          | 確認(?:せず|しない|を怠)
        | 操作(?:を誤|ミス) | (?<=[たい])まま(?=(?:で|、)?[^。、]{0,10}(?:送|発|配|渡|掲載
          |公開(?!草)|添付|投稿|廃棄|アップ))
      )
    | (?P<behind> (?<=[しえけせっれ])てしま(?:い|っ|う)
        | (?<=[一-龥])(?:の)?(?:ミス|手違い|間違い|不手際)(?![タイ])
        | (?:で(?:の)?)?不適切な(?=状|管理|情報|取|方法|設定|対応|運用)
      )
    )
    """,
    re.VERBOSE,
)
_SEND = (
    r"送信|送付|郵送|発送|配信|手渡|交付|配布|配[っり]|同封|封入|添付|返却|返送|転送|投函|配達|届け"
    r"|送[っりら]|渡[しさ]"
)
_DEED = pattern_of(
    rf"""
    (?: (?P<failure_to_erase>
          (?:黒塗り|墨塗り|マスキング|匿名化|削除|消去|非表示|伏せ字)[^。、]{{0,8}}
          (?:せず|しない|しなかった|し?忘れ|漏れ|不十分|怠|失念|されて(?:い|お)(?:な|ら))
        | 伏せ(?:ず|ない|忘れ)
      )
    | (?P<loss> (?:廃棄|破棄|処分|溶解)(?:処理)?(?:し(?:て|た|ま)|され) | 捨て(?:て|た|ら|まし|、)
      | シュレッダー
        | 置き?忘れ | 紛失し
      )
    | (?P<misconfiguration>
          (?:掲載|公開|公表|表示|投稿|アップロード|アップ|共有|投影|掲示|開示)(?:(?:を)?し(?:て|た|ま)|され|となっ)
        | 閲覧(?:でき|可能|され) | アクセス(?:でき|可能) | 見(?:られる|える|れる)(?:状態|形|よう|状況)
        | 見え(?:て|る|た) | 貼り出 | 映し出 | 映(?:っ|り込) | 載(?:せ|っ)(?:て|た)
      )
    | (?P<misdirected>
          (?:{_SEND})(?:を)?(?:し)?(?:て|た|ま|され|れ|、)
        | (?:伝え|教え|話し|回答し|提供し|知らせ|開示し)(?:て|た|ま|られ)
      )
    )
    """,
    re.VERBOSE,
)
_OF_DATA = pattern_of(
    r"情報|氏名|名前|名簿|住所|アドレス|番号|データ|ファイル|一覧|リスト|書類|資料|通知|文書|書面|写真|画像|[書票証簿]"
)
# What is said of the notice, of what was done about it, or of what shall not happen.
_NO_MISHAP = pattern_of(
    r"場合|おそれ|恐れ|可能性|ない(?:よう|ため)|防[止ぐ]|徹底|対策|今後|再発|ください|下さい|お願い|注意|お知らせ|禁止"
    r"|こととし|ように(?:し|する)|迷惑|心配|お?詫び?|謝罪|誤解|報道|訂正"
)
_AHEAD = 90  # characters behind a word within which its deed stands
_BEHIND = 24


def find_unmeant(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Yield where a deed is told that was not meant, and which cause it is."""
    for mark in _MARK.finditer(sheet.text):
        first, last = sheet.sentence(mark.start())
        sentence = sheet.text[max(first, mark.start() - 120) : min(last, mark.end() + 120)]
        if _NO_MISHAP.search(sentence) or _OF_DATA.search(sentence) is None:
            continue
        if mark["ahead"]:
            deed = _DEED.search(sheet.text, mark.end(), min(last, mark.end() + _AHEAD))
        else:
            *_, deed = None, *_DEED.finditer(sheet.text, max(first, mark.start() - _BEHIND), mark.end())
        if deed:
            start, end = min(mark.start(), deed.start()), max(mark.end(), deed.end())
            yield start, end, str(deed.lastgroup).replace("_", " ")
