"""The improvement plan: what returns, interruptions and audits lead the centre to change, and what of it is told to everybody."""
