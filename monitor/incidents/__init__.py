"""Incidents: declared, and suggested with evidence. Their course is joined in feeds.course."""

from monitor.incidents.declared import load
from monitor.incidents.evidence_keys import NoticeProfile
from monitor.incidents.suggest import suggest

__all__ = ["NoticeProfile", "load", "suggest"]
