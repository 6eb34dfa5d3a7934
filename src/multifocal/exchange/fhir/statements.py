"""FHIR resources to assertions, by the table of views; only what a row can't say stands here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from multifocal.exchange import answers
from multifocal.exchange.allowance import TOO_MUCH, check, takes
from multifocal.exchange.assertions import NOWHERE, Assertion, Section, narrative_of
from multifocal.exchange.body_sites import common_place
from multifocal.exchange.cache import cached
from multifocal.exchange.documents import Unreadable, language_of, text_of
from multifocal.exchange.facts import DONE, END_OF_RECORD, NUMBERS
from multifocal.exchange.fhir import elements as fhir
from multifocal.exchange.fhir.bundle import Item, is_doubled
from multifocal.exchange.fhir.chart import UNDATED, Chart, Study
from multifocal.exchange.fhir.coded import (
    amount_between,
    amount_in,
    category_of,
    codes_in,
    each_of,
    intervals_in,
    level_in,
    words_of,
)
from multifocal.exchange.fhir.elements import ABSENT
from multifocal.exchange.fhir.views import CODED, REFERRING, TABLE, VIEWS, View
from multifocal.exchange.numbers import Amount
from multifocal.exchange.reader import NOTHING, Looked, Reader
from multifocal.exchange.titles import agreed, kind_of, title_of
from multifocal.exchange.vocabulary import OWN, Code
from multifocal.exchange.words import NO_WORDS, Words
from multifocal.knowledge.entries import ReportKind
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.issue import Level
from multifocal.model.record import ConceptId, Modality, NotRead

UNKNOWN_MODIFIER = "has a modifier extension that may change its meaning, and was left out"
DOUBLED = (
    "has one element twice, so that its JSON doesn't say which is meant; it was left out. Mend it."
)
DOUBTED = frozenset({"Observation", "Condition", "DiagnosticReport", "FamilyMemberHistory"})
"""Resource types that are looked at for elements that stand twice."""
UNKNOWN_NAME = "no code or name that is known"
NOTHING_SAID = "states nothing that is read"
EMPTY = "there is no text of it in the record"
REPORTED: dict[Section | None, Literal["", "pathology", "imaging"]] = {
    None: "",
    "imaging": "imaging",
    "biopsy": "pathology",
}
SHAPES = ("value_sampled_data", "value_time", "value_period", "value_ratio", "value_range")
OTHER_SIDE = (
    "its text names another side than its title; the side was taken as not known. Check the images."
)
UNKNOWN_TEXT = "its text holds nothing that the work-up knows"
UNSETTLED = "its text leaves open what was found"
ADDITIONAL = "additional"
"""FHIR's word for a narrative that says more than the elements of its resource."""


def assertions_of(chart: Chart) -> list[Assertion]:
    """Give everything that one child's resources state, in order."""
    _link(chart)
    found: list[Assertion] = []
    for item in chart.items.values():
        check()
        found += _viewed(item, chart)
    _tell_silent(found, chart)
    return list(_with_results(found, chart))


def _tell_silent(found: Iterable[Assertion], chart: Chart) -> None:
    """Tell of each resource that states nothing; a group is no loss where its members are there."""
    heard = {one.resource for one in found} | chart.told | chart.refused
    for path, item in chart.items.items():
        if path in heard or "#" in path or VIEWS[item.kind].kind == "referred":
            continue
        resource = item.resource
        members = getattr(resource, "hasMember", None) or getattr(resource, "result", None)
        wanted = len(members) if isinstance(members, tuple) else 1
        if sum(1 for _ in chart.referred(members, path)) < wanted:
            _not_read(_known(item, chart).about, path, chart, NOTHING_SAID)


# --- How resources hang together ---


def _link(chart: Chart) -> None:
    """Note which study each observation was made on, and which report gives it."""
    reporting = [item for item in chart.items.values() if VIEWS[item.kind].reports]
    standing = {one.path for one in reporting if "leave_out" not in _known(one, chart).effects}
    for item in sorted(reporting, key=lambda one: hasattr(one.resource, "imagingStudy")):
        if item.path in standing and (study := _study_of(item, chart)) is not None:
            chart.studies[item.path] = study
    for report in reporting:
        for result in _results(report, chart):
            if report.path not in standing:
                chart.withdrawn.add(result)
                continue
            chart.reports.setdefault(result, report.path)
            if report.path in chart.studies:
                chart.studies.setdefault(result, chart.studies[report.path])
    chart.withdrawn -= chart.reports.keys()


