"""Print what is wrong with which record: `python -m tests.failing`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.failing.given import GIVEN
from tests.failing.right import lacks
from tests.failing.test_failing import DATA, OURS


def main() -> int:
    """Try every record, print those that fail, and give how many do."""
    failed = 0
    with TemporaryDirectory() as folder:
        for one in (*GIVEN, *OURS):
            path = DATA / one.file if one.file else Path(folder) / f"record{one.suffix}"
            if not one.file:
                path.write_bytes(one.record)
            wrong = lacks(path, one.right)
            if wrong:
                failed += 1
                print(f"{one.kind}: {one.name}", *wrong, sep="\n  ")  # noqa: T201
    print(f"{failed} of {len(GIVEN) + len(OURS)} records are not read rightly")  # noqa: T201
    return failed


if __name__ == "__main__":
    sys.exit(min(main(), 1))
