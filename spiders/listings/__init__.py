"""Rows of a page of links, and their dates."""

ROWS_VERSION = 4
"""Raised when rows() reads other rows from the same bytes: listings are then read again without news."""
