"""Assertions to facts: the one place where a fact is made, and where what is none is told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

import msgspec

from multifocal.exchange import intervals
from multifocal.exchange.allowance import check, takes
from multifocal.exchange.assertions import NOWHERE, Assertion, Level, Section, State, narrative_of
from multifocal.exchange.issue_log import IssueLog
from multifocal.exchange.limits import stated_amount, taken
from multifocal.exchange.numbers import Amount, Unclear
from multifocal.exchange.reader import Reader
from multifocal.exchange.units import Converted
from multifocal.exchange.vocabulary import Match
from multifocal.exchange.words import LONGEST, Words
from multifocal.knowledge.entries import ConceptEntry
from multifocal.model.day import Day
from multifocal.model.issue import Level as Weight
from multifocal.model.record import ConceptId, Fact, FactId, NotRead, Origin, Patient

MARK = "#text-"
"""Stands in the id of every fact that was read from words."""
NUMBERS = ("lab", "measurement")
"""Kinds of concept that are numbers."""


TESTS = (*NUMBERS, "result", "image", "study", "biopsy", "sign")
"""Kinds of concept that say the child itself was examined."""
DONE = ("study", "biopsy")
"""Kinds of concept that stand without a value: that it was done is the fact."""
UNPROVEN = {
    "broader": "may be {}, its code does not say so for sure",
    "related": "may be {}, its code does not say so for sure",
    "percent": "is a share, not the {} that the work-up uses",
    "other": "is another quantity than {}",
    "control": "is a control of {}",
}
"""Why a code is no proof of the concept that it stands near to."""
UNSURE = {
    "uncertain": "is said only as possible; it was not counted",
    "asked": "is only asked about; it was not counted",
    "past": "was there before; it was not counted",
    "family": "is a relative's; what the work-up has no use for was not counted",
}
END_OF_RECORD = date.max
"""Stands for the last day of the record while that is not known yet."""
CLOCKS_APART = timedelta(days=1)
"""A birth date may seem to lie after a test of the same day where time zones differ."""
KINDS = {
    "DiagnosticReport": "report",
    "ImagingStudy": "report",
    "ClinicalImpression": "report",
    "DocumentReference": "document",
    "Composition": "document",
    "Condition": "diagnosis",
    "FamilyMemberHistory": "diagnosis",
    "Encounter": "diagnosis",
    "QuestionnaireResponse": "answer",
    **dict.fromkeys(("presenting", "exam", "history", "entered"), "answer"),
    **dict.fromkeys(("imaging", "biopsy", "timeline"), "report"),
    "MedicationStatement": "medication",
    "MedicationRequest": "medication",
    "MedicationAdministration": "medication",
}
"""What kind of thing a resource is, where it is none of a result."""


NO_INTERVAL = intervals.Found()
_BESIDES = {"id", "origin", "recorded", "low", "high", "interval"}
_CONTENT = attrgetter(*(name for name in Fact.__struct_fields__ if name not in _BESIDES))
"""What tells one fact from another."""


class Desk(NamedTuple):
    """What turning one child's assertions into facts needs at hand."""

    child: Patient
    reader: Reader
    log: IssueLog


def facts_of(
    assertions: Iterable[Assertion], *, child: Patient, reader: Reader, log: IssueLog
) -> list[Fact]:
    """Give the facts that assertions make, each once and with an id of its own.

    What makes none is told in the log: as an issue where something is wrong, else as not read.
    """
    desk = Desk(child, reader, log)
    numbers: Counter[str] = Counter()
    made: list[Fact] = []
    for one in assertions:
        check()
        for fact in _facts(one, desk):
            if one.said:
                numbers[one.resource] += 1
                name = FactId(f"{one.resource}{MARK}{numbers[one.resource]}")
                fact = msgspec.structs.replace(fact, id=name)
            made.append(fact)
    return list(_finished(_once(made, desk), log))


def _facts(one: Assertion, desk: Desk) -> Iterable[Fact]:
    looked = desk.reader.match(one.about)
    match = looked.match or _asked(one, desk)
    if looked.problem:
        desk.log.warning(one.where, looked.problem)
        return ()
    if match is None:
        return _shown(one, desk)
    if not match.is_proven:
        return _unproven(one, match, desk)
    if one.state in UNSURE:
        return _unsure(one, match, desk)
    return _answered(one, match, desk)


