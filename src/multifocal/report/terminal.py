"""The work-up as text for a terminal, a pipe or a file: 80 columns are enough, colour is extra."""

import io
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report.arrange import arrange
from multifocal.report.console import in_memory
from multifocal.report.plots import Axis, Bar
from multifocal.report.sheet import (
    ArgumentView,
    ContributionView,
    CriteriaView,
    DangerView,
    FactRange,
    NotReadView,
    Settled,
    Sheet,
    TimelineRow,
    ValueView,
)
from multifocal.report.sources import Ref
from multifocal.report.words import words

WIDTH = 80
BAR = 30
INDENT = 2
ALARM, HEAD, QUIET, STRONG = "bold red", "bold", "dim", "bold"


class Heading:
    """A section's heading over a line; the alarm is a word, never a colour alone."""

    def __init__(self, text: str, *, alarm: bool = False) -> None:
        """Keep the text."""
        self.text, self.alarm = text, alarm

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Print an empty line, the heading, and a line as wide as the page."""
        yield Text()
        yield Text(self.text, style=ALARM if self.alarm else HEAD)
        yield Text(("━" if self.alarm else "─") * min(options.max_width, WIDTH), style=QUIET)


def render(
    assessment: Assessment, *, knowledge: Knowledge, colour: bool, width: int = WIDTH
) -> str:
    """Give the work-up as text, with terminal colours or without any."""
    return "".join(parts(assessment, knowledge=knowledge, colour=colour, width=width))


def parts(
    assessment: Assessment, *, knowledge: Knowledge, colour: bool, width: int = WIDTH
) -> Iterator[str]:
    """Give the same part by part, so that the first lines can be read while others are set."""
    console = in_memory(width, colour=colour)
    for part in _page(arrange(assessment, knowledge=knowledge)):
        console.file = io.StringIO()
        console.print(part, markup=False, highlight=False, emoji=False)
        for line in console.file.getvalue().splitlines():
            yield line.rstrip() + "\n"


def print_assessment(assessment: Assessment, console: Console, *, knowledge: Knowledge) -> None:
    """Print the work-up, in the order of the page."""
    sheet = arrange(assessment, knowledge=knowledge)
    for part in _page(sheet):
        console.print(part, markup=False, highlight=False, emoji=False)


def _page(sheet: Sheet) -> Iterable[RenderableType]:
    yield from _masthead(sheet)
    yield from _reading(sheet)
    yield from _plain(sheet)
    yield from _red_flags(sheet)
    yield from _dangers(sheet)
    if not sheet.paused:
        yield from _differential(sheet)
        yield from _verdict(sheet)
    if sheet.cautions:
        yield Heading("Cautions")
        for caution in sheet.cautions:
            yield _item(Text.assemble(caution.text, _ref(caution.ref)))
    yield from _where(sheet)
    yield from _timeline(sheet)
    yield from _labs(sheet)
    yield from _missing(sheet)
    yield from _next_tests(sheet)
    if sheet.paused:
        yield Heading(words().say["paused"])
        yield _block(Text("They are in the HTML and PDF forms of this work-up."))
    else:
        yield from _arguments(sheet)
        yield from _answers(sheet)
    yield from _input(sheet)
    yield from _sources(sheet)
    yield Text()
    yield Text(words().say["judgement"], style=STRONG)


def _masthead(sheet: Sheet) -> Iterable[RenderableType]:
    if sheet.synthetic:
        yield Text(words().say["synthetic"])
    yield Text(words().say["title"])
    yield Text(sheet.name or words().say["no_name"], style=STRONG)
    yield Text(f"{sheet.age}, {sheet.sex}, as of {sheet.as_of}")
    yield Text(
        f"knowledge {sheet.knowledge_version}, multifocal {sheet.software_version}", style=QUIET
    )
    if sheet.paused:
        yield Text(f"RED FLAGS: {len(sheet.red_flags)}. {sheet.red_flags[0].urgency}", style=ALARM)


def _reading(sheet: Sheet) -> Iterable[RenderableType]:
    given = sheet.reading
    if not given.heading:
        return
    yield Heading(given.heading, alarm=given.telling)
    if given.counts:
        yield _block(Text(given.counts))
    yield from map(_not_read, given.first)
    if given.more:
        yield _item(Text(f"{given.more}. {words().say['not_read_list']}"))
    if given.held:
        yield _block(Text(given.held, style=STRONG))


def _not_read(one: NotReadView) -> RenderableType:
    check = f"{words().say['check_it'].upper()} " if one.telling else ""
    return _item(
        Text.assemble(
            (check, ALARM),
            f"{one.kind}: ",
            (one.name, STRONG),
            (f" ({one.where})", QUIET),
            f". {one.matters}" if one.matters else "",
        )
    )


def _plain(sheet: Sheet) -> Iterable[RenderableType]:
    yield Heading("In plain words")
    for place, passage in enumerate(sheet.summary):
        heading = Text(passage.heading, style=ALARM if passage.id == "now" else STRONG)
        yield from _gap(place)
        yield _block(Text.assemble(heading, _ref(passage.ref)))
        if passage.id == "help":
            yield _block(Text(passage.sentences[0]))
            yield from (_item(Text(sentence)) for sentence in passage.sentences[1:])
        else:
            yield _block(Text(" ".join(passage.sentences)))


def _red_flags(sheet: Sheet) -> Iterable[RenderableType]:
    if not sheet.red_flags:
        yield Heading("Red flags")
        yield _block(Text(words().say["no_red_flag"]))
        return
    yield Heading(f"RED FLAGS. {words().say['act_first']}", alarm=True)
    for place, flag in enumerate(sheet.red_flags):
        yield from _gap(place)
        yield _block(Text(flag.urgency.upper(), style=ALARM))
        yield _block(Text.assemble((flag.label, STRONG), _ref(flag.ref), _facts(flag.facts)))
        yield _block(Text(flag.action))
        if flag.signs:
            yield _block(Text(f"Because of: {'; '.join(flag.signs)}", style=QUIET))


def _dangers(sheet: Sheet) -> Iterable[RenderableType]:
    yield Heading("Dangerous conditions not excluded yet")
    if not sheet.dangers:
        yield _block(Text(words().say["no_danger"]))
    for danger in (one for one in sheet.dangers if one.tier == "answer"):
        yield _block(Text.assemble((danger.name, STRONG), f" ({danger.urgency})", _ref(danger.ref)))
        if danger.supported_by:
            signs = (Text.assemble(sign.label, _facts(sign.facts)) for sign in danger.supported_by)
            yield _block(Text.assemble("Points to it: ", Text("; ").join(signs)), depth=2)
        if danger.test:
            yield _block(Text(f"Answered by: {danger.test}"), depth=2)
        if danger.excluded_by:
            excluding = f"Would exclude it: {'; '.join(danger.excluded_by)}"
            yield _block(Text(excluding, style=QUIET), depth=2)
    for title, rest in _rest_of(sheet.dangers):
        yield _block(Text.assemble((f"{title} ", STRONG), Text("; ").join(rest)))


def _rest_of(dangers: Iterable[DangerView]) -> Iterable[tuple[str, list[Text]]]:
    """Give the dangers that are not to be answered first, in a line for each tier."""
    say = words().say
    for tier in ("unlikely", "other"):
        rest = [
            Text.assemble(one.name, f" ({one.why})" if one.why else "", _ref(one.ref))
            for one in dangers
            if one.tier == tier
        ]
        if rest:
            yield say[f"tier_{tier}"], rest


def _differential(sheet: Sheet) -> Iterable[RenderableType]:
    if sheet.differential is None:
        return
    say, given = words().say, sheet.differential
    yield Heading("What it could be")
    yield _block(Text(given.intro, style=QUIET))
    for warning in filter(None, (given.caution, given.why)):
        yield _block(Text(warning, style=STRONG))
    if given.conditions:
        yield _block(Text(say["decibans"], style=QUIET))
    for one in given.conditions:
        yield Text()
        danger = f" ({one.danger})" if one.danger else ""
        yield _block(Text.assemble((one.name, STRONG), f": {one.band}{danger}"))
        for line in filter(None, (one.form, f"{say['what_moved']} {one.rests_on}")):
            yield _block(Text(line, style=QUIET), depth=2)
        yield from _moved(say["speaks_for_it"], one.speaks_for)
        yield from _moved(say["speaks_against_it"], one.speaks_against)
        if one.unknown:
            yield _block(Text(f"{say['unknown_of_it']}: {'; '.join(one.unknown)}"), depth=2)
    for band in given.bands:
        yield Text()
        yield _block(Text.assemble((f"{band.label}: ", STRONG), "; ".join(band.names)))
    if given.changes:
        yield Text()
        yield _block(Text(say["would_change"], style=STRONG))
        yield _block(Text(say["would_change_said"], style=QUIET))
        yield from (_item(Text(change)) for change in given.changes)


def _moved(name: str, moves: Sequence[ContributionView]) -> Iterable[RenderableType]:
    if not moves:
        return
    parts = (
        Text.assemble(
            f"{one.label} {one.weight}",
            "" if one.published else " (judgement)",
            _facts(one.facts),
        )
        for one in moves
    )
    yield _block(Text.assemble(f"{name}: ", Text("; ").join(parts)), depth=2)


def _verdict(sheet: Sheet) -> Iterable[RenderableType]:
    coding = sheet.coding
    yield Heading("Code (ICD-10-CM, a suggestion to check)")
    yield _block(
        Group(
            Text.assemble(
                (coding.code or words().say["no_code"], STRONG),
                f"  {coding.title}",
                _ref(coding.ref),
            ),
            Text.assemble(coding.reason, _facts(coding.facts)),
            *([Text(coding.caution)] if coding.caution else []),
        )
    )
    yield Heading("Criteria and scores")
    if not sheet.criteria:
        yield _block(Text(words().say["no_criteria"]))
    for place, criteria in enumerate(sheet.criteria):
        yield from _gap(place)
        yield _block(Group(*_criteria(criteria)))


def _criteria(criteria: CriteriaView) -> Iterable[Text]:
    yield Text.assemble((criteria.name, STRONG), _ref(criteria.ref))
    yield Text(criteria.state + ("" if criteria.decided else " (open)"))
    if criteria.low is not None and criteria.high is not None and criteria.maximum:
        yield _score(criteria, criteria.low, criteria.high, criteria.maximum)
    yield Text(criteria.label, style=QUIET)
    if criteria.settles:
        yield Text(f"Would settle it: {'; '.join(criteria.settles)}")
    if len(criteria.still_possible) > 1:
        yield Text(f"Still possible: {'; '.join(criteria.still_possible)}")
    if criteria.note:
        yield Text(f"Hand: {criteria.note}")


def _score(criteria: CriteriaView, low: int, high: int, maximum: int) -> Text:
    def cell(value: float) -> int:
        return round(value / maximum * (BAR - 1))

    line = ["█" if cell(low) <= place <= cell(high) else "·" for place in range(BAR)]
    limits = ", ".join(f"{limit.sign} {limit.at:g}" for limit in criteria.thresholds)
    return Text.assemble(
        f"0 {''.join(line)} {maximum}  {criteria.points}",
        f"; threshold {limits}" if limits else "",
    )


def _where(sheet: Sheet) -> Iterable[RenderableType]:
    yield Heading("Where")
    for lesion in sheet.lesions:
        seen = ", ".join(part for part in (lesion.modalities, lesion.seen) if part)
        yield _item(
            Text.assemble(
                (lesion.site, STRONG), f": {lesion.features}. {seen}", _facts(lesion.facts)
            )
        )
    if not sheet.lesions:
        yield _block(Text(words().say["no_lesion"]))
    looked = "; ".join(sheet.regions_imaged) or words().say["not_imaged"]
    yield _block(Text(f"Imaged: {looked}. {words().say['imaged']}", style=QUIET))
    if sheet.regions_unread:
        yield _block(Text(sheet.regions_unread, style=STRONG))


def _timeline(sheet: Sheet) -> Iterable[RenderableType]:
    if not sheet.timeline:
        return
    yield Heading("Timeline")
    table = _table(("", {"ratio": 3}), ("", {"ratio": 3}), ("", {"width": BAR}))
    for row in sheet.timeline:
        table.add_row(row.label, Text(row.when, style=QUIET), _drawn(row, sheet.axis))
    yield _block(table)


def _drawn(row: TimelineRow, axis: Axis | None) -> str:
    """Draw a row: sure days as blocks, days that are not exact lighter."""
    if axis is None:
        return ""
    cells = ["·"] * BAR
    for bar in row.bars:
        for first, last, letter in _stretches(bar, axis):
            for place in range(round(first * (BAR - 1)), round(last * (BAR - 1)) + 1):
                cells[place] = letter
    return "".join(cells)


def _stretches(bar: Bar, axis: Axis) -> Iterable[tuple[float, float, str]]:
    start, end = bar.start, bar.end
    exact = start.earliest == start.latest
    if start == end:
        yield axis.place(start.earliest), axis.place(start.latest), "●" if exact else "▒"
        return
    yield axis.place(start.earliest), axis.place(end.latest), "▒"
    if start.latest <= end.earliest:
        yield axis.place(start.latest), axis.place(end.earliest), "█"


def _labs(sheet: Sheet) -> Iterable[RenderableType]:
    if not sheet.labs:
        return
    yield Heading("Laboratory")
    table = _table(("Test", {}), ("Latest", {}), ("", {}), ("Reference interval", {"ratio": 1}))
    for lab in sheet.labs:
        before = "".join(
            f"\nbefore: {value.shown} {value.flag}, {value.when}" for value in lab.earlier
        )
        table.add_row(
            lab.label,
            Text(lab.latest.shown, style=STRONG if lab.outside else ""),
            Text(lab.latest.flag.upper() if lab.outside else lab.latest.flag),
            Text.assemble(
                f"{lab.interval or 'none'}; ",
                lab.whose,
                _ref(lab.ref),
                (f"\n{lab.latest.when}, fact {lab.latest.fact}{before}", QUIET),
            ),
        )
    yield _block(table)


def _missing(sheet: Sheet) -> Iterable[RenderableType]:
    yield Heading("What is missing, and what it would settle")
    if not sheet.missing:
        yield _block(Text(words().say["no_missing"]))
    for gap in sheet.missing:
        yield _block(Text(gap.label, style=STRONG))
        yield from (_block(text, depth=2) for text in _settled(gap.settles))


def _settled(settles: Iterable[Settled]) -> Iterable[Text]:
    for one in settles:
        yield Text(f"{one.what}: {'; '.join(one.parts)}" if one.what else "; ".join(one.parts))


def _next_tests(sheet: Sheet) -> Iterable[RenderableType]:
    if not sheet.next_tests:
        return
    yield Heading("Next tests")
    if sheet.paused:
        yield _block(Text(words().say["flags_first"], style=STRONG))
    for place, test in enumerate(sheet.next_tests, start=1):
        burden = "; ".join(f"{name}: {step}" for name, step in test.burden) or "light"
        yield _block(Text.assemble(f"{place}. ", (test.label, STRONG), _ref(test.ref)))
        for text in _settled(test.settles) if test.settles else [Text(test.reason)]:
            yield _block(text, depth=2)
        yield from (_block(Text(outcome), depth=2) for outcome in test.outcomes)
        yield _block(Text(f"Burden: {burden}", style=QUIET), depth=2)


def _arguments(sheet: Sheet) -> Iterable[RenderableType]:
    yield Heading("For and against")
    yield from _side("For", sheet.speaks_for, words().say["nothing_for"])
    yield from _side(
        "Against",
        sheet.speaks_against,
        words().say["nothing_against"],
    )


def _side(name: str, arguments: Sequence[ArgumentView], otherwise: str) -> Iterable[RenderableType]:
    yield _block(Text(name, style=STRONG))
    for argument in arguments:
        yield _item(
            Text.assemble(
                f"{argument.label} ({argument.strength})",
                _ref(argument.ref),
                _facts(argument.facts),
            )
        )
    if not arguments:
        yield _block(Text(otherwise))


def _answers(sheet: Sheet) -> Iterable[RenderableType]:
    if sheet.answers:
        yield Heading("Criteria, item by item")
    for place, answers in enumerate(sheet.answers):
        yield from _gap(place)
        table = _table((answers.name, {"ratio": 1}), ("Answer", {}), ("Points", {}), ("Facts", {}))
        for item in answers.items:
            table.add_row(
                Text.assemble(item.label, _ref(item.ref)),
                item.shown,
                item.points,
                _numbers(item.facts),
            )
        yield _block(table)


def _input(sheet: Sheet) -> Iterable[RenderableType]:
    if sheet.reading.every:
        yield Heading(words().say["not_read_all"])
        yield from map(_not_read, sheet.reading.every)
    if sheet.issues:
        yield Heading("Input problems")
        for issue in sheet.issues:
            times = f" ({issue.count} times)" if issue.count > 1 else ""
            name = f" ({issue.name})" if issue.name else ""
            yield _item(
                Text.assemble(
                    (issue.level, STRONG), f": {issue.where}{name}: {issue.message}{times}"
                )
            )
    cited = frozenset(_cited(msgspec.structs.replace(sheet, timeline=())))
    if cited:
        yield Heading("Facts that the answers rest on")
        table = _table(
            ("", {"justify": "right"}),
            ("What", {"ratio": 5}),
            ("Value", {"ratio": 3}),
            ("Day", {"ratio": 3}),
            ("Place", {"ratio": 5}),
        )
        for fact in (fact for fact in sheet.facts if fact.number in cited):
            label = fact.label if fact.present else f"{fact.label}: not present"
            label += f": {words().say['result_not_read']}" if fact.unread else ""
            table.add_row(str(fact.number), label, fact.value, fact.when, fact.site)
        yield _block(table)


def _cited(part: object) -> Iterator[int]:
    """Give the number of every fact that some part of the sheet names."""
    match part:
        case FactRange(first=first, last=last):
            yield from range(first, last + 1)
        case ValueView(fact=fact):
            yield fact
        case tuple():
            for below in part:
                yield from _cited(below)
        case msgspec.Struct():
            for field in part.__struct_fields__:
                yield from _cited(getattr(part, field))
        case _:
            return


def _sources(sheet: Sheet) -> Iterable[RenderableType]:
    yield Heading("Sources (d derived, m from memory, j our judgement, else read in the source)")
    for source in sheet.sources:
        parts = [part for part in (source.authors, source.title, source.year) if part]
        link = f"doi:{source.doi}" if source.doi else source.link
        yield _block(
            Text.assemble(f"[{source.number}] ", ". ".join(parts), f". {link}" if link else ""),
        )


def _block(content: RenderableType, *, depth: int = 1) -> Padding:
    return Padding(content, (0, 0, 0, INDENT * depth))


def _gap(place: int) -> Iterable[Text]:
    """Give an empty line before every entry but the first."""
    if place:
        yield Text()


def _item(text: Text) -> Padding:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row("-", text)
    return _block(grid)


def _table(*columns: tuple[str, dict[str, object]]) -> Table:
    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        expand=True,
        header_style=QUIET,
        show_header=any(name for name, _ in columns),
    )
    for name, options in columns:
        table.add_column(Text(name), overflow="fold", **options)  # type: ignore[arg-type] # rich's own options
    return table


def _ref(ref: Ref | None) -> Text:
    return Text("" if ref is None else f" [{ref.number}{ref.mark}]", style=QUIET)


def _numbers(ranges: Sequence[FactRange]) -> str:
    return ", ".join(
        str(part.first) if part.first == part.last else f"{part.first}-{part.last}"
        for part in ranges
    )


def _facts(ranges: Sequence[FactRange]) -> Text:
    if not ranges:
        return Text()
    many = len(ranges) > 1 or ranges[0].first != ranges[0].last
    return Text(f" (fact{'s' if many else ''} {_numbers(ranges)})", style=QUIET)
