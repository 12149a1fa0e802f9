"""What things are called, in Japanese and English, and how values are said.

An English value stands beside the publisher's own wording, never instead of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime

from feeds.wording.sanitise import one_line
from feeds.wording.terms import BODIES, LAWS, OF_FIELDS
from storage.records import Fact
from storage.text.japanese import JST, kanji_number, parse_date
from storage.text.wording import of_people, wording
from storage.topics.versions import TOMBSTONE

LANGUAGES = ("ja", "en")

ERRORS = {
    "Bad Request": ("この指定では表示できません", "Bad Request"),
    "Forbidden": ("許可されていません", "Forbidden"),
    "Not Found": ("見つかりません", "Not Found"),
    "Method Not Allowed": ("この方法では受け付けられません", "Method Not Allowed"),
    "Content Too Large": ("大きすぎます", "Content Too Large"),
    "Request Entity Too Large": ("大きすぎます", "Content Too Large"),
    "Unsupported Media Type": ("受け付けない形式です", "Unsupported Media Type"),
    "Service Unavailable": ("現在利用できません", "Service Unavailable"),
}
KINDS = {
    "new": ("新規", "New"),
    "updated": ("更新", "Updated"),
    "withdrawn": ("掲載終了", "Withdrawn"),
    "restored": ("再掲載", "Restored"),
    "moved": ("移動", "Moved"),
}
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
    "address": ("アドレス", "address"),
    "form-only": ("表記のみ", "notation only"),
}
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
    "date": ("日付", "date"),
}
"""Fields of facts, most telling first."""
PEOPLE = ("対象者数", "persons affected")
SOURCE_KINDS = {
    "regulator": ("監督機関", "regulator"),
    "company": ("企業", "company"),
    "affected": ("対象となった団体", "affected body"),
    "index": ("一覧記事", "index article"),
    "commentary": ("解説", "commentary"),
}
STATUSES = {
    "listed": ("一覧に掲載", "listed"),
    "standing": ("掲載中", "standing"),
    "withdrawn": ("掲載終了", "withdrawn"),
    "declared": ("登録済み", "declared"),
    "suggested": ("候補", "suggested"),
    "confirmed": ("確認済み", "confirmed"),
    "rejected": ("却下", "rejected"),
}
OUTCOMES = {
    "not-modified": ("変更なし(サーバーの応答)", "not modified, says the server"),
    "same-bytes": ("変更なし", "unchanged"),
    "same-text": ("本文の変更なし", "same text"),
    "version": ("新しい版", "new version"),
    "held": ("保留(再確認待ち)", "held for a second look"),
    "soft-404": ("実質的な404", "soft 404"),
    "blocked": ("アクセス拒否", "refused"),
    "empty": ("内容なし", "empty"),
    "unreadable": ("判読不能", "unreadable"),
    "missing": ("ページなし", "page missing"),
    "earlier": ("過去の記録の取り込み", "earlier capture, imported"),
    "error": ("取得失敗", "not fetched"),
    "robots": ("robots.txtにより不可", "kept out by robots.txt"),
    "not-run": ("巡回なし", "no visit"),
}
"""What came of a visit, and why none brought anything."""
CONDITIONS = {
    "q": ("語句", "words"),
    "since": ("この日から", "from this day"),
    "until": ("この日の前まで", "before this day"),
    "min_count": ("件数・人数がこれ以上", "at least so many"),
    "provision": ("条文の番号", "article"),
    "organisation": ("組織の名称", "organisation"),
    "source": ("情報源", "source"),
    "publisher": ("公表元の種別", "kind of publisher"),
    "incident": ("事案", "incident"),
    "kind": ("変更の種類", "change"),
    "reason": ("変わった点", "what changed"),
    "action": ("措置", "measure"),
    "material": ("重要度", "weight"),
    "order": ("並び順", "order"),
}
"""What an address may ask for, be there a field for it or not."""
WEIGHTS = {
    "any": ("軽微な変更も含む", "minor ones too"),
    "true": ("重要な変更のみ", "material changes only"),
    "false": ("軽微な変更のみ", "minor changes only"),
}
ALERTS = {
    **OUTCOMES,
    "unreachable": ("取得失敗", "not fetched"),
    "redesign": ("大幅な変更(再確認待ち)", "much changed at once"),
    "few-rows": ("一覧の行数不足", "fewer rows than expected"),
    "many-rows": ("一覧の行数超過", "more rows than expected"),
    "decoding": ("文字化け", "decoding got worse"),
    "recipe": ("旧版の再読不能", "old text cannot be read again"),
    "notification": ("通知の失敗", "notification failed"),
    "failed": ("kohyoの不具合", "kohyo failed on it"),
    "budget": ("上限で打ち切り", "cut at a limit"),
    "too-expensive": ("処理量の上限超過", "too expensive to judge"),
}
STATES = {
    "address-unknown": ("アドレス不明", "address not known"),
    "unvisited": ("未確認", "not visited yet"),
    "clock": ("時計の誤り(未来の巡回記録)", "visits on record in the future: a clock was wrong"),
    "overdue": ("長く巡回なし", "not visited for too long"),
    "failing": ("読み取り失敗 {}ページ", "pages failing: {}"),
    "few-rows": ("行数が想定より少ない", "fewer rows than expected"),
    "quiet": ("想定より長く新規なし", "quiet longer than expected"),
    "alerts": ("警告 {}件", "open alerts: {}"),
    "gone": ("ページなし(掲載終了)", "its page is gone"),
}
"""What is not in order with a source, with the number of what is, or why it is not watched."""
UNWATCHED = ("address-unknown", "gone")
EVIDENCE = {
    "seed of the declaration": ("事案の定義に記載", "seed of the declaration"),
    "link": ("リンク", "link"),
    "hotline": ("同じ問い合わせ先", "same hotline"),
    "respondent within the window": ("期間内に当事者の名称", "respondent within the window"),
    "same count": ("同じ数", "same count"),
    "wording": ("文面の類似度", "similarity of the wording"),
    "by hand": ("人の判断", "by hand"),
}
"""Why a notice may belong to an incident."""
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
PHRASES = {
    "page-gone": ("ページがなくなりました", "The page is gone"),
    "page-back": ("再び掲載されました", "Published again"),
    "file-gone": ("添付ファイル{}がなくなりました", "Attachment {} is gone"),
    "file-back": ("添付ファイル{}が再び掲載されました", "Attachment {} was published again"),
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
TERMINAL = {
    "published": ("公開", "published"),
    "unknown": ("不明", "unknown"),
    "version": ("版", "version "),
    "update stated": ("更新日の記載", "update date stated"),
    "none": ("なし", "none"),
    "minor": ("軽微", "minor"),
}
"""What the command line says beside what it shows."""
PLACES = {
    "stamp": ("更新日", "update date"),
    "slot": ("差し替わるリンク枠", "links taking turns"),
    "title": ("表題", "title"),
    "date": ("日付", "date"),
    "address": ("アドレス", "address"),
    "file-gone": ("なくなった添付ファイル", "attachment gone"),
    "file-back": ("再び掲載された添付ファイル", "attachment published again"),
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

_ISO_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?")
_PROVISION = re.compile(r"(.+?) (\d+)((?:の\d+|-\d+)*)(?:\((\d+)\))?")
_WORDS, _UNIT = ("|".join(sorted(table, key=len, reverse=True)) for table in (QUALIFIERS, UNITS))
_GROUPED = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d+)?")
_COUNT = re.compile(
    rf"(?P<words>(?:(?:{_WORDS})、?)*)(?P<number>[\d,.]+(?:億[\d,.]*)?(?:万[\d,.]*)?(?:千)?)"
    rf"の?(?P<unit>{_UNIT})様?分?(?P<limit>{'|'.join(LIMITS)})?"
)


def word(table: dict[str, tuple[str, str]], term: str, lang: str) -> str:
    """The term in the reader's language; an unknown one as it stands."""
    pair = table.get(term)
    return term if pair is None else pair[lang == "en"]


