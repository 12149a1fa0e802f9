"""A made-up year of incidents over many publishers, with the truth of what belongs together.

One seed, one world: contractors with up to 60 clients, two incidents of one company in one month, one
hotline for two incidents, a follow-up a year later under another title, namesakes, acts of the authority on
several at once, articles, a carrier that is everybody's contractor, and notices of single incidents and of
none. Who names the contractor, gives the hotline, states the day or links to the first notice is drawn.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from monitor.facts.organisations.listed import municipalities
from storage.records import Incident, SourceKind

BEGIN = date(2025, 1, 6)
DAYS = 360
PPC_PHONE = "03-6457-9680"
EVERYBODYS_PHONE = "0570-000-188"
"""Of an office for consumers that a part of all notices names."""

_FIRST = (
    "東和",
    "日進",
    "大洋",
    "中央",
    "富士見",
    "山城",
    "北陽",
    "西濃",
    "南海",
    "光洋",
    "三栄",
    "明和",
    "共立",
    "昭栄",
    "新星",
    "ノース",
    "サザン",
    "セントラル",
    "ブルー",
    "グリーン",
    "オリオン",
    "ネクスト",
    "コスモ",
    "アルファ",
    "メトロ",
    "ミサキ",
    "さくら",
    "つばさ",
    "みらい",
    "みなと",
)
_SECOND = (
    "データ",
    "システムズ",
    "サービス",
    "コミュニケーションズ",
    "ソリューションズ",
    "テクノ",
    "情報処理",
    "計算センター",
    "ネットワーク",
    "マーケティング",
    "ロジ",
    "エージェンシー",
    "ビジネスサポート",
    "クラウド",
    "インフォ",
    "印刷",
    "メディカル",
    "ヘルスケア",
)
_WORK = (
    "健診の受診勧奨業務",
    "納税通知の印刷業務",
    "コールセンター業務",
    "会員管理システムの運用",
    "電話催告業務",
    "アンケートの集計業務",
    "給付金の受付業務",
    "通販サイトの運営",
    "図書館システムの保守",
    "電子申請システムの運用",
)
_HACKED = (
    "第三者による不正アクセスを受け",
    "サーバーがランサムウェアに感染し",
    "外部からの不正アクセスがあり",
)
_BY_HAND = (
    "元従業員が不正に持ち出し",
    "担当者がメールを誤送信し",
    "書類を誤って送付し",
    "USBメモリを紛失し",
)
_ITEMS = ("氏名、住所、電話番号", "氏名、メールアドレス", "氏名、生年月日、性別", "氏名、住所、口座情報")
_TITLES = (
    "{work}における個人情報の漏えいについて",
    "個人情報の流出に関するお詫びとお知らせ",
    "委託先における個人情報の流出の可能性について",
    "不正アクセスによる個人情報漏えいのおそれについて",
    "個人情報漏えい事案の発生について(お詫び)",
    "お客様情報の流出について",
)
_LATER = (
    "再発防止策の進捗について",
    "調査結果のご報告",
    "情報セキュリティ強化の取組について",
    "{year}年に公表した事案に関する最終報告",
)
_NEWS = (
    "夏季休業のお知らせ",
    "新しい庁舎の開庁について",
    "決算説明会の資料を掲載しました",
    "職員採用試験の実施について",
)


@dataclass(frozen=True)
class Told:
    """A notice as its publisher wrote it, and the incidents that it is of."""

    source: str
    publisher: str
    kind: SourceKind
    url: str
    title: str
    text: str
    published: date
    links: tuple[str, ...] = ()
    of: frozenset[int] = frozenset()


@dataclass
class _Happened:
    number: int
    company: str  # without its form
    form: str  # 株式会社 before or behind it
    day: date
    cause: str
    work: str
    hotline: str
    total: int
    first: date
    told: list[Told] = field(default_factory=list)

    @property
    def official(self) -> str:
        return f"株式会社{self.company}" if self.form == "before" else f"{self.company}株式会社"


@dataclass(frozen=True)
class World:
    """All notices, and the incidents as a person would declare them, by the number in the truth."""

    notices: tuple[Told, ...]
    declared: dict[int, Incident]


def make_world(seed: int, incidents: int = 24) -> World:
    """Make a world of this many incidents of several publishers, and about as many notices besides."""
    return _Maker(random.Random(f"kohyo incidents:{seed}")).world(incidents)


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.number = 0
        names = [first + second for first in _FIRST for second in _SECOND]
        rng.shuffle(names)
        self.names = iter(names)
        places = sorted(name for name in municipalities() if name.endswith(("市", "町")) and len(name) > 2)
        rng.shuffle(places)
        self.places = places
        self.phones = {
            name: f"0{rng.randint(22, 98)}-{rng.randint(200, 999)}-{rng.randint(1000, 9999)}"
            for name in places
        }
        self.ids: dict[str, str] = {}
        self.all: list[Told] = []

    # --- parts ------------------------------------------------------------------------------

    def chance(self, part: float) -> bool:
        return self.rng.random() < part

    def japanese(self, day: date) -> str:
        return self.rng.choice(
            (f"{day.year}年{day.month}月{day.day}日", f"令和{day.year - 2018}年{day.month}月{day.day}日")
        )

    def count(self, low: int, high: int) -> int:
        number = self.rng.randint(low, high)
        return round(number, -(len(str(number)) - 2)) if self.chance(0.4) else number

    def said(self, count: int) -> str:
        if count >= 10_000 and count % 10_000 == 0:
            return f"約{count // 10_000}万"
        return f"{count:,}"

    def happened(self, **given: object) -> _Happened:
        self.number += 1
        rng = self.rng
        first = BEGIN + timedelta(rng.randrange(DAYS))
        values = {
            "number": self.number,
            "company": next(self.names),
            "form": rng.choice(("before", "behind")),
            "day": first - timedelta(rng.randint(3, 40)),
            "cause": rng.choice((*_HACKED, *_HACKED, *_BY_HAND)),
            "work": rng.choice(_WORK),
            "hotline": f"0120-{rng.randint(100, 999)}-{rng.randint(100, 999)}" if self.chance(0.75) else "",
            "total": self.count(20_000, 9_000_000),
            "first": first,
        }
        return _Happened(**{**values, **given})  # type: ignore[arg-type]

    def write(
        self,
        publisher: str,
        kind: SourceKind,
        title: str,
        lines: list[str],
        day: date,
        links: tuple[str, ...],
        *of: _Happened,
    ) -> Told:
        source = self.ids.setdefault(publisher, f"s{len(self.ids)}")
        told = Told(
            source, publisher, kind, f"https://www.{source}.example/news/{len(self.all)}.html", title,
            "\n".join(filter(None, lines)), day, links, frozenset(one.number for one in of),
        )  # fmt: skip
        self.all.append(told)
        for one in of:
            one.told.append(told)
        return told

    def title(self, work: str = "") -> str:
        return self.rng.choice(_TITLES).format(work=work or self.rng.choice(_WORK))

    def sorry(self) -> str:
        return self.rng.choice(
            (
                "関係の皆様に多大なるご迷惑とご心配をおかけしますことを深くお詫び申し上げます。",
                "市民の皆様にご心配をおかけし、心よりお詫びいたします。",
                "再発防止に努めてまいります。",
            )
        )

    def call(self, number: str) -> str:
        return self.rng.choice(
            ("お問い合わせ先 電話 {}", "専用窓口：{}（平日9時～17時）", "お問い合わせは{}までお願いします。")
        ).format(number)

    def besides(self) -> list[str]:
        """Write what many notices say besides: to whom it was reported, whom else one may call."""
        said = []
        if self.chance(0.3):
            said.append(f"個人情報保護委員会（{PPC_PHONE}）へ報告しました。")
        if self.chance(0.15):
            said.append(f"不審な電話があった場合は消費者ホットライン（{EVERYBODYS_PHONE}）へご相談ください。")
        return said

    # --- notices ----------------------------------------------------------------------------

    def of_company(self, one: _Happened, after: int = 0, again: str = "") -> Told:
        """Write the company's own notice; ``again``: how the event is told of in a later one."""
        day = one.first + timedelta(after)
        lines = [
            self.japanese(day),
            f"{one.official}（以下「当社」といいます。）は、{again or '下記のとおり'}お知らせいたします。",
            f"{self.japanese(one.day)}、当社が受託する{one.work}において{one.cause}、個人情報が流出したことが判明しました。",
            f"{self.japanese(one.day + timedelta(2))}に調査を開始し、本日公表に至りました。"
            if self.chance(0.4)
            else "",
            f"対象は{self.said(one.total)}人分の{self.rng.choice(_ITEMS)}です。",
            self.call(one.hotline) if one.hotline else "",
            *self.besides(),
            self.sorry(),
        ]
        title = self.rng.choice(_LATER).format(year=one.first.year) if after else self.title(one.work)
        links = (one.told[0].url,) if after and one.told and self.chance(0.4) else ()
        return self.write(one.company, "company", title, lines, day, links, one)

    def of_client(self, one: _Happened, client: str, after: int) -> Told:
        rng, origin = self.rng, one.told[0] if one.told else None
        day = one.first + timedelta(after)
        name = rng.choice((one.official, one.official, one.company)) if self.chance(0.87) else ""
        says_day, says_total = self.chance(0.55), self.chance(0.2)
        ways = ("業務を委託している{}", "委託先である{}", "委託先の{}", "本業務の委託事業者である{}")
        who = rng.choice(ways).format(name) if name else rng.choice(("委託先の事業者", "業務委託先"))
        when = f"{self.japanese(one.day)}に" if says_day else ""
        lines = [
            self.japanese(day),
            f"本{client[-1]}が委託している{one.work}において、{who}が{when}{one.cause}、"
            "個人情報が漏えいしたおそれがあることが分かりました。",
            f"{self.japanese(day - timedelta(rng.randint(1, 9)))}に同社から報告を受け、判明しました。"
            if self.chance(0.25)
            else "",
            f"本件の対象は{self.said(self.count(40, 30_000))}人です。",
            f"同社全体では{self.said(one.total)}人分が対象とされています。" if says_total else "",
            f"漏えいしたおそれのある情報は{rng.choice(_ITEMS)}です。",
            f"同社の公表「{origin.title}」をご覧ください。" if origin and self.chance(0.12) else "",
            self.call(one.hotline) if one.hotline and self.chance(0.6) else "",
            self.call(self.phones[client]) if self.chance(0.5) else "",
            *self.besides(),
            self.sorry(),
        ]
        links = (origin.url,) if origin and self.chance(0.25) else ()
        return self.write(client, "affected", self.title(one.work), lines, day, links, one)

    def act(self, *of: _Happened) -> Told:
        """Write the authority's act on one or several."""
        day = max(one.first for one in of) + timedelta(self.rng.randint(60, 200))
        names = "及び".join(one.official for one in of)
        lines = [
            f"個人情報保護委員会は、{self.japanese(day)}、{names}に対し、個人情報保護法第148条第1項に基づく勧告を行いました。",
            *(
                f"{one.official}においては、{one.work}に関し{one.cause}、{self.said(one.total)}人分の個人データが漏えいした。"
                for one in of
            ),
            f"（お問い合わせ先）個人情報保護委員会事務局 電話{PPC_PHONE}",
        ]
        title = f"{names}に対する個人情報の保護に関する法律に基づく行政上の対応について"
        return self.write("個人情報保護委員会", "regulator", title, lines, day, (), *of)

    def article(self, one: _Happened) -> Told:
        day = one.first + timedelta(self.rng.randint(1, 20))
        named = [told.publisher for told in one.told[:6] if told.kind == "affected"]
        lines = [
            f"{one.company}は{self.japanese(one.first)}、{self.said(one.total)}人分の個人情報が流出したと発表した。",
            f"{'、'.join(named)}が影響を公表している。" if named else "",
        ]
        title = f"{one.company}で個人情報流出 {self.said(one.total)}人分"
        links = tuple(told.url for told in one.told[:3] if self.chance(0.5))
        return self.write("例示新聞", "commentary", title, lines, day, links, one)

    def single(self, publisher: str, work: str = "", processor: str = "", day: date | None = None) -> Told:
        """Write a notice of an incident that only this publisher has."""
        self.number += 1
        alone = _Happened(self.number, "", "", BEGIN, "", "", "", 0, BEGIN)
        day = day or BEGIN + timedelta(self.rng.randrange(DAYS))
        event, work = day - timedelta(self.rng.randint(1, 9)), work or self.rng.choice(_WORK)
        who = f"委託先の{processor}が" if processor else "職員が"
        lines = [
            self.japanese(day),
            f"{self.japanese(event)}、{work}において、{who}{self.rng.choice(_BY_HAND[1:])}、"
            f"{self.said(self.count(1, 3000))}人分の{self.rng.choice(_ITEMS)}が漏えいしました。",
            self.call(self.phones[publisher]),
            *self.besides(),
            self.sorry(),
        ]
        return self.write(publisher, "affected", self.title(work), lines, day, (), alone)

    # --- the whole --------------------------------------------------------------------------

    def spread(self, one: _Happened, clients: int, *, act: bool = True) -> _Happened:
        """Let an incident be told of by its company, clients, the authority and the press."""
        if self.chance(0.85):
            self.of_company(one)
        for client in self.rng.sample(self.places, clients):
            self.of_client(one, client, self.rng.randint(0, 45))
        if self.chance(0.4) and one.told:
            self.of_company(one, after=self.rng.randint(15, 90))
        if act and self.chance(0.4):
            self.act(one)
        if self.chance(0.3):
            self.article(one)
        return one

    def world(self, incidents: int) -> World:
        rng, made = self.rng, []
        made.append(self.spread(self.happened(), 60))
        # two incidents of one company in one month
        one = self.spread(self.happened(cause=_HACKED[0]), rng.randint(3, 8))
        other = self.happened(
            company=one.company, form=one.form, first=one.first + timedelta(rng.randint(4, 25)), hotline="",
            day=one.day + timedelta(rng.randint(2, 20)), cause=rng.choice((*_HACKED[1:], *_BY_HAND)),
        )  # fmt: skip
        made += [one, self.spread(other, rng.randint(3, 8))]
        # one hotline for two incidents
        one = self.spread(self.happened(hotline="0120-555-010"), rng.randint(3, 8))
        near = one.first + timedelta(rng.randint(-40, 40))
        made += [one, self.spread(self.happened(hotline="0120-555-010", first=near), rng.randint(3, 8))]
        # a follow-up a year later under another title
        one = self.spread(self.happened(), rng.randint(3, 8))
        self.of_company(
            one, after=rng.randint(340, 400), again=f"{self.japanese(one.first)}に公表した事案について"
        )
        made.append(one)
        # namesakes
        one = self.spread(self.happened(), rng.randint(3, 8))
        near = one.first + timedelta(rng.randint(-60, 60))
        namesake = self.happened(company=one.company, form="behind", first=near, day=near - timedelta(9))
        made += [one, self.spread(namesake, rng.randint(2, 5))]
        # an act on several
        several = [self.spread(self.happened(), rng.randint(2, 6), act=False) for _ in range(3)]
        self.act(*several)
        made += several
        while len(made) < incidents:
            made.append(self.spread(self.happened(), rng.choice((1, 2, 2, 3, 4, 6, 10))))
        self.noise(len(made))
        by_day = sorted(self.all, key=lambda told: (told.published, told.url))
        return World(tuple(by_day), {one.number: self.declare(one) for one in made if len(one.told) > 2})

    def noise(self, incidents: int) -> None:
        rng, carrier = self.rng, f"{next(self.names)}運輸株式会社"
        for _ in range(incidents * 2):
            self.single(rng.choice(self.places))
        for _ in range(incidents // 2):  # the carrier that everybody has
            self.single(rng.choice(self.places), "納税通知の配送業務", carrier)
        for city in rng.sample(self.places, 3):  # several of one city, by one switchboard
            day = BEGIN + timedelta(rng.randrange(DAYS))
            for n in range(3):
                self.single(city, day=day + timedelta(n * 12))
        for _ in range(incidents):
            city = rng.choice(self.places)
            lines = [f"{rng.choice(_NEWS)}。", self.call(self.phones[city])]
            self.write(city, "affected", rng.choice(_NEWS), lines, BEGIN + timedelta(rng.randrange(DAYS)), ())

    def declare(self, one: _Happened) -> Incident:
        """Declare an incident as a person does who knows its first notice or two."""
        told = sorted(one.told, key=lambda notice: notice.published)
        seeds = tuple(notice.url for notice in told[: self.rng.choice((1, 1, 2))])
        return Incident(
            f"i{one.number}",
            f"{one.company}の事案",
            respondents=(one.official,),
            hotlines=(one.hotline,) if one.hotline and self.chance(0.8) else (),
            window=(
                told[0].published - timedelta(14),
                told[0].published + timedelta(self.rng.choice((90, 180, 365))),
            ),
            seeds=seeds,
        )
