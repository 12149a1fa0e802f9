"""What a declaration may say, and how one lies over another."""
