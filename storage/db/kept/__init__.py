"""Forms in which texts and facts are kept in few bytes."""
