"""Words: everything people read, in Japanese and English."""
