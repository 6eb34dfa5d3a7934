"""A database for each site that a test serves: none sees what another one wrote."""

import os
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql


def database_of(folder: Path) -> dict[str, str]:
    """Give the options of a folder's own database: a file in it, or one on `DATABASE_URL`'s server.

    There it is made the first time it is asked for; it goes when the server is thrown away.
    """
    server = os.environ.get("DATABASE_URL")
    if not server:
        return {}
    name = f"site_{sha256(str(folder).encode()).hexdigest()[:16]}"
    with psycopg.connect(server, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not there.fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
