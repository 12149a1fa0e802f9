"""The feed of alerts, for who runs kohyo: what broke, and whether it is resolved."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from feeds.addresses import ALERTS, TAG, Site, feed_tag, source_page
from feeds.formats.atom_rss import Feed
from feeds.formats.entries import Category, FeedEntry, Names
from feeds.wording import sanitise
from feeds.wording.sanitise import cut, one_line
from feeds.wording.tables.feed_words import FEEDS
from feeds.wording.tables.source_words import ALERT_NEWS
from feeds.wording.tables.source_words import ALERTS as KINDS
from feeds.wording.words import phrase, say_detail, word
from storage.archive import Reader
from storage.records import LASTING_ALERTS, Alert

MAX_ALERTS = 100
"""Alerts of the feed: those seen last."""

MAX_DETAIL_CHARS = 1_000


def build_alerts_feed(reader: Reader, names: Names, site: Site, now: datetime) -> Feed:
    """Build the feed: an entry for each alert, marked anew once what it tells of is resolved."""
    open_now = {(alert.kind, alert.source, alert.url) for alert in reader.troubles(now)}
    alerts = sorted(reader.alerts(limit=MAX_ALERTS), key=lambda one: (one.raised_at, one.id), reverse=True)
    return Feed(
        tag=feed_tag(ALERTS),
        title=word(FEEDS, "alerts", site.lang),
        subtitle=word(FEEDS, "alerts-about", site.lang),
        lang=site.lang,
        address=site.feed(ALERTS),
        home=site.url("coverage.html"),
        entries=[_entry(alert, open_now, names, site) for alert in alerts],
    )


def _entry(alert: Alert, open_now: Collection[tuple[str, str, str]], names: Names, site: Site) -> FeedEntry:
    over = alert.kind in LASTING_ALERTS and (alert.kind, alert.source, alert.url) not in open_now
    name, kind = names.source(alert.source), word(KINDS, alert.kind, site.lang)
    title = phrase(ALERT_NEWS, "one-recovered" if over else "one-raised", site.lang, f"{name}: {kind}")
    detail = cut(one_line(say_detail(alert.detail, site.lang), MAX_DETAIL_CHARS), MAX_DETAIL_CHARS)
    page = site.url(source_page(alert.source))
    said = "".join(f"<p>{sanitise.text(line)}</p>" for line in (f"{kind}: {detail}", alert.url))
    return FeedEntry(
        tag=f"{TAG}alert/{alert.id}",
        notice=f"{TAG}source/{alert.source}",
        kind=alert.kind,
        title=one_line(title, 240),
        summary=f"{kind}: {detail}\n{alert.url}",
        html=sanitise.clean(f"{said}<p>{sanitise.link(page, name)}</p>"),
        published=alert.raised_at,
        updated=(alert.last_seen or alert.raised_at) if over else alert.raised_at,
        author=name,
        url=page,
        original=sanitise.web_url(alert.url),
        notice_url=page,
        pair=None,
        categories=(Category("alert", alert.kind, kind),),
    )
