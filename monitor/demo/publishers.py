"""The samples of everybody else's sites: companies, clients, an index article, a city that does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.demo.model import DemoDocument, DemoSite, List, document, pdf, text

_HELP = "NTTビジネスソリューションズに派遣された元派遣社員によるお客さま情報の不正流出について(お詫び)"
_STATUS = "お客さま情報の不正流出に関する調査の状況について"


def _as_list(rows: Iterable[DemoDocument]) -> str:
    items = "\n".join(
        f'<li><span class="date">{row.listed:%Y.%m.%d}</span> <a href="{row.path}">{row.title}</a></li>'
        for row in rows
    )
    return f'<h1>お知らせ</h1>\n<ul class="info-list">\n{items}\n</ul>'


def _as_definitions(rows: Iterable[DemoDocument]) -> str:
    items = "\n".join(
        f'<dt>{row.listed:%Y年%m月%d日}</dt><dd><a href="{row.path}">{row.title}</a></dd>' for row in rows
    )
    return f"<h1>ニュースリリース</h1>\n<dl>\n{items}\n</dl>"


def _as_table(rows: Iterable[DemoDocument]) -> str:
    items = "\n".join(
        f'<tr><td>{row.listed:%Y/%m/%d}</td><td><a href="{row.path}">{row.title}</a></td></tr>'
        for row in rows
    )
    return f"<h1>ニュース</h1>\n<table>\n{items}\n</table>"


def _procx(day: str, title: str) -> DemoDocument:
    name = f"{day[2:]}".replace("-", "")
    path = f"/info/detail/{name}.html"
    return document(path, title, (f"{day} 11:00", text(f"procx/{name}.html")), listed=day)


def _bs(serial: str, title: str) -> DemoDocument:
    day = f"{serial[:4]}-{serial[4:6]}-{serial[6:8]}"
    moment = f"{day} {serial[8:10]}:{serial[10:12]}"
    return document(f"/newsrelease/{serial}.html", title, (moment, text(f"bs/{serial}.html")), listed=day)


def _west(day: str, name: str, title: str) -> DemoDocument:
    path = f"/news/{name[:4]}/{name}.html"
    return document(path, title, (f"{day} 14:00", text(f"nttwest/{name}.html")), listed=day)


PROCX = DemoSite(
    name="procx",
    host="https://www.nttactprocx.com",
    documents=(
        _procx("2023-08-01", "夏季休業期間のお知らせ"),
        _procx("2023-10-17", _HELP),
        _procx("2023-12-19", _STATUS),
        _procx("2024-01-24", "個人情報保護委員会からの勧告等について"),
    ),
    lists=(List("/info/", "お知らせ", _as_list),),
    validators=False,
    live=True,
)
BS = DemoSite(
    name="bs",
    host="https://www.nttbizsol.jp",
    documents=(
        _bs("202308091400000902", "山あいの集落を結ぶ通信実証の開始について"),
        _bs("202310171500000951", _HELP),
        _bs("202312191500000981", _STATUS),
        _bs("202401241100000995", "個人情報保護委員会による勧告等について"),
    ),
    lists=(List("/newsrelease/", "ニュースリリース", _as_definitions),),
)
NTT_WEST = DemoSite(
    name="nttwest",
    host="https://www.ntt-west.co.jp",
    documents=(
        _west("2023-09-04", "230904a", "公衆電話の設置場所を検索できる地図の提供について"),
        _west("2023-10-17", "231017a", "お客さま情報の不正流出に関するお詫びとお知らせ"),
        _west(
            "2024-02-29",
            "240229a",
            "お客さま情報の不正持ち出しを踏まえたNTT西日本グループの情報セキュリティ強化に向けた取組みについて",
        ),
        document("/news/2402/pdf/240229a_1.pdf", "", ("2024-02-29 14:00", pdf("nttwest/240229a_1.txt"))),
        document(
            "/corporate/security/",
            "情報セキュリティ強化に向けた取組みの進捗状況",
            ("2024-03-29 14:00", text("nttwest/progress1.html")),
            ("2024-09-10 14:00", text("nttwest/progress2.html")),
        ),
    ),
    lists=(List("/news/", "ニュース", _as_table),),
)
INDEX = DemoSite(
    name="smbiz",
    host="https://smbiz.asahi.com",
    documents=(
        document(
            "/article/15032430",
            "NTTビジネスソリューションズから流出した個人情報、公表した企業・自治体の一覧",
            ("2023-10-19 18:00", text("smbiz/15032430-1.html")),
            ("2023-12-19 19:00", text("smbiz/15032430-2.html")),
        ),
    ),
    validators=False,
    live=True,
)
FUKUOKA = DemoSite(
    name="fukuoka",
    host="https://www.pref.fukuoka.lg.jp",
    documents=(
        document(
            "/contents/zeimu-20231017.html",
            "委託業務による個人情報の漏えい事案について",
            ("2023-10-17 16:00", text("fukuoka/20231017.html")),
            ("2023-12-19 17:00", text("fukuoka/20231219.html")),
            ("2024-01-17 15:00", text("fukuoka/20240117.html")),
        ),
    ),
    validators=False,
    live=True,
)
MIE = DemoSite(
    name="mie",
    host="https://www.pref.mie.lg.jp",
    documents=(
        document(
            "/HAIKIK/HP/m0366600006.htm",
            "委託業務で使用した情報の流出の可能性について",
            ("2023-10-18 13:00", text("mie/20231018.html")),
            # The outcome is turned round, and the page's own date stays as it was.
            ("2024-03-28 17:00", text("mie/20240328.html")),
        ),
    ),
    encoding="cp932",
    charset=None,
    validators=False,
    live=True,
)
KAIZU = DemoSite(
    name="kaizu",
    host="https://www.city.kaizu.lg.jp",
    documents=(
        document(
            "/kurashi/0000003036.html",
            "特定健診の受診勧奨業務における個人情報の流出について",
            ("2023-10-18 17:00", text("kaizu/20231018.html")),
            ("2024-03-30 09:00", text("kaizu/20240330.html")),
        ),
    ),
)
CHIBA = DemoSite(
    name="chiba",
    host="https://chiba.example",
    documents=(
        document(
            "/kokuho/oshirase20231017.html",
            "健診の受診勧奨業務の委託先における個人情報の流出について",
            ("2023-10-17 17:00", text("chiba/20231017.html")),
        ),
    ),
)
EXAMPLE = DemoSite(
    name="example",
    host="https://city.example",
    documents=(
        document(
            "/oshirase/0000000120.html",
            "水道料金のお知らせ業務における個人情報の流出の可能性について",
            ("2023-10-19 09:00", text("example/0000000120.html")),
            ("2024-10-01 09:00", None),
        ),
        # Known only from the index article: offered as a new source, watched by none.
        document(
            "/machi/0000000131.html",
            "福祉タクシーの案内業務における個人情報の流出の可能性について",
            ("2023-10-19 10:00", text("example/0000000131.html")),
        ),
    ),
    validators=False,
    extra=' <a href="/sns/">公式アカウント</a>',
)

SITES = (PROCX, BS, NTT_WEST, INDEX, FUKUOKA, MIE, KAIZU, CHIBA, EXAMPLE)
