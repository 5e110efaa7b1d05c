"""The hours account of a bilan: planned, held, left, and what is warned of before it happens."""
