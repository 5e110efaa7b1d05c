"""The synthesis: what an agent takes away from her bilan, written and validated by the two."""