def _results(report: Item, chart: Chart) -> Iterator[str]:
    """Give the paths of the results of a report, with those that they are groups of."""
    for result in chart.referred(getattr(report.resource, "result", None), report.path):
        yield result.path
        if result is not report:
            members = getattr(result.resource, "hasMember", None)
            yield from (member.path for member in chart.referred(members, result.path))


def _study_of(item: Item, chart: Chart) -> Study | None:
    """Give the imaging study that a resource is or reports; `None` when it is none."""
    view, resource = VIEWS[item.kind], item.resource
    linked = chart.studies.get(chart.study_path(getattr(resource, "imagingStudy", None), item.path))
    known = _known(item, chart)
    series = getattr(resource, "series", None) or ()
    is_image = (
        item.kind == "ImagingStudy"
        or linked is not None
        or known.kind == "imaging"
        or "imaging" in known.categories
    )
    if not is_image or known.kind == "pathology":
        return None
    title = title_of(known.about, chart.reader.knowledge)
    modality = (
        title.modality or _modality(resource, series) or (linked.modality if linked else None)
    )
    sites = _imaged(series, known.about, chart) or title.place
    if sites in ((), NOWHERE) and linked is not None:
        sites = linked.sites
    names = [name for name in view.day if name not in ("study", "issued")]
    day, _ = chart.quiet().when(names, item)
    return Study(modality, sites or NOWHERE, day or (linked.day if linked else None))


def _modality(resource: Any, series: Iterable[fhir.Series]) -> Modality | None:
    """Give the kind of image that DICOM's codes of a study name."""
    named = (getattr(resource, "modality", None), *(one.modality for one in series))
    for code in sorted(code for one in named for code in codes_in(one)):
        if (modality := TABLE.modality.get(code)) is not None:
            return modality
    return None


def _imaged(series: Iterable[fhir.Series], thing: Words, chart: Chart) -> tuple[Site, ...]:
    """Give the places that the series of a study name."""
    found: dict[Site, None] = {}
    for one in series:
        bodies = words_of(one.body_site, one.laterality)
        if bodies.are_there:
            found |= dict.fromkeys(chart.reader.places.placed((bodies,), thing).sites)
    return tuple(site for site in found if site != Site())


# --- What one view gives ---


class Known(NamedTuple):
    """What the codes of a resource say, of whichever child and day it is."""

    about: Words
    """What it is about; where it refers to another one, what that is about."""
    looked: Looked
    """The same as one of our concepts."""
    kind: ReportKind
    """Of which kind a report of this title is."""
    effects: Mapping[str, str]
    """What its codes make of the statement, each with what says so."""
    categories: frozenset[str]
    """What its category says of it."""
    seen: Words
    """By what method what was seen."""
    seen_in: ReportKind
    """Of which kind that is."""
    matters: str
    """What in its names may matter, where they are none of ours."""


def _known(item: Item, chart: Chart) -> Known:
    """Give what the codes of a resource say; resources with the same codes are read once."""
    coded = CODED[item.kind](item.resource)
    values = [bytes(one) if type(one) is msgspec.Raw else one for one in coded]
    known = _known_by(chart.reader, item.kind, *values)
    if not known.about.codes:
        for name in REFERRING[item.kind]:
            for there in chart.referred(getattr(item.resource, name), item.path):
                about = words_of(getattr(there.resource, "code", None))
                return known._replace(about=about, looked=chart.reader.match(about))
    return known


