"""From an address to a declaration: what stands there, which list it is, how it is read."""

from monitor.crawl.drafting.draft import Draft, draft_of
from monitor.crawl.drafting.finding import Findings, Tried, find_list, findings_json

__all__ = ["Draft", "Findings", "Tried", "draft_of", "find_list", "findings_json"]