def evidence(said: str, lang: str) -> str:
    """``same count: 9,280,000`` by its kind; what it names stands as it is."""
    kind, colon, what = said.partition(": ")
    return word(EVIDENCE, kind, lang) + colon + what


def field_name(field: str, value: str | None, lang: str) -> str:
    """A count of people is called so; a count of records is a count."""
    if field == "count" and value and of_people(value):
        return PEOPLE[lang == "en"]
    return word(FIELDS, field, lang)


def say(field: str, value: str, lang: str) -> str:
    """A fact's value for people."""
    said = _japanese(field, value)
    english = _english(field, value) if lang == "en" else None
    if field in ("date", "deadline"):  # of which only the day is on record, not how it was worded
        return english or said
    return f"{english} ({said})" if english else said


def say_text_value(field: str, value: str, lang: str) -> str:
    """Say a value as the publisher words it, in English behind what it means where that is sure."""
    if lang == "ja":
        return value
    day = parse_date(value) if field in ("date", "deadline") else None
    english = say_date(day, lang) if day else _english_count(value) if field == "count" else None
    return f"{english} ({value})" if english else value


def quote_facts(facts: Iterable[Fact], lang: str) -> list[str]:
    """Facts as the publisher words them, each once, widths and spaces aside. In English also what is worded
    alike and means another year or law."""
    once: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        said = "".join(unicodedata.normalize("NFKC", fact.raw).split())
        once.setdefault((said, wording(fact) if lang == "en" else ""), fact)
    return [_quote_fact(fact, lang) for fact in once.values()]


def _quote_fact(fact: Fact, lang: str) -> str:
    raw = one_line(fact.raw)
    english = _english(fact.field, wording(fact)) if lang == "en" else None
    return f"{english} ({raw})" if english else raw


def _english(field: str, value: str) -> str | None:
    """A value in English, where there is a way to say it."""
    if field == "count":
        return UNSAID.get(value) or _english_count(value)
    if field in ("date", "deadline"):
        return _day(value, "en")
    if field == "provision":
        found = _PROVISION.fullmatch(value)
        return value if found and found[1] in LAWS else None
    if field == "step":
        return value.replace("-", " ").replace("ppc", "the Commission") if _term(field, value) else None
    return value if _term(field, value) else None


