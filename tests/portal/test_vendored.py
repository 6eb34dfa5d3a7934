"""What was taken from others into the site's static files is what they published."""

from hashlib import sha256
from pathlib import Path

import multifocal.portal

VENDOR = Path(multifocal.portal.__file__).parent / "static" / "portal" / "vendor"
PUBLISHED = {
    "htmx-4.0.1.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
}
"""Each file, and the digest of the file of that name in the package that was published."""


def test_every_vendored_file_is_as_published() -> None:
    found = {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.iterdir()
        if path.suffix == ".js"
    }
    assert found == PUBLISHED
