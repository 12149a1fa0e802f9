"""What notices state: fields of facts and the values of those fields.

Values are stored in English: their tables give the Japanese.
"""

from __future__ import annotations

FIELDS = {
    "count": ("件数", "count"),
    "outcome": ("漏えいの有無", "outcome"),
    "deadline": ("期限", "deadline"),
    "provision": ("根拠条文", "provision"),
    "action": ("措置", "action"),
    "cause": ("原因", "cause"),
    "data-item": ("データ項目", "data item"),
    "step": ("対応の経過", "step"),
    "report": ("報告の段階", "report"),
    "organisation": ("組織", "organisation"),
    "role": ("立場", "role"),
    "corporate-number": ("法人番号", "corporate number"),
    "phone": ("電話番号", "telephone"),
    "days-to-publication": ("発覚から公表までの日数", "days from discovery to publication"),
    "date": ("日付", "date"),
}
"""Fields of facts, most telling first."""
PEOPLE = ("対象者数", "persons affected")
DATE_ROLES = {
    "occurred": ("発生日", "day it happened"),
    "discovered": ("発覚日", "day of discovery"),
    "reported": ("報告日", "day of a report"),
    "notified": ("本人への通知日", "day persons were told"),
    "published": ("公表日", "day of publication"),
    "period-start": ("期間の始まり", "begin of a period"),
    "period-end": ("期間の終わり", "end of a period"),
}
"""What a date is of, as far as the text says so."""
ACTIONS = {
    "recommendation": "勧告",
    "order": "命令",
    "emergency order": "緊急命令",
    "guidance": "指導",
    "administrative guidance": "行政指導",
    "advice": "助言",
    "report demand": "報告等の求め",
    "on-site inspection": "立入検査",
    "alert": "注意喚起",
    "criminal complaint": "刑事告発",
    "tender exclusion": "指名停止",
}
FACT_OUTCOMES = {
    "taken out": "持ち出し",
    "leaked": "漏えい",
    "possible": "可能性あり",
    "not confirmed": "確認されていない",
    "misused": "悪用",
    "misuse possible": "悪用の可能性あり",
    "misuse not confirmed": "悪用は確認されていない",
}
CAUSES = {
    "ransomware": "ランサムウェア",
    "web-skimming": "ウェブスキミング",
    "malware": "マルウェア",
    "phishing": "フィッシング",
    "unauthorised access": "不正アクセス",
    "insider misuse": "内部不正",
    "misdirected": "誤送信・誤送付",
    "theft": "盗難",
    "loss": "紛失",
    "misconfiguration": "設定の誤り",
    "failure to erase": "消去漏れ",
    "system fault": "システムの不具合",
}
ROLES = {
    "controller": "委託元",
    "processor": "委託先",
    "sub-processor": "再委託先",
    "staffing agency": "派遣元",
    "host": "派遣先",
    "list broker": "名簿業者",
}
DATA_ITEMS = {
    "special-care data": "要配慮個人情報",
    "my number": "個人番号",
    "card": "カード情報",
    "bank account": "口座情報",
    "password": "パスワード",
    "user id": "利用者ID",
    "email": "メールアドレス",
    "phone": "電話番号",
    "postcode": "郵便番号",
    "address": "住所",
    "birth date": "生年月日",
    "age": "年齢",
    "sex": "性別",
    "kana": "フリガナ",
    "name": "氏名",
    "insurance number": "被保険者番号",
    "pension number": "基礎年金番号",
    "tax": "所得・税額",
    "contract number": "契約・顧客番号",
    "purchase history": "利用履歴",
    "employer": "勤務先",
    "photo": "顔写真",
    "family": "家族構成",
}
STEPS = {
    "reported-to-ppc": "個人情報保護委員会へ報告",
    "reported-to-ministry": "所管省庁へ報告",
    "police-informed": "警察へ相談・届出",
    "persons-notified": "本人へ通知",
    "data-recovered": "回収",
    "data-deleted": "削除",
    "ransom-demanded": "身代金の要求",
    "encrypted-at-rest": "暗号化して保管",
    "password-protected": "パスワードで保護",
    "arrested": "逮捕",
    "prosecuted": "起訴",
    "tender-exclusion": "指名停止",
}
REPORTS = {"preliminary": "速報", "final": "確報・最終報"}
OF_FIELDS = {
    "action": ACTIONS,
    "outcome": FACT_OUTCOMES,
    "cause": CAUSES,
    "role": ROLES,
    "data-item": DATA_ITEMS,
    "step": STEPS,
    "report": REPORTS,
}
ASIDES = {
    "not included": ("含まれない", "not included"),
    "not done": ("していない", "not done"),
    "planned": ("予定", "planned"),
}
"""What stands in brackets behind a value."""
LAWS = {
    "APPI": "個人情報保護法",
    "APPI Rules": "個人情報保護法施行規則",
    "APPI Order": "個人情報保護法施行令",
}
