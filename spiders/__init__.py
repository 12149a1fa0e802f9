"""Fetch: bytes in. Knows declarations and politeness, interprets nothing."""
