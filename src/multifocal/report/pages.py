"""The pages behind the letter: what was measured and seen, how it was weighed, and everything."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial

import msgspec

from multifocal.knowledge.entries import CriteriaEntry
from multifocal.model.assessment import (
    Argument,
    CriteriaResult,
    Danger,
    ItemAnswer,
    LabResult,
    NextTest,
)
from multifocal.model.day import Day
from multifocal.model.differential import Contribution, Outcome, Ranked
from multifocal.model.issue import Issue
from multifocal.model.record import Fact
from multifocal.model.source import Citation
from multifocal.report import figures, plots, words
from multifocal.report.case import Case
from multifocal.report.document import (
    Block,
    Document,
    Figure,
    Heading,
    Items,
    Line,
    Page,
    Pairs,
    Part,
    Row,
    Run,
    Table,
    Text,
    joined,
    say,
)
from multifocal.report.plots import Axis, Bar, Threshold
from multifocal.report.reading import reading
from multifocal.report.sources import Bibliography, line
from multifocal.rules.nodes import Compare, Name, Node, Number, children

MOST = 5
"""Findings for, against and open that are shown of one condition."""
DECIBANS = 10
"""In a decade."""
SIGNS = {">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "=", "!=": "≠"}
SPOKEN = 3
"""Days that a row of the timeline names before it gives the first and the last only."""


def seen(case: Case) -> Page:
    """Compose the second page: laboratory, bones, timeline."""
    text = words.words().say
    parts = (
        Part("labs", text["labs_title"], tuple(_labs(case))),
        Part("maps", text["where"], tuple(_where(case))),
        Part("timeline", text["timeline_title"], tuple(_timeline(case))),
    )
    return Page("seen", text["page_seen"], parts)


def reasoning(case: Case) -> Page:
    """Compose the third page: what it could be and why, the criteria, what would settle them."""
    text, given = words.words().say, case.given
    parts = (
        Part("dangers", text["dangers"], tuple(_dangers(case))),
        Part("differential", text["differential"], tuple(_differential(case))),
        Part("criteria", text["criteria"], tuple(_criteria(case))),
        Part("tests", text["tests"], tuple(_tests(case))),
        Part("cautions", text["cautions"], (_cited_items(given.notes),)),
    )
    return Page("reasoning", text["page_reasoning"], tuple(part for part in parts if part.blocks))


def everything(case: Case) -> Page:
    """Compose all that is given on request: maps, items, missing answers, input, facts."""
    text = words.words().say
    parts = (
        Part("drawings", text["drawings"], tuple(_maps(case))),
        Part("code", text["code_title"], tuple(_code(case))),
        Part("arguments", text["arguments"], tuple(_arguments(case))),
        Part("missing", text["missing_title"], tuple(_missing(case))),
        Part("items", text["items"], tuple(_answers(case))),
        Part("not-read-all", text["not_read_all"], tuple(_not_read(case))),
        Part("issues", text["issues_title"], tuple(_issues(case))),
        Part("facts", text["facts_title"], (_facts(case),)),
    )
    return Page("everything", text["page_everything"], tuple(p for p in parts if p.blocks))


def sources(books: Bibliography) -> Page:
    """Compose the list of the sources that other pages cite."""
    rows = tuple(
        Row((say(str(one.number)), line(one)), id=f"source-{one.number}") for one in books.cited()
    )
    text = words.words().say
    table = Table("sources", text["sources"], (text["number"], text["source"]), rows)
    return Page("sources", text["sources_title"], (table,))


# What was measured and seen


def _labs(case: Case) -> Iterator[Block]:
    text = words.words().say
    labs = sorted(
        (lab for lab in case.given.labs if lab.facts), key=lambda lab: not _is_out(lab, case)
    )
    if not labs:
        yield Text(say(text["no_labs"]))
        return
    rows = tuple(_lab(lab, case) for lab in labs)
    yield Table("labs", text["labs"], tuple(text["labs_head"].split("|")), rows)


def _is_out(lab: LabResult, case: Case) -> bool:
    return case.facts[lab.facts[-1]].flag in ("low", "high")


def _lab(lab: LabResult, case: Case) -> Row:
    facts = [case.facts[id_] for id_ in lab.facts]
    last = facts[-1]
    flag = f" {words.words().flag[last.flag]}" if last.flag else ""
    shown = words.interval(last.low, last.high, last.unit)
    told = ", ".join(f"{words.measured(one)} ({words.when(one.day)})" for one in facts)
    before = joined([_earlier(one, case) for one in reversed(facts[:-1])])
    text = words.words().say
    return Row(
        (
            say(lab.label),
            (case.value(last), Run(f"{flag}, {words.when(last.day)}", "quiet")),
            (
                Run(shown or text["none"]),
                Run(f" {_whose(last, lab.interval)}", "quiet", cite=lab.interval),
                *((Run(f" {text['before']} ", "quiet"), *before) if before else ()),
            ),
            Figure(
                partial(_lab_plot, tuple(facts), f"{lab.label}: {told}"),
                f"{lab.label}: {told}",
                wide=False,
            ),
        )
    )


def _lab_plot(facts: Sequence[Fact], alt: str, theme: plots.Theme) -> str:
    return plots.lab(facts, theme=theme, alt=alt)


def _earlier(fact: Fact, case: Case) -> Line:
    flag = f" {words.words().flag[fact.flag]}" if fact.flag else ""
    return (case.value(fact), Run(f"{flag}, {words.when(fact.day)}", "quiet"))


def _whose(fact: Fact, citation: Citation | None) -> str:
    text = words.words()
    if fact.interval == "laboratory":
        return text.say["of_laboratory"]
    if fact.interval == "knowledge":
        sure = f", {text.certainty[citation.certainty]}" if citation else ""
        return f"{text.say['of_ours']}{sure}"
    return text.say["of_nobody"]


def _where(case: Case) -> Iterator[Block]:
    text, given = words.words().say, case.given
    lines = []
    for lesion in given.lesions:
        features = words.listed(
            words.inside(words.concept(id_, case.knowledge)) for id_ in lesion.features
        )
        days = [words.when(day) for day in (lesion.first_seen, lesion.last_seen) if day is not None]
        made = words.listed(words.words().modality[name] for name in lesion.modalities)
        lines.append(
            (
                Run(words.sentence(case.site(lesion)), "strong", case.facts_of(lesion.because)),
                Run(f": {features}. "),
                Run(", ".join(filter(None, (made, " to ".join(dict.fromkeys(days))))), "quiet"),
            )
        )
    yield Items(tuple(lines)) if lines else Text(say(text["no_lesion"]))
    looked = "; ".join(case.regions(given.regions_imaged)) or text["not_imaged"]
    yield Text(say(text["imaged"].format(regions=looked)), "fine")
    if case.unread:
        yield Text(say(case.unread), "caution")


def _maps(case: Case) -> Iterator[Block]:
    text, lesions = words.words().say, case.given.lesions
    told = words.listed(dict.fromkeys(map(case.site, lesions))) or text["no_lesion"]
    for name, draw in (("hands", figures.hands), ("body", figures.body)):
        drawing = partial(_map, draw, case)
        yield Figure(drawing, f"{text[name]}. {words.sentence(told)}", text[name])


def _map(draw: figures.Draw, case: Case, theme: plots.Theme) -> str:
    return draw(case.given, knowledge=case.knowledge, theme=theme)


def _timeline(case: Case) -> Iterator[Block]:
    text = words.words().say
    rows: dict[tuple[str, str], list[Fact]] = {}
    for fact in case.given.facts:
        if (key := _timeline_key(fact, case)) is not None:
            rows.setdefault(key, []).append(fact)
    if not rows:
        yield Text(say(text["no_timeline"]))
        return
    order = list(words.words().group)
    bars = {key: _bars(key[0], facts, case.given.as_of) for key, facts in rows.items()}
    axis = _axis([bar for found in bars.values() for bar in found], case.given.as_of)
    shown = sorted(rows.items(), key=lambda one: (order.index(one[0][0]), _first_day(one[1])))
    days = plots.ticks(axis) if axis else ()
    head = Figure(partial(_scale, axis, days), text["axis"], wide=False)
    first = (Row((say(""), say(""), head)),) if axis else ()
    lines = tuple(
        Row(
            (
                say(key[1], facts=case.facts_of(fact.id for fact in facts)),
                say(_spoken(key[0], facts), "quiet"),
                Figure(partial(_row, bars[key], axis, days), "", wide=False),
            )
        )
        for key, facts in shown
    )
    heads = tuple(text["timeline_head"].split("|"))
    yield Table("timeline", text["timeline"], heads, (*first, *lines))


def _scale(axis: Axis | None, days: Sequence[date], theme: plots.Theme) -> str:
    return plots.scale(axis, days, theme=theme) if axis else ""


def _row(bars: Sequence[Bar], axis: Axis | None, days: Sequence[date], theme: plots.Theme) -> str:
    return plots.row(bars, axis, days, theme=theme) if axis and bars else ""


def _timeline_key(fact: Fact, case: Case) -> tuple[str, str] | None:
    """Give the group and row that a fact stands in; None when the timeline leaves it out."""
    entry, said = case.knowledge.concepts_by_id.get(fact.concept), words.words()
    if entry is None:
        return None
    modality = fact.modality or entry.modality
    match entry.kind:
        case "symptom" | "condition" if fact.present:
            return "symptom", entry.label
        case "sign" if fact.present:
            return "sign", said.group["sign"]
        case "lab" | "result":
            return "test", said.group["test"]
        case "study" | "biopsy" if not fact.present:
            return None
        case "image" | "study":
            name = said.modality[modality] if modality else said.group["image"]
            unread = f", {said.say['result_not_read']}" if fact.unread else ""
            return "image", words.sentence(name) + unread
        case "biopsy":
            return "biopsy", said.group["biopsy"]
        case "treatment" if fact.present:
            return "treatment", entry.label
        case _:
            return None


def _lasting(group: str, facts: Iterable[Fact]) -> list[Fact]:
    """Give the facts whose day is a beginning, not only the day on which it was told."""
    dated = [fact for fact in facts if fact.day is not None]
    return [fact for fact in dated if group == "treatment" or (group == "symptom" and fact.onset)]


def _bars(group: str, facts: Sequence[Fact], as_of: date) -> tuple[Bar, ...]:
    today, since = Day(as_of, as_of), _lasting(group, facts)
    bars = tuple(
        dict.fromkeys(
            Bar(fact.day, fact.ended or today, ongoing=fact.ended is None)
            if fact in since
            else Bar(fact.day, fact.day)
            for fact in facts
            if fact.day is not None
        )
    )
    return (
        tuple(bar for bar in bars if not any(_holds(other, bar) for other in bars))
        if since
        else bars
    )


def _holds(other: Bar, bar: Bar) -> bool:
    """Whether a bar lies inside another."""
    return (
        (other.start, other.end) != (bar.start, bar.end)
        and other.start.earliest <= bar.start.earliest
        and bar.end.latest <= other.end.latest
    )


def _spoken(group: str, facts: Sequence[Fact]) -> str:
    lasting, text = _lasting(group, facts), words.words().say
    days = sorted({fact.day for fact in lasting or facts if fact.day is not None})
    if not days:
        return words.when(None)
    first, last = words.when(days[0]), words.when(days[-1])
    if not lasting:
        many = text["days"].format(first=first, last=last, number=len(days))
        return ", ".join(map(words.when, days)) if len(days) <= SPOKEN else many
    ends = [fact.ended for fact in lasting]
    if None in ends:
        return text["no_end"].format(first=first)
    return f"{first} to {words.when(max(end for end in ends if end is not None))}"


def _first_day(facts: Iterable[Fact]) -> date:
    return min((fact.day.earliest for fact in facts if fact.day is not None), default=date.max)


def _axis(bars: Sequence[Bar], as_of: date) -> Axis | None:
    firsts = [bar.start.earliest for bar in bars]
    return Axis(min(firsts), max(as_of, min(firsts))) if firsts else None


# How it was weighed


def _dangers(case: Case) -> Iterator[Block]:
    text, dangers = words.words().say, case.given.dangers
    if not dangers:
        yield Text(say(text["no_danger"]))
        return
    rows = tuple(_danger(one, case) for one in dangers if one.tier == "answer")
    if rows:
        yield Pairs(rows)
    for tier in ("unlikely", "other"):
        same = [
            (Run(one.name, cite=one.source), Run(f" ({one.why})" if one.why else ""))
            for one in dangers
            if one.tier == tier
        ]
        if same:
            yield Text((Run(f"{text[f'tier_{tier}']} ", "strong"), *joined(same), Run(".")), "fine")


def _danger(one: Danger, case: Case) -> tuple[str, Line]:
    text = words.words()
    signs = joined(
        [
            say(case.label(id_), facts=case.facts_of(case.findings[id_].because), shown=True)
            for id_ in one.supported_by
            if id_ in case.findings
        ]
    )
    points = (Run(text.say["points_to_it"]), *signs, Run(". ")) if signs else ()
    answered = text.say["answered_by"].format(test=one.test_label, standing=one.standing)
    excluded = text.say["would_exclude"].format(findings="; ".join(one.excluded_by))
    return one.name, (
        Run(text.danger[one.urgency], "tag", cite=one.source),
        Run(" "),
        *points,
        Run(f"{answered} " if one.test else ""),
        Run(excluded if one.excluded_by else "", "quiet"),
    )


def _differential(case: Case) -> Iterator[Block]:
    given, text = case.given.differential, words.words().say
    if given is None:
        return
    yield Text(say(_intro(case)), "fine")
    if given.abstained:
        yield Text(say(f"{given.why} {text['abstained']}"), "caution")
    told = [
        one for one in given.ranked if one.contributions and one.band in ("leading", "possible")
    ]
    shown = [] if given.abstained else told[:3]
    for one in shown:
        yield from _condition(one, case)
    names: dict[str, list[str]] = {}
    for one in given.ranked:
        if one not in shown:
            names.setdefault(one.band, []).append(one.name)
    yield Pairs(
        tuple(
            (words.words().band[band], say("; ".join(names[band])))
            for band in ("leading", "possible", "can't be excluded", "unlikely")
            if band in names
        )
    )


def _intro(case: Case) -> str:
    given, text = case.given.differential, words.words().say
    assert given is not None  # noqa: S101 # asked for only where there is one
    setting = next(
        one.label for one in case.knowledge.differential.model.setting if one.id == given.setting
    )
    moved = text["moved_by"].format(known=given.known, published=_percent(given.published_share))
    by = moved if given.known else text["moved_by_nothing"]
    return f"{text['ranked_for'].format(setting=setting)} {by} {text['bands']}"


def _condition(one: Ranked, case: Case) -> Iterator[Block]:
    text = words.words()
    danger = "" if one.danger == "routine" else f", {text.danger[one.danger]}"
    form = case.knowledge.conditions_by_id[one.form].name if one.form else ""
    yield Heading((Run(one.name, "strong"), Run(f": {text.band[one.band]}{danger}")))
    if form:
        yield Text(say(text.say["form"].format(form=words.inside(form))), "fine")
    stand = partial(_stand, one)
    yield Figure(stand, text.band[one.band], wide=False)
    for key, sign in (("speaks_for_it", 1), ("speaks_against_it", -1)):
        moved = [part for part in one.contributions if part.log10 * sign > 0]
        if moved:
            more = len(moved) - MOST
            left = say(text.say["and_more"].format(number=more)) if more > 0 else ()
            lines = [_moved(part, case) for part in moved[:MOST]]
            yield Text((Run(f"{text.say[key]}: ", "quiet"), *joined([*lines, left]), Run(".")))
    unknown = _unknown(one, case)
    if unknown:
        yield Text(say(f"{text.say['unknown_of_it']}: {'; '.join(unknown)}.", "quiet"), "fine")


def _stand(one: Ranked, theme: plots.Theme) -> str:
    alt = words.words().band[one.band]
    return plots.stand(one.low, one.probability, one.high, theme=theme, alt=alt)


def _moved(part: Contribution, case: Case) -> Line:
    """Name a finding with how far it moved the condition, and whether that was published."""
    text = words.words().say
    kind = text["published"] if part.published else text["judged"]
    weight = words.signed(part.log10 * DECIBANS)
    return (
        Run(
            case.label(part.finding, truth=part.truth),
            facts=case.facts_of(part.because),
            shown=True,
            cite=part.source,
        ),
        Run(f" ({weight}, {kind})", "quiet"),
    )


def _unknown(one: Ranked, case: Case) -> list[str]:
    """Give the signs that would decide on it and are not known."""
    entry = case.knowledge.conditions_by_id[one.condition]
    signs = dict.fromkeys(sign.finding for sign in (*entry.rule_in, *entry.rule_out))
    open_ = [id_ for id_ in signs if id_ in case.findings and case.findings[id_].truth is None]
    return [case.label(id_) for id_ in open_[:MOST]]


def _criteria(case: Case) -> Iterator[Block]:
    text = words.words().say
    if not case.given.criteria:
        yield Text(say(text["no_criteria"]))
    for result in case.given.criteria:
        yield Heading((Run(result.name, "strong", cite=result.source),))
        yield Text(_state(result, case))
        thresholds = limits(case.knowledge.criteria_by_id.get(result.id), case)
        if result.low is not None and result.high is not None and result.maximum is not None:
            yield Figure(
                partial(_score, result, thresholds), _points(result, thresholds), wide=False
            )
        yield Text(say(result.label, "quiet"), "fine")
        labels = {item.name: item.label for item in result.items}
        settles = [labels.get(name, words.named(name)) for name in result.settles]
        if settles:
            yield Text(say(text["settles"].format(what="; ".join(settles))), "fine")


def _state(result: CriteriaResult, case: Case) -> Line:
    open_ = "" if result.decided else f" ({words.words().letter['open']})"
    because = case.facts_of(id_ for item in result.items for id_ in item.because)
    points = _points(result, ())
    return (
        Run(f"{result.state_label}{open_}"),
        Run(f". {points}" if points else "", facts=because if points else ()),
    )


def _points(result: CriteriaResult, thresholds: Sequence[Threshold]) -> str:
    if result.low is None or result.high is None:
        return ""
    whole = "" if result.maximum is None else f" of {result.maximum}"
    shown = ", ".join(f"{limit.sign} {limit.at:g}" for limit in thresholds)
    return f"{_range(result.low, result.high)}{whole} points" + (
        f"; threshold {shown}" if shown else ""
    )


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _score(result: CriteriaResult, thresholds: Sequence[Threshold], theme: plots.Theme) -> str:
    low, high, most = result.low or 0, result.high or 0, result.maximum or 0
    return plots.score(low, high, most, thresholds, theme=theme, alt=_points(result, thresholds))


def limits(entry: CriteriaEntry | None, case: Case) -> tuple[Threshold, ...]:
    """Give the scores at which the rows of a set change its answer."""
    if entry is None:
        return ()
    texts = [row.when for choice in entry.choice for row in choice.rows]
    texts += [value.rule for value in entry.value]
    rules = (rule for text in texts if (rule := case.knowledge.rules.get(text)) is not None)
    found = {
        (node.right.value, SIGNS[node.op])
        for rule in rules
        for node in _walk(rule)
        if isinstance(node, Compare)
        and node.left == Name("score")
        and isinstance(node.right, Number)
    }
    return tuple(Threshold(at, sign) for at, sign in sorted(found))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from _walk(child)


def _tests(case: Case) -> Iterator[Block]:
    tests = case.given.next_tests
    if tests:
        yield Pairs(tuple((one.label, _test(one, case)) for one in tests))


def _test(one: NextTest, case: Case) -> Line:
    text = words.words().say
    burden = "; ".join(
        f"{dimension.label}: {words.named(step)}"
        for dimension in case.knowledge.burdens
        if (step := one.burden.get(dimension.id, dimension.steps[0])) != dimension.steps[0]
    )
    reason = one.reason or would_answer(one, case)
    return (
        Run(" ".join([f"{reason.rstrip('.')}.", *outcomes(one.outcomes, case)]), cite=one.source),
        Run(f" {text['burden'].format(what=burden or text['light'])}", "quiet"),
    )


def would_answer(test: NextTest, case: Case) -> str:
    """Say what a test would answer, the most telling first."""
    telling = dict.fromkeys((*(one.finding for one in test.outcomes), *test.answers))
    shown = [words.inside(case.label(name)) for name in telling]
    more = len(shown) - MOST
    key = "would_answer_more" if more > 0 else "would_answer"
    return words.words().say[key].format(findings="; ".join(shown[:MOST]), number=more)


def outcomes(told: Sequence[Outcome], case: Case) -> tuple[str, ...]:
    """Say what each result of a test would do; one that changes nothing first is told as one."""
    text = words.words().say
    if not told:
        return ()
    finding = words.inside(case.label(told[0].finding))
    question = text["outcome_question"].format(finding=finding)
    if len(told) > 1 and len({one.leading for one in told}) == 1:
        return (f"{question} {text['outcome_same'].format(name=_named(told[0].leading, case))}",)
    return (question, *(_outcome(one, case) for one in told))


def _outcome(one: Outcome, case: Case) -> str:
    text = words.words().say
    key = "outcome_present" if one.truth else "outcome_absent"
    return text[key].format(name=_named(one.leading, case))


def _named(condition: str, case: Case) -> str:
    """Name a condition; of one that calms it is said that nothing is excluded by it."""
    name = words.inside(case.knowledge.conditions_by_id[condition].name)
    calming = condition in case.knowledge.differential.model.calming
    return words.words().say["calms"].format(name=name) if calming else name


# Everything


def _code(case: Case) -> Iterator[Block]:
    text, coding = words.words().say, case.given.coding
    line = (
        Run(coding.code or text["no_code"], "strong", case.facts_of(coding.because), shown=True),
        Run(" "),
        Run(coding.title or text["no_evidence"], cite=coding.source),
    )
    yield Text(line)
    yield Text(say(coding.reason))
    for one in (*coding.also, *([coding.symptom] if coding.symptom else [])):
        yield Text((Run(one.code, "strong"), Run(f" {one.title}")))
    if coding.who:
        yield Text(say(text["who"].format(code=coding.who), "quiet"), "fine")
    if why := coding.symptom_reason:
        yield Text(say(why, "quiet"), "fine")
    if coding.caution:
        yield Text(say(coding.caution), "caution")


def _arguments(case: Case) -> Iterator[Block]:
    text = words.words().say
    for speaks, title, otherwise in (
        ("for", "speaks_for", "nothing_for"),
        ("against", "speaks_against", "nothing_against"),
    ):
        lines = tuple(_argument(one, case) for one in case.given.arguments if one.speaks == speaks)
        yield Heading(say(text[title]))
        yield Items(lines) if lines else Text(say(text[otherwise]))


def _argument(one: Argument, case: Case) -> Line:
    truth = case.findings[one.finding].truth if one.finding in case.findings else None
    label = case.label(one.finding, truth=truth)
    facts = case.facts_of(one.because)
    return (Run(label, facts=facts, shown=True, cite=one.source), Run(f" {one.strength}", "quiet"))


def _missing(case: Case) -> Iterator[Block]:
    text, gaps = words.words().say, case.given.missing
    if not gaps:
        yield Text(say(text["no_missing"]))
        return
    sets = [result.name for result in case.given.criteria]
    rows = tuple((case.label(one.finding), say(_settled(one.settles, sets))) for one in gaps)
    yield Text(say(text["missing"]), "fine")
    yield Pairs(rows)


def _settled(questions: Iterable[str], sets: Sequence[str]) -> str:
    """Gather questions that begin alike: "can exclude: A", "can exclude: B"."""
    gathered: dict[str, dict[str, None]] = {}
    for question in questions:
        named = next((name for name in sets if question.startswith(f"{name}: ")), None)
        what = question.partition(": ")[0] if named is None else named
        gathered.setdefault(what, {})[question.removeprefix(f"{what}: ")] = None
    return ". ".join(
        f"{words.sentence(what)}: {'; '.join(parts)}" for what, parts in gathered.items()
    )


def _answers(case: Case) -> Iterator[Block]:
    text = words.words().say
    heads = tuple(text["items_head"].split("|"))
    for result in case.given.criteria:
        rows = tuple(_item(item, case) for item in result.items)
        yield Table("items", result.name, heads, rows)
        if result.note:
            yield Text(say(text["hand"].format(note=result.note)), "fine")
        entry = case.knowledge.criteria_by_id.get(result.id)
        for study in () if entry is None else entry.performance:
            told = (
                text["study"].format(name=text[name], share=_percent(share))
                for name, share in (
                    ("sensitivity", study.sensitivity),
                    ("specificity", study.specificity),
                )
                if share is not None
            )
            line = f"{study.setting}: {', '.join(told)}"
            yield Text(say(line, "quiet", cite=study.source), "fine")


def _item(item: ItemAnswer, case: Case) -> Row:
    facts = case.facts_of(item.because)
    points = "" if item.points is None else _range(*item.points)
    tone = "" if item.state == "known" else "quiet"
    return Row(
        (
            (Run(item.label, cite=item.source),),
            say(item.shown, tone, facts=facts),  # type: ignore[arg-type] # a tone
            say(points),
            (Run("", facts=facts, shown=True),),
        )
    )


def _not_read(case: Case) -> Iterator[Block]:
    text, every = words.words().say, reading(case.given).every
    if every:
        yield Text(say(text["not_read_said"]), "fine")
        yield Items(
            tuple(
                (
                    Run(f"{text['check_it']} " if one.telling else "", "alarm"),
                    Run(f"{one.kind}: "),
                    Run(one.name, "strong", foreign=True),
                    Run(f" ({one.where}). {one.matters}", "quiet", foreign=True),
                )
                for one in every
            )
        )


def _issues(case: Case) -> Iterator[Block]:
    text, issues = words.words().say, case.given.issues
    if not issues:
        yield Text(say(text["no_issues"]))
        return
    names = {one.place: words.short(one.name) for one in case.given.not_read}
    heads = tuple(text["issues_head"].split("|"))
    rows = tuple(_issue(one, names.get(one.where, "")) for one in issues)
    yield Table("issues", text["issues"], heads, rows)


def _issue(one: Issue, name: str) -> Row:
    text = words.words()
    times = text.say["once"] if one.count == 1 else text.say["times"].format(number=one.count)
    place = one.where + (f" ({name})" if name else "")
    where = say(place, foreign=True)
    return Row((say(text.level[one.level]), where, say(one.message, foreign=True), say(times)))


def _facts(case: Case) -> Block:
    text = words.words().say
    if not case.given.facts:
        return Text(say(text["no_facts"]))
    heads = tuple(text["facts_head"].split("|"))
    rows = tuple(_fact(number, fact, case) for number, fact in enumerate(case.given.facts, start=1))
    return Table("facts", text["facts"], heads, rows)


def _fact(number: int, fact: Fact, case: Case) -> Row:
    text = words.words().say
    between = words.interval(fact.low, fact.high, fact.unit)
    ended = f" to {words.when(fact.ended)}" if fact.ended else ""
    recorded = text["recorded"].format(day=words.when(fact.recorded)) if fact.recorded else ""
    when = f"{words.when(fact.day)}{ended}" if fact.day is not None else recorded
    return Row(
        (
            say(str(number), "quiet"),
            (
                Run(words.concept(fact.concept, case.knowledge)),
                Run("" if fact.present else f" {text['not_there']}", "tag"),
                Run(f" {text['result_not_read']}" if fact.unread else "", "tag"),
            ),
            (Run(words.measured(fact)), Run(f" ({between})" if between else "", "quiet")),
            say(when),
            say(words.sentence(words.fact_site(fact, case.knowledge))),
            (
                Run(words.clean(fact.origin.text), foreign=True),
                Run(" "),
                Run(words.clean(fact.origin.resource), "quiet", foreign=True),
            ),
        ),
        id=f"fact-{number}",
    )


def _cited_items(notes: Iterable[tuple[str, Citation]]) -> Items:
    return Items(tuple((Run(text, cite=at),) for text, at in notes))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}".replace(".0%", "%").replace("%", " %")


def with_sources(document: Document, books: Bibliography) -> Document:
    """Give a document with the list of its sources behind it, where it cites any."""
    if not books.cited():
        return document
    return msgspec.structs.replace(document, pages=(*document.pages, sources(books)))
