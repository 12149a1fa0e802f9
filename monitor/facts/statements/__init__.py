"""What a text states, denies or thinks possible: outcomes, causes and items of data."""
