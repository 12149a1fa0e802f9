"""Incidents: declared, and suggested with evidence. Their course is joined in feeds.course."""

from pathlib import Path

BUNDLED = Path(__file__).parent / "data"
"""The declarations that come with kohyo."""
