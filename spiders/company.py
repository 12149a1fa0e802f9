"""Companies that answer for an incident."""

from spiders.base import SourceSpider


class CompanySpider(SourceSpider):
    """Visits companies that tell of incidents of their own; ``scrapy crawl company``."""

    name = "company"
    kinds = frozenset({"company"})
