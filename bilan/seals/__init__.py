"""The seals of the journal: each day's digest, chained to the day before."""