def _unsure(one: Assertion, match: Match, desk: Desk) -> Iterator[Fact]:
    """Read what is suspected, over, or a relative's, as what it is for the child; else tell it."""
    found = desk.reader.vocabulary.counted(match, one.state)
    plain = msgspec.structs.replace(one, state="present", sites=NOWHERE)
    for other in found:
        yield from _stated(plain, other, desk, present=True)
    if not found and one.state == "family" and not one.said:
        _unread(one, desk)
    elif not found:
        desk.log.info(one.where, f"{match.concept.label} {UNSURE[one.state]}")


def _asked(one: Assertion, desk: Desk) -> Match | None:
    """Give what a plain question asks for, where there is a plain answer to it."""
    if one.value is None or isinstance(one.value, Amount) or not one.about.said:
        return None
    return desk.reader.asked(one.about.said[0])


def _answered(one: Assertion, match: Match, desk: Desk) -> Iterable[Fact]:
    """Read what is said of one of our concepts."""
    match one.value:
        case None if one.level is not None and match.concept.kind in NUMBERS:
            return _leveled(one, match.concept, one.level, desk)
        case None:
            text = one.text or one.about.text
            return _meant(one, match, desk, text, state=one.state, in_tissue=one.in_tissue)
        case bool() as value:
            is_so = value == (one.state != "absent")
            return _stated(one, match, desk, present=is_so == match.present)
        case Amount() as amount:
            return _counted(one, amount, match, desk)
        case Words() as words:
            return _worded(one, words, match, desk)


def _stated(
    one: Assertion, match: Match, desk: Desk, *, present: bool, text: str = "", **columns: object
) -> Sequence[Fact]:
    """Give the fact, once for each site.

    Where the code means only one form of the concept, its absence says nothing of the others.
    """
    concept = match.concept
    if not present and not match.is_whole:
        desk.log.info(
            one.where,
            f"says that one form of this is absent, which is not all of it: {concept.label}",
        )
        return ()
    if not present and not one.final and (one.said or concept.kind == "result"):
        desk.log.info(
            one.where,
            f"is preliminary: that it is negative so far was not counted: {concept.label}",
        )
        return ()
    origin = Origin(one.resource, text or one.text or one.about.text)
    return [
        Fact(
            FactId(one.resource),
            concept.id,
            origin,
            present,
            day=one.day,
            onset=one.onset and one.day is not None,
            recorded=one.recorded,
            ended=one.ended,
            bone=site.bone,
            region=site.region or (None if site.bone else concept.region),
            laterality=site.laterality,
            part=site.part,
            end=site.end,
            modality=one.modality or concept.modality,
            unread=one.unread and concept.kind in DONE,
            **columns,  # type: ignore[arg-type] # the columns of a number
        )
        for site in (NOWHERE if concept.kind in NUMBERS else one.sites)
    ]


def _shown(one: Assertion, desk: Desk) -> Iterator[Fact]:
    """Read what is none of our concepts by its words: an answer, or the name of a complaint."""
    vocabulary = desk.reader.vocabulary
    told: list[Assertion] = []
    if isinstance(one.value, Words) and one.examined:
        said = one.value
        if vocabulary.answer(said.codes, said.texts) is None:
            match = vocabulary.match(said)
            if match is not None and match.is_proven:
                yield from _meant(one, match, desk, _text(one, said), in_tissue=one.in_tissue)
                return
            if match is not None:
                _unproven(one, match, desk)
                return
        told = _told(one, said, desk)
    elif one.value is None and one.state == "present" and _kind(one) == "diagnosis":
        told = _told(one, one.about, desk)
    for statement in told:
        yield from _facts(statement, desk)
    if not told:
        _unread(one, desk)


def _meant(
    one: Assertion,
    match: Match,
    desk: Desk,
    text: str,
    *,
    state: State = "present",
    in_tissue: bool,
) -> Iterator[Fact]:
    """Give what a name of a finding or a disease means, and what that is too."""
    for said in desk.reader.vocabulary.counted(match, state, in_tissue=in_tissue):
        yield from _stated(one, said, desk, present=said.present, text=text)


def _kind(one: Assertion) -> str:
    """Give what kind of thing a resource states."""
    return KINDS.get(one.resource.partition("/")[0].partition(".")[0], "result")


