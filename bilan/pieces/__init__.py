"""What the two people of a bilan write together, piece by piece: experiences, skills, leads, what stands out."""
