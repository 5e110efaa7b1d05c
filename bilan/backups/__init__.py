"""Backups of the data, encrypted and read again; the keys apart, one copy of them at a time."""
