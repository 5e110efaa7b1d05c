"""The open data of the ROME 4.0 (France Travail, licence ouverte): read, checked line by line, and loaded among the occupations."""
