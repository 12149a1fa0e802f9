"""What is answered at which address: pages, feeds, files, the API, and the few that take decisions."""
