"""Incidents: declared, and suggested with evidence. Their course is joined in feeds.course."""

from monitor.incidents.declared import load
from monitor.incidents.suggest import NoticeProfile, is_seed, suggest

__all__ = ["NoticeProfile", "is_seed", "load", "suggest"]
