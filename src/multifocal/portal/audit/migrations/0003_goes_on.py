"""The database takes an event only after the last one: none is replaced by an insert."""

from typing import Any

from django.db import migrations

from multifocal.portal.audit.triggers import FUNCTIONS, SQLITE, TABLE


def forward(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(SQLITE["audit_goes_on"])
        return
    body = FUNCTIONS["audit_in_turn"]
    schema_editor.execute(
        f"CREATE FUNCTION audit_in_turn() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER audit_goes_on BEFORE INSERT ON {TABLE}"
        " FOR EACH ROW EXECUTE FUNCTION audit_in_turn()"
    )


def backward(apps: Any, schema_editor: Any) -> None:
    on = "" if schema_editor.connection.vendor == "sqlite" else f" ON {TABLE}"
    schema_editor.execute(f"DROP TRIGGER audit_goes_on{on}")
    if on:
        schema_editor.execute("DROP FUNCTION audit_in_turn")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(forward, backward)]
