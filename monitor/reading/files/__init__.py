"""Documents other than mark-up: PDF and office files, read as text."""
