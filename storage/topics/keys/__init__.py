"""What the keys of notices tell: what ties them to incidents, and of which bodies they speak."""