@cached(most=16384)
def _known_by(reader: Reader, kind: str, *values: Any) -> Known:
    view = VIEWS[kind]
    raw = (msgspec.Raw(one) if type(one) is bytes else one for one in values)
    held = dict(zip(view.coded, raw, strict=True))
    about = words_of(*(held[name] for name in view.about))
    looked = reader.match(about)
    seen = words_of(held.get("method"), held.get("code")) if view.value else NO_WORDS
    return Known(
        about,
        looked,
        kind_of(about, reader.knowledge) if view.reports or view.value else "other",
        _effects(view, held),
        category_of(held.get(view.category)),
        seen,
        kind_of(seen, reader.knowledge) if view.value else "other",
        reader.danger(about.texts) if view.value and looked is NOTHING else "",
    )


def _effects(view: View, held: Mapping[str, Any]) -> dict[str, str]:
    """Give what the codes of a resource make of its statement, each with what says so."""
    found: dict[str, str] = {}
    for one in view.where:
        value = held[one.element]
        if value is None or value == ABSENT:
            continue
        if type(value) is str and not one.words:
            if value in one.codes:
                found.setdefault(one.then, f"{one.element} {value}")
            continue
        said = codes_in(value)
        texts = " ".join(words_of(value).texts).casefold() if one.words else ""
        if not one.codes.isdisjoint(said) or any(word in texts for word in one.words):
            code = next(iter(sorted(one.codes & said)), "")
            found.setdefault(one.then, f"{one.element} {code}".strip())
    return found


def _viewed(item: Item, chart: Chart) -> Iterator[Assertion]:
    """Give the assertions of a resource, or tell why it makes none."""
    view, resource = VIEWS[item.kind], item.resource
    known = _known(item, chart)
    about, effects = known.about, known.effects
    may_count = "leave_out" in effects or known.looked is not NOTHING
    if view.value and not may_count and _is_mute(resource):
        _tell(view.kind, about, item.path, chart, UNKNOWN_NAME, known.matters)
        return
    if may_count and item.kind in DOUBTED and is_doubled(item):
        chart.log.error(item.where, DOUBLED)
        chart.refused.add(item.path)
        return
    if "leave_out" in effects or item.path in chart.withdrawn:
        why = f"has {effects.get('leave_out', 'a report that was withdrawn')} and was left out"
        _not_read(about, item.path, chart, why)
        return
    base = _base(item, effects, chart)
    if view.kind == "referred":
        return
    if view.repeat:
        yield from _answers(resource, base, chart)
    elif view.reports:
        yield from _reported(item, known, base, chart)
    elif view.value:
        yield from _observed(resource, known, base, chart)
    else:
        yield from _rows(view, resource, about, base, chart)
    for name in view.unread:
        if getattr(resource, name):
            why = f"its {name} is told in words that are not read"
            _tell("answer", about, item.path, chart, why)
    noted = resource.text is not None or (view.notes and resource.note is not None)
    for note in _notes(view, resource) if noted else ():
        there = msgspec.structs.replace(base, day=base.day or base.recorded)
        yield from _narrated(note, about, None, there, chart, kind="document", quiet=True)


def _is_mute(resource: Any) -> bool:
    """Whether it is a number with no word beside it."""
    return (
        resource.value_string is None
        and resource.value_boolean is None
        and resource.value_codeable_concept is ABSENT
        and resource.component is None
        and resource.note is None
        and resource.text is None
    )


def _base(item: Item, effects: Mapping[str, str], chart: Chart) -> Assertion:
    """Give what all assertions of a resource have in common: its days and its state."""
    view = VIEWS[item.kind]
    onset, ended = chart.when(view.onset, item) if view.onset else UNDATED
    day, over = (onset, ended) if onset else chart.when(view.day, item)
    stop, _ = chart.when(view.ended, item) if view.ended else UNDATED
    same = view.recorded == view.day
    recorded = day if same else chart.when(view.recorded, item)[0]
    present = "absent" not in effects
    ended = over or stop
    if onset and stop and stop.latest < onset.earliest:
        chart.log.warning(item.where, "ends before it starts; its end was left out. Mend it.")
        ended = None
    if view.onset and not onset and stop and present:
        day = None
    if ended is None and day and (item.kind in view.over or "over" in effects):
        ended = Day(day.earliest, END_OF_RECORD)
    if item.kind in view.once:
        ended = ended or day
    return Assertion(
        about=NO_WORDS,
        state="uncertain" if "uncertain" in effects else view.state if present else "absent",
        day=day,
        onset=onset is not None,
        ended=ended if onset or not view.ended else stop or ended,
        recorded=recorded,
        resource=item.path,
        where=item.where,
        final="preliminary" not in effects,
    )


