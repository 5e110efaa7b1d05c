"""Proposals: a bilan is offered to an agent, who accepts or declines."""
