"""The sample of the commission's site: thin pages, PDFs, lists that hold every known trap."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from monitor.demo.model import DemoDocument, DemoSite, List, document, fiscal_year, newest_year, pdf, wareki

_NAMES = "株式会社NTTマーケティングアクトProCX"
_ACTION = "個人情報の保護に関する法律に基づく行政上の対応について"


def _thin(day: str, lead: str, file: str = "", label: str = "", size: int = 0) -> str:
    """Write the HTML of a page that says little and links to a PDF; ``size`` in KB."""
    link = f'<ul class="link-list"><li><a href="/files/pdf/{file}">{label}(PDF : {size}KB)</a></li></ul>'
    shown = wareki(date.fromisoformat(day))
    return f'<p class="ta-r">{shown}</p>\n<p class="ti1">{lead}</p>\n{link if file else ""}'


def _press(
    day: str, slug: str, title: str, lead: str, file: str = "", size: int = 0, href: str = ""
) -> DemoDocument:
    path = f"/news/press/{fiscal_year(date.fromisoformat(day))}/{slug}"
    body = _thin(day, lead, file, "報道発表資料", size)
    return document(path, title, (f"{day} 10:00", body), listed=day, href=href)


def _file(day: str, name: str, source: str) -> DemoDocument:
    return document(f"/files/pdf/{name}", "", (f"{day} 10:00", pdf(source)))


_PRESS = (
    _press(
        "2023-02-22",
        "230222_houdou/",
        "令和４年度第３四半期における監視・監督の状況について",
        "令和４年10月から12月までの監視・監督の状況を取りまとめました。漏えい等報告の処理は1,200件でした。",
    ),
    _press(
        "2023-06-02",
        "230602kouhou/",
        "生成AIサービスの利用に関する注意喚起等について",
        "生成AIサービスの普及を踏まえ、利用に当たっての留意点を取りまとめました。",
        "230602_kouhou.pdf",
        355,
        href="$ppc/news/press/2023/230602kouhou/",  # absolute, among relative ones
    ),
    _press(
        "2023-07-12",
        "230712",
        "令和５年度「個人情報を考える週間」の実施結果について",
        "全国の図書館と学校で展示を行い、多くの方にご来場いただきました。",
    ),
    _press(
        "2023-09-06",
        "230906/",
        "令和５年度における実地調査の計画について",
        "行政機関等に対する実地調査を、本年度の計画に沿って進めます。",
        # The real list once held a blank in an address, which the server redirected.
        href="/news/press/2023/23 0906",
    ),
    _press(
        "2024-01-17",
        "240117_houdou/",
        f"オプトアウト届出事業者に対する{_ACTION}",
        "オプトアウト届出事業者３社に対し、個人情報の保護に関する法律第147条の規定による指導を行いました。",
        "240117_houdou.pdf",
        298,
    ),
    _press(
        "2024-01-24",
        "240124_houdou/",
        f"{_NAMES}及びNTTビジネスソリューションズ株式会社に対する{_ACTION}",
        "コールセンター業務における個人データの不正な持ち出しについて、資料のとおり行政上の対応を行いました。",
        "240124_houdou.pdf",
        412,
    ),
    _press(
        "2024-09-11",
        "240911_houdou/",
        f"{_NAMES}等における不正持ち出し事案に対する{_ACTION}",
        "不正持ち出し事案について、その後の対応を資料のとおり取りまとめました。",
        "240911_houdou.pdf",
        377,
    ),
)
_ALERTS = (
    document(
        "/news/careful_information/230602_AI_utilize_alert/",
        "生成AIサービスの利用に関する注意喚起等",
        (
            "2023-06-02 10:00",
            _thin("2023-06-02", "利用者と事業者それぞれの留意点です。", "230602_kouhou.pdf", "注意喚起", 355),
        ),
        listed="2023-06-02",
    ),
    document(
        "/news/careful_information/240124_alert_callcenter/",
        "コールセンター業務における個人データの取扱いに係る注意喚起",
        (
            "2024-01-24 10:00",
            _thin("2024-01-24", "委託を受ける事業者に注意を促します。", "240124_alert.pdf", "注意喚起", 187),
        ),
        listed="2024-01-24",
    ),
)
_OPT_OUT = "/personalinfo/preparation/optout/publication_2021/"


def _new(day: str, label: str, title: str, href: str) -> DemoDocument:
    """Make a row of the whole site's news; the page it leads to is declared elsewhere."""
    return document("", title, (f"{day} 10:00", None), listed=day, label=label, href=href)


def _told(press: DemoDocument) -> DemoDocument:
    """Announce a press release in the whole site's news, under its longer title."""
    return _new(str(press.listed), "報道発表", f"「{press.title}」を公表しました。", press.path)


