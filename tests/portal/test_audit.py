"""The chain of events: any change shows, and the database refuses to make one."""

import hashlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as some

from multifocal.portal.audit.chain import append
from multifocal.portal.audit.heads import RESTORED, Head, noted
from multifocal.portal.audit.models import AccessEvent
from multifocal.portal.audit.triggers import SQLITE, missing
from multifocal.portal.audit.verify import FIRST, Event, hash_of, verify

WHO = uuid4()


def chain(length: int) -> list[Event]:
    """A chain made on paper's rules, apart from the code that writes it to the database."""
    made: list[Event] = []
    for seq in range(1, length + 1):
        at = f"2026-01-02T03:04:{seq % 60:02}.000000+00:00"
        previous = made[-1].hash if made else "0" * 64
        fields = [seq, at, str(WHO), "opened", True, "child", "a", "b", "see", "r", previous]
        text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
        hashed = hashlib.sha256(text.encode()).hexdigest()
        names = Event.__struct_fields__
        made.append(msgspec.convert(dict(zip(names, [*fields, hashed], strict=True)), Event))
    return made


def test_a_chain_as_it_was_written_holds() -> None:
    events = chain(5)
    assert verify(events) == (5, events[-1].hash, None)
    assert verify([]) == (0, FIRST, None)


FIELDS = [name for name in Event.__struct_fields__ if name != "seq"]


@given(length=some.integers(1, 12), data=some.data())
def test_a_changed_field_is_found_at_its_event(length: int, data: some.DataObject) -> None:
    events = chain(length)
    place = data.draw(some.integers(0, length - 1))
    name = data.draw(some.sampled_from(FIELDS))
    was = getattr(events[place], name)
    value = data.draw(some.text(max_size=70)) if isinstance(was, str) else not was
    if value == was:
        return
    events[place] = msgspec.structs.replace(events[place], **{name: value})
    verdict = verify(events)
    assert verdict.good == place
    assert verdict.fault is not None


@given(length=some.integers(2, 12), data=some.data())
def test_a_row_taken_out_or_two_swapped_are_found(length: int, data: some.DataObject) -> None:
    events = chain(length)
    place = data.draw(some.integers(0, length - 2))
    without = [*events[:place], *events[place + 1 :]]
    assert verify(without).good == place
    assert verify(without).fault is not None
    events[place], events[place + 1] = events[place + 1], events[place]
    assert verify(events).good == place


def test_numbers_swapped_without_their_hashes_are_found() -> None:
    one, two, three = chain(3)
    swapped = [
        one,
        msgspec.structs.replace(three, seq=2, previous=one.hash),
        msgspec.structs.replace(two, seq=3),
    ]
    assert verify(swapped).good == 1


@given(length=some.integers(1, 12), cut=some.integers(1, 12))
def test_an_end_that_was_cut_is_found_with_the_head_noted_before(length: int, cut: int) -> None:
    events = chain(length)
    left = events[: max(0, length - cut)]
    assert verify(left).fault is None
    assert verify(left, head=events[-1].hash).fault is not None
    assert verify(events, head=events[-1].hash).fault is None


def test_a_chain_written_anew_is_found_with_any_head_noted_before() -> None:
    noted = chain(3)[1].hash
    anew: list[Event] = []
    for old in chain(3):
        previous = anew[-1].hash if anew else FIRST
        one = msgspec.structs.replace(old, who="somebody else", previous=previous, hash="")
        anew.append(msgspec.structs.replace(one, hash=hash_of(one)))
    assert verify(anew).fault is None
    assert verify(anew, head=noted).fault is not None


# In the database


def stored() -> list[Event]:
    return [row.event() for row in AccessEvent.objects.order_by("seq")]


def filled(count: int = 4) -> list[Event]:
    for _ in range(count):
        append("opened", who=WHO, kind="child", object=uuid4(), child=uuid4(), why="see")
    return stored()


@pytest.mark.django_db
def test_what_is_appended_holds_and_comes_back_as_it_was_hashed() -> None:
    events = filled()
    assert verify(events).fault is None
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete_an_event(change: str) -> None:
    filled()
    rows = AccessEvent.objects.filter(seq=2)
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        rows.update(who="") if change == "update" else rows.delete()
    row = rows.get()
    row.why = "else"
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        row.save()
    assert verify(stored()).fault is None


