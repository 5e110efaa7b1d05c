"""Four eyes: what gives or takes rights of the secretariat and the manager waits for somebody else."""
