"""Tell: stored changes become feeds, calendar, pages. Never fetches, never judges."""
