"""Titles of feeds, the calendar and digests, and what they are about."""

from __future__ import annotations

FEEDS = {
    "roster": ("{}: 新たに判明した団体", "{}: bodies newly known"),
    "roster-about": (
        "{}について、公表した団体と名を挙げられた団体をお知らせします",
        "Bodies of {} that published or were named",
    ),
    "alerts": ("公表 kohyo: 運用者への警告", "kohyo: alerts for who runs it"),
    "alerts-about": ("巡回の異常と復旧をお知らせします", "What breaks, and what is in order again"),
    "all": ("公表 kohyo: 個人情報の漏えい等に関する公表", "kohyo: personal-data incidents in Japan"),
    "all-about": (
        "新しい公表、記述の変更、掲載の終了をお知らせします",
        "What is newly published, changed or withdrawn",
    ),
    "source-about": ("{}の公表と、その変更", "Notices of {} and their changes"),
    "incident-about": ("「{}」に関する公表と、その変更", "What is published about: {}"),
    "organisation-about": ("{}に関する公表と、その変更", "Notices that speak of {} and their changes"),
    "watch-list-about": (
        "ウォッチリスト「{}」に当てはまる公表と、その変更",
        "What passes the watch-list: {}",
    ),
    "all-changes": ("すべての変更", "all changes"),
    "query-about": ("条件に合う変更: {}", "Changes found by: {}"),
    "deadlines": ("公表 kohyo: 期限", "kohyo: deadlines"),
    "digest": ("公表 kohyo: {0}の変更 {1}件", "kohyo: {2}, {0}"),
}
"""Titles of feeds, the calendar and digests, and what they are about."""
