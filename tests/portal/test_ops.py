"""Backup, restore and the move to PostgreSQL, on real databases filled through the site's code."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.postgres import cluster

FILL = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from allauth.account.models import EmailAddress
from multifocal.portal.accounts.models import User
from multifocal.portal.audit.chain import append
for number in range({first}, {first} + {count}):
    user = User.objects.create_user(f"user{{number}}@example.org", None, is_demo=number % 2 == 0)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    append("read", who=user.id, kind="account", object=user.id)
"""
"""Makes users, rows of a library, and events of the chain."""

DUMP = """
import django; django.setup()
from django.apps import apps
from django.core import serializers
for model in sorted(apps.get_models(include_auto_created=True), key=lambda one: one._meta.label):
    if model._meta.managed:
        rows = model._base_manager.order_by("pk")
        print(serializers.serialize("jsonl", rows), end="")
"""
"""Every row of every table in Django's own words: an implementation that is not ours."""


def environment(data: Path, url: str = "") -> dict[str, str]:
    return os.environ | {
        "MULTIFOCAL_DATA": str(data),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "multifocal.portal.settings",
    }


def python(code: str, data: Path, url: str = "") -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(data, url),
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def multifocal(data: Path, *arguments: str | Path, url: str = "", fails: bool = False) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "multifocal", *map(str, arguments)],
        env=environment(data, url),
        capture_output=True,
        encoding="utf-8",
    )
    assert "Traceback" not in ended.stderr
    assert (ended.returncode != 0) == fails, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site on SQLite with 150 users and 150 events."""
    data = tmp_path_factory.mktemp("filled")
    python(FILL.format(first=0, count=150), data)
    return data


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with cluster() as url:
        yield url


def test_a_backup_restores_every_row(filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "copies" / "one.sqlite3"
    multifocal(filled, "backup", file)
    multifocal(tmp_path / "new", "restore", file)
    assert python(DUMP, tmp_path / "new") == python(DUMP, filled)
    assert "150 events hold" in multifocal(tmp_path / "new", "audit", "verify")
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "audit-heads.txt",
        "one.sqlite3",
        "one.sqlite3.sha256",
    ]
    assert file.stat().st_mode & 0o077 == 0


LOG_IN = """
import django; django.setup()
from django.contrib.sessions.backends.db import SessionStore
from allauth.usersessions.models import UserSession
from multifocal.portal.accounts.models import User
session = SessionStore(); session["marked"] = "yes"; session.create()
user = User.objects.get(email="user0@example.org")
UserSession.objects.create(user=user, session_key=session.session_key, ip="192.0.2.1")
print(session.session_key)
"""


def test_no_log_in_is_in_a_copy(tmp_path: Path) -> None:
    data, file, second = tmp_path / "data", tmp_path / "one.sqlite3", tmp_path / "two.sqlite3"
    python(FILL.format(first=0, count=1), data)
    key = python(LOG_IN, data).strip()
    multifocal(data, "backup", file)
    assert key.encode() not in file.read_bytes()
    assert key in python(DUMP, data), "who is logged in stays so"
    multifocal(tmp_path / "new", "restore", file)
    assert "1 events hold" in multifocal(tmp_path / "new", "audit", "verify")
    with cluster() as url:
        multifocal(data, "move-to-postgres", url)
        assert key not in python(DUMP, data, url)
        key = python(LOG_IN, data, url).strip()
        multifocal(data, "backup", second, url=url)
        assert key.encode() not in second.read_bytes()


OLDER = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("migrate", "mfa", "0001", verbosity=0)
"""
"""A site of an older version: one table is not as it is now."""


def test_a_backup_of_an_older_version_is_updated(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "one.sqlite3"
    python(OLDER, data)
    multifocal(data, "backup", file)
    state = "import django; django.setup()\nfrom django.core.management import call_command\n"
    plan = f"{state}call_command('migrate', check_unapplied=True, plan=True)"
    multifocal(tmp_path / "new", "restore", file)
    assert "No planned migration" in python(plan, tmp_path / "new")
    with cluster() as url:
        multifocal(data, "restore", file, url=url)
        assert "No planned migration" in python(plan, data, url)


def test_a_folder_keeps_the_newest_backups(filled: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    made = [multifocal(filled, "backup", folder, "--keep", "2").split()[-1] for _ in range(3)]
    left = sorted(path.name for path in folder.glob("*.sqlite3"))
    assert left == sorted(Path(name).name for name in made[1:])
    assert len(list(folder.glob("*.sha256"))) == 2


def test_a_damaged_backup_is_refused(filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    multifocal(filled, "backup", file)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :])
    assert "checksum differs" in multifocal(tmp_path / "new", "restore", file, fails=True)
    file.with_name(file.name + ".sha256").unlink()
    assert "no such backup" in multifocal(tmp_path / "new", "restore", file, fails=True)
    assert "no such backup" in multifocal(tmp_path / "new", "restore", tmp_path / "x", fails=True)


def test_a_site_in_use_is_replaced_only_by_force(filled: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "one.sqlite3", tmp_path / "other"
    multifocal(filled, "backup", file)
    python(FILL.format(first=1000, count=3), other)
    before = python(DUMP, other)
    assert "accounts already" in multifocal(other, "restore", file, fails=True)
    assert python(DUMP, other) == before
    multifocal(other, "restore", file, "--force")
    assert python(DUMP, other) == python(DUMP, filled)


def test_a_backup_is_never_written_over(filled: Path, tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    multifocal(filled, "backup", file)
    assert "already" in multifocal(filled, "backup", file, fails=True)


def test_everything_moves_to_postgresql_and_back(
    filled: Path, tmp_path: Path, postgres: str
) -> None:
    said = multifocal(filled, "move-to-postgres", postgres)
    assert "150  accounts.User" in said
    assert "150  audit.AccessEvent" in said
    assert python(DUMP, filled, postgres) == python(DUMP, filled)
    assert "150 events hold" in multifocal(filled, "audit", "verify", url=postgres)
    python(FILL.format(first=500, count=5), filled, postgres)
    assert "155 events hold" in multifocal(filled, "audit", "verify", url=postgres)
    assert "not empty" in multifocal(filled, "move-to-postgres", postgres, fails=True)
    file = tmp_path / "back.sqlite3"
    multifocal(filled, "backup", file, url=postgres)
    multifocal(tmp_path / "back", "restore", file)
    assert python(DUMP, tmp_path / "back") == python(DUMP, filled, postgres)
    assert "accounts already" in multifocal(filled, "restore", file, url=postgres, fails=True)


@pytest.mark.parametrize(
    "url", ["mysql://x@localhost/y", "postgres://nobody@127.0.0.1:1/x", "nonsense", "sqlite:///x"]
)
def test_no_postgresql_no_move(filled: Path, url: str) -> None:
    said = multifocal(filled, "move-to-postgres", url, fails=True)
    assert "nobody" not in said


def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "multifocal", "backup", str(tmp_path)],
        env=environment(tmp_path) | {"MULTIFOCAL_ORIGIN": "ftp://secret.example"},
        capture_output=True,
        encoding="utf-8",
    )
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "MULTIFOCAL_ORIGIN" in ended.stderr
    assert "secret" not in ended.stderr
