"""Departures: the account of somebody who leaves is closed, and what she held passes to others."""
