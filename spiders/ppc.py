"""Regulators: the Personal Information Protection Commission and ministries."""

from spiders.base import SourceSpider


class PpcSpider(SourceSpider):
    """Visits the Personal Information Protection Commission and other regulators; ``scrapy crawl ppc``."""

    name = "ppc"
    kinds = frozenset({"regulator"})
