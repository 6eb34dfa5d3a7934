"""What the next page tells once, such as that somebody is logged in."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class InCookie(CookieStorage):
    """Keeps it in a signed cookie that belongs to this host alone."""

    cookie_name = "__Host-messages" if settings.OPTIONS.secure else "messages"
