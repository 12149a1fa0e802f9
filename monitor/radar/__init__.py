"""The radar: rows of lists all over Japan, of which those about an incident with data are followed."""

from monitor.radar.following import answer_row, facts_decide
from monitor.radar.title_rule import KINDS, Relevance, judge_title

__all__ = ["KINDS", "Relevance", "answer_row", "facts_decide", "judge_title"]
