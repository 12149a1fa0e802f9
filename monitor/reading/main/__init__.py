"""The main text of a page apart from what stands around it."""
