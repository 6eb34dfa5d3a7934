"""Take the pictures of the documentation from the site as it runs; `make pictures`.

All that is in them is synthetic.
"""

import struct
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tests.portal.conftest import CHROMIUM, FLAGS, Served

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH = 1200
LARGEST = 150_000
"""Bytes of a picture: a page of documentation should open at once."""
COLOURS = 256
"""Of a picture: as many as one byte can name."""

PIXELS = """async (picture) => {
  const image = await createImageBitmap(await (await fetch(picture)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const bytes = canvas.getImageData(0, 0, image.width, image.height).data;
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}"""
"""Gives red, green, blue and opacity of each pixel."""


class Picture(NamedTuple):
    """A picture: what to do for it, what it shows from, and how high it is."""

    name: str
    take: Callable[[Any], None]
    begin: str = "body"
    """The element that is at the top."""
    height: int = 760
    scheme: str = "light"


def home(page: Any) -> None:
    """Open the start page."""
    page.goto("/")


def checker(page: Any) -> None:
    """Answer the checker for a child with pain that goes on."""
    page.goto("/checker/")
    for name in ("6 to 11 years", "Right: hand or fingers", *["None of these"] * 3):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()
    page.get_by_role("checkbox", name="Pain", exact=True).check()
    for name in ("Continue", "2 to 6 weeks", "No", "Every day", "See what to do"):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()
    page.locator("h1").get_by_text("See a doctor").wait_for()


def report(page: Any) -> None:
    """Give the work-up of the example with a hand."""
    page.goto("/work-up/")
    page.locator('button[formaction$="/right-hand/"]').click()
    page.get_by_role("heading", name="Example Girl One").wait_for()


def lesion_map(page: Any) -> None:
    """Mark bones of a hand."""
    page.goto("/work-up/form/")
    page.locator("details:has(lesion-map) > summary").first.click()
    for bone in ("right-metacarpal_3", "right-capitate", "right-proximal_phalanx_hand_2"):
        page.locator(f'lesion-map input[value="{bone}"]').first.evaluate("box => box.click()")
    page.locator("#glance").get_by_text("Nothing is entered yet").wait_for(state="hidden")


def calculator(page: Any) -> None:
    """Work out a score."""
    page.goto("/scores/nbods_2023/")
    page.locator("#crp_mg_per_l").fill("12")
    page.locator("#result .value").get_by_text("of 115").wait_for()


def gate(page: Any) -> None:
    """Meet the door of the treatment section."""
    page.goto("/treatment/")


PICTURES = (
    Picture("home", home),
    Picture("home-dark", home, scheme="dark"),
    Picture("checker", checker),
    Picture("report", report, height=1100),
    Picture("lesion-map", lesion_map, begin="lesion-map", height=900),
    Picture("calculator", calculator, height=940),
    Picture("treatment", gate, height=600),
)


def main() -> None:
    """Take all pictures. Raises `SystemExit` when one is too large."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="multifocal-pictures-") as folder:
        site = Served(Path(folder))
        try:
            site.ready()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
                sizes = {one.name: taken(browser, site, one) for one in PICTURES}
                browser.close()
        finally:
            site.stop()
    for name, size in sizes.items():
        print(f"{name}.png  {size / 1000:.0f} kB")
    if large := [name for name, size in sizes.items() if size > LARGEST]:
        raise SystemExit(f"larger than {LARGEST / 1000:.0f} kB: {', '.join(large)}")


def taken(browser: Any, site: Served, picture: Picture) -> int:
    """Take a picture, and give its bytes."""
    context = browser.new_context(
        base_url=site.url,
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        viewport={"width": WIDTH, "height": picture.height},
    )
    page = context.new_page()
    picture.take(page)
    page.wait_for_load_state("networkidle")
    page.locator(picture.begin).first.evaluate("one => { one.scrollIntoView(); one.blur?.(); }")
    content = smaller(context, page.screenshot(), picture.height)
    (FOLDER / f"{picture.name}.png").write_bytes(content)
    context.close()
    return len(content)


def smaller(context: Any, picture: bytes, height: int) -> bytes:
    """Give a PNG with its commonest colours only, each other one as the nearest of them."""
    blank = context.new_page()
    given = blank.evaluate(PIXELS, f"data:image/png;base64,{b64encode(picture).decode()}")
    pixels = np.frombuffer(b64decode(given), np.uint8).reshape(-1, 4)[:, :3]
    all_, which, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    kept = all_[np.argsort(-counts, kind="stable")[:COLOURS]].astype(np.int32)
    nearest = [int(((kept - one) ** 2).sum(axis=1).argmin()) for one in all_.astype(np.int32)]
    rows = np.array(nearest, np.uint8)[which.reshape(-1)].reshape(height, WIDTH)
    lines = np.hstack([np.zeros((height, 1), np.uint8), rows]).tobytes()
    head = struct.pack(">IIBBBBB", WIDTH, height, 8, 3, 0, 0, 0)
    parts = (
        (b"IHDR", head),
        (b"PLTE", kept.astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in parts
    )


if __name__ == "__main__":
    main()
