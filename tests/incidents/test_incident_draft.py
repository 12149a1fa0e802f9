"""A draft names whom its notices name together, and takes nothing from one that the others do not bear out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monitor.facts import extract
from monitor.incidents.declared import make_incident, read_keys, to_toml
from monitor.incidents.incident_draft import draft_incident, propose_slug
from monitor.incidents.suggest import NoticeProfile
from storage.records import Fact, Incident, RosterEntry, SourceKind

KINDS: dict[str, SourceKind] = {
    "contractor": "company",
    "chiba": "affected",
    "mie": "affected",
    "ppc": "regulator",
    "paper": "index",
}


def notice(
    number: int, source: str, publisher: str, day: date | None, text: str, title: str = ""
) -> NoticeProfile:
    facts = extract(text, published=day)
    return NoticeProfile(
        number,
        source,
        f"https://{source}.example/{number}",
        title,
        text,
        day,
        facts,
        (),
        publisher,
        KINDS[source],
    )


CONTRACTOR = notice(
    1,
    "contractor",
    "見本データ株式会社 お知らせ",
    date(2024, 5, 8),
    "見本データ株式会社は、お客様情報約9万件が流出したことをお詫びします。2024年5月1日に判明しました。\n電話:0120-111-222",
)
CHIBA = notice(
    2,
    "chiba",
    "千葉市(見本)",
    date(2024, 5, 9),
    "委託先である見本データ株式会社から、1,234人分(うち12人分は口座番号)の個人情報が流出しました。\n電話:0120-111-222\n電話:043-245-5111",
)
MIE = notice(
    3,
    "mie",
    "三重県",
    date(2024, 5, 10),
    "本県が業務を委託した見本データ株式会社から、約500人分の個人情報が流出しました。\n電話:0120-111-222",
)
PPC = notice(
    4,
    "ppc",
    "個人情報保護委員会",
    date(2024, 8, 1),
    "個人情報保護委員会は、見本データ株式会社に対し、個人情報保護法第147条の規定による指導を行いました。\n電話:03-6457-9680",
)


def test_a_contractors_incident_is_drafted_from_those_that_name_it() -> None:
    made = draft_incident([PPC, MIE, CONTRACTOR, CHIBA], "mihon")
    assert made == Incident(
        "mihon",
        "見本データの個人データの漏えい等(2024年5月)",
        respondents=("見本データ",),
        hotlines=("0120-111-222",),
        window=(date(2024, 5, 1), date(2025, 8, 1)),
        roster=(
            RosterEntry("見本データ", "company", "contractor", "2024-05-08", "約9万件"),
            RosterEntry("千葉市", "municipality", "chiba", "2024-05-09", "1,234人分"),
            RosterEntry("三重県", "prefecture", "mie", "2024-05-10", "約500人分"),
        ),
    )
    assert make_incident("mihon", read_keys(Path("mihon.toml"), to_toml(made))) == made
    assert propose_slug([MIE, CONTRACTOR, CHIBA], []) == "contractor-2024-05"
    assert propose_slug([MIE], []) == "mie-2024-05", "who is named has no notice of its own"
    assert propose_slug([CONTRACTOR], ["contractor-2024-05"]) == "contractor-2024-05-2"


def test_one_notice_alone_is_enough_and_its_publisher_is_meant() -> None:
    made = draft_incident([MIE])
    assert made.respondents == ("見本データ",)
    own = notice(9, "mie", "三重県", None, "個人情報12人分を紛失しました。")
    made = draft_incident([own])
    assert (made.name, made.respondents, made.window) == ("三重県の個人データの漏えい等", ("三重県",), None)
    assert made.roster == (RosterEntry("三重県", "prefecture", "mie", "", "12人分"),)


def test_who_lists_others_adds_their_rows_and_none_of_its_own() -> None:
    paper = replace(
        notice(5, "paper", "見本新聞", date(2024, 5, 11), ""),
        facts=[
            Fact("organisation", "例示商事", "例示商事", 0, 4, role="company"),
            Fact("organisation", "三重県", "三重県", 9, 12, role="prefecture"),
            Fact("count", 300, "約300件", 5, 9, qualifiers=("row:例示商事",), role="affected"),
            Fact("count", 500, "約500件", 5, 9, qualifiers=("row:三重県",), role="affected"),
            Fact("count", 7, "7件", 5, 9, qualifiers=("row:うち東京都",), role="affected"),
            Fact("organisation", "例示病院", "例示病院", 0, 4, role="body"),
            Fact("count", 9, "9件", 5, 9, qualifiers=("row:例示病院",), role="possible"),  # not said of it
            Fact("role", "controller", "委託元", 0, 1, qualifiers=("organisation:見本商店",)),
        ],
    )
    made = draft_incident([paper, MIE])
    assert made.roster[1:] == (
        RosterEntry("見本商店", "body"),
        RosterEntry("例示商事", "company", count="約300件"),
    )
    assert [row.source for row in made.roster] == ["mie", "", ""]


@pytest.mark.parametrize("given", [[], [PPC]])
def test_no_body_of_its_own_leaves_a_name_to_be_written(given: list[NoticeProfile]) -> None:
    made = draft_incident(given)
    assert made.name
    assert made.roster == ()
