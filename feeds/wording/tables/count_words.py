"""Numbers: what is counted, what qualifies a count, and amounts in sentences of ours."""

from __future__ import annotations

UNITS = {
    "人": "person", "名": "person", "件": "record", "世帯": "household", "社": "company", "会社": "company",
    "企業": "company", "事業者": "business", "事業所": "office", "支店": "branch", "店舗": "shop",
    "法人": "corporation", "団体": "body", "公共団体": "public body", "自治体": "local government",
    "都道府県": "prefecture", "市区町村": "municipality", "市町村": "municipality", "県": "prefecture",
    "市": "city", "区": "ward", "町": "town", "村": "village", "機関": "institution",
    "医療機関": "medical institution", "病院": "hospital", "施設": "facility", "大学": "university",
    "学校": "school", "校": "school", "台": "device", "端末": "device", "パソコン": "computer",
    "サーバ": "server", "サーバー": "server", "サイト": "website", "ファイル": "file",
    "アカウント": "account", "口座": "bank account", "メールアドレス": "e-mail address", "契約": "contract",
    "会員": "member", "顧客": "customer", "枚": "item",
}  # fmt: skip
"""What is counted. Words with several meanings, such as 組合 and 園, are left to the reader."""
QUALIFIERS = {
    "約": "about",
    "およそ": "about",
    "おおよそ": "about",
    "おおむね": "about",
    "概ね": "about",
    "最大": "up to",
    "最大で": "up to",
    "延": "not unique,",
    "延べ": "not unique,",
    "のべ": "not unique,",
    "少なくとも": "at least",
    "計": "a total of",
    "合計": "a total of",
    "合計で": "a total of",
    "総計": "a total of",
    "累計": "a cumulative total of",
    "累計で": "a cumulative total of",
    "うち": "of which",
}
LIMITS = {"以上": "or more", "以下": "or fewer", "程度": "or so"}
"""What qualifies a count from behind."""
UNSAID = {
    "確認中": "being checked",
    "調査中": "under investigation",
    "精査中": "under examination",
    "非公表": "not disclosed",
    "不明": "unknown",
}
"""What stands where a count would."""
SIZES = (("ja", 10**8, "億"), ("ja", 10**4, "万"), ("en", 10**6, "M"), ("en", 10**3, "k"))
"""What stands for so many in a picture: 928万, 9.28M."""
AMOUNTS = {
    "more": ("ほか{}件", "and {} more"),
    "or-more": ("{}以上", "{} or more"),
    "times-for": ("{}回・計{}", "{} ({})"),
    "from-to": ("{}〜{}", "{} to {}"),
    "by": ("{}まで", "by {}"),
    "row": ("{}行目", "row {}"),
}
"""Amounts and spans in a sentence of ours."""
