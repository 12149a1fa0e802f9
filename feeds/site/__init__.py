"""The published tree of files."""
