"""How hard a text is to read: the Flesch-Kincaid grade by a kept library and by a careful count.

The library splits words by the rules of hyphenation and so counts too few syllables in some; the
careful count errs the other way. A text is easy enough when both say so.
"""

import re

import textstat  # type: ignore[import-untyped] # has no types
from pyphen import Pyphen  # type: ignore[import-untyped] # has no types

HYPHENS = Pyphen(lang="en_GB")


def grade(text: str) -> float:
    """Give the harder of the two grades."""
    return max(float(textstat.flesch_kincaid_grade(text)), careful_grade(text))


def careful_grade(text: str) -> float:
    """Give the grade by Kincaid's formula (1975) from counts that rather err upwards."""
    sentences = [part for part in re.split(r"[.!?:]+(?:\s|$)", text) if part.strip()]
    words = re.findall(r"[A-Za-z']+|\d+", text)
    spoken = sum(syllables(word.lower()) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59


def syllables(word: str) -> int:
    """Count syllables as a careful reader would, rather one too many than one too few."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = r"([^l]|[aeiouy]l)e$|[^szxcgh]es$|[^td]ed$"
    if re.search(silent, word):
        groups -= 1
    return max(1, groups, len(HYPHENS.positions(word)) + 1)
