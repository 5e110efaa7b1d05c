"""Notes: what is written in a meeting, its versions, who reads it."""
