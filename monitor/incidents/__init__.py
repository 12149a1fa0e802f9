"""Incidents: declared, and suggested with evidence. Their course is joined in feeds.course."""