def without_triggers() -> None:
    """What somebody with the database file in hand can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_accessevent DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER audit_never_changed")
            cursor.execute("DROP TRIGGER audit_never_deleted")


SWAP = """
UPDATE audit_accessevent SET seq = CASE seq WHEN 2 THEN -3 ELSE -2 END WHERE seq IN (2, 3);
UPDATE audit_accessevent SET seq = -seq WHERE seq < 0
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tampered", "good"),
    [
        ("UPDATE audit_accessevent SET why = 'sef' WHERE seq = 3", 2),
        ("UPDATE audit_accessevent SET granted = NOT granted WHERE seq = 1", 0),
        ("UPDATE audit_accessevent SET who = '' WHERE seq = 4", 3),
        ("DELETE FROM audit_accessevent WHERE seq = 2", 1),
        (SWAP, 1),
    ],
)
def test_what_was_done_behind_the_site_is_found(tampered: str, good: int) -> None:
    filled()
    without_triggers()
    with connection.cursor() as cursor:
        for statement in tampered.split(";"):
            cursor.execute(statement)
    verdict = verify(stored())
    assert (verdict.good, verdict.fault is not None) == (good, True)


def appended_and_failed() -> None:
    with transaction.atomic():
        append("opened", who=WHO)
        raise RuntimeError


@pytest.mark.django_db
def test_an_event_and_what_it_tells_of_happen_both_or_neither() -> None:
    before = filled()
    with pytest.raises(RuntimeError):
        appended_and_failed()
    assert stored() == before


# At the terminal

SCRIPT = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from multifocal.portal.audit.chain import append
for _ in range(3):
    append("opened", who=None)
"""


CUT = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("{drop}")
    cursor.execute("DELETE FROM audit_accessevent WHERE seq = {seq}")
"""


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment
        | {"MULTIFOCAL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "multifocal.portal.settings"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_tells_whether_the_chain_holds(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run(data, "-c", SCRIPT).returncode == 0
    good = run(data, "-m", "multifocal", "audit", "verify")
    assert (good.returncode, good.stdout.split(" Head")[0]) == (0, "3 events hold.")
    head = good.stdout.split()[-1]

    cut = CUT.format(drop="DROP TRIGGER audit_never_deleted", seq=3)
    assert run(data, "-c", cut).returncode == 0
    assert "trigger audit_never_deleted" in run(data, "-m", "multifocal", "audit", "verify").stderr
    found = run(data, "-m", "multifocal", "audit", "verify", "--head", head)
    assert (found.returncode, "cut" in found.stderr) == (1, True)
    gap = CUT.format(drop="SELECT 1", seq=1)
    assert run(data, "-c", gap).returncode == 0
    broken = run(data, "-m", "multifocal", "audit", "verify")
    assert (broken.returncode, "event 2" in broken.stderr) == (1, True)


# Heads that were noted elsewhere

TAMPERING = ("edit", "delete", "cut", "swap", "empty", "roll back", "rewrite", "replace")


def written_anew(events: list[Event], place: int) -> list[Event]:
    """What somebody writes who has the database in hand: a chain that holds in itself."""
    made = events[:place]
    for number, old in enumerate(events[place:]):
        who = "somebody else" if number == 0 else old.who
        previous = made[-1].hash if made else FIRST
        one = msgspec.structs.replace(old, seq=len(made) + 1, who=who, previous=previous, hash="")
        made.append(msgspec.structs.replace(one, hash=hash_of(one)))
    return made


def tampered(events: list[Event], how: str, dice: random.Random) -> list[Event]:
    place = dice.randrange(len(events))
    left = list(events)
    match how:
        case "edit":
            name = dice.choice(FIELDS)
            was = getattr(left[place], name)
            value = (not was) if isinstance(was, bool) else f"{was}x"
            left[place] = msgspec.structs.replace(left[place], **{name: value})
        case "delete":
            del left[place]
        case "cut" | "roll back":
            del left[place:]
        case "swap":
            other = (place + 1 + dice.randrange(len(left) - 1)) % len(left)
            left[place], left[other] = left[other], left[place]
        case "empty":
            left.clear()
        case "rewrite":
            left = written_anew(left, place)
        case _:
            del left[place]
            left = written_anew(left, place) if place < len(left) else left
    if how == "roll back":
        more = [msgspec.structs.replace(one, who="later") for one in events[place:]]
        left = [*left, *written_anew([*left, *more], place)[place:]]
    return left


def test_a_thousand_ways_to_tamper_are_found_with_the_last_head_noted() -> None:
    dice = random.Random(11)  # noqa: S311 # the same every time
    events = chain(40)
    noted = {events[-1].seq: events[-1].hash}
    assert verify(events, noted=noted).fault is None
    found = Counter(
        how
        for number in range(1000)
        if (how := TAMPERING[number % len(TAMPERING)])
        and verify(tampered(events, how, dice), noted=noted).fault is not None
    )
    assert found == dict.fromkeys(TAMPERING, 125)


def test_heads_are_expected_until_a_backup_is_restored() -> None:
    old = [Head(f"{day}", day, str(day) * 64) for day in range(1, 5)]
    assert noted(old).hashes == {head.seq: head.hash for head in old}
    back = Head("5", 2, "2" * 64, RESTORED)
    anew = Head("6", 3, "x" * 64)
    found = noted([*old, back, anew])
    assert found.hashes == {1: "1" * 64, 2: "2" * 64, 3: "x" * 64}
    assert (found.restored, found.wrong) == ((back,), 0)
    assert noted([*old, anew]).wrong == 1, "without a restore it contradicts"


@pytest.mark.django_db
def test_no_insert_replaces_an_event_or_goes_out_of_turn() -> None:
    events = filled()
    names = ", ".join(Event.__struct_fields__)
    for seq in (2, len(events), len(events) + 2):
        row = [seq, *msgspec.structs.astuple(events[1])[1:-1], "f" * 64]
        marks = ", ".join(["%s"] * len(row))
        or_replace = "" if connection.vendor == "postgresql" else " OR REPLACE"
        statement = f"INSERT{or_replace} INTO audit_accessevent ({names}) VALUES ({marks})"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, row)
    assert stored() == events


