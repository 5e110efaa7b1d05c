"""Adaptations: what somebody needs, what is decided and put in place, and whether it suits her."""
