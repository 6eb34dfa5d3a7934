"""The first page: the letter that one consultant writes to another, on one sheet."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby

from multifocal.model.assessment import CriteriaResult, Danger, LabResult, Step
from multifocal.model.differential import Contribution, Counterfactual, Ranked
from multifocal.model.finding import FindingId
from multifocal.model.issue import Level
from multifocal.model.record import Fact
from multifocal.report import figures, words
from multifocal.report.case import Case
from multifocal.report.document import (
    Alarm,
    Block,
    Columns,
    Figure,
    Line,
    Page,
    Pairs,
    Row,
    Run,
    Table,
    Text,
    Tone,
    joined,
    say,
)
from multifocal.report.reading import reading

MOVED = 3
"""Findings for and against that the impression and its reason name."""
NAMED = 5
"""Findings that a line of facts names."""
CHANGES = 3
SIGNS = 2
DENIED = 2
PLACES = 3
REGIONS = 5
UNLIKELY = 2
OPEN = 2
LAST = 99
WITHIN = 3
FLAGS = 2
SEEN = frozenset({"xray", "mri", "lab"})
COURSE = ("symptom", "history", "course", "context")


def letter(case: Case) -> Page:
    """Compose the first page: the answer first, then what it rests on and what to do."""
    given, text = case.given, words.words().letter
    back = Alarm("check", text["back"], (Text(say(text["back_for"])),))
    if not given.facts:
        nothing = Text(say(text["nothing_read"]), "lead")
        return Page("letter", text["title"], (nothing, *_unread(case), *_next(given.steps), back))
    head: tuple[Block, ...] = (
        Text(say(text["question"].format(what=_question(case)), "quiet"), "fine"),
        Text(_impression(case), "lead"),
        *_sure(case),
        *_alarms(case),
    )
    beside = tuple(_beside(case))
    facts = Pairs(tuple(_facts(case)))
    left: tuple[Block, ...] = (
        Columns((head, beside) if beside else (head,)),
        *_unread(case),
        *([facts] if facts.rows else []),
    )
    right: tuple[Block, ...] = (
        *_answered_first(case),
        *_next(given.steps),
        Pairs(tuple(_rest(case))),
    )
    return Page("letter", text["title"], (Columns((left, right), wide=True), back))


def _question(case: Case) -> str:
    """Say what the child came with, in the words of the record's own findings."""
    text = words.words().letter
    found = [*case.known(("symptom",), truth=True), *case.known(("sign",), truth=True)]
    if not found:
        return text["question_open"]
    label = words.sentence(case.brief(found[0].id))
    places = list(dict.fromkeys(_places(case)))
    if len(places) == 1:
        label = text["question_place"].format(what=label, place=places[0])
    begun = _begun(case)
    return text["question_since"].format(what=label, since=f" {begun}" if begun else "")


def _begun(case: Case) -> str:
    days = sorted(fact.day for fact in case.given.facts if fact.onset and fact.present and fact.day)
    return words.words().letter["since"].format(day=words.when(days[0])) if days else ""


def _leading(case: Case) -> tuple[Ranked, ...]:
    differential = case.given.differential
    if differential is None or differential.abstained:
        return ()
    return tuple(one for one in differential.ranked if one.band == "leading")


def _likeliest(case: Case) -> Ranked | None:
    """Give the first condition of a ranking that counts, though none leads."""
    given = case.given.differential
    return None if given is None or given.abstained or not given.ranked else given.ranked[0]


def _impression(case: Case) -> Line:
    """Say in one sentence what leads, on what, and what is still open."""
    text, leading = words.words().letter, _leading(case)
    first = {one.condition for one in leading}
    open_ = [one for one in case.given.dangers if one.tier == "answer" and one.id not in first]
    if not leading:
        likeliest = _likeliest(case)
        if likeliest is None:
            return say(text["impression_none"], "strong")
        name = _brief(likeliest.name, 0)
        return (Run(text["likeliest"].format(name=name), "strong"), Run(text["excludes_nothing"]))
    names = words.listed(_brief(one.name, place) for place, one in enumerate(leading))
    head = text["leads" if len(leading) == 1 else "lead"].format(names=names)
    clauses = [*_bones(case), *_signs(leading[0], case), *_clauses(case)]
    line: list[Run] = [Run(head, "strong"), *joined(clauses, ", "), Run(".")]
    if open_:
        named = [_brief(one.name, place=1) for one in open_[:OPEN]]
        more = len(open_) - OPEN
        left = [text["more"].format(number=more)] if more > 0 else []
        line.append(Run(f" {text['open_first'].format(names=', '.join([*named, *left]))}"))
    return tuple(line)


