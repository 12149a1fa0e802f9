"""What every room knows of Japanese text."""
