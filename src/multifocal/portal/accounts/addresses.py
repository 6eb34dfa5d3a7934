"""Addresses of accounts: what can't be seen is not part of one."""

from django.core.exceptions import ValidationError

from multifocal.portal.names import is_plain


def refuse_unseen_letters(address: str) -> None:
    """Raise `ValidationError` for an address that looks like another one."""
    if not is_plain(address):
        raise ValidationError("This address has letters that can't be seen. Type it anew.")
