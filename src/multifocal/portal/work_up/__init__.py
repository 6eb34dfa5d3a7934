"""A work-up in the browser; nothing is stored."""
