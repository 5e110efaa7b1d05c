"""Personal work between two interviews: given, done, commented, with files."""
