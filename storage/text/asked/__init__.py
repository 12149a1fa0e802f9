"""What a search asks for: its phrases, how well a text answers, and the passage that is shown."""
