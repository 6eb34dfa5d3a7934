"""How the report says a value: words for units, days, sites and ids."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from math import isinf
from unicodedata import category

import msgspec

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import BoneId, End, Laterality, Part, RegionId
from multifocal.model.day import Day
from multifocal.model.record import Fact, Sex

UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
"""Unicode categories of characters that show nothing or turn the direction of the text."""
FAMILY_JOINER = "\u200d"
MINUS = "\u2212"


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clause of the first sentence, and the findings that must be known for it."""

    words: str
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words for the values of the model, by kind and value."""

    sex: Mapping[str, str]
    urgency: Mapping[str, str]
    certainty: Mapping[str, str]
    mark: Mapping[str, str]
    modality: Mapping[str, str]
    flag: Mapping[str, str]
    level: Mapping[str, str]
    group: Mapping[str, str]
    unit: Mapping[str, str]
    not_read: Mapping[str, str]
    not_read_many: Mapping[str, str]
    not_read_in: Mapping[str, str]
    danger: Mapping[str, str]
    band: Mapping[str, str]
    brief: Mapping[str, str]
    by: Mapping[str, str]
    standing: Mapping[str, str]
    arrow: Mapping[str, str]
    widths: Mapping[str, tuple[int, ...]]
    letter: Mapping[str, str]
    say: Mapping[str, str]
    wide: tuple[str, ...]
    looked_for: tuple[str, ...]
    unsaid: tuple[str, ...]
    denied: tuple[str, ...]
    general: tuple[str, ...]
    behind: tuple[str, ...]
    counts: tuple[str, ...]
    within: tuple[tuple[str, ...], ...]
    impression: tuple[Clause, ...]
    proper: tuple[str, ...]
    """Names that keep their capital."""


@cache
def words() -> Words:
    """Read the words once."""
    text = (files("multifocal.report") / "templates" / "words.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Words)


def clean(text: str) -> str:
    """Give a text from outside without control and direction characters, on one line.

    >>> clean("Ana\\u202e\\x1b[31m\\nB")
    'Ana[31m B'
    """
    flat = " ".join(text.split())
    return "".join(
        letter for letter in flat if category(letter) not in UNSEEN or letter == FAMILY_JOINER
    )


def short(text: str) -> str:
    """Give a text from outside as `clean` does, cut at a word where it is long.

    >>> short("report " * 40)[-8:], len(short("x" * 900)) <= LONGEST_NAME
    ('report …', True)
    """
    flat = clean(text)
    if len(flat) <= LONGEST_NAME:
        return flat
    cut = flat[: LONGEST_NAME - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"


LONGEST_NAME = 120
"""Letters of a name from the record that the report shows."""


def named(id_: str) -> str:
    """Give words for an id that the knowledge does not know.

    >>> named("whole_body_mri")
    'whole body mri'
    """
    return clean(id_).replace("_", " ")


def sentence(text: str) -> str:
    """Give the text with a capital first letter.

    >>> sentence("right hand")
    'Right hand'
    """
    return text[:1].upper() + text[1:]


def inside(text: str) -> str:
    """Give a label as it stands inside a sentence; an acronym or a name keeps its capitals.

    >>> inside("Pain at night"), inside("CRP raised"), inside("Ewing sarcoma")
    ('pain at night', 'CRP raised', 'Ewing sarcoma')
    """
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    if first in words().proper or not first[1:].islower():
        return text
    return text[:1].lower() + text[1:]


def listed(parts: Iterable[str], *, last: str = "and") -> str:
    """Join words as in a sentence.

    >>> listed(["pain", "heat", "swelling"])
    'pain, heat and swelling'
    """
    *first, end = list(parts) or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


def number(value: float) -> str:
    """Write a number to four digits: more come from converting units, nobody measured them.

    >>> number(12.0), number(0.35), number(136.804), number(1234.5)
    ('12', '0.35', '136.8', '1234')
    """
    return f"{value:.0f}" if abs(value) >= WHOLE_FROM else f"{value:.4g}"


WHOLE_FROM = 1000
"""From here on a number is written whole."""


def signed(value: float) -> str:
    """Write a number with its sign and one decimal.

    >>> signed(4.06)
    '+4.1'
    """
    return f"{value:+.1f}".replace("-", MINUS)


def unit(ucum: str) -> str:
    """Write a unit as it is printed.

    >>> unit("umol/L")
    'µmol/L'
    """
    return words().unit.get(ucum, ucum)


def amount(value: str, ucum: str) -> str:
    """Put a value and its unit together with a space that does not break."""
    return f"{value}\N{NO-BREAK SPACE}{unit(ucum)}".rstrip()


def measured(fact: Fact) -> str:
    """Write a fact's value with comparator and unit; empty when it has none."""
    if fact.value is None:
        return ""
    signs = {None: "", "<": "<", ">": ">", "<=": "≤", ">=": "≥"}
    return amount(f"{signs[fact.comparator]}{number(fact.value)}", fact.unit)


