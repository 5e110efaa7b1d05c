"""The action plan: its steps, their dates and states, and what became of them once the bilan is over."""
