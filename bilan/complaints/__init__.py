"""Complaints: receipt, acknowledgement, follow-up."""
