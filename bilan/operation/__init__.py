"""Operating the service: its logs, its figures for a monitor, what is wrong with it and what to do."""
