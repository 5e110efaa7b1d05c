"""Signing in by ProConnect, for HR services."""
