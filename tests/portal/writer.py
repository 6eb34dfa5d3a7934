"""A process that writes to the site's database until it is killed.

Each write is an account and an event of the chain in one transaction. Once that is committed, its
id is printed: whoever reads a line may rely on the write.

`python -m tests.portal.writer THREADS WRITES` makes so many writes in each thread; 0 never ends.
"""

import os
import sys
import threading
from itertools import count
from uuid import uuid4


def write_once() -> str:
    """Make one write and give its id."""
    from django.db import transaction

    from multifocal.portal.accounts.models import User
    from multifocal.portal.audit.chain import append

    with transaction.atomic():
        user = User.objects.create_user(f"{uuid4().hex}@example.org", None)
        append("read", who=user.id, kind="account", object=user.id)
    return str(user.id)


def write(writes: int) -> None:
    """Write, and print each id in one piece."""
    from django.db import connection

    for _ in range(writes) if writes else count():
        os.write(1, f"{write_once()}\n".encode())
    connection.close()


def main() -> None:
    """Write in several threads at once."""
    import django

    django.setup()
    threads, writes = int(sys.argv[1]), int(sys.argv[2])
    running = [threading.Thread(target=write, args=(writes,)) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


if __name__ == "__main__":
    main()