def _rows(
    view: View, resource: Any, about: Words, base: Assertion, chart: Chart
) -> Iterator[Assertion]:
    """Give a row for the resource, or for each of its parts."""
    if view.concept:
        own = chart.reader.own(ConceptId(view.concept))
        yield msgspec.structs.replace(base, about=own, text=about.text)
    beside = words_of(getattr(resource, view.beside, None)).text if view.beside else ""
    for name in view.each:
        held = getattr(resource, name) if name else (resource,)
        for part in each_of(held) if isinstance(held, msgspec.Raw) else held or ():
            words = about if not name else _part_about(view, part)
            if getattr(part, "modifier_extension", None):
                chart.log.warning(base.where, UNKNOWN_MODIFIER)
                continue
            if view.only:
                for reason in _reasons(view, words, base, chart):
                    bare = reason.sites == NOWHERE
                    sites = _placed(view, resource, words, base, chart) if bare else reason.sites
                    yield msgspec.structs.replace(reason, sites=sites)
                continue
            named = _mentioned(view, words, chart)
            if named is not words and base.state == "absent":
                why = "says only that one drug of its kind was not taken"
                _not_read(words, base.resource, chart, why)
                continue
            text = ": ".join(one for one in (beside, words.text) if one)
            yield msgspec.structs.replace(
                base,
                about=named,
                text=text,
                sites=NOWHERE
                if base.state == "family"
                else _placed(view, resource, words, base, chart),
            )
    for told in (getattr(resource, name, None) for name in view.texts):
        if isinstance(told, str):
            yield from _narrated(told, about, None, base, chart, kind="report")


def _part_about(view: View, part: Any) -> Words:
    """Give what a part of a resource is about."""
    for name in view.about:
        snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
        if (value := getattr(part, snake, None)) is not None:
            return words_of(value)
    return words_of(part)


def _reasons(view: View, words: Words, base: Assertion, chart: Chart) -> list[Assertion]:
    """Give what a reason is, of the kinds that this view speaks of; by its words if by no name."""
    named = msgspec.structs.replace(base, about=words, text=words.text)
    if chart.reader.match(words) != NOTHING:
        return [named] if _is_of(view.only, named, chart) else []
    told = chart.reader.told(narrative_of(base, words.text)) if takes(words.text) else []
    found = [one for one in told if _is_of(view.only, one, chart)]
    if not found:
        _not_read(words, base.resource, chart)
    return found


def _is_of(kinds: frozenset[str], one: Assertion, chart: Chart) -> bool:
    match = chart.reader.match(one.about).match
    return match is not None and match.concept.kind in kinds


def _mentioned(view: View, words: Words, chart: Chart) -> Words:
    """Give the concept that is named somewhere in a name: a drug with its strength."""
    if not view.mention or chart.reader.match(words).match is not None:
        return words
    concept = chart.reader.vocabulary.mentioned(words.texts, view.mention)
    if concept is None:
        return words
    return msgspec.structs.replace(words, codes=(Code(OWN, concept.id),), systems=())


# --- Observations ---


