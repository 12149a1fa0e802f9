"""The dates a page claims, with where they stand."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.reading import read
from storage.records import PageDate

NOTICE = "<p>業務を委託した事業者から、令和5年10月13日に報告を受けました。対象は2019年11月8日から2020年3月23日までの受付分です。</p>"


def claims(
    body: str = NOTICE, *, head: str = "", title: str = "漏えいについて", url: str = ""
) -> tuple[PageDate | None, PageDate | None]:
    html = f"<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{body}</main></body></html>"
    reading = read(html.encode(), url=url)
    return reading.published, reading.updated


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("更新日：2023年11月2日", None, date(2023, 11, 2)),
        ("更新日 2023年11月2日", None, date(2023, 11, 2)),
        ("掲載日：令和5年10月17日　更新日：令和6年3月29日", date(2023, 10, 17), date(2024, 3, 29)),
        ("公開日：2023年10月17日", date(2023, 10, 17), None),
        ("登録日：2023/10/17", date(2023, 10, 17), None),
        ("発表日:令和元年11月8日", date(2019, 11, 8), None),
        ("報道発表日　令和07年08月29日", date(2025, 8, 29), None),
        ("最終更新日：２０２４年３月２９日（金）", None, date(2024, 3, 29)),
        ("[最終更新日]R6.3.29", None, date(2024, 3, 29)),
        ("最終更新：令和6(2024)年3月29日 10時30分", None, date(2024, 3, 29)),
        ("ページ番号：1234567　更新日：2024年3月29日　印刷", None, date(2024, 3, 29)),
        ("2023年10月17日更新", None, date(2023, 10, 17)),
        ("令和5年10月17日（火曜日）公開", date(2023, 10, 17), None),
        ("<dl><dt>更新日</dt><dd>2024年3月29日</dd></dl>", None, date(2024, 3, 29)),
        ("<table><tr><th>掲載日</th><td>2024年3月29日</td></tr></table>", date(2024, 3, 29), None),
        ("Last updated: 2024-03-29", None, date(2024, 3, 29)),
        (
            "<dl><dt>掲載日／更新日</dt><dd>令和5年10月17日／令和6年3月29日</dd></dl>",
            date(2023, 10, 17),
            date(2024, 3, 29),
        ),
        ("2024年3月29日12時更新", None, date(2024, 3, 29)),
        ("2024年3月29日（金） 12時00分更新", None, date(2024, 3, 29)),
        ("2024年3月29日 午後1時00分 更新", None, date(2024, 3, 29)),
        ("【2024年3月29日 17:00:30更新】", None, date(2024, 3, 29)),
        ('<span itemprop="datePublished">2023年10月17日</span>', date(2023, 10, 17), None),
        ('<b itemprop="dateModified" content="2024-03-29T09:00:00+09:00">昨日</b>', None, date(2024, 3, 29)),
    ],
)
def test_labels(line: str, published: date | None, updated: date | None) -> None:
    first, last = claims(f"<div>{line}</div>{NOTICE}")
    assert (first and first.value, last and last.value) == (published, updated)
    assert {claim.source for claim in (first, last) if claim} == {"label"}


@pytest.mark.parametrize(
    "line",
    [
        "令和6年1月24日",
        "2024.01.24",
        "２０２４年１月２４日（水）",
        "[2024年1月24日]",
        "2024年1月24日 ページ番号：206027",
        "令和6年1月24日付け",
        "令和6年1月24日 17時00分現在",
        "情報課 報道発表資料 2024年01月24日",
        "報道発表資料　令和6年1月24日　健康福祉部",
        "令和6年1月24日（水）見本県教育委員会",
        "プレスリリース｜2024.01.24",
        '<a href="/press/">お知らせ</a>　2024年1月24日',
        '2024年1月24日 <a href="/print/1">印刷用ページ</a>',
        "<dl><dt>日付</dt><dd>2024年1月24日</dd></dl>",
    ],
)
def test_a_date_alone_on_a_line(line: str) -> None:
    assert claims(f'<p align="right">{line}</p>{NOTICE}') == (PageDate(date(2024, 1, 24), "line", 0.7), None)


@pytest.mark.parametrize(
    "line",
    [
        '<a href="/news/7">個人情報の紛失について</a> 2024年1月24日',
        "個人情報保護委員会への報告 2024年1月24日",
        "<dl><dt>総務課</dt><dd>2024年1月24日</dd></dl>",
        "申込期限 2024年1月24日",
        '<a itemprop="url"><span itemprop="datePublished">2024年1月24日</span></a>の記事',
    ],
)
def test_a_date_of_something_else_is_not_the_pages(line: str) -> None:
    assert claims(f"<p>{line}</p>{NOTICE}") == (None, None)


@pytest.mark.parametrize(
    "history",
    [
        "<h2>更新履歴</h2><ul><li>2024年3月29日 件数を訂正しました。</li><li>2023年11月10日 追記しました。</li>"
        "<li>2023年10月17日 掲載しました。</li></ul>",
        "<h3>改訂履歴</h3><p>2023年10月17日　初版公開</p><p>2024年3月29日　第2報</p>",
        "<table><caption>更新履歴</caption><tr><th>日付</th><th>内容</th></tr><tr><td>令和5年10月17日</td>"
        "<td>公開</td></tr><tr><td>令和6年3月29日</td><td>件数を訂正</td></tr></table>",
        "<h3>履歴</h3><dl><dt>2024年3月29日</dt><dd>件数を訂正</dd><dt>2023年10月17日</dt><dd>公開</dd></dl>",
        "<p>【改訂履歴】2023年10月17日 公開、2024年3月29日 件数を訂正</p>",
    ],
)
def test_a_pages_own_history_says_when_it_was_published_and_updated(history: str) -> None:
    assert claims(NOTICE + history) == (
        PageDate(date(2023, 10, 17), "history", 0.8),
        PageDate(date(2024, 3, 29), "history", 0.8),
    )
    labelled = f"<p>更新日：2024年4月2日</p>{NOTICE}{history}"
    assert claims(labelled)[1] == PageDate(date(2024, 4, 2), "label", 0.9)


def test_other_histories_are_not_the_pages() -> None:
    rows = "<ul><li>2024年3月29日 第三者が閲覧</li><li>2023年10月17日 第三者が閲覧</li></ul>"
    assert claims(f"{NOTICE}<h2>閲覧履歴</h2>{rows}") == (None, None)
    assert claims(
        f"{NOTICE}<p>変更履歴の管理が不十分でしたので、記録の方法を全面的に改めます。</p>{rows}"
    ) == (
        None,
        None,
    )


def test_dates_in_sentences_are_not_the_pages() -> None:
    assert claims() == (None, None)
    assert claims("<p>申込期限：2024年5月31日</p><p>基準日は2024年4月1日です。</p>") == (None, None)


def test_a_copyright_is_no_date() -> None:
    assert claims(NOTICE + "<p>Copyright 2016-01-01 Example</p>") == (None, None)


def test_many_labelled_dates_are_other_things_dates() -> None:
    rows = "".join(f"<li>登録日：2024年{month}月1日 物件{month}</li>" for month in range(1, 9))
    filler = "<p>説明です。</p>" * 8
    assert claims(f"{filler}<ul>{rows}</ul>{filler}")[0] is None
    first, _ = claims(f"<p>登録日：2024年9月9日</p>{filler}<ul>{rows}</ul>{filler}")
    assert first is not None
    assert first.value == date(2024, 9, 9)


@pytest.mark.parametrize(
    "entry",
    [
        '<li>2024年{m}月1日<br><a href="/{m}">お知らせ{m}</a></li>',
        "<p>令和6年{m}月1日</p><h2>お知らせ{m}</h2>",
        "<p>2024年{m}月1日発表</p><p>お知らせ{m}</p><p>お知らせ{m}の続き</p>",
        '<article><time class="updated" datetime="2024-0{m}-01">2024年{m}月1日</time><h2>見出し{m}</h2></article>',
        '<a href="/{m}"><time class="entry-date" datetime="2024-0{m}-01">4/1</time>お知らせ{m}</a>',
    ],
)
def test_the_dates_of_entries_are_not_the_pages(entry: str) -> None:
    rows = "".join(entry.format(m=month) for month in range(9, 3, -1))
    assert claims(f"<div>{rows}</div>") == (None, None)
    filler = "<p>説明です。</p>" * 12
    assert claims(f"<p>更新日：2024年9月9日</p>{filler}<div>{rows}</div>")[1] == PageDate(
        date(2024, 9, 9), "label", 0.9
    )


def test_a_history_of_updates_leaves_the_pages_own_date() -> None:
    rows = "".join(f"<tr><td>2024年{m}月1日</td><td>公告文を掲載しました。</td></tr>" for m in range(1, 6))
    assert claims(f"<p>更新日2024年5月1日</p><table>{rows}</table>{NOTICE}")[1] == PageDate(
        date(2024, 5, 1), "label", 0.9
    )


def test_a_date_in_the_midst_is_that_of_a_section() -> None:
    body = f"{NOTICE * 12}<p>（令和6年6月17日掲載）</p>{NOTICE * 6}"
    assert claims(body) == (None, None)


def test_machines_dates_of_a_lists_items() -> None:
    listed = (
        '<script type="application/ld+json">{"@type":"ItemList","itemListElement":'
        '[{"datePublished":"2025-02-03"},{"datePublished":"2025-01-03"}]}</script>'
    )
    assert claims(head=listed) == (None, None)


def test_the_newest_update_counts() -> None:
    body = "<p>（令和5年11月10日更新）件数を訂正しました。</p><p>更新日：令和6年3月29日</p>" + NOTICE
    assert claims(body)[1] == PageDate(date(2024, 3, 29), "label", 0.9)


def test_machines_words() -> None:
    linked = (
        '<script type="application/ld+json">{"@graph":[{"@type":"BreadcrumbList"},{"@type":"NewsArticle",'
        '"datePublished":"2025-02-03T15:00:00+09:00","dateModified":"2025-02-09T20:30:00Z"}]}</script>'
    )
    first, last = claims(head=linked)
    assert first == PageDate(date(2025, 2, 3), "json-ld", 0.95)
    assert last == PageDate(date(2025, 2, 10), "json-ld", 0.95)  # 20:30 in Greenwich is the next day in Japan
    graph = '<meta property="article:published_time" content="2025-02-03T06:00:00+00:00">'
    assert claims(head=graph)[0] == PageDate(date(2025, 2, 3), "opengraph", 0.92)
    broken = '<script type="application/ld+json">{"datePublished": "202</script>'
    assert claims(head=broken) == (None, None)


def test_titles() -> None:
    assert claims(title="行政上の対応について（令和6年1月24日）")[0] == PageDate(
        date(2024, 1, 24), "title", 0.6
    )
    assert claims(title="漏えいについて(2024/2/14更新)")[1] == PageDate(date(2024, 2, 14), "label", 0.9)
    assert claims(title="漏えいについて［令和5年7月3日更新］")[1] == PageDate(date(2023, 7, 3), "label", 0.9)
    assert claims(title="漏えいについて（追記：令和5年7月3日）")[1] == PageDate(
        date(2023, 7, 3), "title", 0.6
    )


@pytest.mark.parametrize(
    ("title", "updated"),
    [
        ("【12月3日更新】漏えいについて", date(2023, 12, 3)),
        ("漏えいについて（1/7 10時更新）", date(2024, 1, 7)),
        ("【2月29日15時30分追記】漏えいについて", date(2024, 2, 29)),
        ("12月3日に発生した漏えいについて", None),
        ("漏えいについて（2月31日更新）", None),
    ],
)
def test_an_update_in_a_title_without_a_year_comes_after_the_publication(
    title: str, updated: date | None
) -> None:
    published = "<p>公開日：2023年11月20日</p>"
    found = claims(published + NOTICE, title=title)[1]
    assert (found and found.value) == updated
    assert claims(title=title) == (None, None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.jp/news/press/2023/240124_houdou/", date(2024, 1, 24)),
        ("https://example.jp/news/press/2024/250319", date(2025, 3, 19)),
        ("https://example.jp/news/press/2024/20241103/", date(2024, 11, 3)),
        ("https://example.jp/contents/x-20240329.html", date(2024, 3, 29)),
        ("https://example.jp/2024/03/29/owabi/", date(2024, 3, 29)),
        ("https://example.jp/news/careful_information/241211_alert_dataleakage", date(2024, 12, 11)),
        ("https://example.jp/news/2023/", None),  # a fiscal year, perhaps
        ("https://example.jp/houdou/390515.html", None),  # a running number
        ("https://example.jp/kurashi/0000003036.html", None),
        ("https://example.jp/2019/390515.html", None),
        ("http://[", None),
    ],
)
def test_addresses(url: str, expected: date | None) -> None:
    first, _ = claims(url=url)
    assert (first and first.value) == expected


@pytest.mark.parametrize(
    ("tag", "said"),
    [("div", True), ("section", True), ("header", True), ("aside", False), ("nav", False), ("footer", False)],
)
def test_marked_dates_of_what_stands_around_are_none_of_the_page_s(tag: str, said: bool) -> None:
    marked = '<time class="published" datetime="2023-10-17">x</time><b itemprop="dateModified" content="2024-03-29">x</b>'
    first, last = claims(f"{NOTICE}<{tag}>{marked}</{tag}>")
    assert (first and first.value, last and last.value) == (
        (date(2023, 10, 17), date(2024, 3, 29)) if said else (None, None)
    )


def dated(first: int, *gaps: int) -> str:
    """A page's own date, and so many blocks below it the first of dated entries, with gaps between them."""
    lines = ["2023年10月17日", *(f"{n}番目の段落として経緯を述べます。" for n in range(first - 1))]
    for number, gap in enumerate((*gaps, 1), 1):
        lines += [
            f"2023年9月{number}日",
            *(f"{number}の{n}番の説明がここに続きます。" for n in range(gap - 1)),
        ]
    return "".join(f"<p>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    ("first", "gaps", "own"),
    [
        (7, (2, 2), True),
        (6, (2, 2), False),
        (5, (2, 2), False),
        (4, (1, 1), True),
        (3, (1, 1), False),
        (7, (2,), False),
        (10, (3, 3), True),
        (9, (3, 3), False),
    ],
)
def test_a_date_is_the_page_s_own_that_stands_thrice_as_far_off_as_entries_from_each_other(
    first: int, gaps: tuple[int, ...], own: bool
) -> None:
    published, updated = claims(dated(first, *gaps))
    assert (published and published.value) == (date(2023, 10, 17) if own else None)
    assert updated is None


