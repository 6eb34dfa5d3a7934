"""Emergencies from before keep the name of whoever opened the record too."""

from typing import Any

from django.db import migrations


def forward(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    members = apps.get_model("care", "Membership").objects.using(alias)
    for row in apps.get_model("care", "BreakGlass").objects.using(alias).filter(name=""):
        found = members.filter(user=row.user_id, clinic=row.clinic_id, role="clinician")
        member = found.order_by("-made_at").first() if row.user_id else None
        row.name = member.name if member else ""
        row.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [("care", "0002_who_decides")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
