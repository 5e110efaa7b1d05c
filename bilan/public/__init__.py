"""The service sheet and the legal pages."""
