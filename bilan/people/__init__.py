"""People: accounts, roles, sign-in, display preferences, employers."""
