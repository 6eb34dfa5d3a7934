"""What a family can agree to, in words; changed words are a new version."""

import hashlib
from typing import NamedTuple


class Text(NamedTuple):
    """One thing to agree to."""

    id: str
    title: str
    text: str
    if_withdrawn: str

    @property
    def version(self) -> str:
        """A digest of the words: whoever agreed to others has to be asked again."""
        return hashlib.sha256("\n".join(self).encode()).hexdigest()[:12]


RECORD = Text(
    "record",
    "Keep this record",
    "This site may keep the record of my child. The clinics that I choose may see it.",
    "No clinic can open the record any more. You still can.",
)
RESEARCH = Text(
    "research",
    "Count my child in research",
    "My child may be counted in numbers for research. Nobody is shown one child. Small numbers are "
    "not shown at all.",
    "Your child is left out of all counts from now on.",
)
TEXTS = {text.id: text for text in (RECORD, RESEARCH)}
