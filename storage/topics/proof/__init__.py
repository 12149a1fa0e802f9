"""What holds as evidence: the chain of changes, whether all is as it was stored, and what was taken out."""
