"""Satisfaction surveys: asked by e-mail, answered once without an account, detached from whoever answers."""
