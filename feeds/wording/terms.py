"""Values that kohyo names itself, in Japanese. In stored facts they stand in English."""

from __future__ import annotations

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
OUTCOMES = {
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
    "outcome": OUTCOMES,
    "cause": CAUSES,
    "role": ROLES,
    "data-item": DATA_ITEMS,
    "step": STEPS,
    "report": REPORTS,
}
LAWS = {
    "APPI": "個人情報保護法",
    "APPI Rules": "個人情報保護法施行規則",
    "APPI Order": "個人情報保護法施行令",
}
BODIES = {
    "company": "企業",
    "prefecture": "都道府県",
    "city": "市",
    "ward": "特別区",
    "federation": "国民健康保険団体連合会",
    "health insurance society": "国民健康保険組合",
    "independent administrative agency": "独立行政法人",
    "local governments": "地方公共団体",
    "municipalities": "市町村",
}
"""Kinds of bodies in an incident's roster; what stands behind them in brackets is for English readers."""
