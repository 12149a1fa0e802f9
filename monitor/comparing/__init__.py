"""Whether two texts say the same, and what changed if they do not. Pure functions on blocks."""

KEY_VERSION = 2
"""To be raised with any change in ``sameness.keys``, ``noise`` or ``values``: stored keys follow anew."""