@pytest.mark.parametrize(
    ("data", "published", "updated"),
    [
        ('{"@graph":[{"datePublished":"2023-10-17"}]}', date(2023, 10, 17), None),
        ('{"mainEntity":{"dateModified":"2024-03-29"}}', None, date(2024, 3, 29)),
        ('[[[[[[{"dateModified":"2024-03-29"}]]]]]]', None, date(2024, 3, 29)),
        ('[[[[[[[{"dateModified":"2024-03-29"}]]]]]]]', None, None),
        ('{"a":{"a":{"a":{"a":{"a":{"a":{"datePublished":"2023-10-17"}}}}}}}', date(2023, 10, 17), None),
        ('{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"datePublished":"2023-10-17"}}}}}}}}', None, None),
        ('{"itemListElement":[{"datePublished":"2023-10-17"}]}', None, None),
        ('{"mainEntity":{"hasPart":{"datePublished":"2023-10-17"}}}', None, None),
        ('{"datePublished":3,"a":{"datePublished":"2023-10-17"}}', date(2023, 10, 17), None),
        ("[" + "0," * 49 + '{"datePublished":"2023-10-17"}]', date(2023, 10, 17), None),
        ("[" + "0," * 50 + '{"datePublished":"2023-10-17"}]', None, None),
    ],
)
def test_json_ld_is_followed_down_but_not_into_lists_of_other_things(
    data: str, published: date | None, updated: date | None
) -> None:
    first, last = claims(head=f'<script type="application/ld+json">{data}</script>')
    assert (first and first.value, last and last.value) == (published, updated)
