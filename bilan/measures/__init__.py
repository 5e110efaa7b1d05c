"""Measures: what the disability referent decides and puts in place, and what it changes by itself."""
