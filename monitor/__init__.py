"""Judge: run, track, read, compare, classify, schedule; the command line."""
