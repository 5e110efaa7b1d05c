"""Leads: occupations and directions to explore, their surveys, and the few that are kept for the scenarios."""