def _signs(one: Ranked, case: Case) -> Iterator[Line]:
    """Name what moved a condition most of what was seen in images, tissue or blood."""
    shown = 0
    for part in one.contributions:
        entry = case.knowledge.findings_by_id.get(part.finding)
        told = entry is not None and entry.kind in SEEN and not part.finding.startswith("site_")
        if told and part.truth and part.log10 > 0 and part.finding not in words.words().unsaid:
            yield _contribution(part, case)
            shown += 1
        if shown == SIGNS:
            return


def _clauses(case: Case) -> Iterator[Line]:
    truths = {id_: finding.truth for id_, finding in case.findings.items()}
    for clause in words.words().impression:
        wanted = [
            *((id_, True) for id_ in clause.present),
            *((id_, False) for id_ in clause.absent),
        ]
        if all(truths.get(FindingId(id_)) is truth for id_, truth in wanted):
            named = (case.findings[FindingId(id_)] for id_, _ in wanted)
            yield say(
                clause.words, facts=case.facts_of(fact for one in named for fact in one.because)
            )


def _brief(name: str, place: int) -> str:
    """Give a condition's name without what stands in brackets, as it stands in a sentence."""
    short = name.partition(" (")[0]
    return short if place == 0 else words.inside(short)


def _bones(case: Case) -> Iterator[Line]:
    text = words.words().letter
    lesions = case.given.lesions
    if not lesions:
        return
    count = len({(one.bone, one.laterality) for one in lesions})
    key = "bone" if count == 1 else "bones"
    shown = text[key].format(number=count, places=words.listed(dict.fromkeys(_places(case))))
    yield say(shown, facts=case.facts_of(id_ for one in lesions for id_ in one.because))


def _places(case: Case) -> Iterator[str]:
    """Name the part of the body of each lesion: the widest region that is not a trunk or body."""
    wide = set(words.words().wide)
    for one in case.given.lesions:
        chain = case.knowledge.places.get(one.bone, ())
        place = next((id_ for id_ in reversed(chain) if id_ not in wide), None)
        if place is not None and place in case.knowledge.regions_by_id:
            id_ = case.knowledge.regions_by_id[place].id
            side = one.laterality if one.laterality != "midline" else None
            yield words.site(words.region(id_, case.knowledge), side)


def _moved(one: Ranked, case: Case) -> Iterator[Line]:
    """Name what speaks most against a condition."""
    unsaid = words.words().unsaid
    moved = [one for one in one.contributions if one.log10 < 0 and one.finding not in unsaid]
    return (_contribution(part, case) for part in moved[:MOVED])


def _contribution(part: Contribution, case: Case) -> Line:
    label = case.brief(part.finding)
    shown = label if part.truth else words.words().letter["without"].format(finding=label)
    return say(shown, facts=case.facts_of(part.because))


def _sure(case: Case) -> Iterator[Text]:
    """Say how sure the first sentence is, and what speaks against haste."""
    text, leading = words.words().letter, _leading(case)
    differential = case.given.differential
    if not leading:
        why = differential.why if differential is not None else ""
        why = why or (text["sure_possible"] if _likeliest(case) is not None else "")
        yield Text((Run(text["how_sure"], "strong"), Run(why or text["nothing_known"])), "fine")
        return
    against = tuple(_moved(leading[0], case)) if leading[0].danger == "routine" else ()
    assert differential is not None  # noqa: S101 # it has what leads
    key = "sure_alone" if differential.alone else "sure_leads"
    line = [Run(text["how_sure"], "strong"), Run(text[key])]
    if against:
        line += [Run(text["sure_against"]), *joined(against, ", "), Run(".")]
    yield Text(tuple(line), "fine")


