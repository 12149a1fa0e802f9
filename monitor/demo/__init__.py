"""Sample sites that imitate the structure of the real ones, and an incident lived through on them."""
