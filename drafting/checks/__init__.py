"""Checks: small pure functions between a proposal and the draft."""
