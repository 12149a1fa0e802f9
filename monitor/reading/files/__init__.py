"""Documents other than mark-up: PDF, Word and Excel, read as text."""
