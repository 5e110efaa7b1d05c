"""Occupations: the shipped catalogue, the whole ROME once imported, the search, and why one could fit."""
