"""Incidents: declared, and suggested with evidence. Their course is joined in feeds.course."""

from pathlib import Path

BUNDLED = Path(__file__).parent / "data"
"""The declarations that come with kohyo."""

KEYS_VERSION = 4
"""Raised when other keys are made of a notice or they are weighed otherwise: links then follow anew."""
