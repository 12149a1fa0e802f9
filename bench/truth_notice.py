"""Notices of the synthetic sites, and the material steps they undergo.

Our own sentences in the manner of such notices; every name is made up.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.demo import pdf_maker

# --- what a page says -------------------------------------------------------------------------

TOWNS = (
    "あおば市",
    "みどり野町",
    "北海県",
    "かもめ市",
    "ひのき町",
    "すみれ区",
    "白浜村",
    "若草市",
    "つばき県",
)
FIRMS = (
    "みなと通販",
    "こだま情報サービス",
    "ひばり電工",
    "さくら保険",
    "あさぎり物流",
    "たちばな薬局",
    "かえで銀行",
)
_WORKS = (
    "健診の案内",
    "納税の催告",
    "給付金の申請受付",
    "会員登録",
    "電話受付",
    "メール配信",
    "書類の発送",
    "コールセンター業務",
)
_CAUSES = (
    "業務を委託した会社の元従業員が、データを外部へ持ち出していました。",
    "サーバーの設定に誤りがあり、ファイルが外部から閲覧できる状態になっていました。",
    "送付先の一覧を添付したまま、電子メールを別の事業者に送信しました。",
    "端末が不正なプログラムに感染し、共有フォルダーの内容が暗号化されました。",
)
_OUTCOMES = (
    "第三者機関の調査により、個人情報の流出が確認されました。",
    "現時点で、個人情報が悪用された事実は確認されていません。",
    "お預かりしている個人情報が外部に漏えいした可能性があります。",
)
_STEPS = (
    "該当する方には、個別に書面でご連絡します。",
    "専用の相談窓口を設け、お問い合わせに対応しています。",
    "委託先に対し、再発防止策の徹底を求めました。",
    "全職員を対象に、情報の取扱いに関する研修を実施します。",
    "外部の専門家による検証を進め、結果は改めて公表します。",
    "アクセス権限を見直し、記録の点検を毎日行うこととしました。",
)
_EVENTS = ("個人情報の漏えい", "顧客データの紛失", "不正アクセス", "個人データの持ち出し")
_LATER = ("調査の範囲を広げました。", "対象の方への通知を終えました。", "窓口の受付時間を延長しました。")
_ITEMS = (
    "氏名",
    "住所",
    "生年月日",
    "電話番号",
    "メールアドレス",
    "性別",
    "口座番号",
    "会員番号",
    "世帯構成",
)


@dataclass(frozen=True)
class Document:
    """A PDF behind an anchor."""

    label: str
    path: str
    paragraphs: tuple[str, ...]
    saved: int = 0  # how often it was saved again without a change

    def body(self) -> bytes:
        made = pdf_maker.render(self.paragraphs, title=self.label)
        return made + b"\n%" + b"saved again " * self.saved


@dataclass(frozen=True)
class Notice:
    title: str
    published: date
    updated: date
    lead: str
    body: tuple[str, ...]
    outcome: str
    count: int
    found: date
    deadline: date | None
    article: tuple[int, int]
    phone: str
    items: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pairs: tuple[tuple[str, str], ...]
    documents: tuple[Document, ...]
    postscripts: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()  # sections appended at the end


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def new_notice(rng: random.Random, number: int) -> Notice:
    who = rng.choice(TOWNS + FIRMS)
    published = date(2023, rng.randint(4, 12), rng.randint(1, 28))
    count = rng.choice((rng.randint(20, 999), rng.randint(1_000, 99_999), rng.randint(100_000, 9_999_999)))
    rows = tuple(
        (
            name,
            rng.choice(_WORKS),
            f"{rng.randint(100, 99_999):,}件",
            rng.choice(("通知済", "通知中", "準備中")),
        )
        for name in rng.sample(TOWNS, rng.randint(3, 7))
    )
    documents = tuple(
        Document(
            label,
            f"/files/{number:04}_{i}.pdf",
            (label, f"対象は{rng.randint(100, 9999):,}件です。", rng.choice(_STEPS)),
        )
        for i, label in enumerate(
            rng.sample(("報道発表資料", "対象業務の一覧", "調査結果の概要", "よくあるご質問"), 2)
        )
    )
    return Notice(
        title=f"{who}における{rng.choice(_EVENTS)}について（{number}号）",
        published=published,
        updated=published + timedelta(days=rng.randint(1, 9)),
        lead=f"{who}が取り扱う個人情報に関する事案が発生しましたので、次のとおりお知らせします。",
        body=(rng.choice(_CAUSES), *rng.sample(_STEPS, rng.randint(3, 5))),
        outcome=rng.choice(_OUTCOMES),
        count=count,
        found=published - timedelta(days=rng.randint(5, 40)),
        deadline=published + timedelta(days=rng.randint(30, 90)) if rng.random() < 0.5 else None,
        article=(rng.choice((26, 68, 148)), rng.randint(1, 3)),
        phone=f"0{rng.randint(3, 9)}{rng.randint(0, 9)}-{rng.randint(200, 999)}-{rng.randint(1000, 9999)}",
        items=tuple(rng.sample(_ITEMS, rng.randint(3, 5))),
        head=("対象の団体", "業務", "件数", "状況"),
        rows=rows,
        pairs=(("担当", f"{who} 情報管理担当"), ("区分", rng.choice(("委託先", "再委託先", "自組織")))),
        documents=documents,
    )


# --- material kinds ---------------------------------------------------------------------------

Step = Callable[[Notice, random.Random], Notice]


def _text_edit(n: Notice, r: random.Random) -> Notice:
    at = r.randrange(1, len(n.body))
    fresh = [s for s in _STEPS if s not in n.body]
    return replace(
        n, body=(*n.body[:at], r.choice(fresh) if fresh else n.body[at] + "以上です。", *n.body[at + 1 :])
    )


def _count(n: Notice, r: random.Random) -> Notice:
    return replace(n, count=n.count + r.choice((1, 7, 120, 30_000, -3)))


def _postscript(n: Notice, r: random.Random) -> Notice:
    when = n.updated + timedelta(days=r.randint(3, 30))
    return replace(n, postscripts=(f"【{_day(when)}追記】{r.choice(_LATER)}", *n.postscripts))


def _section(n: Notice, r: random.Random) -> Notice:
    return replace(
        n,
        extra=(
            *n.extra,
            f"関係機関への報告（{len(n.extra) + 1}）",
            "個人情報保護委員会と警察に事案の内容を伝えました。",
        ),
    )


def _edit_cell(n: Notice, r: random.Random, column: int, edit: Callable[[str], str]) -> Notice:
    at = r.randrange(len(n.rows))
    row = list(n.rows[at])
    row[column] = edit(row[column])
    return replace(n, rows=(*n.rows[:at], tuple(row), *n.rows[at + 1 :]))


def _digit(n: Notice, r: random.Random) -> Notice:
    def other(cell: str) -> str:
        places = [i for i, c in enumerate(cell) if c.isdigit()]
        at = r.choice(places[1:] or places)
        return cell[:at] + str((int(cell[at]) + r.randint(1, 9)) % 10) + cell[at + 1 :]

    return _edit_cell(n, r, 2, other)


def _cell(n: Notice, r: random.Random) -> Notice:
    return _edit_cell(n, r, 3, lambda cell: {"通知済": "調査中", "通知中": "通知済"}.get(cell, "通知中"))


def _row_added(n: Notice, r: random.Random) -> Notice:
    names = [town for town in TOWNS if town not in {row[0] for row in n.rows}] or [f"第{len(n.rows)}事業所"]
    row = (
        r.choice(names),
        r.choice(_WORKS),
        f"{r.randint(10, 9_999):,}件",
        "準備中",
        *("済",) * (len(n.head) - 4),
    )
    at = r.randrange(len(n.rows) + 1)
    return replace(n, rows=(*n.rows[:at], row, *n.rows[at:]))


def _row_removed(n: Notice, r: random.Random) -> Notice:
    if len(n.rows) < 3:
        return _row_added(n, r)
    at = r.randrange(len(n.rows))
    return replace(n, rows=(*n.rows[:at], *n.rows[at + 1 :]))


def _column(n: Notice, r: random.Random) -> Notice:
    if len(n.head) > 4:
        return replace(n, head=n.head[:4], rows=tuple(row[:4] for row in n.rows))
    return replace(
        n, head=(*n.head, "備考"), rows=tuple((*row, r.choice(("済", "未", "対象外"))) for row in n.rows)
    )


def _href(n: Notice, r: random.Random) -> Notice:
    at = r.randrange(len(n.documents))
    old = n.documents[at]
    path = re.sub(r"(?:_r\d+)?\.pdf$", f"_r{r.randint(2, 999)}.pdf", old.path)
    return replace(n, documents=(*n.documents[:at], replace(old, path=path), *n.documents[at + 1 :]))


def _pdf(n: Notice, r: random.Random) -> Notice:
    at = r.randrange(len(n.documents))
    old = n.documents[at]
    told = (old.label, f"対象は{r.randint(10_000, 99_999):,}件です。", *old.paragraphs[2:])
    return replace(n, documents=(*n.documents[:at], replace(old, paragraphs=told), *n.documents[at + 1 :]))


def _title(n: Notice, r: random.Random) -> Notice:
    stem = re.sub(r"（第\d+報）$", "", n.title)
    return replace(n, title=f"{stem}（第{r.randint(2, 90)}報）")


def _deadline_added(n: Notice, r: random.Random) -> Notice:
    if n.deadline is not None:
        return _deadline_moved(n, r)
    return replace(n, deadline=n.published + timedelta(days=r.randint(40, 120)))


def _deadline_moved(n: Notice, r: random.Random) -> Notice:
    base = n.deadline or n.published
    return replace(n, deadline=base + timedelta(days=r.randint(1, 60)))


def _outcome(n: Notice, r: random.Random) -> Notice:
    if n.outcome == _OUTCOMES[1]:
        return replace(n, outcome=r.choice((_OUTCOMES[0], _OUTCOMES[2])))
    return replace(n, outcome=_OUTCOMES[1])


def _provision(n: Notice, r: random.Random) -> Notice:
    article, paragraph = n.article
    return replace(
        n,
        article=(article, paragraph % 3 + 1)
        if r.random() < 0.5
        else ({26: 68, 68: 148}.get(article, 26), paragraph),
    )


def _phone(n: Notice, r: random.Random) -> Notice:
    return replace(n, phone=n.phone[:-4] + f"{(int(n.phone[-4:]) + r.randint(1, 8999)) % 10000:04}")


def _found(n: Notice, r: random.Random) -> Notice:
    return replace(n, found=n.found - timedelta(days=r.randint(1, 9)))


def _item(n: Notice, r: random.Random) -> Notice:
    rest = [item for item in _ITEMS if item not in n.items]
    return replace(n, items=(*n.items, r.choice(rest)) if rest else n.items[:-2])


MATERIAL: dict[str, tuple[Step, tuple[str, ...]]] = {
    # kind: (edit, reasons of which at least one must be told)
    "text edit": (_text_edit, ("text", "added", "removed")),
    "count change": (_count, ("count",)),
    "postscript": (_postscript, ("postscript",)),
    "appended section": (_section, ("added",)),
    "digit in a table": (_digit, ("count",)),
    "table cell": (_cell, ("text",)),
    "table row added": (_row_added, ("added",)),
    "table row removed": (_row_removed, ("removed", "added")),
    "table column": (_column, ("column",)),
    "attachment href": (_href, ("attachment",)),
    "PDF bytes": (_pdf, ("attachment",)),
    "title": (_title, ("title",)),
    "deadline added": (_deadline_added, ("deadline",)),
    "deadline moved": (_deadline_moved, ("deadline",)),
    "outcome reversed": (_outcome, ("outcome",)),
    "provision": (_provision, ("provision",)),
    "phone": (_phone, ("phone",)),
    "date": (_found, ("date",)),
    "data item": (_item, ("added", "removed", "text")),
}
"""Besides these: ``reverted`` (A, B, A), ``removed`` (404 twice) and ``restored``."""
