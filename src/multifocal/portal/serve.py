"""Set the site up and serve it with gunicorn."""

import logging
import os
import secrets
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

ADMINISTRATOR = "admin@localhost.localdomain"


class Log(Logger):
    """What gunicorn itself has to say goes the way of all our logs."""

    def setup(self, cfg: Any) -> None:
        """Add no handler: the root's is enough."""
        self.loglevel = logging.WARNING
        self.error_log.setLevel(self.loglevel)
        self.error_log.propagate = True


class Site(BaseApplication):
    """The site under gunicorn."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options given; no file is read."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Give the application."""
        from multifocal.portal.wsgi import application

        return application


def set_up(tell: Callable[[str], None], *, demo: bool = False) -> None:
    """Make or update all that the site needs: tables, static files, an administrator.

    ``tell`` is given what the person at the terminal must know, once: a new administrator's
    password is told there and nowhere else.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "multifocal.portal.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from multifocal.portal.accounts.models import User

    if not User.objects.filter(is_superuser=True).exists():
        password = secrets.token_urlsafe(15)
        _account(ADMINISTRATOR, password, is_staff=True, is_superuser=True)
        tell(f"Administrator: {ADMINISTRATOR}, password: {password} (told only this once)")


def _account(email: str, password: str, **more: bool) -> None:
    """Make an account whose address counts as proved."""
    from allauth.account.models import EmailAddress

    from multifocal.portal.accounts.models import User

    user = User.objects.create_user(email, password, **more)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


def serve(*, host: str, port: int, workers: int) -> None:
    """Serve until stopped."""
    Site(
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": 4,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 20,
            "limit_request_line": 8190,
            "accesslog": None,
            "logger_class": Log,
            "control_socket_disable": True,
        }
    ).run()
