"""The database itself refuses to change or to delete an event."""

from typing import Any

from django.db import migrations

REFUSED = "audit events are never changed or deleted"

FORWARD = {
    "sqlite": [
        f"""CREATE TRIGGER audit_never_changed BEFORE UPDATE ON audit_accessevent
            BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
        f"""CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit_accessevent
            BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$""",
        """CREATE TRIGGER audit_never_changed BEFORE UPDATE OR DELETE ON audit_accessevent
           FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit_accessevent
           FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    ],
}
BACKWARD = {
    "sqlite": ["DROP TRIGGER audit_never_changed", "DROP TRIGGER audit_never_deleted"],
    "postgresql": [
        "DROP TRIGGER audit_never_changed ON audit_accessevent",
        "DROP TRIGGER audit_never_emptied ON audit_accessevent",
        "DROP FUNCTION audit_refuse()",
    ],
}


def forward(apps: Any, schema_editor: Any) -> None:
    for statement in FORWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def backward(apps: Any, schema_editor: Any) -> None:
    for statement in BACKWARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
