"""Questionnaires: answering, scoring, results."""
