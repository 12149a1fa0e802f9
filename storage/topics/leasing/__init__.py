"""Who may work on what, and how each host wants to be asked."""
