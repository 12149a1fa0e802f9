"""Pages, search, feeds and API over HTTP."""