def _told(one: Assertion, said: Words, desk: Desk) -> list[Assertion]:
    """Read an answer in words as a text of its own; what it says is said of the child."""
    if not said.said or _is_mute(said.said[0]):
        return []
    section: Section | None = "imaging" if one.modality else None
    birth = desk.child.birth
    text = narrative_of(one, said.said[0], title=one.about, section=section, birth=birth)
    return desk.reader.told(text) if takes(said.said[0]) else []


def _worded(one: Assertion, said: Words, match: Match, desk: Desk) -> Iterator[Fact]:
    """Read a value in codes or words, the plainest meaning first."""
    concept, vocabulary, text = match.concept, desk.reader.vocabulary, _text(one, said)
    if said.said and not said.codes and _is_mute(said.said[0]):
        _unread(one, desk, why="is not answered")
        return
    spoken = (*said.texts, *(code.code for code in said.codes))
    if (meant := vocabulary.meaning(concept, spoken)) is not None:
        yield from _stated(one, match, desk, present=match.present, text=text)
        for name in meant:
            if (other := vocabulary.concepts.get(name)) is not None and other is not concept:
                yield from _stated(one, Match(other), desk, present=True, text=text)
    elif (own := vocabulary.own_words(concept, said.texts)) is not None:
        yield from _stated(one, Match(concept), desk, present=own, text=text)
    elif vocabulary.answer(said.codes, said.texts) is not None:
        yield from _plain(one, said, match, desk)
    elif shown := vocabulary.coded(said.codes) or vocabulary.named(said.texts):
        done = vocabulary.is_done(concept)
        if done and shown.concept is not concept:
            yield from _stated(one, match, desk, present=match.present, text=text)
        in_tissue = one.in_tissue or (done and concept.kind != "study")
        yield from _meant(one, shown, desk, text, in_tissue=in_tissue)
    elif concept.kind in NUMBERS and (amount := _amount(said, concept, desk)) is not None:
        yield from _counted(one, amount, match, desk)
    else:
        yield from _narrated(one, said, match, desk)


def _is_mute(text: str) -> bool:
    """Whether a text says nothing at all: punctuation is never an answer."""
    return not any(map(str.isalnum, text))


def _amount(said: Words, concept: ConceptEntry, desk: Desk) -> Amount | Unclear | None:
    """Read a number that is written as text, the analyte's magnitude settling what is doubtful."""
    if not said.said:
        return None
    return stated_amount(said.text, concept, knowledge=desk.reader.knowledge)


def _narrated(one: Assertion, said: Words, match: Match, desk: Desk) -> Iterator[Fact]:
    """Read an answer that is none of the plain ones as a text; else say that it was not read."""
    told = _told(one, said, desk)
    concept = match.concept
    if concept.kind in DONE:
        yield from _stated(one, match, desk, present=match.present, text=_text(one, said))
    for statement in told:
        yield from _facts(statement, desk)
    if not told:
        _unread(one, desk, why="its value is not understood")


def _plain(one: Assertion, said: Words, match: Match, desk: Desk) -> Iterator[Fact]:
    """Read yes, no or "not known"; a code and a text that differ are believed neither."""
    concept, vocabulary = match.concept, desk.reader.vocabulary
    answer = vocabulary.answer(said.codes, said.texts)
    worded = vocabulary.answer((), said.texts)
    if answer is None or (worded is not None and worded != answer):
        desk.log.warning(
            one.where,
            f"code and text of the value contradict each other about {concept.label}; it was left "
            "out. Mend code or text.",
        )
    elif answer.present is None:
        desk.log.info(one.where, f"{concept.label} is answered as not known")
    elif concept.kind in NUMBERS:
        desk.log.warning(
            one.where,
            f"{concept.label} is given in words instead of a number and was left out. "
            "Give valueQuantity.",
        )
    else:
        present = answer.present == match.present
        yield from _stated(one, match, desk, present=present, text=_text(one, said))


def _leveled(one: Assertion, concept: ConceptEntry, level: Level, desk: Desk) -> Iterator[Fact]:
    """Give what a value means that is only called high, low or normal."""
    for name in desk.reader.levels.get(concept.id, {}).get(level, ()):
        other = desk.reader.vocabulary.concepts.get(ConceptId(name.removeprefix("-")))
        if other is not None:
            yield from _stated(one, Match(other), desk, present=not name.startswith("-"))