def _observed(resource: Any, known: Known, base: Assertion, chart: Chart) -> Iterator[Assertion]:
    """Give an observation and its components."""
    about, categories = known.about, known.categories
    if resource.focus is not None and _is_about_other(resource):
        chart.log.warning(
            base.where, "is about someone or something else than the child and was left out"
        )
        chart.refused.add(base.resource)
        return
    study = _seen_on(resource, known, base, chart)
    linked = base.resource in chart.studies or resource.partOf or resource.derivedFrom
    examined = bool(linked) or (
        not about.codes if resource.category is ABSENT else "examination" in categories
    )
    if study is not None or examined:
        base = msgspec.structs.replace(
            base,
            modality=study.modality if study else None,
            sites=common_place(study.sites) if study else NOWHERE,
            examined=examined,
        )
    section = _section(known, is_image=study is not None)
    for part in (resource, *(resource.component or ())):
        words = about if part is resource else words_of(part.code)
        if part is not resource and part.modifier_extension:
            chart.log.warning(base.where, UNKNOWN_MODIFIER)
            continue
        if part.value_attachment is not None:
            for document in _document(part.value_attachment):
                yield from _narrated(document, words, section, base, chart, kind="report")
        text = part.value_string or words_of(part.value_codeable_concept).text if section else ""
        if text and _is_narrative(part, chart):
            if study is not None and base.resource not in chart.studies and not linked:
                yield from _made(study, about, base, chart)
            yield from _narrated(text, words, section, base, chart, kind="report")
            continue
        yield from _valued(part, words, resource, base, chart)


def _is_about_other(resource: Any) -> bool:
    """Whether its focus is another being: a condition or tumour of the child is the child's own."""
    focus = resource.focus
    for one in focus if isinstance(focus, tuple) else (focus,):
        kind = (one.reference or "").rpartition("/")[0].rpartition("/")[2]
        if kind not in VIEWS and kind != "Patient":
            return True
    return False


def _is_narrative(part: Any, chart: Chart) -> bool:
    """Whether a value is more than a name or a plain answer."""
    vocabulary = chart.reader.vocabulary
    said = words_of(part.value_string or part.value_codeable_concept)
    known = vocabulary.coded(said.codes) or vocabulary.named(said.texts)
    return known is None and vocabulary.answer(said.codes, said.texts) is None


def _seen_on(resource: Any, known: Known, base: Assertion, chart: Chart) -> Study | None:
    """Give the imaging study on which something was seen: by reference, else by method or name."""
    for reference in filter(None, (resource.partOf, resource.derivedFrom)):
        if path := chart.study_path(reference, base.resource):
            chart.seen.add(path)
            return chart.studies[path]
    if (study := chart.studies.get(base.resource)) is not None:
        chart.seen.add(chart.reports.get(base.resource, ""))
        return study
    if known.seen_in != "imaging" and "imaging" not in known.categories:
        return None
    title = title_of(known.seen, chart.reader.knowledge)
    return Study(title.modality, title.place or NOWHERE, None)


def _valued(
    part: Any, about: Words, resource: Any, base: Assertion, chart: Chart
) -> Iterator[Assertion]:
    """Give a question with its value; one that is only a group of others has none."""
    value, began = _value_of(part, base, chart)
    level = level_in(part.interpretation)
    if value is None and part.interpretation is not ABSENT:
        words = words_of(part.interpretation)
        if chart.reader.vocabulary.answer(words.codes, words.texts) is not None:
            value = words
    match = chart.reader.match(about).match
    kind = match.concept.kind if match is not None else ""
    if value is None and level is None and kind not in DONE:
        if part is not resource or not (resource.component or resource.hasMember):
            _not_read(about, base.resource, chart, _why_without(part))
        return
    sites: tuple[Site, ...] = NOWHERE
    if kind not in NUMBERS:
        sites = chart.sites(resource.bodySite, about, base.where)
        if sites == NOWHERE and isinstance(value, Words) and value.are_there:
            sites = chart.sites(ABSENT, value, base.where)
    yield msgspec.structs.replace(
        base,
        about=about,
        value=value,
        level=level,
        intervals=intervals_in(part.reference_range),
        sites=base.sites if sites == NOWHERE else sites,
        text=about.text,
        day=began or base.day,
        onset=base.onset or began is not None,
    )


def _why_without(part: Any) -> str:
    """Give why a question has no value that is read."""
    if part.data_absent_reason is not ABSENT:
        return "has no value, and says why"
    if any(getattr(part, shape) not in (None, ABSENT) for shape in SHAPES):
        return "has a value of a kind that is not read"
    return "has no value"


