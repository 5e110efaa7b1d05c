"""Prescriptions: what the HR service follows."""
