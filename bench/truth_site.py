"""Synthetic sites with a known truth, for ``bench/truth.py``.

Everything is a function of the seed. A site is one family of templates in one encoding; its pages
are notices about incidents. From epoch to epoch a page undergoes one step: nothing, a cosmetic
kind, or a material kind, the latter now and then with all the page's noise moving at once.
``Notice`` is what a page says, ``Dress`` is everything around it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bench.truth_notice import FIRMS, MATERIAL, TOWNS, Document, Notice, new_notice
from bench.truth_templates import FAMILIES, Dress, Family, render, render_body
from storage.records import Capture, PageRules, Row, Source

START = datetime(2024, 1, 10, 1, 17, 5, tzinfo=UTC)

_NEWS = (
    "図書館の休館日について",
    "職員採用試験のご案内",
    "広報誌を発行しました",
    "防災訓練を実施します",
    "粗大ごみの収集日が変わります",
    "夏まつりの出店者を募集",
    "水道工事による断水のお知らせ",
    "新サービスの提供を開始",
    "決算説明会を開催しました",
    "窓口の混雑状況",
)
_BANNERS = (
    "市制施行記念",
    "観光キャンペーン",
    "ふるさと納税",
    "人材募集中",
    "公式アプリ",
    "夏の節電",
    "オンライン申請",
    "移住の手引き",
)
_ADS = (
    "はじめてのネット保険",
    "春の引っ越しパック",
    "地元の味をお取り寄せ",
    "住まいの無料相談会",
    "電気とガスをまとめて",
    "週末の温泉プラン",
)

# --- cosmetic kinds ---------------------------------------------------------------------------

PER_REQUEST = (
    "clock",
    "token",
    "ad rotation",
    "visitor counter",
    "session id in links",
    "relative time",
    "carousel position",
    "banner rotation",
)
"""These differ between any two fetches once they move at all."""

BY_DAY = (
    "asset hash",
    "sidebar news",
    "white space",
    "class hash",
    "full-width digits",
    "re-encoding",
    "footer year",
    "file size label",
    "new template",
    "date notation",
    "number notation",
    "punctuation",
    "PDF saved again",
    "cache-buster",
    "update date only",
)
COSMETIC = (*PER_REQUEST, *BY_DAY, "all noise at once")


def disturb(dress: Dress, kind: str, r: random.Random) -> Dress:
    """The same page after one cosmetic step."""
    tick = r.randrange(1 << 30)
    match kind:
        case "clock":
            return replace(dress, clock=dress.clock + timedelta(seconds=r.randint(61, 900_000)))
        case "token":
            return replace(dress, token=f"{tick:08x}{r.randrange(1 << 60):015x}")
        case "ad rotation":
            return replace(dress, ad=_other(_ADS, dress.ad, r))
        case "banner rotation":
            return replace(dress, banner=_other(_BANNERS, dress.banner, r))
        case "visitor counter":
            return replace(dress, visits=dress.visits + r.randint(1, 900))
        case "session id in links":
            return replace(dress, session=f"{r.randrange(1 << 64):016X}")
        case "relative time":
            return replace(dress, hours=dress.hours % 23 + r.randint(1, 9))
        case "carousel position":
            return replace(dress, slide=dress.slide % 5 + 1)
        case "asset hash":
            return replace(dress, assets=f"{tick:08x}")
        case "cache-buster":
            return replace(dress, version=dress.version + r.randint(1, 9))
        case "sidebar news":
            return replace(dress, news=(r.choice(_NEWS) + f"（{r.randint(2, 99)}）", *dress.news[:-1]))
        case "white space":
            return replace(dress, spacing=(dress.spacing + 1) % 4)
        case "class hash":
            return replace(dress, classes=f"{tick % 0xFFFF:04x}")
        case "full-width digits":
            return replace(dress, wide=not dress.wide)
        case "re-encoding":
            return replace(dress, encoding=_other(("utf-8", "cp932", "euc_jp"), dress.encoding, r))
        case "footer year":
            return replace(dress, year=dress.year + 1)
        case "file size label":
            return replace(dress, size=dress.size + r.randint(1, 40))
        case "new template":
            return replace(dress, style=1 - dress.style)
        case "date notation":
            return replace(dress, era=not dress.era)
        case "number notation":
            return replace(dress, plain_numbers=not dress.plain_numbers)
        case "punctuation":
            return replace(dress, commas=not dress.commas)
    return dress


def _other(choices: Sequence[str], present: str, r: random.Random) -> str:
    return r.choice([choice for choice in choices if choice != present])


# --- a site over time -------------------------------------------------------------------------


@dataclass(frozen=True)
class Shot:
    """One capture with what it truly is. ``kind`` is empty where nothing happened at all."""

    capture: Capture
    sort: str  # first, unchanged, cosmetic, material, confirm
    kind: str = ""
    reasons: tuple[str, ...] = ()
    change: str = "updated"  # the kind of change a subscriber must hear of


@dataclass
class Site:
    source: Source
    family: Family
    pages: list[PageHistory] = field(default_factory=list)


@dataclass
class PageHistory:
    """One page and what has become of it. ``again`` says when second fetches are at hand: ``never``
    (imports), ``first`` (when the bytes differ for the first time, as crawls do) or ``always``."""

    site: Site
    url: str
    notice: Notice
    dress: Dress
    rng: random.Random
    again: str
    kinds: list[tuple[str, str]]
    last: bytes = b""
    settled: bool = False

    def shots(self) -> Iterator[Shot]:
        now = START + timedelta(minutes=self.rng.randrange(600))
        yield Shot(self._capture(now, moving=()), "first")
        for sort, kind in self.kinds:
            now += timedelta(days=self.rng.randint(1, 4), minutes=self.rng.randrange(700))
            for shot in self._step(now, sort, kind):
                now = shot.capture.captured_at
                yield shot

    def _step(self, now: datetime, sort: str, kind: str) -> Iterator[Shot]:
        if sort == "unchanged":
            yield Shot(self._capture(now, ()), sort)
        elif sort == "cosmetic":
            moving = PER_REQUEST if kind == "all noise at once" else (kind,) if kind in PER_REQUEST else ()
            if kind == "PDF saved again":
                self.notice = replace(
                    self.notice, documents=tuple(replace(d, saved=d.saved + 1) for d in self.notice.documents)
                )
            elif kind == "update date only":
                self.notice = replace(
                    self.notice, updated=self.notice.updated + timedelta(days=self.rng.randint(1, 9))
                )
            else:
                self._disturb(kind)
            yield Shot(self._capture(now, moving), sort, kind)
        elif kind == "removed":
            gone = Capture(
                self.site.source.id,
                self.url,
                "page",
                now,
                404,
                self.url,
                body=b"<html><body><p>404 Not Found</p></body></html>",
            )
            yield Shot(gone, "confirm", "removed: first 404")
            later = now + timedelta(hours=3)
            yield Shot(replace(gone, captured_at=later), "material", "removed", (), "withdrawn")
            yield Shot(self._capture(later + timedelta(days=2), ()), "material", "restored", (), "restored")
        else:
            yield from self._material(now, kind)

    def _material(self, now: datetime, kind: str) -> Iterator[Shot]:
        before = self.notice
        step, reasons = MATERIAL["count change" if kind == "reverted" else kind]
        self.notice = step(self.notice, self.rng)
        while self.notice == before:  # a random edit that happened to edit nothing
            self.notice = step(self.notice, self.rng)
        if kind != "reverted" and self.rng.random() < 0.5:
            self.notice = replace(self.notice, updated=self.notice.updated + timedelta(days=1))
        moving: tuple[str, ...] = ()
        if kind != "reverted" and self.rng.random() < 0.5:
            moving = PER_REQUEST
            self._disturb("all noise at once")
        yield Shot(
            self._capture(now, moving), "material", "count change" if kind == "reverted" else kind, reasons
        )
        if kind == "reverted":
            self.notice = before
            yield Shot(self._capture(now + timedelta(days=1), ()), "material", kind, ("reverted",))

    def _disturb(self, kind: str) -> None:
        for each in PER_REQUEST if kind == "all noise at once" else (kind,):
            self.dress = disturb(self.dress, each, self.rng)

    def _capture(self, now: datetime, moving: Sequence[str]) -> Capture:
        body = self._body(self.dress)
        again = None
        if (
            self.last
            and body != self.last
            and self.again != "never"
            and not (self.settled and self.again == "first")
        ):
            self.settled = True
            dress = self.dress
            for kind in moving:
                dress = disturb(dress, kind, self.rng)
            again = self._body(dress)
            self.dress = dress
        self.last = body
        declared = self.dress.encoding if self.site.family.header_charset else None
        label = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP"}.get(declared or "", declared)
        kind = f"text/html; charset={label}" if label else "text/html"
        row = Row(self.url, self.notice.title, self.notice.published)
        return Capture(
            self.site.source.id,
            self.url,
            "page",
            now,
            200,
            self.url,
            headers=(("Content-Type", kind),),
            body=body,
            row=row,
            attachments=tuple(self._attachment(document, now) for document in self.notice.documents),
            again=again,
        )

    def _attachment(self, document: Document, now: datetime) -> Capture:
        url = _base(self.site.source.id) + document.path
        headers = (("Content-Type", "application/pdf"),)
        return Capture(
            self.site.source.id, url, "attachment", now, 200, url, headers=headers, body=document.body()
        )

    def _body(self, dress: Dress) -> bytes:
        html = render(self.site.family, dress, self.notice.title, self._content(dress), self.site.source.name)
        return _encode(html, dress.encoding)

    def _content(self, dress: Dress) -> str:
        """The inside of the page's main element."""
        n = self.notice
        day = dress.day
        facts = [
            f"対象となる可能性のある件数は、約{dress.number(n.count)}件です。",
            f"事案は{day(n.found)}に判明しました。",
            n.outcome,
            f"個人情報の保護に関する法律第{n.article[0]}条第{n.article[1]}項に基づき、個人情報保護委員会へ報告しました。",
        ]
        closing = [f"お問い合わせは電話{n.phone}（受付時間：9時〜17時）へお願いします。"]
        if n.deadline is not None:
            closing.insert(0, f"ご相談は{day(n.deadline)}までに窓口へお寄せください。")
        return render_body(
            dress,
            title=n.title,
            stamps=(f"公開日：{day(n.published)}", f"更新日：{day(n.updated)}"),
            postscripts=n.postscripts,
            paragraphs=((n.lead,), n.body, tuple(facts)),
            items=n.items,
            head=n.head,
            rows=n.rows,
            pairs=n.pairs,
            documents=[(d.label, d.path) for d in n.documents],
            closing=closing,
            extra=n.extra,
        )


