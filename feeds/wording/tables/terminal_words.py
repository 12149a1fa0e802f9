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
