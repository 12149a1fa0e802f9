"""What is said of a change: its kind and reasons, what was said before and after, and where it stands."""

from __future__ import annotations

from storage.text.wording import TOMBSTONE

KINDS = {
    "new": ("新規", "New"),
    "updated": ("更新", "Updated"),
    "withdrawn": ("掲載終了", "Withdrawn"),
    "restored": ("再掲載", "Restored"),
    "moved": ("移動", "Moved"),
}
MARKS = {
    "silent": ("断りなく書き換え", "Rewritten without a word"),
    "added-silently": ("断りなく加筆", "Added to without a word"),
    "reversed": ("漏えいの有無が反転", "Outcome reversed"),
}
"""What a headline begins with, in place of the kind of change."""
REASONS = {
    "count": ("件数・人数", "count"),
    "date": ("日付", "date"),
    "deadline": ("期限", "deadline"),
    "provision": ("根拠条文", "legal provision"),
    "phone": ("連絡先", "telephone"),
    "outcome": ("漏えいの有無", "outcome"),
    "wording-softened?": ("表現の緩和(推定)", "softer wording (presumed)"),
    "negation": ("否定表現", "negation"),
    "postscript": ("追記", "postscript"),
    "added": ("追加", "passage added"),
    "removed": ("削除", "passage removed"),
    "column": ("表の列", "table column"),
    "text": ("文言", "wording"),
    "title": ("表題", "title"),
    "attachment": ("添付資料", "attachment"),
    "link": ("リンク", "link"),
    "order": ("順序", "order of passages"),
    "reverted": ("以前の記述に復帰", "back to an earlier text"),
    "silent": ("更新日の変更なし", "update date left as it was"),
    "found-later": ("過去の記録から判明", "found later, in an old capture"),
    "address": ("アドレス", "address"),
    "form-only": ("表記のみ", "notation only"),
}
WEIGHTS = {
    "any": ("軽微な変更も含む", "minor ones too"),
    "true": ("重要な変更のみ", "material changes only"),
    "false": ("軽微な変更のみ", "minor changes only"),
}
PHRASES = {
    "date-stood": (
        "本文は変わりましたが、ページ自身の更新日は変わっていません",
        "The text changed, the page's own date did not",
    ),
    "date-stood-at": (
        "本文は変わりましたが、ページ自身の更新日は変わっていません(変更前: {0}、変更後: {1})",
        "The text changed, the page's own date did not (before: {0}, after: {1})",
    ),
    "page-gone": ("ページがなくなりました", "The page is gone"),
    "page-back": ("再び掲載されました", "Published again"),
    "file-gone": ("添付ファイル{}がなくなりました", "Attachment {} is gone"),
    "file-back": ("添付ファイル{}が再び掲載されました", "Attachment {} was published again"),
    "file-replaced": ("添付ファイル{}が差し替えられました", "Attachment {} was replaced"),
    "attachment-insert": ("添付ファイルの追加「{}」", "Attachment added: “{}”"),
    "attachment-change": ("添付ファイルの差し替え「{}」", "Attachment replaced: “{}”"),
    "attachment-delete": ("添付ファイルの削除「{}」", "Attachment removed: “{}”"),
    "link-insert": ("リンクの追加「{}」", "Link added: “{}”"),
    "link-change": ("リンク先の差し替え「{}」", "Link leads elsewhere: “{}”"),
    "link-delete": ("リンクの削除「{}」", "Link removed: “{}”"),
    "slot": ("リンク枠の入れ替わり「{}」", "Another link in turn: “{}”"),
    "outcome": ("漏えい等の有無に関する記載の変更「{}」", "Statement on whether data leaked changed: “{}”"),
    "postscript": ("追記「{}」", "Postscript: “{}”"),
    "insert": ("追加「{}」", "Added: “{}”"),
    "delete": ("削除「{}」", "Removed: “{}”"),
    "column-insert": ("表の列「{}」の追加", "Table column added: “{}”"),
    "column-delete": ("表の列「{}」の削除", "Table column removed: “{}”"),
    "title": ("表題の変更「{}」", "Title changed: “{}”"),
    "date": ("日付の変更 {} → {}", "Date changed: {} → {}"),
    "address": ("掲載先の変更 {}", "Moved to {}"),
    "stamp": ("更新日の変更", "Update date changed"),
    "change": ("{}の変更「{}」", "{} changed: “{}”"),
    "wording": ("文言", "Wording"),
    "order": ("順序の変更", "Order of passages changed"),
    "form": ("表記のみの変更", "Notation only"),
    "more": ("、ほか{}件", "; and {} more"),
    "same": ("変更なし", "No change"),
    "redacted": (TOMBSTONE, "[removed]"),
}
"""What is said of a change; what stands in braces is the publisher's."""
PLACES = {
    "stamp": ("更新日", "update date"),
    "slot": ("差し替わるリンク枠", "links taking turns"),
    "title": ("表題", "title"),
    "date": ("日付", "date"),
    "address": ("アドレス", "address"),
    "file-gone": ("なくなった添付ファイル", "attachment gone"),
    "file-back": ("再び掲載された添付ファイル", "attachment published again"),
    "file-replaced": ("差し替えられた添付ファイル", "attachment replaced"),
}
"""Where on a page, or about a row of a listing, something changed."""
HUNKS = {
    "insert": ("追加", "added"),
    "delete": ("削除", "removed"),
    "change": ("変更", "changed"),
    "cell": ("表の欄", "table cell"),
    "move": ("移動", "moved"),
    "link": ("リンク", "link"),
    "form": ("表記のみ", "notation only"),
    "column": ("表の列", "table column"),
}
"""Sorts of differences."""
