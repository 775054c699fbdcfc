"""Alembic migrations of the store; the newest revision is :data:`HEAD`."""

HEAD = "0002"
