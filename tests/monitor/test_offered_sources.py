"""What an accepted address becomes."""

from __future__ import annotations

from monitor.track.offers import make_source
from storage.records import Offer, Source
from tests.storage.builders import NOW

INDEX = Source("index", "一覧", "index", ("https://www.example.jp/",))
OFFER = Offer("index", "https://www.town.example.jp/news/1.html", "例示町", NOW)


def test_it_is_named_after_its_host_and_apart_from_those_there_are() -> None:
    first = make_source(OFFER, INDEX, frozenset())
    assert first.id == "offer-town-example-jp"
    taken = frozenset({first.id})
    second = make_source(OFFER, INDEX, taken)
    assert second.id not in taken
    assert second.id.startswith(first.id)
    assert make_source(OFFER, INDEX, taken | {second.id}).id not in taken | {second.id}
    assert first.start == (OFFER.url,)
