"""What the command line says beside what it shows."""

from __future__ import annotations

TERMINAL = {
    "published": ("公開", "published"),
    "updated": ("更新", "updated"),
    "attachment": ("資料", "attachment"),
    "version": ("版", "version "),
    "update stated": ("更新日の記載", "update date stated"),
    "later": ("{}日後", "{} days later"),
    "undated": ("日付不明", "day not known"),
    "uncounted": ("件数不明", "count not known"),
    "edits": ("編集{}回(うち断りなし{}回)", "{} edits, {} of them without a word"),
    "not known": ("不明: {}", "not known: {}"),
    "named by": ("言及: {}", "named by {}"),
}
"""What the command line says beside what it shows."""

SENTENCES = {
    "no notices found": "該当する公表はありません",
    "no changes found": "該当する変更はありません",
    "no alerts found": "該当する警告はありません",
    "no sources found": "該当する情報源はありません",
    "no findings found": "該当するものはありません",
    "no offers found": "候補のアドレスはありません",
    "no titles found": "表題がありません",
    "no rows found": "該当する行はありません",
    "no incidents found": "該当する事案はありません",
    "no clusters found": "事案の候補はありません",
    "{} does not exist; `kohyo crawl` makes it, --db names another": (
        "{}がありません。`kohyo crawl` で作成されます。別のものは --db で指定します"
    ),
    "upgrading the search index: {}/{} ": "検索の索引を更新しています: {}/{} ",
    "{!r} is no address of a page; write it whole: https://www.example.jp/news/": (
        "{!r}はページのアドレスではありません。https://www.example.jp/news/ のように全体を書いてください"
    ),
    "no such file: {}": "ファイルがありません: {}",
    "cannot write to {}: {}": "{}に書き込めません: {}",
    "pages:": "ページ:",
    "left, about {}": "残り約{}",
    "{}, {}; pages: {}": "{}、{}。ページ: {}",
    "none were due": "巡回の時期を迎えたページはありません",
    "put off to the next run: {} of {}": "次回に見送り: {} ({})",
    "{} brought nothing yet; see coverage": "{}からはまだ何も読めていません。収集状況を参照してください",
    "{}: {} of {}": "{} {} ({})",
    "still wrong, as told before: {} of {}; `{}` lists them": (
        "以前からの異常が続いています: {} ({})。`{}` で一覧を表示します"
    ),
    "in order again: {}": "復旧: {}",
    "there is no incident {}; `kohyo incidents` lists them": (
        "事案{}はありません。`kohyo incidents` で一覧を表示します"
    ),
    "there is no notice {}; `kohyo notices` lists them": (
        "公表{}はありません。`kohyo notices` で一覧を表示します"
    ),
    "there is no version {}; there are 1 to {}": "第{}版はありません。1から{}までです",
    "notice {} has one version: nothing to compare": "公表{}の版は一つだけで、比較できません",
    "an empty query finds nothing; give at least one character": "検索する語句を1文字以上入力してください",
    "{} written, {} unchanged in {}": "{}を書き込み、{}ファイルは変更なし ({})",
    "kohyo at {}/ (feed: {}/feeds/all.atom)": "kohyo: {}/ (フィード: {}/feeds/all.atom)",
    "kohyo: warning: everybody who reaches {}:{} can read this, and on the way a token sent "
    "there; put a web server with TLS in front, and leave --host at 127.0.0.1": (
        "kohyo: 注意: {}:{}に届く人は誰でも閲覧でき、送信されたトークンも途中で読まれます。"
        "TLSを備えたWebサーバーを前に置き、--hostは127.0.0.1のままにしてください"
    ),
}
"""Sentences of the command line, written in English where they are said: their Japanese."""
COUNTED = {
    "change": "変更{:,}件",
    "alert": "警告{:,}件",
    "open alert": "継続中の警告{:,}件",
    "page": "{:,}ページ",
    "host": "{:,}ホスト",
    "source": "情報源{:,}件",
    "row": "{:,}行",
    "file": "{:,}ファイル",
    "notice": "公表{:,}件",
    "version": "{:,}版",
    "day": "{:,}日",
    "address": "アドレス{:,}件",
    "unconfirmed address": "未確認のアドレス{:,}件",
    "declaration": "定義{:,}件",
    "problem": "問題{:,}件",
}
"""How things are counted in Japanese; in English by their plural."""
