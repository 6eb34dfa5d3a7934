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
    def secure(self) -> bool:
        """Whether readers come over https."""
        return urlsplit(self.origin).scheme == "https"

    @property
    def is_public(self) -> bool:
        """Whether readers come from other machines, as far as the origin tells."""
        return urlsplit(self.origin).hostname not in (None, *LOOPBACK)


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
    options = Options(
        data=Path(given("DATA") or _data_folder(environment)).expanduser().resolve(),
        database_url=environment.get("DATABASE_URL", "").strip(),
        origin=origin,
        hosts=tuple(filter(None, (host.strip() for host in given("HOSTS").split(",")))),
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
