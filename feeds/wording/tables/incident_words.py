"""Incidents: bodies and their parts, evidence, links, clocks, and what people keep of an incident."""

from __future__ import annotations

PARTS_PLAYED = {
    "respondent": ("措置の対象", "respondent"),
    "regulator": ("措置を行った機関", "authority"),
    "controller": ("委託元", "owner of the data"),
    "processor": ("委託先", "contractor"),
    "sub-processor": ("再委託先", "subcontractor"),
    "staffing agency": ("派遣元", "staffing agency"),
    "host": ("派遣先", "host of the staff"),
    "list broker": ("名簿業者", "list broker"),
}
"""Which part a body plays in what a notice tells."""
PARTS_NAMED = {
    **PARTS_PLAYED,
    "counted": ("件数の報告", "counted there"),
}
"""As what a notice of another names a body."""
STAGES = {
    "stated": ("自らの記載", "stated by it"),
    "possible": ("可能性として", "as possible"),
    "under-investigation": ("調査中", "under investigation"),
    "declared": ("登録された記載", "as declared"),
    "reported": ("他者の報告", "reported by others"),
}
"""How the latest count of a body is held."""
STATUSES = {
    "listed": ("一覧に掲載", "listed"),
    "standing": ("掲載中", "standing"),
    "withdrawn": ("掲載終了", "withdrawn"),
    "declared": ("登録済み", "declared"),
    "suggested": ("候補", "suggested"),
    "confirmed": ("確認済み", "confirmed"),
    "rejected": ("却下", "rejected"),
}
INCIDENT_STATUSES = {
    "open": ("継続中", "open"),
    "closed": ("終結", "closed"),
    "removed": ("取り消し済み", "removed"),
}
CLOCKS = {
    "first notice": ("最初の公表", "first notice"),
    "first report": ("個人情報保護委員会への報告", "report to the Commission"),
    "full report": ("個人情報保護委員会への確報", "full report to the Commission"),
    "persons told": ("本人への通知", "persons told"),
}
"""Steps whose days are counted from discovery."""
STANDINGS = {
    "within": ("期限内", "within the limit"),
    "depends": ("60日の期限が適用される場合は期限内", "within the limit only if 60 days apply"),
    "over": ("期限を超過", "beyond the limit"),
    "unknown": ("記載なし(不明)", "not stated: unknown"),
}
"""How the days to a report stand to its limit."""
EVIDENCE = {
    "seed of the declaration": ("事案の定義に記載", "seed of the declaration"),
    "link": ("リンク", "link"),
    "hotline": ("同じ問い合わせ先", "same hotline"),
    "respondent within the window": ("期間内に当事者の名称", "respondent within the window"),
    "quoted title": ("引用された題名", "quoted title"),
    "same attachment": ("同じ添付ファイル", "same attachment"),
    "same body": ("同じ組織の名称", "same body"),
    "same day of the event": ("同じ発生日・発覚日", "same day of the event"),
    "same cause": ("同じ原因", "same cause"),
    "same count": ("同じ数", "same count"),
    "wording": ("文面の類似度", "similarity of the wording"),
    "by hand": ("人の判断", "by hand"),
}
"""Why a notice may belong to an incident."""
STEPS_OF_INCIDENTS = {
    "new": ("作成", "made"),
    "edit": ("編集", "edited"),
    "link": ("関連付け", "notices linked"),
    "unlink": ("関連付けの否定", "notices unlinked"),
    "merge": ("統合", "merged"),
    "split": ("分割", "split"),
    "close": ("終結", "closed"),
    "reopen": ("再開", "reopened"),
    "remove": ("取り消し", "removed"),
}
"""What was done to an incident, as its trace says it."""
INCIDENT_FIELDS = {
    "name": ("事案の名称", "name"),
    "summary": ("概要", "summary"),
    "respondents": ("当事者の名称", "respondents"),
    "aliases": ("別名・略称", "other names"),
    "hotlines": ("問い合わせ先の電話番号", "hotlines"),
    "window": ("公表を探す期間", "notices looked for"),
    "from": ("初日", "from"),
    "until": ("末日", "until"),
    "seeds": ("属する公表のアドレス", "addresses of notices"),
    "roster": ("関係する団体", "bodies"),
    "body": ("団体の名称", "body"),
    "kind": ("種別", "kind"),
    "source": ("情報源", "source"),
    "disclosed": ("公表日", "disclosed"),
    "count": ("件数", "count"),
    "later": ("その後", "later"),
}
"""What an incident holds, by its keys."""
MISTAKES = {
    "missing": ("入力がありません", "missing"),
    "at least 1 character": ("入力がありません", "missing"),
    "valid date": ("日付として読めません(例: 2024-01-24)", "is no day such as 2024-01-24"),
    "until lies before from": ("末日が初日より前です", "until lies before from"),
    "no body's name": (
        "一つの団体を表す名称ではありません。正式な名称を入力してください",
        "is no body's name but that of many: write it in full",
    ),
}
"""What may be wrong with what a person writes of an incident, by a part of what is said of it to programs."""
WAYS = {
    "command": ("コマンド", "by command"),
    "page": ("画面またはAPI", "on the pages or by the API"),
}
"""Which way somebody came who did something."""
DRAFTS = {
    "name": ("{0}の個人データの漏えい等", "{0}: leak or loss of personal data"),
    "name-with-month": (
        "{0}の個人データの漏えい等({1}年{2}月)",
        "{0}: leak or loss of personal data ({1}-{2:02})",
    ),
    "nobody": ("名称不明の団体", "a body not named"),
}
"""How a drafted incident is called until somebody names it."""
BODIES = {
    "company": "企業",
    "prefecture": "都道府県",
    "city": "市",
    "ward": "特別区",
    "federation": "国民健康保険団体連合会",
    "municipality": "市区町村",
    "agency": "行政機関",
    "body": "団体(種別不明)",
    "health insurance society": "国民健康保険組合",
    "independent administrative agency": "独立行政法人",
    "local governments": "地方公共団体",
    "municipalities": "市町村",
}
"""Kinds of bodies in an incident's roster; what stands behind them in brackets is for English readers."""
