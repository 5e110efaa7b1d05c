"""The diagnostic interview: grid, decision, programme, commitment."""
