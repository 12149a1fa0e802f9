"""What went wrong, as the text says it."""

from __future__ import annotations

import re

from monitor.facts.sheet import Sheet
from storage.records import Fact

# The lookahead names every first character, so that other places are left at once.
_CAUSE = re.compile(
    r"(?=[ラ身Wウ決ペフマエEサ不第脆Sパ内元派従社職目名誤宛BbCT盗車置窃紛所遺設アシ閲消削黒プ])(?:"
    r"(?P<ransomware>ランサムウェア|ランサムウエア|身代金要求型)"
    r"|(?P<web_skimming>(?:Web|ウェブ)スキミング|決済(?:アプリケーション|システム|ページ)の改ざん|ペイメントアプリケーションの改ざん|フォームジャッキング)"
    r"|(?P<malware>マルウェア|マルウエア|ウイルス(?:に)?感染|エモテット|Emotet)"
    r"|(?P<phishing>フィッシング(?:メール|サイト|詐欺)?(?:に|により|で)|サポート詐欺)"
    r"|(?P<unauthorised_access>不正(?:な)?アクセス(?!行為の禁止|禁止法)|不正ログイン|第三者による侵入|サイバー攻撃|脆弱性を(?:悪用|突)|SQLインジェクション|パスワードリスト)"
    r"|(?P<insider_misuse>不正(?:な|に)?(?:持ち?出|持出)[しさ]?|内部不正|(?:元)?(?:派遣社員|従業員|社員|職員)(?:が|による)[^。、]{0,24}(?:持ち?出|不正に(?:取得|閲覧)|漏えいさせ)|目的外(?:利用|閲覧)|不正(?:に|な)閲覧|名簿業者に(?:販売|売却|渡))"
    r"|(?P<misdirected>誤送信|誤送付|誤発送|誤配達?|誤交付|誤郵送|誤封入|誤通知|誤って(?:別の|他の|異なる|第三者)?[^。、]{0,16}(?:送信|送付|郵送|交付|渡)|宛先を(?:誤|間違)|(?:BCC|Bcc|bcc)[^。、]{0,24}(?:CC|Cc|cc|TO|To|宛先)|(?:CC|TO|To|宛先)欄に)"
    r"|(?P<theft>盗難|車上荒らし|置き引き|窃取|盗まれ)"
    r"|(?P<loss>紛失|置き忘れ|所在不明|遺失|誤廃棄|誤って廃棄)"
    r"|(?P<misconfiguration>設定(?:の)?(?:誤り|ミス|不備|間違い|漏れ)|誤設定|アクセス(?:権限|制限|権)の(?:設定)?[^。、]{0,8}(?:誤|不備|漏れ|ミス)|閲覧(?:できる|可能な)状態|誤(?:公開|掲載|表示)|誤って(?:公開|掲載))"
    r"|(?P<failure_to_erase>消去(?:漏れ|されず|せず|し忘れ)|削除(?:漏れ|されず|せず|し忘れ|すべき)|マスキング(?:漏れ|が不十分|の不備)|黒塗り(?:が不十分|の不備|漏れ))"
    r"|(?P<system_fault>システム(?:の)?(?:障害|不具合|バグ)|プログラム(?:の)?(?:不具合|ミス|誤り|バグ)))"
)
_NOT = re.compile(
    r"\A[^。、]{0,14}(?:ではな|ではありません|は確認され(?:てい)?(?:な|ま)|の(?:おそれ|可能性)はな|防止|対策|禁止)"
)


def causes(sheet: Sheet) -> list[Fact]:
    """Every mention of a cause; ``negated`` where the text rules it out."""
    found = []
    for match in _CAUSE.finditer(sheet.text):
        value = str(match.lastgroup).replace("_", " ").replace("web s", "web-s")
        following = _NOT.match(sheet.after(match.end(), 30))
        if following and following[0].endswith(("防止", "対策", "禁止")):
            continue  # 不正アクセス防止: a measure, no cause
        found.append(
            sheet.fact(
                "cause", value, match.start(), match.end(), qualifiers=("negated",) if following else ()
            )
        )
    return found
