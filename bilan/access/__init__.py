"""Access: the second factor, its codes, the open sessions of an account, the browsers it is known by."""