def _alarms(case: Case) -> Iterator[Alarm]:
    """Say what must be done first; where nothing stands, what was looked for and is not there."""
    text, flags = words.words().letter, case.given.red_flags
    if not flags and case.given.alarm:
        yield _danger_alarm(case)
    elif not flags:
        absent = [one for one in case.known(("sign", "symptom"), truth=False) if one.id in looked()]
        line = (Run(text["looked_for"]), *case.told(absent, most=2 * NAMED), Run("."))
        shown = Text(line if absent else say(text["nothing_looked_for"]), "fine")
        yield Alarm("calm", text["no_flag"], (shown,))
    if not flags:
        return
    first, *later = (
        (urgency, list(group)) for urgency, group in groupby(flags, key=lambda one: one.urgency)
    )
    blocks = [
        Text(
            (
                Run(f"{flag.label}.", "strong", case.facts_of(flag.because)),
                Run(f" {flag.action}"),
            )
        )
        for flag in first[1][:FLAGS]
    ]
    more = [("", first[1][FLAGS:])] if len(first[1]) > FLAGS else []
    more += [(f" ({words.words().by[urgency]})", group) for urgency, group in later]
    for when, group in more:
        named = "; ".join(words.inside(flag.label) for flag in group)
        blocks.append(Text(say(text["flags_more"].format(when=when, flags=named))))
    yield Alarm("act", words.words().urgency[first[0]], tuple(blocks))


def _danger_alarm(case: Case) -> Alarm:
    """Say that dangers to which something points are likelier than not, though no flag stands."""
    text, given = words.words().letter, case.given
    names = {one.id: one.name for one in given.dangers}
    named = [_brief(names[id_], 0) for id_ in given.alarm if id_ in names]
    line = say(text["danger_score"].format(names="; ".join(named[:MOVED])))
    urgency = given.urgency if given.urgency in ("emergency", "urgent", "soon") else "soon"
    return Alarm("act", words.words().urgency[urgency], (Text(line),))


def looked() -> frozenset[str]:
    """Give the findings whose absence is told where no flag stands."""
    return frozenset(words.words().looked_for)


def _unread(case: Case) -> Iterator[Alarm]:
    """Say what was not read and may decide, and what the record says and denies: never folded."""
    text, given = words.words().letter, reading(case.given)
    lines: list[Line] = [
        (
            Run(f"{one.kind}: "),
            Run(one.name, "strong", foreign=True),
            Run(f" ({one.where}). {one.matters}".rstrip(), foreign=True),
        )
        for one in given.first
        if one.telling
    ]
    if case.unread:
        lines.append(say(case.unread))
    lines += [
        (Run(f"{words.words().level[one.level]}: ", "strong"), Run(one.message, foreign=True))
        for one in case.given.issues
        if one.level is Level.ERROR
    ][:MOVED]
    if given.held:
        lines.append(say(given.held, "strong"))
    if lines:
        yield Alarm("check", text["check"], tuple(Text(line, "fine") for line in lines))


def _facts(case: Case) -> Iterator[tuple[str, Line]]:
    """Give the facts that decide, a line for each way of looking."""
    text = words.words().letter
    rows = (
        ("course", _story(case, COURSE, since=_begun(case))),
        ("examination", _story(case, ("sign",), since="")),
        *(
            (text.get(name, words.sentence(words.words().modality[name])), _images(case, name))
            for name in _made(case)
        ),
        ("tissue", _story(case, ("biopsy",), since="")),
        ("blood", _blood(case)),
        ("so_far", _so_far(case)),
    )
    for name, line in rows:
        if line:
            yield text.get(name, name), line


