"""Work in processes of their own: what may cost much, and what is wanted soon."""
