"""What keeps the server running, and what tells those who run it how it fares."""