def _counted(one: Assertion, amount: Amount | Unclear, match: Match, desk: Desk) -> Iterable[Fact]:
    """Read a number: into our unit, held against what can be, with the laboratory's interval."""
    concept, log, knowledge = match.concept, desk.log, desk.reader.knowledge
    if concept.kind not in NUMBERS and not concept.unit:
        return _graded(one, amount, match, desk)
    converted, problem = taken(amount, concept, knowledge=knowledge)
    if problem is not None:
        log.warning(one.where, problem.message)
    if converted is None or isinstance(amount, Unclear):
        return () if one.level is None else _leveled(one, concept, one.level, desk)
    bounds, problems = _bounds(one, amount, converted, concept, desk)
    computed = None if bounds is None else intervals.flag_of(converted, bounds)
    flag, differs = intervals.agreed(computed, one.level, concept)
    for found in (*problems, *((differs,) if differs else ())):
        log.note(Weight(found.level), one.where, found.message)
    if converted.high is not None:
        return _unread(one, desk, why="is a range where one number is wanted")
    return _stated(
        one,
        Match(concept),
        desk,
        present=True,
        value=converted.value,
        comparator=converted.comparator,
        unit=concept.unit,
        low=bounds.low if bounds else None,
        high=bounds.high if bounds else None,
        interval=None if bounds is None and flag is None else "laboratory",
        flag=flag,
    )


def _bounds(
    one: Assertion, amount: Amount, converted: Converted, concept: ConceptEntry, desk: Desk
) -> intervals.Found:
    """Give the laboratory's interval of a number, as far as it is for this child."""
    if not one.intervals:
        return NO_INTERVAL
    child = intervals.Child(desk.child.sex, desk.child.birth, one.day)
    return intervals.bounds_of(
        one.intervals, amount, converted, concept, child, knowledge=desk.reader.knowledge
    )


def _graded(one: Assertion, amount: Amount | Unclear, match: Match, desk: Desk) -> Sequence[Fact]:
    """Read a number as an answer: a grade, or what a number of this concept shows."""
    shown_by = match.concept.shown_by
    if isinstance(amount, Unclear) or (not shown_by and amount.form != "grade"):
        return _unread(one, desk, why="is a number where words are wanted")
    level = one.level or _flagged(one, amount, match.concept, desk)
    if shown_by in ("high", "low") and level is not None:
        return _stated(one, match, desk, present=level == shown_by)
    if (shown_by == "any" or amount.form == "grade") and amount.comparator not in ("<", "<="):
        return _stated(one, match, desk, present=amount.value > 0)
    return _unread(one, desk, why="has no interval that says whether it is raised")


def _flagged(one: Assertion, amount: Amount, concept: ConceptEntry, desk: Desk) -> Level | None:
    """Give where a number without a unit of ours stands in the laboratory's interval."""
    plain = Converted(amount.value, amount.high, amount.comparator)
    bounds = _bounds(one, amount, plain, concept, desk).bounds
    return None if bounds is None else intervals.flag_of(plain, bounds)


def _text(one: Assertion, said: Words) -> str:
    return ": ".join(part for part in (one.text or one.about.text, said.text) if part)[:LONGEST]


def _unproven(one: Assertion, match: Match, desk: Desk) -> Sequence[Fact]:
    """Tell of a code that is no proof; what may be a disease that explains the bones matters."""
    label = match.concept.label
    if match.relation == "history":
        desk.log.info(one.where, f"{label} {UNSURE['past']}")
        return ()
    may_be = match.relation == "broader" and bool(match.concept.in_doubt)
    return _unread(
        one, desk, why=UNPROVEN[match.relation].format(label), may_be=label if may_be else ""
    )


def _unread(one: Assertion, desk: Desk, *, why: str = "", may_be: str = "") -> Sequence[Fact]:
    """Tell that an assertion made no fact, by its own name, and what in it may matter.

    With a reason, what is asked is known: the work-up lacks it.
    """
    kind = _kind(one)
    texts = (*one.about.texts, *(one.value.texts if isinstance(one.value, Words) else ()))
    stands = one.state in ("present", "uncertain")
    matters = (desk.reader.danger(texts) or may_be) if stands else ""
    is_lost = kind == "answer" and _says_more(one.value, desk)
    desk.log.not_read(
        NotRead(
            kind=kind,  # type: ignore[arg-type] # one of KINDS
            name=one.about.text or (one.about.codes[0].code if one.about.codes else ""),
            place=one.where,
            matters=matters,
            why=why or "no code or name that is known",
            level=Weight.WARNING if matters or why or is_lost else Weight.INFO,
        )
    )
    return ()