def _story(case: Case, kinds: tuple[str, ...], *, since: str) -> Line:
    """Tell what is there, and what was looked for and is not."""
    unsaid, denied = words.words().unsaid, words.words().denied
    present = (one for one in case.known(kinds, truth=True) if one.id not in unsaid)
    there = case.told(present, most=NAMED)
    absent = [one for one in case.known(kinds, truth=False) if one.id in denied]
    absent.sort(key=lambda one: denied.index(one.id))
    text = words.words().letter
    line: list[Run] = []
    if there:
        line += [Run(f"{words.sentence(since)}: " if since else ""), *there, Run(". ")]
    if absent:
        line += [Run(text["not"]), *case.told(absent[:DENIED], most=DENIED), Run(".")]
    return _capital(tuple(run for run in line if run.text))


def _capital(line: Line) -> Line:
    first, *rest = line or (Run(""),)
    return (Run(words.sentence(first.text), first.tone, first.facts), *rest) if line else ()


def _made(case: Case) -> list[str]:
    """Give the kinds of image that show something, in the order of the words."""
    seen = {fact.modality for fact in case.given.facts if _of_image(fact, case)}
    return [name for name in words.words().modality if name in seen]


def _of_image(fact: Fact, case: Case) -> bool:
    entry = case.knowledge.concepts_by_id.get(fact.concept)
    return entry is not None and entry.kind == "image" and fact.modality is not None


def _images(case: Case, modality: str) -> Line:
    """Tell what one kind of image shows, by place, and what it does not."""
    facts = [f for f in case.given.facts if f.modality == modality and _of_image(f, case)]
    by_place: dict[str, dict[str, list[int]]] = {}
    of_bones = any(fact.present and fact.bone for fact in facts)
    for fact in facts:
        if fact.present and (fact.bone or not of_bones):
            place = words.fact_site(fact, case.knowledge).partition(",")[0]
            if fact.concept not in words.words().general:
                at = by_place.setdefault(place, {}).setdefault(fact.concept, [])
                at.append(case.numbers[fact.id])
    days = sorted({fact.day for fact in facts if fact.day is not None})
    line: list[Run] = [Run(f"{words.when(days[-1])}. ")] if days else []
    for labels in by_place.values():
        for whole, *held in words.words().within:
            for id_ in held if whole in labels else ():
                labels.pop(id_, None)
    shown = [
        (
            Run(f"{words.sentence(place)}: " if place else ""),
            *joined(
                [say(case.brief(id_), facts=tuple(at)) for id_, at in list(labels.items())[:MOVED]],
                ", ",
            ),
        )
        for place, labels in list(by_place.items())[:PLACES]
    ]
    line += [*joined(shown), Run(". ")] if shown else []
    if (more := len(by_place) - PLACES) > 0:
        line.append(Run(words.words().letter["places_more"].format(number=more)))
    absent = dict.fromkeys(
        fact.concept
        for fact in facts
        if not fact.present and fact.concept not in words.words().general
    )
    if absent:
        named = (case.brief(id_) for id_ in list(absent)[:DENIED])
        line.append(Run(words.words().letter["not"] + ", ".join(named) + "."))
    return tuple(run for run in line if run.text)


def _blood(case: Case) -> Line:
    """Tell the latest values: those outside their interval first."""
    latest = [(lab, case.facts[lab.facts[-1]]) for lab in case.given.labs if lab.facts]
    out = [(lab, fact) for lab, fact in latest if fact.flag in ("low", "high")]
    counts = words.words().counts
    rest = [(lab, fact) for lab, fact in latest if fact.flag == "normal"]
    rest.sort(key=lambda one: counts.index(one[0].analyte) if one[0].analyte in counts else LAST)
    line = joined([_latest(lab, fact, case) for lab, fact in out[: 2 * NAMED]])
    if rest:
        named = joined(
            [
                (Run(f"{words.brief(lab.analyte, lab.label)} "), case.value(fact))
                for lab, fact in rest[:WITHIN]
            ],
            ", ",
        )
        more = len(rest) - WITHIN
        left = f" {words.words().say['and_more'].format(number=more)}" if more > 0 else ""
        start = ". " if line else ""
        line = (*line, Run(f"{start}{words.words().letter['within']}"), *named, Run(left))
    return (*line, Run(".")) if line else ()


