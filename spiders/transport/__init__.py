"""How bytes come in: gate, manners, limits, character sets."""
