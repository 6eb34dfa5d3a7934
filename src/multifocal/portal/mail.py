"""Where mail goes: to the console, until an SMTP server is named."""

from typing import Any
from urllib.parse import unquote, urlsplit

from multifocal.portal.options import OptionError

PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}


def settings(url: str) -> dict[str, Any]:
    """Give Django's settings for an address such as `smtp+tls://user:password@host:587`.

    Raises `OptionError`, which doesn't repeat the address: it holds a password.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise OptionError("MULTIFOCAL_EMAIL_URL has a port that is no number") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise OptionError("MULTIFOCAL_EMAIL_URL must be like smtp+tls://user:password@host:587")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtp+ssl",
        "EMAIL_TIMEOUT": 20,
    }