def _value_of(
    part: Any, base: Assertion, chart: Chart
) -> tuple[bool | Amount | Words | None, Day | None]:
    """Give what is said; a date is since when it is so."""
    dated = part.value_date_time or part.value_date
    if dated is not None:
        day = chart.day(dated, base.where, "valueDateTime")
        return (None if day is None else True), day
    if part.value_quantity is not None:
        return amount_in(part.value_quantity) or Words(said=("",)), None
    if part.value_codeable_concept is not ABSENT or part.value_coding is not ABSENT:
        return words_of(part.value_codeable_concept, part.value_coding), None
    if part.value_string is not None:
        return Words(said=(part.value_string,)), None
    if part.value_boolean is not None:
        return part.value_boolean, None
    number = part.value_decimal if part.value_integer is None else part.value_integer
    if number is not None:
        return Amount(float(number)), None
    if part.value_range is not None:
        return amount_between(part.value_range), None
    if part.value_ratio is not None and part.value_ratio.denominator is not None:
        diluted = amount_in(part.value_ratio.denominator)
        return (None if diluted is None else Amount(diluted.value, form="titre")), None
    return None, None


# --- Questionnaires ---


def _answers(response: Any, base: Assertion, chart: Chart) -> Iterator[Assertion]:
    """Give the answers of a questionnaire, at any depth."""
    stack = list(reversed(response.item or ()))
    while stack:
        item = stack.pop()
        stack += reversed(item.item or ())
        for answer in reversed(item.answer or ()):
            stack += reversed(answer.item or ())
        if item.modifier_extension:
            chart.log.warning(base.where, UNKNOWN_MODIFIER)
            continue
        for answer in item.answer or ():
            asked = _asked(item)
            value, began = _value_of(answer, base, chart)
            sites = chart.sites(ABSENT, asked, base.where)
            yield msgspec.structs.replace(
                base,
                about=asked,
                value=value,
                sites=sites,
                text=asked.text,
                day=began or base.day,
                onset=began is not None,
                examined=True,
            )


def _asked(item: fhir.Item) -> Words:
    """Give what a question asks for: by its own id, its codes, else its text."""
    words = words_of(item.code, item.text)
    link = (item.link_id or "").strip().lstrip("/")
    definition = (item.definition or "").rpartition("/")[2].rpartition("#")[2]
    linked = (Code(OWN, link), Code("loinc", link), Code("loinc", definition))
    return msgspec.structs.replace(words, codes=(*linked, *words.codes), systems=())


# --- Reports, studies, documents ---


def _reported(item: Item, known: Known, base: Assertion, chart: Chart) -> Iterator[Assertion]:
    """Give a report: the study or test that it reports, its coded conclusions, and its texts."""
    view, resource, about = VIEWS[item.kind], item.resource, known.about
    study = chart.studies.get(item.path)
    section = _section(known, is_image=study is not None)
    match = known.looked.match
    conclusions = each_of(getattr(resource, view.conclusions, ABSENT))
    texts = _texts(view, resource)
    if study is not None:
        base = msgspec.structs.replace(
            base, modality=study.modality, sites=study.sites, day=base.day or study.day
        )
        yield from _made(study, about, base, chart)
    elif section == "biopsy" or (match is not None and match.concept.kind == "biopsy"):
        base = msgspec.structs.replace(base, sites=_placed(view, resource, about, base, chart))
        taken = chart.reader.vocabulary.mentioned(about.texts, "biopsy")
        if match is not None:
            yield msgspec.structs.replace(base, about=about, text=about.text)
        elif taken is not None:
            yield msgspec.structs.replace(base, about=chart.reader.own(taken.id), text=about.text)
    elif not texts and not conclusions:
        sites = _placed(view, resource, about, base, chart)
        if view.kind == "document":
            if hasattr(resource, "content"):
                path, level = base.resource, Level.WARNING
                _tell("document", about, path, chart, EMPTY, level=level, section=section)
        elif not getattr(resource, "result", None):
            yield msgspec.structs.replace(base, about=about, sites=sites, text=about.text)
        return
    told = [_concluded(words_of(one), study, about, base, chart) for one in conclusions]
    for text in texts:
        told += _narrated(text, about, section, base, chart, kind=view.kind)
    if told:
        chart.seen.add(base.resource)
    yield from told


