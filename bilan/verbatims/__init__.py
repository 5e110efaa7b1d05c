"""Open answers of the surveys, read by the manager and sorted into themes, once nobody can be recognised by the date."""
