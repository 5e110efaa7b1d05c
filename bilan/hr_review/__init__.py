"""The review with HR: an hour for three, if the agent wants it, on what her agreement allows and nothing else."""
