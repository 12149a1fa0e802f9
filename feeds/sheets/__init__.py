"""Tables that an office opens: facts, changes, notices, the roster, sources, alerts."""
