"""Scenarios: one to four futures, each weighed on two axes, in the agent's own words and order."""