def _encode(html: str, encoding: str) -> bytes:
    if encoding == "cp932":  # each encoding has its own wave
        html = html.replace("〜", "～")
    return html.encode(encoding, "xmlcharrefreplace")


def _base(source: str) -> str:
    return f"https://{source}.example"


def sites(seed: int, *, pages: int = 4, steps: int = 24, again: str = "first") -> Iterator[Site]:
    """Two sites of every family, one with declared selectors and one without."""
    for family in FAMILIES:
        for declared in (True, False):
            rng = random.Random(f"{seed}/{family.name}/{declared}")
            id_ = f"{family.name}-{'d' if declared else 'u'}{seed}"
            rules = PageRules(include=("#honbun",) if declared else (), attachments=True)
            name = rng.choice(TOWNS + FIRMS)
            site = Site(Source(id_, name, "affected", page=rules), family)
            for number in range(pages):
                page = random.Random(f"{seed}/{id_}/{number}")
                dress = Dress(
                    clock=START,
                    ad=page.choice(_ADS),
                    banner=page.choice(_BANNERS),
                    news=tuple(page.sample(_NEWS, 4)),
                    visits=page.randint(1000, 90_000),
                    encoding=family.encoding,
                    noise=tuple(page.random() < 0.5 for _ in range(8)),
                    identified=declared,
                )
                url = f"{_base(id_)}/{family.path}/{number + 1:04}.html"
                site.pages.append(
                    PageHistory(
                        site, url, new_notice(page, number + 1), dress, page, again, _steps(page, steps)
                    )
                )
            yield site


def _steps(rng: random.Random, count: int) -> list[tuple[str, str]]:
    """A quarter each unchanged, two quarters cosmetic, a quarter material; every kind in turn."""
    cosmetic, material = [*COSMETIC], [*MATERIAL, "reverted", "removed"]
    rng.shuffle(cosmetic)
    rng.shuffle(material)
    steps = []
    for _ in range(count):
        sort = rng.choice(("unchanged", "cosmetic", "cosmetic", "material"))
        if sort == "cosmetic":
            cosmetic = [*cosmetic[1:], cosmetic[0]]
            steps.append((sort, cosmetic[0]))
        elif sort == "material":
            material = [*material[1:], material[0]]
            steps.append((sort, material[0]))
        else:
            steps.append((sort, ""))
    return steps
