"""Pure rules of messages."""

TEXT_MAX = 10_000
PAGE_SIZE = 15
