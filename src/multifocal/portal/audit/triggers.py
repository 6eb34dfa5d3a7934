"""The triggers by which the database itself keeps the chain, and whether they stand."""

from django.db import connections

TABLE = "audit_accessevent"
REFUSED = "audit events are never changed or deleted"

SQLITE = {
    "audit_never_changed": f"""CREATE TRIGGER audit_never_changed BEFORE UPDATE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    "audit_never_deleted": f"""CREATE TRIGGER audit_never_deleted BEFORE DELETE ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    # An insert that replaces a row tells no other trigger.
    "audit_goes_on": """CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit_accessevent
            WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_accessevent)
              OR EXISTS (SELECT 1 FROM audit_accessevent WHERE hash = NEW.hash)
            BEGIN SELECT RAISE(ABORT, 'an audit event follows the last one'); END""",
}
POSTGRES = {
    "audit_never_changed": ("27", "audit_refuse"),
    "audit_never_emptied": ("34", "audit_refuse"),
    "audit_goes_on": ("7", "audit_in_turn"),
}
"""Each trigger with when it is called, as PostgreSQL numbers that, and the function it calls."""
FUNCTIONS = {
    "audit_refuse": f" BEGIN RAISE EXCEPTION '{REFUSED}'; END ",
    "audit_in_turn": """ BEGIN
            IF NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit_accessevent) THEN
                RAISE EXCEPTION 'an audit event follows the last one';
            END IF;
            RETURN NEW; END """,
}


def missing(alias: str = "default") -> list[str]:
    """Name each trigger that is not there, is switched off, or does something else."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            there = {name: _plain(sql) for name, sql in cursor.fetchall()}
            wanted = {name: _plain(sql) for name, sql in SQLITE.items()}
        else:
            cursor.execute(
                "SELECT tgname, tgenabled::text || tgtype || coalesce(tgqual::text, '') || prosrc"
                " FROM pg_trigger"
                " JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid = %s::regclass",
                [TABLE],
            )
            there = {name: _plain(body) for name, body in cursor.fetchall()}
            wanted = {
                name: _plain(f"O{when}{FUNCTIONS[one]}") for name, (when, one) in POSTGRES.items()
            }
    return sorted(name for name in wanted if there.get(name) != wanted[name])


def _plain(sql: str) -> str:
    return " ".join(sql.replace('"', "").split())
