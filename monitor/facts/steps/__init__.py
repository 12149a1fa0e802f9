"""What has been done since: to whom it was reported, who was told, what became of the data."""
