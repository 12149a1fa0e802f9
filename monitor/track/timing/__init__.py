"""When to look: how often a page changes, when in the week, and which moment that makes for the next visit.

Pure, and the reasons with their sources are in docs/decisions/0029-when-to-look.md.
"""
