"""Passkeys: a second factor that a false site cannot use."""
