"""Incidents: declared, suggested with evidence, followed over all their publishers."""

from monitor.incidents.chain import chains, claims, follow, stage
from monitor.incidents.clocks import clocks
from monitor.incidents.cross_check import cross_check
from monitor.incidents.declared import load
from monitor.incidents.roster import published, roster
from monitor.incidents.suggest import NoticeProfile, is_seed, suggest
from monitor.incidents.timeline import timeline

__all__ = [
    "NoticeProfile",
    "chains",
    "claims",
    "clocks",
    "cross_check",
    "follow",
    "is_seed",
    "load",
    "published",
    "roster",
    "stage",
    "suggest",
    "timeline",
]
