"""The site says whether it is alive."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_ready_once_database_and_knowledge_are_there(anonymous: Client) -> None:
    answer = anonymous.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_alive_without_a_database(anonymous: Client) -> None:
    assert anonymous.get("/healthz").json() == {"status": "ok"}


@pytest.mark.browser
def test_the_start_page_opens_in_a_browser(page, served) -> None:  # type: ignore[no-untyped-def]
    page.goto("/")
    assert page.title()
