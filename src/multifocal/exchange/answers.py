"""Answers: what they say of the thing that was asked for, and what else they tell.

"Left knee, worse at night" is an answer to pain: there is pain, there, and it is worse at night.
What is asked for is given as an assertion without a value, with the place and day of the answer.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from multifocal.exchange.assertions import NOWHERE, Assertion, Section, State, narrative_of
from multifocal.exchange.lexicon import NEGATORS, folded, tokens_of
from multifocal.exchange.limits import taken
from multifocal.exchange.numbers import Amount
from multifocal.exchange.reader import Reader
from multifocal.exchange.sites import at_home, read_site
from multifocal.exchange.vocabulary import OWN
from multifocal.exchange.words import NO_WORDS, words_in
from multifocal.model.anatomy import Site
from multifocal.model.record import ConceptId

_BESIDE = re.compile(r"\s*(\w+)\s*[;,(.](.*)")
"""An answer of one word, and what is told beside it: "denied; no travel"."""
_PARTED, _DIGIT = re.compile("[;,]"), re.compile(r"\d")
NO = "no"
SURE: tuple[State, ...] = ("present", "absent", "family")


def plain(asked: Assertion, reader: Reader, *, yes: bool) -> list[Assertion]:
    """Give what a plain yes or no says: of our concept, or of what the name says as a phrase.

    What is nothing of ours is given as it was stated.
    """
    stated = msgspec.structs.replace(asked, value=yes, sites=asked.sites if yes else NOWHERE)
    if concept_of(asked):
        return [stated]
    said = [one for one in read(asked, asked.about.texts[-1], reader) if one.state in SURE]
    if not yes:
        there = [one for one in said if one.state == "present"]
        denied = [] if said else read(asked, asked.about.text, reader, led=NO)
        said = [msgspec.structs.replace(one, state="absent", sites=NOWHERE) for one in there]
        said += [one for one in denied if one.state == "absent"]
    return said or [stated]


def worded(asked: Assertion, answer: str, reader: Reader) -> list[Assertion]:
    """Give what an answer in words says of what is asked, and what else it tells."""
    beside = _BESIDE.match(answer)
    for first, rest in ((answer, ""), beside.groups() if beside else (answer, "")):
        known = reader.vocabulary.answer((), (first,))
        if known is not None and known.present is not None:
            return [*plain(asked, reader, yes=known.present), *read(asked, rest, reader)]
    stated = msgspec.structs.replace(asked, value=words_in(answer))
    if not any(map(str.isalnum, answer)) or reader.vocabulary.answer((), (answer,)) is not None:
        return [stated]
    concept, name = concept_of(asked), asked.about.text
    lead = asked.about.displayed[0] if asked.about.displayed else "" if concept else name
    told = [one for one in read(asked, answer, reader, led=lead) if _can_be(one, reader)]
    is_sure = all(one.state in SURE for one in told)
    told += _under(name, asked, answer, told, reader)
    is_told = any(concept_of(one) == concept or isinstance(one.value, Amount) for one in told)
    if concept and is_sure and not is_told and not denies(answer, reader):
        own = at_home(places(answer, reader), asked.sites, reader.site_lexicon)
        told.insert(0, msgspec.structs.replace(asked, value=True, sites=own or asked.sites))
    return told or [stated]


def _under(
    name: str, asked: Assertion, answer: str, told: Iterable[Assertion], reader: Reader
) -> Iterator[Assertion]:
    """Read each clause as said of the name: what is new, and every number that can be."""
    seen = {concept_of(asked), *map(concept_of, told)}
    for clause in dict.fromkeys(_clauses(answer, reader)):
        more = list(read(asked, clause, reader, led=name))
        new = [one for one in more if concept_of(one) not in seen and one.value is None]
        yield from (one for one in new if one.state in SURE[:2])
        seen |= set(map(concept_of, new))
    for part in filter(_DIGIT.search, dict.fromkeys(_PARTED.split(answer))):
        for one in read(asked, part, reader, led=name):
            if isinstance(one.value, Amount) and one not in told and _can_be(one, reader):
                yield one


def read(
    asked: Assertion, text: str, reader: Reader, *, led: str = "", section: Section | None = None
) -> Iterator[Assertion]:
    """Read a text at the place and day of an answer, under a topic if one leads it."""
    topic = words_in(led) if led else NO_WORDS
    narrative = narrative_of(asked, text, topic=topic, section=section)
    for one in reader.texts.assertions(narrative):
        is_there = one.state == "present" and one.value is None and one.sites == NOWHERE
        if is_there and concept_of(one) in reader.texts.members["sited"]:
            one = msgspec.structs.replace(one, sites=asked.sites)
        yield msgspec.structs.replace(one, in_tissue=section == "biopsy")


def told(
    asked: Assertion, text: str, reader: Reader, *, led: str = "", section: Section | None = None
) -> list[Assertion]:
    """Give what a text says, or, where that is nothing, the text as it was stated."""
    said = list(read(asked, text, reader, led=led, section=section))
    return said or [msgspec.structs.replace(asked, value=words_in(text))]


def places(text: str, reader: Reader) -> tuple[Site, ...]:
    """Give the bones and regions that a text names."""
    sites, _ = read_site([text], (), reader.site_lexicon)
    return tuple(one for one in sites if one.bone or one.region)


def concept_of(one: Assertion) -> str:
    """Give our concept of an assertion that names it by its own code; else nothing."""
    return next((code.code for code in one.about.codes if code.system == OWN), "")


def _clauses(text: str, reader: Reader) -> Iterator[str]:
    """Part a text at its semicolons, and at commas until something is denied."""
    for sentence in text.split(";"):
        parts = sentence.split(",")
        for at, part in enumerate(parts):
            if denies(part, reader) or NEGATORS & set(folded(part).split()):
                yield ",".join(parts[at:])
                break
            yield part


def _can_be(one: Assertion, reader: Reader) -> bool:
    """Whether it is no number, or one that can be: "5-7 days" under fever are no degrees."""
    concept = reader.vocabulary.concepts.get(ConceptId(concept_of(one)))
    if concept is None or not isinstance(one.value, Amount):
        return not isinstance(one.value, Amount)
    return taken(one.value, concept, knowledge=reader.knowledge)[0] is not None


def denies(text: str, reader: Reader) -> bool:
    """Tell whether a text begins by saying no or normal, or by doubting."""
    return reader.texts.denies(tokens_of(folded(text)))
