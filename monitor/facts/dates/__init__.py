"""When: civil dates, which of them are deadlines, and what happened on them."""
