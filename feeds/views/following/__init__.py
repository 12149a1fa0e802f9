"""Pages of what one reader follows: a body over the years, a list of one's own."""