def _latest(lab: LabResult, fact: Fact, case: Case) -> Line:
    between = words.interval(fact.low, fact.high)
    before = [case.facts[id_] for id_ in lab.facts[:-1]]
    was = f", {words.words().letter['was']} {words.measured(before[-1])}" if before else ""
    arrow = words.words().arrow[fact.flag or "normal"]
    shown = f" {arrow} ({between}){was}" if between else f" {arrow}{was}"
    return (Run(f"{words.brief(lab.analyte, lab.label)} "), case.value(fact), Run(shown))


def _so_far(case: Case) -> Line:
    """Tell the treatments, each with its beginning."""
    found = [
        fact
        for fact in case.given.facts
        if (entry := case.knowledge.concepts_by_id.get(fact.concept)) is not None
        and entry.kind == "treatment"
        and fact.present
    ]
    first = {fact.concept: fact for fact in reversed(found)}
    told = [
        (
            Run(case.brief(id_), "", (case.numbers[fact.id],)),
            Run(
                f" {words.words().letter['since'].format(day=words.when(fact.day))}"
                if fact.day
                else ""
            ),
        )
        for id_, fact in list(first.items())[:NAMED]
    ]
    return (*_capital(joined(told, ", ")), Run(".")) if told else ()


def _beside(case: Case) -> Iterator[Block]:
    """Show where it is, small, and the values that are out of their interval or lead a count."""
    if case.given.lesions:
        yield Figure(
            partial(figures.small, case.given),
            words.listed(dict.fromkeys(case.site(one) for one in case.given.lesions)),
            words.sentence(words.listed(dict.fromkeys(_places(case)))),
        )


def _answered_first(case: Case) -> Iterator[Block]:
    """Give what must be answered first, by the test that answers it, and what is unlikely."""
    text, dangers = words.words().letter, case.given.dangers
    steps = case.given.steps
    if steps and steps[0].when == "watch" and not any(one.supported_by for one in dangers):
        yield Text(say(text["watched"].format(number=len(dangers))), "fine")
        return
    first = [one for one in dangers if one.tier == "answer"]
    first.sort(key=lambda one: -len(one.supported_by))
    order = {one.test: place for place, one in reversed(list(enumerate(first)))}
    first.sort(key=lambda one: order[one.test])
    if first:
        yield Table(
            "first",
            text["answer_first"],
            tuple(text["answer_head"].split("|")),
            tuple(
                _first_row(one, above, case)
                for above, one in zip((None, *first), first, strict=False)
            ),
        )
    flagged = bool(case.given.red_flags)
    unlikely = [one for one in dangers if one.tier == "unlikely" and not flagged]
    if unlikely:
        named = "; ".join(
            text["unlikely_one"].format(name=_brief(one.name, place), why=one.why)
            for place, one in enumerate(unlikely[:UNLIKELY])
        )
        more = len(dangers) - len(first) - min(len(unlikely), UNLIKELY)
        left = f" {text['others'].format(number=more)}" if more else ""
        yield Text((Run(text["unlikely"], "strong"), Run(f"{named}.{left}")), "fine")


def _first_row(one: Danger, above: Danger | None, case: Case) -> Row:
    text = words.words().letter
    known = [case.findings[id_] for id_ in one.supported_by if id_ in case.findings]
    signs = joined([say(case.brief(f.id), "quiet", facts=case.facts_of(f.because)) for f in known])
    why = (Run(f" {text['because']} ", "quiet"), *signs) if signs else ()
    tests = {test.id: test.brief or test.label for test in case.knowledge.tests}
    same = above is not None and above.test == one.test != ""
    test = text["same_test"] if same else tests.get(one.test, one.test_label) or text["no_test"]
    state = words.words().standing[one.standing or "unknown"]
    tone: Tone = "alarm" if one.standing != "done" else "quiet"
    return Row(((Run(_brief(one.name, 0), "strong"), *why), say(test), say(state, tone)))


