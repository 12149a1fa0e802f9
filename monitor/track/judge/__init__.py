"""Judge what was fetched: pure functions from values to values, without clock, database and network."""
