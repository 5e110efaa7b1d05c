"""Interviews: meetings, the session page, attendance and its certificate."""
