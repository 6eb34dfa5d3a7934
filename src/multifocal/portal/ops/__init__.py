"""Copies of the site's data: backup, restore, and the move to PostgreSQL."""
