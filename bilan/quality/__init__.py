"""Quality: the indicators, computed at night, hidden under five, the published ones among them."""
