"""Organisations named in a text, and the parts they play."""