def _next(steps: Iterable[Step]) -> Iterator[Block]:
    """Give the next steps: what, what must come before, who, and by when."""
    text = words.words().letter
    rows = []
    for place, one in enumerate(steps, start=1):
        before = text["first"].format(what="; ".join(one.before)) if one.before else ""
        why = "" if one.tests else f"{words.sentence(one.why)}."
        said = " ".join(filter(None, (before, why)))
        rows.append(
            Row(
                (
                    say(f"{place}"),
                    (
                        Run(words.sentence(one.what), "strong"),
                        Run(f" {said}" if said else "", "quiet"),
                    ),
                    say(f"{one.who}, {words.words().by[one.when]}", "quiet"),
                )
            )
        )
    if rows:
        head = tuple(text["steps_head"].split("|"))
        yield Table("steps", text["steps"], head, tuple(rows))


def _rest(case: Case) -> Iterator[tuple[str, Line]]:
    """Give the criteria, what would change the answer, what is not known, and the code."""
    text, given = words.words().letter, case.given
    sets = [one for one in given.criteria if one.id not in words.words().behind]
    if given.red_flags:
        yield text["criteria"], say(text["paused"])
    elif sets:
        yield text["criteria"], _sets(sets, case)
    if (told := changes(case)) and not given.red_flags:
        yield text["change"], say(" ".join(told))
    yield text["not_known"], _not_known(case)
    yield text["code"], _code(case)


def _sets(sets: Iterable[CriteriaResult], case: Case) -> Line:
    """Say in a few words what each set says; those that wait for answers are counted first."""
    text, waiting, told = words.words().letter, [], []
    for result in sets:
        entry = case.knowledge.criteria_by_id.get(result.id)
        name = entry.short if entry is not None else result.name
        if not result.decided and result.state_label.lower().startswith(text["undetermined"]):
            number = len(result.settles)
            key = "waits_one" if number == 1 else "waits" if number else "waits_for_all"
            waiting.append(text[key].format(name=name, number=number))
        else:
            state = words.inside(result.state_label).rstrip(".")
            told.append((Run(f"{name}: ", "strong"), Run(f"{state}.")))
    first = (Run(text["open_sets"], "strong"), Run(f"{', '.join(waiting)}.")) if waiting else ()
    return joined([first, *told], " ")


def changes(case: Case) -> tuple[str, ...]:
    """Say what would have to be found for another answer: the first few."""
    told = dict.fromkeys(_change(one, case) for one in case.given.would_change)
    return tuple(told)[:CHANGES]


def _change(one: Counterfactual, case: Case) -> str:
    """Say what would have to be found for another answer."""
    text = words.words().letter
    found = words.listed(
        (case.brief(name) if truth else text["no"].format(finding=case.brief(name)))
        for name, truth in one.answers
    )
    key = "would_lead" if one.changes == "leading" else "would_flag"
    to = words.words().by[one.to] if one.changes == "urgency" else ""
    return text[key].format(
        findings=words.sentence(found), name=words.inside(one.name.partition(" (")[0]), urgency=to
    )


def _not_known(case: Case) -> Line:
    text, given = words.words().letter, case.given
    every = case.regions(given.regions_imaged)
    count = len(given.regions_imaged)
    looked_at = "; ".join(every) if count <= REGIONS else text["regions"].format(number=count)
    parts = [text["imaged"].format(regions=looked_at) if looked_at else text["not_imaged"]]
    counts = reading(given).counts
    if counts:
        parts.append(counts)
    if given.missing:
        parts.append(text["not_recorded"].format(number=len(given.missing)))
    return say(" ".join(parts))


def _code(case: Case) -> Line:
    """Give the code of the disease where it is earned, else that of the symptom, and why."""
    text, coding = words.words().letter, case.given.coding
    also = " ".join(text["also"].format(code=one.code, title=one.title) for one in coding.also)
    if coding.code is not None:
        until = text["provisional"] if coding.provisional else text["code_said"]
        return (
            Run(coding.code, "strong", case.facts_of(coding.because)),
            Run(f" {coding.title}. {until}"),
            Run(f" {also}" if also else ""),
        )
    title = words.inside(coding.title or words.words().say["no_evidence"])
    symptom = coding.symptom
    return (
        *((Run(symptom.code, "strong"), Run(f" {symptom.title}. ")) if symptom else ()),
        Run(text["no_disease"].format(why=title)),
        Run(f" {also}" if also else ""),
    )
