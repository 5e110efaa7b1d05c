"""Interviews: meetings, attendance, notes."""
