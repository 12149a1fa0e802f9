"""Pages of those who decide: what waits for them, and what they keep of incidents."""
