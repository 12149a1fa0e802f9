"""Companies that answer for an incident."""

from spiders.base import SourceSpider


class CompanySpider(SourceSpider):
    name = "company"
    kinds = frozenset({"company"})