def _japanese(field: str, value: str) -> str:
    if field in ("date", "deadline"):
        return _day(value, "ja") or value
    if field == "provision":
        return _provision(value)
    return _term(field, value) or value


def _day(value: str, lang: str) -> str | None:
    """A day, or a month where only that is known."""
    found = _ISO_DATE.fullmatch(value)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if lang == "ja":
        return f"{year}年{month}月" + (f"{day}日" if day else "")
    return f"{day} {_MONTHS[month]} {year}" if day else f"{_MONTHS[month]} {year}"


def _term(field: str, value: str) -> str | None:
    """What kohyo calls it in Japanese, where it has a word of its own for it."""
    item, _, aside = value.partition(" (")
    if field == "report" and (number := item.removeprefix("report ")) != item:
        return f"第{number}報"
    said = OF_FIELDS.get(field, {}).get(item)
    return f"{said}({_ASIDES[aside]})" if said and aside in _ASIDES else said


_ASIDES = {"not included)": "含まれない", "not done)": "していない", "planned)": "予定"}


def _provision(value: str) -> str:
    """``APPI 148(1)`` is 個人情報保護法第148条第1項."""
    found = _PROVISION.fullmatch(value)
    if not found:
        return value
    law, article, branch, paragraph = found.groups()
    return f"{LAWS.get(law, law)}第{article}条{branch}" + (f"第{paragraph}項" if paragraph else "")


def condition(name: str, value: str, lang: str) -> str:
    """What a condition asks for, as the fields of the form call it."""
    if name == "action":
        return value if lang == "en" else OF_FIELDS["action"].get(value, value)
    tables = {"publisher": SOURCE_KINDS, "kind": KINDS, "reason": REASONS, "material": WEIGHTS}
    return word(tables.get(name, {}), value, lang)


def body(kind: str, lang: str) -> str:
    """The kind of a body in an incident's roster."""
    return kind if lang == "en" else BODIES.get(kind.partition(" (")[0], kind)


def _english_count(value: str) -> str | None:
    found = _count(value)
    if not found:
        return None
    said, number = found
    words = [QUALIFIERS[one] for one in re.findall(_WORDS, said["words"])]
    limit = [LIMITS[said["limit"]]] if said["limit"] else []
    return " ".join([*words, say_count(number, UNITS[said["unit"]]), *limit])


def say_count(number: int, noun: str) -> str:
    """``1 company``, ``69 companies``."""
    if number == 1:
        return f"1 {noun}"
    if noun == "person":
        noun = "people"
    elif noun.endswith("y") and noun[-2] not in "aeiou":
        noun = noun.removesuffix("y") + "ies"
    else:
        noun += "es" if noun.endswith(("s", "ch")) else "s"
    return f"{number:,} {noun}"


def magnitude(value: str) -> int:
    """How many people or records a count states; 0 where it counts firms or anything else."""
    found = _count(value, whole=False)
    return found[1] if found and UNITS[found[0]["unit"]] in ("person", "record") else 0


def _count(value: str, *, whole: bool = True) -> tuple[re.Match[str], int] | None:
    """The words of a count and its number; None for 1.2.3万, 1,2,3人 or 2.5人, which nobody should dare to
    translate."""
    text = unicodedata.normalize("NFKC", value).replace(" ", "")
    found = _COUNT.fullmatch(text) if whole else _COUNT.search(text)
    try:
        return (found, _number(found["number"])) if found else None
    except ValueError:
        return None


def _number(text: str) -> int:
    """Read 928万 as 9,280,000 and 7.2万 as 72,000. Raises ValueError for what is no whole number."""
    value = kanji_number(text) if all(map(_GROUPED.fullmatch, re.split("[億万千]", text))) else None
    if not isinstance(value, int):
        raise ValueError(text)
    return value


_MONTHS = (
    "", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def say_date(day: date | None, lang: str) -> str:
    """A civil date in Japan."""
    return say("date", day.isoformat(), lang) if day else ""


def say_span(seconds: float, lang: str) -> str:
    """A length of time by its two largest units, as far as the second is a whole one."""
    left = round(seconds)
    parts: list[str] = []
    for size, ja, en in _SPANS:
        count, left = divmod(left, size)
        if count and len(parts) < 2:
            parts.append(f"{count} {en if count > 1 else en[:-1]}" if lang == "en" else f"{count}{ja}")
        elif parts:
            break
    return (" " if lang == "en" else "").join(parts) or ("0 minutes" if lang == "en" else "0分")


_SPANS = (
    (86_400, "日", "days"), (3_600, "時間", "hours"), (60, "分", "minutes"), (1, "秒", "seconds"),
)  # fmt: skip


def say_time(moment: datetime | None, lang: str) -> str:
    """A moment on the wall clock of Japan, where everything watched happens."""
    if moment is None:
        return ""
    local = moment.astimezone(JST)
    return f"{say_date(local.date(), lang)} {local:%H:%M}" + (" JST" if lang == "en" else "")
