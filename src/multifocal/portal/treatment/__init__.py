"""The treatment section, for readers who are signed in."""
