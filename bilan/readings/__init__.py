"""Who of the centre read what of a bilan: one line per person, kind of page and day."""
