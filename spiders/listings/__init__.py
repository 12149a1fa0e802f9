"""Rows of a page of links, and their dates."""
