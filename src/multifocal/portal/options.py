"""What the person who runs the site may set: environment variables, each with a default.

This is the only module that reads the environment. `docs/reference/settings.md` lists every option;
a test compares the two.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from multifocal.model.issue import MultifocalError

PREFIX = "MULTIFOCAL_"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Hosts that mean this machine."""


HOST = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\]")
"""A host, or with a dot before it all below it; never every host there is."""


class Options(msgspec.Struct, frozen=True):
    """Every option, read once."""

    data: Path
    """Folder for the database, the secret key and collected static files."""
    database_url: str
    """Empty for SQLite in the data folder."""
    origin: str
    """Where readers reach the site: `https://cno.example.org`; empty on this machine only."""
    hosts: tuple[str, ...]
    """Further host names that are answered."""
    email_url: str
    """`smtp+tls://user:password@host:587`; empty prints mail to the console."""
    email_from: str
    idle_minutes: int
    """A signed-in reader who does nothing for so long is signed out."""
    proxies: int
    """How many proxies of ours stand in front: so many addresses of `X-Forwarded-For` are ours."""
    api_rate: str
    """How often one address may ask the API, such as `120/m`."""
    log_format: str
    """`json` or `text`."""
    debug: bool

    @property
    def address(self) -> str:
        """Where links of ours lead: the origin, or https at the first host of others; or empty."""
        return self.origin or next((f"https://{host}" for host in self._others()), "")

    @property
    def secure(self) -> bool:
        """Whether readers come over https."""
        return urlsplit(self.address).scheme == "https"

    @property
    def is_public(self) -> bool:
        """Whether readers come from other machines: as soon as one host is not this one."""
        here = urlsplit(self.origin).hostname in (None, *LOOPBACK)
        return not here or bool(self._others())

    def _others(self) -> list[str]:
        return [host.lstrip(".") for host in self.hosts if host.strip("[]") not in LOOPBACK]


class OptionError(MultifocalError):
    """An option can't be used; names the option, never its value."""


def read(environment: Mapping[str, str] = os.environ) -> Options:
    """Read the options. Raises `OptionError`."""

    def given(name: str, default: str = "") -> str:
        return environment.get(PREFIX + name, default).strip()

    def number(name: str, default: int) -> int:
        text = given(name, str(default))
        if not (text.isascii() and text.isdigit()):
            raise OptionError(f"{PREFIX}{name} must be a whole number")
        return int(text)

    origin = given("ORIGIN").rstrip("/")
    parts = urlsplit(origin)
    if origin and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path):
        raise OptionError(f"{PREFIX}ORIGIN must be like https://cno.example.org")
    form = given("LOG_FORMAT", "json")
    if form not in ("json", "text"):
        raise OptionError(f"{PREFIX}LOG_FORMAT must be json or text")
    rate = given("API_RATE", "120/m")
    if not re.fullmatch(r"[1-9]\d{0,6}/[smhd]", rate):
        raise OptionError(f"{PREFIX}API_RATE must be like 120/m")
    hosts = tuple(filter(None, (host.strip().lower() for host in given("HOSTS").split(","))))
    if not all(HOST.fullmatch(host) for host in hosts):
        raise OptionError(f"{PREFIX}HOSTS must be names such as cno.example.org, without a port")
    options = Options(
        data=Path(given("DATA") or _data_folder(environment)).expanduser().resolve(),
        database_url=environment.get("DATABASE_URL", "").strip(),
        origin=origin,
        hosts=hosts,
        email_url=given("EMAIL_URL"),
        email_from=given("EMAIL_FROM", "multifocal@localhost"),
        idle_minutes=number("IDLE_MINUTES", 30),
        proxies=number("PROXIES", 0),
        api_rate=rate,
        log_format=form,
        debug=given("DEBUG") == "1",
    )
    if options.is_public and not options.secure:
        raise OptionError(f"{PREFIX}ORIGIN must begin with https://, except on this machine")
    if options.is_public and options.debug:
        raise OptionError(f"{PREFIX}DEBUG shows traces to readers: not where others reach the site")
    return options


def _data_folder(environment: Mapping[str, str]) -> str:
    base = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return f"{base}/multifocal/site"
