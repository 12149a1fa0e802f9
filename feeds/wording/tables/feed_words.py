"""Titles of feeds, the calendar and digests, and what they are about."""

from __future__ import annotations

FEEDS = {
    "roster": ("{}: 新たに判明した団体", "{}: bodies newly known"),
    "roster-about": (
        "{}について、公表した団体と名を挙げられた団体をお知らせします",
        "Bodies of {} that published or were named",
    ),
    "alerts": ("公表 kohyo: 運用者への警告", "kohyo: alerts for who runs it"),
    "alerts-about": ("巡回の異常とその解消をお知らせします", "What breaks, and what is resolved"),
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
    "clocks": ("公表 kohyo: 報告期限の目安(計算)", "kohyo: when reports are due (computed)"),
    "deadlines": ("公表 kohyo: 期限", "kohyo: deadlines"),
    "digest": ("公表 kohyo: {0}の変更 {1}件", "kohyo: {2}, {0}"),
}
"""Titles of feeds, the calendar and digests, and what they are about."""
CLOCK_EVENTS = {
    "first report": ("速報の目安(計算)", "Preliminary report due (computed)"),
    "full report": ("確報の目安(30日・計算)", "Full report due (30 days, computed)"),
    "full report, wrongful purpose": (
        "確報の目安(不正の目的による場合60日・計算)",
        "Full report due (60 days if the purpose was wrongful, computed)",
    ),
    "computed": (
        "公表元が述べる発覚日 {0} (原文「{1}」)からの計算です。公表元が述べた期限ではありません。",
        "Computed from the day of discovery that the publisher states, {0} (“{1}”), and stated by nobody.",
    ),
    "rules": (
        "個人情報保護法施行規則第8条による目安: 速報はおおむね3~5日以内、確報は30日以内、"
        "不正の目的によるおそれがある場合は60日以内。"
        "数え方や土日・祝日の扱いにより前後します。",
        "By article 8 of the Enforcement Rules: first report within some 3 to 5 days, full report within 30, "
        "or 60 where the purpose may have been wrongful. How days are counted, and holidays, may move it.",
    ),
}
"""What is said of a report that is due by the rules."""
