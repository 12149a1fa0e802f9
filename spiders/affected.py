"""Bodies whose people's data were taken, and those who list or discuss them."""

from spiders.base import SourceSpider


class AffectedSpider(SourceSpider):
    """Visits bodies whose people's data were taken, indexes and commentary; ``scrapy crawl affected``."""

    name = "affected"
    kinds = frozenset({"affected", "index", "commentary"})
