"""Logs what concerns the safety of accounts: ids of ours, never an address or a password."""

from collections.abc import Callable, Mapping
from typing import Any

import structlog
from allauth.account import signals as account
from allauth.mfa import signals as second
from django.contrib.auth import signals as auth
from django.dispatch import Signal

log = structlog.get_logger("multifocal.portal")

EVENTS: Mapping[str, Signal] = {
    "logged in": auth.user_logged_in,
    "logged out": auth.user_logged_out,
    "log-in refused": auth.user_login_failed,
    "signed up": account.user_signed_up,
    "password changed": account.password_changed,
    "password reset": account.password_reset,
    "address changed": account.email_changed,
    "second step taken": second.authenticator_used,
    "second step refused": second.authentication_failed,
    "second step added": second.authenticator_added,
    "second step removed": second.authenticator_removed,
    "recovery codes made anew": second.authenticator_reset,
}


def begin() -> None:
    """Log each of these events from now on."""
    for name, signal in EVENTS.items():
        signal.connect(_logs(name), weak=False, dispatch_uid=f"security log: {name}")


def _logs(name: str) -> Callable[..., None]:
    def written(sender: Any, user: Any = None, **more: Any) -> None:
        kind = getattr(more.get("authenticator"), "type", None)
        which = {} if kind is None else {"kind": str(kind)}
        log.info(name, who="" if user is None else str(user.pk), **which)

    return written
