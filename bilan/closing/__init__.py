"""The closing of a bilan: a checklist that does the work, then the one gesture that ends it."""
