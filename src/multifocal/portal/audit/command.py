"""Check the chain, and note its head, from the command line."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from multifocal.portal.audit import heads
from multifocal.portal.audit.heads import Head, Noted
from multifocal.portal.audit.verify import FIRST, Verdict, verify


class Checked(NamedTuple):
    """What was found, and what can't be known."""

    verdict: Verdict
    faults: tuple[str, ...]
    unknown: tuple[str, ...]


def verify_site(*, head: str | None, files: Sequence[Path] = ()) -> Checked:
    """Walk the chain of the site that the options name, and compare it with the heads noted."""
    _set_up()
    from django.conf import settings

    from multifocal.portal.audit.models import AccessEvent
    from multifocal.portal.audit.triggers import missing

    noted = heads.read(settings.OPTIONS.data / heads.NAME, *files)
    rows = AccessEvent.objects.order_by("seq").iterator(chunk_size=2000)
    verdict = verify((row.event() for row in rows), head=head, noted=noted.hashes)
    faults = [f"the trigger {name} is missing or was changed" for name in missing()]
    faults += ["noted heads contradict one another, or are none"] * bool(noted.wrong)
    faults += [verdict.fault] if verdict.fault else []
    return Checked(verdict, tuple(faults), tuple(unknown(verdict, noted)))


def unknown(verdict: Verdict, noted: Noted) -> list[str]:
    """Say what nothing here can show."""
    said = [
        f"a backup was restored at {head.at}: what had come after event {head.seq}"
        for head in noted.restored
    ]
    last = noted.last
    if last is None:
        return [
            *said,
            "no head was noted: whether the end was cut, or all was written anew",
        ]
    if verdict.good > last.seq:
        said.append(
            f"the last head was noted at {last.at}, of event {last.seq}: whether what came after "
            "it was cut or written anew"
        )
    return [*said, "what was done by somebody who could change the files of heads too"]


def note_head(*folders: Path, how: str = heads.NOTED) -> Head:
    """Note the end of the chain in the data folder, and in others."""
    _set_up()
    from django.conf import settings

    from multifocal.portal.audit.models import AccessEvent

    last = AccessEvent.objects.order_by("-seq").values_list("seq", "hash").first()
    seq, hash_ = last or (0, FIRST)
    head = Head(datetime.now(UTC).isoformat(timespec="microseconds"), seq, hash_, how)
    for folder in (settings.OPTIONS.data, *folders):
        heads.note(folder, head)
    return head


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "multifocal.portal.settings")
    import django

    django.setup()
