"""The site says whether it is alive."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client


@pytest.mark.django_db
def test_ready_once_database_and_knowledge_are_there(anonymous: Client) -> None:
    answer = anonymous.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_not_ready_while_a_table_waits_to_be_updated(anonymous: Client) -> None:
    recorder = MigrationRecorder(connection)
    newest = max(name for app, name in recorder.applied_migrations() if app == "audit")
    recorder.record_unapplied("audit", newest)
    assert anonymous.get("/readyz").status_code == 503
    assert anonymous.get("/healthz").status_code == 200
    recorder.record_applied("audit", newest)
    assert anonymous.get("/readyz").status_code == 200


def test_alive_without_a_database(anonymous: Client) -> None:
    assert anonymous.get("/healthz").json() == {"status": "ok"}


@pytest.mark.browser
def test_the_start_page_opens_in_a_browser(page, served) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    assert page.title()