def _made(study: Study, about: Words, base: Assertion, chart: Chart) -> Iterator[Assertion]:
    """Give that a study was made, where its kind is known."""
    if (own := _kind_of(study, chart)) is not None:
        yield msgspec.structs.replace(base, about=own, sites=study.sites, text=about.text)


def _kind_of(study: Study, chart: Chart) -> Words | None:
    """Give our own name of the kind of a study, where that is known."""
    concept = chart.reader.vocabulary.study(study.modality) if study.modality else None
    return None if concept is None else chart.reader.own(concept.id)


def _section(known: Known, *, is_image: bool) -> Section | None:
    """Give whether a report is of an image or of tissue, as its title and category say."""
    if known.kind == "pathology" or "biopsy" in known.categories:
        return "biopsy"
    return "imaging" if is_image else None


def _placed(
    view: View, resource: Any, about: Words, base: Assertion, chart: Chart
) -> tuple[Site, ...]:
    bodies = next((getattr(resource, name) for name in view.sites), ABSENT)
    return chart.sites(bodies, about, base.where)


def _concluded(
    said: Words, study: Study | None, about: Words, base: Assertion, chart: Chart
) -> Assertion:
    """Give a coded conclusion: a finding of its own, or the answer to what was examined."""
    sites = chart.sites(ABSENT, said, base.where)
    sites = common_place(base.sites) if sites == NOWHERE else sites
    if chart.reader.match(said) != NOTHING:
        return msgspec.structs.replace(base, about=said, sites=sites, text=said.text)
    asked = (study and _kind_of(study, chart)) or about
    return msgspec.structs.replace(base, about=asked, value=said, sites=sites, text=about.text)


# --- Texts ---


def _notes(view: View, resource: Any) -> Iterator[str]:
    """Give what is noted beside a resource."""
    for name in view.notes:
        for note in getattr(resource, name, None) or ():
            if note.text and note.text.strip():
                yield note.text
    narrative = resource.text
    if (
        narrative is not None
        and narrative.status == ADDITIONAL
        and not view.reports
        and narrative.div
    ):
        if isinstance(text := text_of("text/html", narrative.div.encode()), str):
            yield text


def _texts(view: View, resource: Any) -> list[str | Unreadable]:
    """Give the texts of a report; its narrative where it has no other."""
    found: list[str | Unreadable] = []
    for name in view.texts:
        match getattr(resource, name, None):
            case str() as text if text.strip():
                found.append(text)
            case tuple() as parts:
                found += [one for part in parts for one in _document(part)]
            case _:
                continue
    narrative = resource.text
    if narrative is not None and narrative.div and (not found or narrative.status == ADDITIONAL):
        if narrative.status == ADDITIONAL or view.texts:
            found.append(text_of("text/html", narrative.div.encode()))
    return found


def _document(part: Any) -> Iterator[str | Unreadable]:
    """Give the text of an attachment or of a section that says more than its entries."""
    match part:
        case fhir.Content(attachment=fhir.Attachment() as attachment) | (
            fhir.Attachment() as attachment
        ):
            if attachment.data is None:
                yield Unreadable("a document that is kept elsewhere")
                return
            yield text_of(attachment.content_type or "", attachment.data)
        case fhir.Section():
            if part.text is not None and part.text.div and not part.entry:
                yield text_of("text/html", part.text.div.encode())
            for inner in part.section or ():
                yield from _document(inner)
        case _:
            return


def _narrated(
    text: str | Unreadable,
    about: Words,
    section: Section | None,
    base: Assertion,
    chart: Chart,
    *,
    kind: str,
    quiet: bool = False,
) -> list[Assertion]:
    """Read a text; one that is not read is told by its title, with what in it may matter."""
    told: list[Assertion] = []
    check()
    if isinstance(text, str) and not takes(text):
        text = Unreadable(TOO_MUCH)
    language = language_of(text, chart.reader.knowledge) if isinstance(text, str) else None
    if isinstance(text, Unreadable):
        why = text.reason
    elif language != "en":
        why = f"is in a language that is not read ({language})" if language else UNKNOWN_TEXT
    else:
        birth = chart.child.birth
        narrative = narrative_of(base, text, title=about, section=section, birth=birth)
        told = [_sided(one, base, chart) for one in chart.reader.told(narrative)]
        why = _left_open(told, section, chart) if told else UNKNOWN_TEXT
    if why:
        matters = chart.reader.danger((text,)) if isinstance(text, str) else ""
        is_foreign = language not in (None, "en")
        is_shut = isinstance(text, Unreadable) and (kind == "document" or why == TOO_MUCH)
        weight = Level.WARNING if matters or section or is_foreign or is_shut else Level.INFO
        if not (quiet and weight is Level.INFO):
            _tell(kind, about, base.resource, chart, why, matters, weight, section)
    return told


