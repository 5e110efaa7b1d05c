"""Quotes: what a bilan costs, drawn up, sent, answered."""
