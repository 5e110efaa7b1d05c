"""Journeys: one agent's bilan, its phases and its referent."""
