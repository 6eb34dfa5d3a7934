"""Options of the site for the tests: a folder of its own, thrown away at the end.

A pytest plugin, because Django reads its settings before any `conftest.py`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="multifocal-site-"))
(DATA / "static").mkdir()
atexit.register(shutil.rmtree, DATA, ignore_errors=True)
os.environ["MULTIFOCAL_DATA"] = str(DATA)
# The loop of playwright runs in the thread of the tests; the database is not asked from it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
