"""Restitution: what a result says, its pictures, what the two of a bilan think of it."""
