"""The secretariat's reception: what waits, the 20 days, the referents."""
