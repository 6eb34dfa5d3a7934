"""Places on the skeleton, chosen from a list or on a map: one field for every form."""