def _left_open(told: Sequence[Assertion], section: Section | None, chart: Chart) -> str:
    """Tell why a report of tissue is not read: all of it, or the only danger, is in doubt.

    What is absent settles that of which it is the whole: no malignant cells, no leukaemia. "No
    lymphoma" settles nothing else.
    """
    denied = {answers.concept_of(one) for one in told if one.state == "absent"}
    wholes = chart.reader.wholes
    unsure = [one for one in told if one.state == "uncertain"]
    if section != "biopsy" or not unsure:
        return ""
    open_ = [
        one.text for one in unsure if denied.isdisjoint(wholes.get(answers.concept_of(one), ()))
    ]
    found = [one.text for one in told if one.state not in ("uncertain", "absent")]
    is_danger = chart.reader.danger(tuple(open_)) and not chart.reader.danger(tuple(found))
    is_all = len(unsure) == len(told)
    return UNSETTLED if is_danger or is_all else ""


def _sided(one: Assertion, base: Assertion, chart: Chart) -> Assertion:
    """Take the side from what lies on the other side than all that the report is about."""
    if base.modality is None or one.sites == NOWHERE:
        return one
    sites, conflict = agreed(one.sites, base.sites, chart.reader.knowledge)
    if conflict:
        chart.log.warning(base.where, OTHER_SIDE)
    return msgspec.structs.replace(one, sites=sites)


def _tell(
    kind: str,
    about: Words,
    path: str,
    chart: Chart,
    why: str,
    matters: str = "",
    level: Level | None = None,
    section: Section | None = None,
) -> None:
    """Tell that something was not read, by its own name; what may matter is told louder."""
    chart.told.add(path)
    where = chart.items[path].where
    chart.log.not_read(
        NotRead(
            kind=kind,  # type: ignore[arg-type] # one of those of the views
            name=about.text or where.partition(" ")[0],
            place=where,
            matters=matters,
            why=why,
            level=level or (Level.WARNING if matters else Level.INFO),
            about=REPORTED[section],
        )
    )


def _not_read(about: Words, path: str, chart: Chart, why: str = UNKNOWN_NAME) -> None:
    """Tell that a resource made no assertion."""
    kind = VIEWS[chart.items[path].kind].kind
    matters = chart.reader.danger(about.texts) if why == UNKNOWN_NAME else ""
    _tell(kind, about, path, chart, why, matters)


def _with_results(found: Iterable[Assertion], chart: Chart) -> Iterator[Assertion]:
    """Mark the studies of which nothing was read: what they show is not known."""
    read = {(one.modality, one.day) for one in found if one.modality and _shows(one, chart)}
    for one in found:
        name = ConceptId(one.about.codes[0].code if one.about.codes else "")
        concept = chart.reader.vocabulary.concepts.get(name)
        is_made = concept is not None and concept.kind == "study" and one.value is None
        is_made = is_made and one.state == "present"
        if is_made and (one.modality, one.day) not in read and one.resource not in chart.seen:
            one = msgspec.structs.replace(one, unread=True)
            if one.resource not in chart.told:
                words = Words(said=(one.text or name,))
                _tell("report", words, one.resource, chart, EMPTY, "", Level.WARNING, "imaging")
        yield one


def _shows(one: Assertion, chart: Chart) -> bool:
    """Whether an assertion is of something that an image shows."""
    match = chart.reader.match(one.about).match
    return one.value is not None or (match is not None and match.concept.kind == "image")
