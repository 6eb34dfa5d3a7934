"""The public pages in a real browser: for everybody, and without script."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

KINDS = (
    "/",
    "/article/",
    "/article/clinician/",
    "/urgent/",
    "/bones/",
    "/bones/right-hand/",
    "/bones/knee/",
    "/conditions/",
    "/conditions/ewing-sarcoma/",
    "/normal/",
    "/disagreements/",
    "/numbers/",
    "/sources/",
    "/not-verified/",
    "/about/",
    "/search/?q=clavicle",
)
"""One page of each kind."""

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.browser
@pytest.mark.long
@pytest.mark.parametrize("address", KINDS)
@pytest.mark.parametrize(
    ("scheme", "width", "zoom"),
    [("light", 1440, 1), ("dark", 1440, 1), ("light", 640, 2), ("light", 390, 1), ("dark", 390, 1)],
)
def test_every_kind_of_page_can_be_used_by_everybody(
    chromium: Any, served: Any, address: str, scheme: str, width: int, zoom: int
) -> None:
    # 640 px at twice the pixels is a window of 1280 px at 200 % zoom.
    context = chromium.new_context(
        base_url=served.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        device_scale_factor=zoom,
    )
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(address)
    found = Axe().run(tab, options=RULES).response["violations"]
    wide = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    context.close()
    assert [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found] == []
    assert wide <= 0
    assert said == []


@pytest.mark.browser
@pytest.mark.parametrize("address", ["/", "/article/", "/bones/right-hand/"])
def test_a_page_needs_no_script_and_loads_nothing_from_elsewhere(page: Any, address: str) -> None:
    page.goto(address)
    assert page.evaluate("document.scripts.length") == page.evaluate(
        "document.querySelectorAll('script[type=\"application/ld+json\"]').length"
    )
    expect(page.locator("h1")).to_be_visible()