@pytest.mark.django_db
def test_a_trigger_that_is_gone_or_changed_is_named() -> None:
    assert missing() == []
    with transaction.atomic():
        without_triggers()
        assert "audit_never_changed" in missing()
        transaction.set_rollback(True)
    assert missing() == []
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql"
                    " AS $$ BEGIN RETURN NEW; END $$"
                )
            else:
                cursor.execute("DROP TRIGGER audit_never_deleted")
                cursor.execute(
                    "CREATE TRIGGER audit_never_deleted BEFORE DELETE ON audit_accessevent"
                    " BEGIN SELECT 1; END"
                )
        assert missing()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_event_is_never_dated_before_the_one_it_follows() -> None:
    """A clock that was set back: the last event lies in what seems to be the future."""
    last = filled(1)[-1]
    ahead = datetime.now(UTC) + timedelta(days=3)
    one = msgspec.structs.replace(
        last,
        seq=last.seq + 1,
        at=ahead.isoformat(timespec="microseconds"),
        previous=last.hash,
        hash="",
    )
    AccessEvent.objects.create(**msgspec.structs.asdict(one) | {"at": ahead, "hash": hash_of(one)})
    filled(1)
    assert stored()[-1].at == one.at
    assert verify(stored()).fault is None


EMPTY = """
import django; django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP TRIGGER audit_never_deleted")
    cursor.execute("DELETE FROM audit_accessevent{}")
    cursor.execute('''{}''')
"""


def test_an_end_that_was_cut_is_found_by_the_heads_that_the_site_noted(tmp_path: Path) -> None:
    data, copies = tmp_path / "data", tmp_path / "copies"
    assert run(data, "-c", SCRIPT).returncode == 0
    first = run(data, "-m", "multifocal", "audit", "verify")
    assert "no head was noted" in first.stdout
    head = run(data, "-m", "multifocal", "audit", "head")
    assert head.stdout.split()[1] == "3"
    assert (data / "audit-heads.txt").read_text() == head.stdout
    good = run(data, "-m", "multifocal", "audit", "verify")
    assert (good.returncode, "by somebody who could change" in good.stdout) == (0, True)
    assert run(data, "-m", "multifocal", "backup", str(copies)).returncode == 0
    again = SQLITE["audit_never_deleted"]
    assert run(data, "-c", EMPTY.format(" WHERE seq = 3", again)).returncode == 0
    cut = run(data, "-m", "multifocal", "audit", "verify")
    assert (cut.returncode, "the end was cut" in cut.stderr) == (1, True)
    assert run(data, "-c", EMPTY.format("", "SELECT 1")).returncode == 0
    (data / "audit-heads.txt").unlink()
    heads = ("--heads", str(copies / "audit-heads.txt"))
    empty = run(data, "-m", "multifocal", "audit", "verify", *heads)
    assert (empty.returncode, "the end was cut" in empty.stderr) == (1, True)
    assert "audit_never_deleted is missing" in empty.stderr
    [backup] = copies.glob("*.sqlite3")
    assert run(data, "-m", "multifocal", "restore", str(backup), "--force").returncode == 0
    back = run(data, "-m", "multifocal", "audit", "verify", *heads)
    assert (back.returncode, "a backup was restored" in back.stdout) == (0, True)
