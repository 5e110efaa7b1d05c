"""The career path: experiences, the skills drawn from them, what helps and what hinders."""