_NEWS = (
    _new(
        "2023-08-02",
        "お知らせ",
        "個人情報保護法のしおり（令和５年８月）を掲載しました。",
        "/files/pdf/2308_pamphlet.pdf",
    ),
    _new(
        "2023-08-09",
        "お知らせ",
        "オプトアウト届出書を新たに公表しました。(届出番号2023-100031～2023-100033)",
        _OPT_OUT,
    ),
    _new(
        "2023-08-30", "会議", "第２５０回個人情報保護委員会を開催しました。", "/aboutus/minutes/2023/20230830"
    ),
    _new(
        "2023-09-05",
        "お知らせ",
        "独自利用事務の情報連携のページを更新しました。",
        "/legal/dokujiriyoujimu/seido#kouka",
    ),
    _new(
        "2023-09-08",
        "お知らせ",
        "オプトアウト届出書を新たに公表しました。(届出番号2023-100034～2023-100035)",
        _OPT_OUT,
    ),
    _new("2023-12-15", "お知らせ", "オプトアウト届出書を新たに公表しました。(届出番号2023-100036)", _OPT_OUT),
    *map(_told, _PRESS),
)
_STANDING = (
    document(
        _OPT_OUT,
        "オプトアウト届出書の公表",
        (
            "2023-01-01",
            '<p class="ti1">届出番号を入力すると、届出書を検索できます。</p>'
            '<p class="ti1">届出書は提出された順に公表しています。</p>',
        ),
    ),
    document(
        "/aboutus/minutes/2023/20230830",
        "第２５０回 個人情報保護委員会",
        (
            "2023-08-30 10:00",
            '<p class="ta-r">令和5年8月30日</p>'
            '<p class="ti1">議題１は監視・監督について、議題２は国際動向についてです。</p>',
        ),
    ),
    document(
        "/legal/dokujiriyoujimu/seido",
        "独自利用事務の情報連携",
        (
            "2023-01-01",
            '<p class="ti1">地方公共団体は、条例で定めた事務についても情報連携を行うことができます。</p>'
            '<h3 id="kouka">情報連携の効果</h3><p class="ti1">住民が提出する書類を減らすことができます。</p>',
        ),
    ),
    _file("2023-06-02", "230602_kouhou.pdf", "ppc/230602kouhou.txt"),
    _file("2023-08-02", "2308_pamphlet.pdf", "ppc/2308_pamphlet.txt"),
    _file("2024-01-17", "240117_houdou.pdf", "ppc/240117_houdou.txt"),
    _file("2024-01-24", "240124_houdou.pdf", "ppc/240124_houdou.txt"),
    _file("2024-01-24", "240124_alert.pdf", "ppc/240124_alert.txt"),
    _file("2024-09-11", "240911_houdou.pdf", "ppc/240911_houdou.txt"),
)


def _row(row: DemoDocument) -> str:
    assert row.listed is not None
    label = (
        f'<div class="news-label-wrap"><span class="news-label">{row.label}</span></div>' if row.label else ""
    )
    return (
        f'<li><time datetime=" {row.listed} " class="news-date">{wareki(row.listed)}</time>{label}'
        f'<div class="news-text"><a href="{row.href or row.path}">{row.title}</a></div></li>'
    )


def _tab(rows: Iterable[DemoDocument]) -> str:
    """Write the press list: one tab a fiscal year, of which the page at hand shows one."""
    years = "".join(
        f'<li><a href="/news/press/{year}/">令和{year - 2018}年度</a></li>' for year in (2024, 2023, 2022)
    )
    items = "\n".join(map(_row, rows))
    return (
        f'<ul class="tab-list">{years}</ul>\n'
        f'<div class="item-main js-tab-content"><ul class="news-list">\n{items}\n</ul></div>'
    )


def _plain(rows: Iterable[DemoDocument]) -> str:
    return '<ul class="news-list">\n' + "\n".join(map(_row, rows)) + "\n</ul>"


def _of_year(year: int) -> List:
    def holds(one: DemoDocument, moment: datetime) -> bool:
        return one in _PRESS and one.listed is not None and fiscal_year(one.listed) == year

    return List(f"/news/press/{year}/", f"報道発表(令和{year - 2018}年度)", _tab, holds)


def _current(one: DemoDocument, moment: datetime) -> bool:
    return one in _PRESS and one.listed is not None and fiscal_year(one.listed) == newest_year(_PRESS, moment)


PPC = DemoSite(
    name="ppc",
    host="https://www.ppc.go.jp",
    documents=(*_PRESS, *_ALERTS, *_NEWS, *_STANDING),
    lists=(
        List("/news/press/", "報道発表資料", _tab, _current),
        *(_of_year(year) for year in (2022, 2023, 2024)),
        List("/information/", "新着情報", _plain, lambda one, moment: one in _NEWS),
        List("/news/careful_information/", "注意喚起情報", _plain, lambda one, moment: one in _ALERTS),
    ),
    redirects={"/news/press/2023/23 0906": "/news/press/2023/230906/"},
)