def _says_more(value: object, desk: Desk) -> bool:
    """Whether an answer is more than a no, or that it is not known."""
    if not isinstance(value, Words):
        return value is True
    answer = desk.reader.vocabulary.answer(value.codes, value.texts)
    return bool(answer.present) if answer is not None else value.are_there


def _once(facts: Sequence[Fact], desk: Desk) -> list[Fact]:
    """Leave out what words say of something that is coded for the same day and place."""
    coded = [fact for fact in facts if MARK not in fact.id]
    if len(coded) == len(facts):
        return list(facts)
    by_concept: dict[str, list[Fact]] = {}
    for fact in coded:
        by_concept.setdefault(fact.concept, []).append(fact)
    kept: list[Fact] = []
    contradicted = 0
    for fact in facts:
        parts = desk.reader.vocabulary.concepts[fact.concept].combines
        whole = [other for other in by_concept.get(fact.concept, ()) if _same(fact, other)]
        halves = [
            [other for other in by_concept.get(part, ()) if _same(fact, other)] for part in parts
        ]
        same = whole or [one for half in halves for one in half if all(halves)]
        if MARK not in fact.id or not same:
            kept.append(fact)
        elif all(other.present != fact.present for other in same):
            contradicted += 1
    if contradicted:
        desk.log.warning(
            "record",
            "a text and a code of one day contradict each other; the code was kept. Check both.",
            count=contradicted,
        )
    return kept


def _same(told: Fact, coded: Fact) -> bool:
    """Whether both speak of one thing; what is told without a place is of any place."""
    if told.day != coded.day:
        return False
    if told.bone is not None and coded.bone is not None and told.bone != coded.bone:
        return False
    if told.bone is None and coded.bone is None and None not in (told.region, coded.region):
        if told.region != coded.region:
            return False
    return told.laterality in (None, coded.laterality) or coded.laterality is None


def _finished(facts: Sequence[Fact], log: IssueLog) -> Iterator[Fact]:
    """Give each fact once, with its own id, and ends that lie within the record."""
    days = [
        day.latest
        for fact in facts
        for day in (fact.day, fact.recorded, fact.ended)
        if day is not None and day.latest != END_OF_RECORD
    ]
    last = max(days, default=date.min)
    seen: set[tuple[object, ...]] = set()
    used: Counter[str] = Counter()
    for fact in facts:
        ended = fact.ended
        if ended is not None and ended.latest == END_OF_RECORD:
            ended = Day(ended.earliest, max(last, ended.earliest))
            fact = msgspec.structs.replace(fact, ended=ended)
        same = _CONTENT(fact)
        if same in seen:
            log.info("record", "the same fact is recorded more than once; it was kept once")
            continue
        seen.add(same)
        used[fact.id] += 1
        number = used[fact.id]
        yield (
            fact if number == 1 else msgspec.structs.replace(fact, id=FactId(f"{fact.id}#{number}"))
        )


def born_before(
    child: Patient, facts: Sequence[Fact], *, reader: Reader, log: IssueLog
) -> tuple[Patient, Sequence[Fact]]:
    """Hold the birth date against all days: nobody was examined before birth.

    A test before birth leaves no age that can be trusted. Anything else before birth, such as an
    order for a drug, has more likely a wrong date itself, and loses that.
    """
    if child.birth is None:
        return child, facts
    before = child.birth.earliest - CLOCKS_APART
    early = [fact for fact in facts if fact.day is not None and fact.day.latest < before]
    tests = sum(1 for fact in early if reader.vocabulary.concepts[fact.concept].kind in TESTS)
    if tests:
        log.error(
            "Patient",
            "the birth date is later than a test of the child; the age was taken as not known. "
            "Check birthDate and the dates of the tests.",
            count=tests,
        )
        return msgspec.structs.replace(child, birth=None), facts
    if not early:
        return child, facts
    log.error(
        "record",
        "a date lies before the birth of the child and was taken as not known. Check the dates.",
        count=len(early),
    )
    wrong = {id(fact) for fact in early}
    return child, [
        msgspec.structs.replace(fact, day=None, ended=None) if id(fact) in wrong else fact
        for fact in facts
    ]
