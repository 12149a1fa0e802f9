"""Locked: by an attacker, who asks for money, or by the body itself before it lost what it kept."""

from __future__ import annotations

from monitor.facts.steps.step import Step, step_words
from storage.text.patterns import pattern_of

LOCKED = (
    Step(
        "ransom-demanded",
        step_words(
            r"""
            身代金[^。型]{0,12}(?:要求|請求|支払い?を求)                                        # 身代金の要求
          | 脅迫(?:文書?|メール|状|メッセージ|行為) | ランサムノート
          # 金銭要求の連絡
          | 要求され(?:た|ている)(?:金銭|身代金|額)  # 要求された金銭は払っていない
          | (?:金銭|金品|仮想通貨|暗号資産|ビットコイン)[^。]{0,16}(?:要求|請求|求め)
            """,
            needs="要求 請求 を求 求め 脅迫 ランサムノート",
        ),
        pattern_of(
            r"とは|プログラムです|要求型|要求する[^。、]{0,10}(?:ウイルス|ウィルス|マルウ|プログラム|ソフト)|(?:要求|請求|支払い)に(?:は|も)?[^。、]{0,8}応じ"
        ),
    ),
    Step(
        "encrypted-at-rest",
        step_words(
            r"暗号化(?=され|し[たて]|を施|が施|済|の上|のうえ|処理|は|も|や|及び|等|・|の?[措処]置)", "暗号化"
        ),
    ),
    Step(
        "password-protected",
        step_words(
            r"(?:パスワード|生体認証|PINコード|暗証番号)(?:が|を|は|による|で|の)?[^。、]{0,8}(?:設定|ロック"
            r"|保護|設け|(?<!呼び)(?<!呼)かけ|かかっ|付(?=き)|[つ付]い(?=て))(?:(?:等|など)?の[^。、]{0,8}(?:対策|機能))?",
            "パスワード 生体認証 PINコード 暗証番号",
        ),
        pattern_of(
            r"パスワードの?(?:変更|再設定|初期化)|パスワードを変更|推測|使い回|設定してください|設定の(?:見直|強化)"
            r"|機能を持たない|(?:不審|なりすまし|攻撃)[^。]{0,8}メール|(?:媒体|USB[^。、]{0,8}|端末|パソコン)を(?:配[付布]|導入|支給)"
        ),
    ),
)
