"""The evidence file: for a period, what the product holds for each indicator of the quality reference, anonymised, in one ZIP."""
