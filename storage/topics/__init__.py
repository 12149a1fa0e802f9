"""What is read and written, a file for each topic."""
