"""How rows get into the database and out of it."""
