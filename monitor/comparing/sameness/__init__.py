"""Whether two texts say the same: keys without noise."""
