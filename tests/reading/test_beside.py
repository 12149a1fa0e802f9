"""What stands beside a notice is not the notice, and what the notice says in furniture's words is."""

from __future__ import annotations

import pytest

from monitor.facts import extract
from monitor.reading import read

PAGE = (
    "<html><head><title>{title} | 見本市</title></head><body><header><a href='/'>見本市</a></header>"
    "{body}<footer>見本市役所</footer></body></html>"
)
TITLE = "記録媒体の紛失について"
SAID = (
    f"<h1>{TITLE}</h1><p>2026年9月4日</p><p>本市の職員が、市民312人分の氏名を記録した媒体を紛失しました。</p>"
    "<p>ご迷惑をおかけし、深くお詫び申し上げます。</p>"
)


def text(body: str, title: str = TITLE) -> str:
    reading = read(PAGE.format(title=title, body=body).encode(), url="https://a.example.lg.jp/x/1.html")
    assert reading.verdict == "content"
    return reading.text


def headlines(form: str, count: int = 20) -> str:
    return "".join(
        form.format(n=n, people=f"{n * 37 + 1000:,}人分", day=f"2026.08.{n + 1:02d}") for n in range(count)
    )


LINK = "<a href='/news/{n}.html'>第{n}中学校で生徒{people}の個人情報が流出</a>"
CARD = (
    "<article><a href='/news/{n}.html'><h3>第{n}中学校で生徒{people}が流出</h3>"
    "<p>{people}の個人情報が外部に出ました。</p></a></article>"
)
WIDELY = [
    "<main>{said}<ul>" + headlines("<li>{day} " + LINK + "</li>") + "</ul></main>",
    "<div>{said}<div><h2>新着記事</h2><ul>" + headlines("<li>" + LINK + "</li>") + "</ul></div></div>",
    "<main>{said}</main><div>" + headlines("<p>{day} " + LINK + "</p>") + "</div>",
    "<main>{said}<p>" + headlines("{day} " + LINK + "<br>") + "</p></main>",
    "<main>{said}<table>" + headlines("<tr><td>{day}</td><td>" + LINK + "</td></tr>") + "</table></main>",
    "<main>{said}" + headlines(CARD) + "</main>",
    "<table><tr><td>{said}</td><td>" + headlines(LINK + "<br>") + "</td></tr></table>",
]


@pytest.mark.parametrize("body", WIDELY)
def test_a_small_notice_beside_many_headlines_gives_its_own_facts_only(body: str) -> None:
    found = extract(text(body.format(said=SAID)))
    assert [fact.value for fact in found if fact.field == "count"] == [312]


def test_a_few_headlines_go_where_a_heading_announces_them() -> None:
    body = f"<main>{SAID}<h2>あわせて読みたい</h2><ul>{headlines('<li>' + LINK + '</li>', 3)}</ul></main>"
    assert "中学校" not in text(body)


def test_a_page_of_headlines_is_a_listing_and_keeps_them() -> None:
    body = f"<main><h1>報道発表</h1><ul>{headlines('<li>{day} ' + LINK + '</li>')}</ul></main>"
    assert text(body, "報道発表").count("中学校") == 20


def test_links_to_earlier_reports_stay_with_the_notice() -> None:
    links = "".join(f"<li><a href='/oshirase/{n}.html'>媒体の紛失に関する第{n}報</a></li>" for n in range(4))
    assert text(f"<main>{SAID}<h2>関連情報</h2><ul>{links}</ul></main>").count("報\n") >= 3


@pytest.mark.parametrize("mark", ["<ul><li>{}</li></ul>", "<p>{}</p>", "<div>{}</div>"])
@pytest.mark.parametrize("around", ["main", "div"])
@pytest.mark.parametrize(
    "said",
    [
        "ホームページのうち本人が見つけやすい場所（例：ホームページのトップページから数回の操作でたどれる場所）に載せる",
        "ウェブサイトの内容を分かりやすく改める",
        "Acrobatの脆弱性が悪用され、入れ直しが必要となった端末は3台",
        "このページについてご意見を送信した方の氏名が閲覧できる状態でした。",
        "ログインの認証をスキップする",
        "ページが見つからないときに表示される画面",
    ],
)
def test_a_sentence_is_kept_whatever_words_it_shares_with_furniture(
    said: str, around: str, mark: str
) -> None:
    body = f"<{around}>{SAID}{mark.format(said)}<p>以上のとおりお知らせします。</p></{around}>"
    assert said in text(body)
