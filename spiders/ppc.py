"""Regulators: the Personal Information Protection Commission and ministries."""

from spiders.base import SourceSpider


class PpcSpider(SourceSpider):
    name = "ppc"
    kinds = frozenset({"regulator"})
