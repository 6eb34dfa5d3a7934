"""A PostgreSQL server to throw away: in a folder of its own, stopped by its process id.

`python -m tests.portal.postgres COMMAND...` runs a command with `DATABASE_URL` set to it.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.portal.conftest import free_port

HOW = "these tests need a PostgreSQL server: apt-get install postgresql"
SECONDS = 30


def programs() -> Path:
    """Give the folder of the newest server that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if not found:
        raise SystemExit(HOW)
    return found[-1].parent


def _version(path: Path) -> int:
    return int(path.parts[-3]) if path.parts[-3].isdigit() else 0


def _owner() -> tuple[str, ...]:
    """Give what to put before a command: the server refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    setpriv = shutil.which("setpriv") or "setpriv"
    return (setpriv, "--reuid=postgres", "--regid=postgres", "--init-groups")


@contextmanager
def cluster() -> Iterator[str]:
    """Start a server on loopback and give its address; stop it and remove its folder at the end."""
    folder = Path(tempfile.mkdtemp(prefix="multifocal-postgres-"))
    owner = _owner()
    if owner:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, port = folder / "data", free_port()
    try:
        subprocess.run(
            [
                *(*owner, str(programs() / "initdb"), "-A", "trust", "-U", "site", "--no-sync"),
                *("-E", "UTF8", "--locale=C", "-D", str(data)),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
        )
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [
                    *(*owner, str(programs() / "postgres"), "-D", str(data), "-p", str(port)),
                    *("-c", "listen_addresses=127.0.0.1", "-k", str(folder), "-c", "fsync=off"),
                ],
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        try:
            _wait(server, port, folder / "log")
            yield f"postgres://site@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ready = [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and server.poll() is None:
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


def main() -> int:
    """Run a command beside a server, and give its exit code."""
    with cluster() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
