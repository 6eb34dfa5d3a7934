"""Parse a rule; fold facts; answer for one child or for a million; explain the answer."""
