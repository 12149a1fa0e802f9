"""Decide what a capture means, and write it."""
