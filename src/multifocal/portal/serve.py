"""Set the site up and serve it with gunicorn."""

import gc
import logging
import os
import secrets
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from multifocal.portal.places import AT_ONCE, WAITING

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
        """Give the application, its views and its knowledge loaded: workers share what was."""
        from multifocal.portal.wsgi import application  # noqa: I001 # makes Django ready
        from django.urls import get_resolver

        from multifocal.portal.engine import knowledge

        get_resolver().reverse_dict  # noqa: B018 # imports every view
        knowledge()
        gc.collect()
        gc.freeze()  # what is loaded stays: a worker that tidies up passes it over
        return application


def set_up(tell: Callable[[str], None], *, demo: bool = False, local: bool = True) -> None:
    """Make or update all that the site needs: tables, static files, an administrator.

    ``tell`` is given what the person at the terminal must know, once: a new administrator's
    password is told there and nowhere else. Demo accounts are for this machine: where the site is
    not ``local``, or names an address of its own, they are closed.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "multifocal.portal.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("clearsessions", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from multifocal.portal import actions
    from multifocal.portal import demo as demonstration

    if not actions.has_administrator():
        password = secrets.token_urlsafe(15)
        actions.make_account(ADMINISTRATOR, password, is_staff=True, is_superuser=True)
        tell(f"Administrator: {ADMINISTRATOR}, password: {password} (told only this once)")
    actions.close_undecided(at=timezone.now())
    if not local or settings.OPTIONS.proxies or settings.OPTIONS.is_public:
        actions.close_demo()
        if demo:
            tell("Demo accounts are for this machine only: none were made.")
    elif demo:
        demonstration.set_up(tell, at=timezone.now())


def serve(*, host: str, port: int, workers: int) -> None:
    """Serve until stopped."""
    Site(
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": 2 * (AT_ONCE + WAITING),
            "worker_class": "multifocal.portal.reading.Worker",
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": 20,
            "limit_request_line": 8190,
            # No header of a request says what was asked for, or that it came by https: the
            # settings alone know which proxy to believe.
            "forwarder_headers": "",
            "secure_scheme_headers": {},
            "accesslog": None,
            "logger_class": Log,
            "control_socket_disable": True,
        }
    ).run()
