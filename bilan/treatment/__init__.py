"""What the service does with a complaint: clocks, owner, steps, replies, closing, register."""
