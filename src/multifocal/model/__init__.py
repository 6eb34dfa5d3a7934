"""The nouns: patient, fact, finding, site, assessment. Frozen, no input or output."""
