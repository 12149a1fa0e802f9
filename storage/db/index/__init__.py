"""The full-text index: what is in it, and what is asked of it."""
