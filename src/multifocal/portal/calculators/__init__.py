"""Every criteria set and score as a page."""
