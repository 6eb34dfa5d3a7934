"""Print the most memory in bytes that reading a folder holds, with what is loaded anyway."""

import re
import sys
from pathlib import Path

from multifocal.cli.folders import cache_folder
from multifocal.exchange.read import read_many
from multifocal.knowledge.load import load

PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
"""Of this program alone; what `getrusage` gives holds the parent's memory too."""


def main() -> None:
    """Read every record of a folder and let it go."""
    knowledge = load(cache=cache_folder())
    for _ in read_many(Path(sys.argv[1]), knowledge=knowledge):
        pass
    found = PEAK.search(Path("/proc/self/status").read_text(encoding="utf-8"))
    print(1024 * int(found[1]) if found else 0)


if __name__ == "__main__":
    main()
