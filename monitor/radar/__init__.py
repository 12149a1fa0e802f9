"""The radar: rows of lists all over Japan, of which those about an incident with data are followed."""

from monitor.radar.following import answer_row, facts_decide
from monitor.radar.title_rule import KINDS, TITLE_RULE_VERSION, Relevance, judge_title

__all__ = ["KINDS", "TITLE_RULE_VERSION", "Relevance", "answer_row", "facts_decide", "judge_title"]
