"""How allauth behaves here."""

import base64
import hashlib
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from multifocal.portal.accounts.addresses import refuse_unseen_letters
from multifocal.portal.links import absolute


class Adapter(DefaultAccountAdapter):
    """Open for sign-up; speaks plainly."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed.",
        "duplicate_email": "This is your address already.",
        "email_password_mismatch": "The e-mail address or the password is wrong.",
        "email_taken": "This address can't be used.",
        "incorrect_code": "The code is wrong. Look at it again, or ask for a new one.",
        "incorrect_password": "The password is wrong.",
        "rate_limited": "Please wait a little, then try again.",
        "too_many_login_attempts": "Too many tries. Please wait a few minutes.",
    }

    def clean_email(self, email: str) -> str:
        """Refuse an address that looks like another one."""
        refuse_unseen_letters(email)
        address: str = super().clean_email(email)
        return address

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Name the site by its own address, whatever address a request named."""
        site = urlsplit(absolute(self.request, "/")).netloc
        super().send_mail(template_prefix, email, context | {"site_name": site})


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted: a copy of the database opens no account."""

    error_messages: ClassVar = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "The code is wrong. Codes of an app change each half minute.",
        "unverified_email": "Prove your e-mail address first.",
    }

    def encrypt(self, text: str) -> str:
        """Encrypt a secret."""
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret."""
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> Fernet:
    key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