def interval(low: float | None, high: float | None, ucum: str = "") -> str:
    """Write a reference interval, open on either side.

    >>> interval(None, 5.0), interval(4.5, 13.5), interval(11.0, None)
    ('up to 5', '4.5 to 13.5', '11 or more')
    """
    match low, high:
        case None, None:
            return ""
        case None, float(most):
            return f"up to {amount(number(most), ucum)}"
        case float(least), None:
            return f"{amount(number(least), ucum)} or more"
        case _:
            return amount(f"{number(low or 0)} to {number(high or 0)}", ucum)


def on(day: date) -> str:
    """Write a date that nobody can read in the wrong order.

    >>> on(date(2026, 10, 20))
    '20 Oct 2026'
    """
    return f"{day.day} {day:%b %Y}"


def when(day: Day | None) -> str:
    """Write as much of a day as is known.

    >>> when(Day.parse("2026-06")), when(Day.parse("2026")), when(None)
    ('Jun 2026', '2026', 'day not recorded')
    """
    if day is None:
        return "day not recorded"
    first, last = day.earliest, day.latest
    if first == last:
        return on(first)
    if first.year == last.year and first.month == last.month:
        return f"{first:%b %Y}"
    if first.year == last.year:
        return f"{first.year}"
    return f"{on(first)} to {on(last)}"


def age(years: tuple[float, float] | None) -> str:
    """Write an age, in months below two years; a range when the birth date is not exact.

    >>> age((9.3, 9.3)), age((8.9, 9.9)), age((0.5, 0.5)), age(None)
    ('9 years', '8 to 9 years', '6 months', 'age not recorded')
    """
    if years is None or isinf(years[1]):
        return "age not recorded"
    in_months = years[1] < MONTHS_BELOW_YEARS
    low, high = (int(part * 12 if in_months else part) for part in years)
    noun = ("month" if in_months else "year") + ("" if low == high == 1 else "s")
    return f"{low} {noun}" if low == high else f"{low} to {high} {noun}"


MONTHS_BELOW_YEARS = 2
"""Below this age the report counts months, as paediatricians do."""


def sex(value: Sex | None) -> str:
    """Give the word for the sex of a child."""
    return words().sex[value or "unknown"]


def bone(id_: BoneId, knowledge: Knowledge) -> str:
    """Give a bone's name."""
    known = knowledge.bones_by_id.get(id_)
    return inside(known.label) if known else named(id_)


def region(id_: RegionId, knowledge: Knowledge) -> str:
    """Give a region's name."""
    known = knowledge.regions_by_id.get(id_)
    return inside(known.label) if known else named(id_)


def site(
    place: str, laterality: Laterality | None, part: Part | None = None, end: End | None = None
) -> str:
    """Put side, bone or region, and the part of the bone into words.

    >>> site("third metacarpal", "right", "metaphysis", "distal")
    'right third metacarpal, distal metaphysis'
    """
    side = {"left": "left ", "right": "right ", "bilateral": "left and right "}
    rest = " ".join(
        word for word in (end if part or end else None, part or ("end" if end else None)) if word
    )
    return f"{side.get(laterality or '', '')}{place}" + (f", {rest}" if rest else "")


def fact_site(fact: Fact, knowledge: Knowledge) -> str:
    """Say where a fact is; empty when the record gives no place."""
    if fact.bone is not None:
        return site(bone(fact.bone, knowledge), fact.laterality, fact.part, fact.end)
    if fact.region is not None:
        return site(region(fact.region, knowledge), fact.laterality)
    return site("", fact.laterality).strip()


def concept(id_: str, knowledge: Knowledge) -> str:
    """Give a concept's label."""
    known = knowledge.concepts_by_id.get(id_)
    return known.label if known else sentence(named(id_))


def finding(id_: str, knowledge: Knowledge) -> str:
    """Give a finding's label."""
    known = knowledge.findings_by_id.get(id_)
    return known.label if known else sentence(named(id_))


def brief(id_: str, label: str) -> str:
    """Give the shorter name of a finding or concept, as it stands inside a sentence."""
    return words().brief.get(id_) or inside(label)


def in_family_words(id_: str, knowledge: Knowledge) -> str:
    """Give a finding as a short noun phrase for a family; empty when there is none."""
    known = knowledge.findings_by_id.get(id_)
    return inside(known.plain) if known else ""
