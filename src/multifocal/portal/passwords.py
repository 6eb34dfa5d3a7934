"""Passwords that whoever attacks this site would try first."""

import re
from typing import Any

from django.core.exceptions import ValidationError

WORDS = (
    "multifocal",
    "osteomyelitis",
    "osteitis",
    "crmo",
    "cno",
    "cmo",
    "hospital",
    "clinic",
    "paediatric",
    "pediatric",
    "rheumatology",
    "administrator",
    "admin",
    "guardian",
    "password",
    "passwort",
)
"""What this site and those who use it are called; longer words before those in them."""

LEAST = 6
"""Letters and digits that must be left once these words are taken out: our judgement."""


class NotOfThisPlace:
    """A password must be more than the names of this place, whatever stands between them."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password made of such words."""
        plain = re.sub(r"[\W_]", "", password.lower().replace("0", "o").replace("1", "i"))
        left = re.sub("|".join(WORDS), "", plain)
        if len(left) < LEAST and left != plain:
            raise ValidationError(self.get_help_text(), code="password_of_this_place")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "Use words that have nothing to do with this site."
