"""Facts to findings to assessment: scores, criteria, red flags, next tests, code."""
