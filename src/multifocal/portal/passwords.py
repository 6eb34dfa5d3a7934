"""Passwords that whoever attacks this site would try first."""

import re
from functools import cache
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
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


SHORTEST = 12
"""Letters that must be left of a password that says the same twice: as many as of any."""
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    *("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6z7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p"),
)
"""Keys beside one another, in rows and columns of the usual keyboards."""
RUN = 4
"""Keys in a row that count as one."""


class NotRepeated:
    """A password must be more than a part that is said again and again."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a short part that is repeated, with or without signs."""
        texts = (_plain(password), password.lower())
        if any(len(_part(text)) < min(SHORTEST, len(text)) for text in texts):
            raise ValidationError(self.get_help_text(), code="password_repeats")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "Don't say the same again and again."


class NotRowsOfKeys:
    """A password must be more than keys that lie beside one another."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a password made of rows of keys."""
        plain = _plain(password)
        left = _without_rows(plain)
        if len(left) < LEAST and left != plain:
            raise ValidationError(self.get_help_text(), code="password_of_rows")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "Use words, not keys that lie beside one another."


class NotAWordWithDigits:
    """A password must be more than one common word with digits and signs around it."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` for a common word, once digits and signs are taken off it."""
        ends = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.lower())
        for word in (ends, re.sub(r"[\W\d_]", "", ends), ends.translate(LOOKALIKES)):
            if word in _common() or _part(word) in _common():
                raise ValidationError(self.get_help_text(), code="password_of_a_word")

    def get_help_text(self) -> str:
        """Say what is wanted."""
        return "One common word with digits is tried first: use several words."


LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
"""Digits and signs that stand for letters."""


def _plain(password: str) -> str:
    return re.sub(r"[\W_]", "", password.lower())


def _part(text: str) -> str:
    """Give the shortest part of which a text is made when it is said again and again."""
    lengths = range(1, len(text) // 2 + 1)
    return next(
        (text[:one] for one in lengths if (text[:one] * len(text))[: len(text)] == text), text
    )


def _without_rows(text: str) -> str:
    """Take out whatever is a row of keys, forwards or backwards."""
    left, place = "", 0
    while place < len(text):
        length = _row_at(text, place)
        if length < RUN:
            left += text[place]
            length = 1
        place += length
    return left


def _row_at(text: str, place: int) -> int:
    """Give how many keys of a row begin at a place."""
    length = 1
    while place + length < len(text) and any(
        text[place : place + length + 1] in row for row in _rows()
    ):
        length += 1
    return length


@cache
def _rows() -> tuple[str, ...]:
    return (*ROWS, *(row[::-1] for row in ROWS))


@cache
def _common() -> frozenset[str]:
    """Give the common passwords that Django knows."""
    return frozenset(CommonPasswordValidator().passwords)
