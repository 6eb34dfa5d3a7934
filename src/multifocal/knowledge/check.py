"""What must hold between the data files: every problem found is told, with its file and id."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

import msgspec

from multifocal.knowledge.check_analytes import analyte_faults
from multifocal.knowledge.check_article import article_faults
from multifocal.knowledge.check_checker import answer_words, checker_faults
from multifocal.knowledge.check_conditions import condition_faults
from multifocal.knowledge.check_criteria import criteria_faults, criteria_rules
from multifocal.knowledge.check_differential import differential_faults
from multifocal.knowledge.check_figures import figure_faults
from multifocal.knowledge.check_form import form_faults
from multifocal.knowledge.check_groupings import grouping_faults
from multifocal.knowledge.check_guardianship import guardianship_faults
from multifocal.knowledge.entries import (
    Entries,
    SelectEntry,
)
from multifocal.knowledge.value_sets import value_sets_of
from multifocal.model.anatomy import Bone
from multifocal.model.place import read_site
from multifocal.model.record import ConceptId
from multifocal.model.source import Citation
from multifocal.rules.fold import COLUMNS
from multifocal.rules.nodes import AtLeast, Node, Number, Type, children, names
from multifocal.rules.parse import RuleError, parse, spelled_out, type_of

GIVEN: Mapping[str, Type] = {
    "age_years": "number",
    "age_months": "number",
    "age_onset_years": "number",
    "sex": "text",
}
"""Names that the work-up itself answers from the patient."""

NAMED = ("id", "analyte", "code", "word", "name")
"""What an entry goes by: the first of these that it has."""

FILES: Mapping[str, str] = {
    "criteria": "criteria/{}.toml",
    "grouping_regions": "groupings.toml",
    "bone_groups": "groupings.toml",
    "variants": "normal_variants.toml",
    **dict.fromkeys(
        (
            "check_parts",
            "questions",
            "check_places",
            "check_words",
            "check_rules",
            "set_aside",
            "check_contradictions",
            "advice",
            "unasked",
        ),
        "checker.toml",
    ),
    "conversions": "normal_variants.toml",
    "policies": "normal_variants.toml",
    **{
        name: f"{name}.csv"
        for name in (
            "labs",
            "lab_alternatives",
            "limits",
            "slips",
            "units",
            "unit_spellings",
            "site_codes",
        )
    },
    "guardianship": "guardianship.csv",
    "ossification": "ossification.csv",
}
"""File of each field of the entries, where it isn't the field's name with `.toml`."""

READ_BY_NAME = frozenset({"stated_age_years"})
"""Measures that the work-up reads itself."""

COUNTING = frozenset({0.0, 1.0})
"""Numbers that a rule may hold without a source: none, and one."""

ALWAYS_USED = frozenset({"study", "treatment", "biopsy", "lab", "context", "condition"})
"""Kinds of concept that the report's timeline and tables show, whether or not a rule uses them."""


class Problem(NamedTuple):
    """One fault in the knowledge: file, entry, and what is wrong."""

    file: str
    entry: str
    message: str


def ready_rules(entries: Entries) -> tuple[dict[str, Node], list[Problem]]:
    """Parse every rule, by its text, with terms spelled out."""
    rules: dict[str, Node] = {}
    problems = []
    terms: dict[str, Node] = {}
    for term in entries.terms:
        try:
            terms[term.id] = spelled_out(parse(term.rule), terms)
        except RuleError as fault:
            problems.append(Problem("terms.toml", term.id, f"{term.rule!r}: {fault}"))
    for word in entries.check_words:
        try:
            terms[word.id] = spelled_out(parse(word.when), terms)
        except RuleError as fault:
            problems.append(Problem("checker.toml", word.id, f"{word.when!r}: {fault}"))
    for file, entry, text, _, _ in _rules(entries):
        try:
            rules.setdefault(text, spelled_out(parse(text), terms))
        except RuleError as fault:
            problems.append(Problem(file, entry, f"{text!r}: {fault}"))
    return rules, problems


def rule_faults(text: str, entries: Entries) -> list[str]:
    """Give what keeps a text from being a rule over findings and measures that gives a truth."""
    try:
        found = type_of(parse(text), _words(entries))
    except RuleError as fault:
        return [f"{text!r}: {fault}"]
    return [] if found == "truth" else [f"{text!r} gives a {found}, a truth is needed"]


def check(entries: Entries, rules: Mapping[str, Node]) -> list[Problem]:
    """Give every problem of reference, type and meaning between the entries."""
    checks: tuple[Callable[[], Iterable[Problem]], ...] = (
        lambda: _duplicates(entries),
        lambda: _types(entries, rules),
        lambda: _cycles(entries, rules),
        lambda: _concepts(entries),
        lambda: _codes(entries),
        lambda: _value_sets(entries),
        lambda: _finding_ids(entries),
        lambda: _sources(entries),
        lambda: _anatomy(entries),
        lambda: _labs(entries),
        lambda: (Problem(*fault) for fault in criteria_faults(entries)),
        lambda: _burdens(entries),
        lambda: _unsourced_numbers(entries, rules),
        lambda: _unused_words(entries, rules),
        lambda: (Problem(*fault) for fault in condition_faults(entries)),
        lambda: (Problem(*fault) for fault in analyte_faults(entries)),
        lambda: (Problem(*fault) for fault in grouping_faults(entries)),
        lambda: (Problem(*fault) for fault in guardianship_faults(entries)),
        lambda: (Problem(*fault) for fault in checker_faults(entries, rules)),
        lambda: (Problem(*fault) for fault in figure_faults(entries)),
        lambda: (Problem(*fault) for fault in form_faults(entries)),
        lambda: (Problem(*fault) for fault in article_faults(entries)),
        lambda: (Problem(*fault) for fault in differential_faults(entries)),
    )
    return [problem for one in checks for problem in one()]


def meant(wanted: str, known: Iterable[str]) -> str:
    """Give the known name that was meant, as the end of a message; empty if none is near.

    >>> meant("bone_lession", ["bone_lesion", "fever"])
    ". Did you mean 'bone_lesion'?"
    """
    close = get_close_matches(wanted, list(known), n=1)
    return f". Did you mean {close[0]!r}?" if close else ""


def _words(entries: Entries) -> dict[str, Type]:
    found: dict[str, Type] = dict(GIVEN)
    found |= {measure.id: measure.gives for measure in entries.measures}
    found |= {finding.id: "truth" for finding in entries.findings}
    return found


RuleLine = tuple[str, str, str, Type, Mapping[str, Type]]
"""File, entry, rule, the type it must give, the types of the names it may use."""


def _rules(entries: Entries) -> Iterator[RuleLine]:
    words = _words(entries)
    for measure in entries.measures:
        yield from _select("measures.toml", measure.id, measure.select, measure.gives)
    for finding in entries.findings:
        if finding.select is not None:
            yield from _select("findings.toml", finding.id, finding.select, "truth")
        if finding.when:
            yield "findings.toml", finding.id, finding.when, "truth", words
    for flag in entries.red_flags:
        yield "red_flags.toml", flag.id, flag.when, "truth", words
    for demotion in entries.demotions:
        yield "demotions.toml", demotion.id, demotion.when, "truth", words
    for step in entries.steps:
        for text in filter(None, (step.rule, step.unless)):
            yield "steps.toml", step.id, text, "truth", words
    for caution in entries.cautions:
        yield "cautions.toml", caution.id, caution.when, "truth", words
    answered = answer_words(entries.questions, entries.check_places)
    whens = [(rule.id, rule.when) for rule in entries.check_rules]
    whens += [(aside.id, aside.when) for aside in entries.set_aside]
    whens += [(one.id, one.when) for one in entries.check_contradictions]
    yield from (("checker.toml", id_, when, "truth", answered) for id_, when in whens)
    for test in entries.tests:
        yield from (("tests.toml", test.id, rule, "truth", words) for rule in test.rules)
    yield "coding.toml", "enough", entries.coding.enough, "truth", words
    yield "coding.toml", "provisional", entries.coding.provisional, "truth", words
    for criteria in entries.criteria:
        yield from criteria_rules(criteria, words)


def _select(file: str, entry: str, select: SelectEntry, gives: Type) -> Iterator[RuleLine]:
    if select.where:
        yield file, entry, select.where, "truth", COLUMNS
    if select.looked is not None and select.looked.where:
        yield file, entry, select.looked.where, "truth", COLUMNS
    if select.of:
        counted = select.how in {"count", "pairs"}
        yield file, entry, select.of, "text" if counted else gives, COLUMNS


def _types(entries: Entries, rules: Mapping[str, Node]) -> Iterator[Problem]:
    for file, entry, text, wanted, types in _rules(entries):
        if text not in rules:
            continue
        try:
            found = type_of(rules[text], types)
        except RuleError as fault:
            unknown = sorted(names(rules[text]) - types.keys())
            hint = meant(unknown[0], types) if unknown else ""
            yield Problem(file, entry, f"{text!r}: {fault}{hint}")
            continue
        if found != wanted:
            yield Problem(file, entry, f"{text!r} gives a {found}, a {wanted} is needed")


def _cycles(entries: Entries, rules: Mapping[str, Node]) -> Iterator[Problem]:
    uses: dict[str, frozenset[str]] = {
        finding.id: names(rules[finding.when])
        for finding in entries.findings
        if finding.when in rules
    }
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> Iterator[Problem]:
        if name in path:
            circle = " -> ".join((*path[path.index(name) :], name))
            yield Problem("findings.toml", name, f"refers to itself: {circle}")
            return
        if name in done:
            return
        for used in sorted(uses.get(name, ())):
            yield from walk(used, (*path, name))
        done.add(name)

    for name in uses:
        yield from walk(name, ())


def _duplicates(entries: Entries) -> Iterator[Problem]:
    lists: dict[str, list[str]] = {
        "sources.toml": [source.id for source in entries.sources],
        "concepts.toml": [concept.id for concept in entries.concepts],
        "sets.toml": [one.id for one in entries.sets],
        "measures.toml, findings.toml, terms.toml": [
            *(term.id for term in entries.terms),
            *(measure.id for measure in entries.measures),
            *(finding.id for finding in entries.findings),
        ],
        "bones.csv and regions.csv": [
            *(bone.id for bone in entries.bones),
            *(region.id for region in entries.regions),
        ],
        "criteria": [criteria.id for criteria in entries.criteria],
        "red_flags.toml": [flag.id for flag in entries.red_flags],
        "conditions.toml": [condition.id for condition in entries.conditions],
        "tests.toml": [test.id for test in entries.tests],
        "analytes.toml": [analyte.id for analyte in entries.analytes],
        "groupings.toml": [
            *(grouping.id for grouping in entries.groupings),
            *(f"{region.grouping} {region.id}" for region in entries.grouping_regions),
            *(f"{group.grouping} {group.id}" for group in entries.bone_groups),
        ],
        "demotions.toml": [demotion.id for demotion in entries.demotions],
        "steps.toml": [step.id for step in entries.steps],
        "cautions.toml": [caution.id for caution in entries.cautions],
        "checker.toml": [
            *(part.id for part in entries.check_parts),
            *(question.id for question in entries.questions),
            *(place.id for place in entries.check_places),
            *(word.id for word in entries.check_words),
            *(rule.id for rule in entries.check_rules),
            *(one.id for one in entries.check_contradictions),
            *(advice.id for advice in entries.advice),
            *(word.id for word in entries.unasked),
        ],
        "topics.toml": [topic.id for topic in entries.topics],
        "statements.toml": [statement.id for statement in entries.statements],
        "normal_variants.toml": [
            *(row.id for row in entries.variants),
            *(conversion.id for conversion in entries.conversions),
            *(policy.id for policy in entries.policies),
        ],
    }
    for file, ids in lists.items():
        for name, count in Counter(ids).items():
            if count > 1:
                yield Problem(file, name, f"is defined {count} times")


def _selects(entries: Entries) -> Iterator[tuple[str, str, SelectEntry]]:
    for measure in entries.measures:
        yield "measures.toml", measure.id, measure.select
    for finding in entries.findings:
        if finding.select is not None:
            yield "findings.toml", finding.id, finding.select


def _concepts(entries: Entries) -> Iterator[Problem]:
    known = {concept.id for concept in entries.concepts}
    sets = {one.id: one for one in entries.sets}
    used_sets: set[str] = set()
    used = {name for one in entries.sets for name in one.concepts}
    for one in entries.sets:
        for concept_id in sorted(set(one.concepts) - known):
            hint = meant(concept_id, known)
            yield Problem("sets.toml", one.id, f"unknown concept {concept_id!r}{hint}")
    for file, entry, select in _selects(entries):
        named = {*select.sets, *(select.looked.sets if select.looked else ())}
        for set_id in sorted(named - sets.keys()):
            yield Problem(file, entry, f"unknown set {set_id!r}{meant(set_id, sets)}")
        used_sets |= named
        wanted = {*select.concepts, *(select.looked.concepts if select.looked else ())}
        used |= wanted
        for missing in sorted(wanted - known):
            yield Problem(file, entry, f"unknown concept {missing!r}{meant(missing, known)}")
        if select.how in {"count", "pairs", "latest", "max", "min"} and not select.of:
            yield Problem(file, entry, f"{select.how} needs `of`")
    for unused in sorted(sets.keys() - used_sets):
        yield Problem("sets.toml", unused, "is defined but no selector uses it")
    conditions = {condition.id for condition in entries.conditions}
    for demotion in entries.demotions:
        for name in sorted(set(demotion.conditions) - conditions):
            unknown = f"unknown condition {name!r}{meant(name, conditions)}"
            yield Problem("demotions.toml", demotion.id, unknown)
    for step in entries.steps:
        for name in sorted(set(step.leads) - conditions):
            unknown = f"unknown condition {name!r}{meant(name, conditions)}"
            yield Problem("steps.toml", step.id, unknown)
    flags = {flag.id for flag in entries.red_flags}
    tests = {test.id for test in entries.tests}
    for flag in entries.red_flags:
        for name in sorted(set(flag.yields_to) - flags):
            yield Problem("red_flags.toml", flag.id, f"unknown flag {name!r}{meant(name, flags)}")
        if flag.test and flag.test not in tests:
            unknown = f"unknown test {flag.test!r}{meant(flag.test, tests)}"
            yield Problem("red_flags.toml", flag.id, unknown)
    for test in entries.tests:
        for name in sorted({name for one in test.before for name in one.tests} - tests):
            yield Problem("tests.toml", test.id, f"unknown test {name!r}{meant(name, tests)}")
        for name in sorted(set(test.done_by) - known):
            yield Problem("tests.toml", test.id, f"unknown concept {name!r}{meant(name, known)}")
    for concept in entries.concepts:
        shown = [name for names_ in concept.means.values() for name in names_]
        told = (*concept.also, *concept.in_tissue, *concept.in_doubt)
        for name in (*concept.combines, *concept.family_of, *shown, *told):
            used.add(name)
            if name not in known:
                yield Problem(
                    "concepts.toml", concept.id, f"unknown concept {name!r}{meant(name, known)}"
                )
        if concept.means or concept.family_of or concept.combines:
            used.add(concept.id)
    for concept in entries.concepts:
        if concept.id not in used and concept.kind not in ALWAYS_USED:
            yield Problem("concepts.toml", concept.id, "is defined but no rule uses it")
    for finding in entries.findings:
        if (finding.select is None) == (not finding.when):
            yield Problem("findings.toml", finding.id, "needs either `select` or `when`")


def _codes(entries: Entries) -> Iterator[Problem]:
    codes = Counter(
        (system, code)
        for concept in entries.concepts
        for system, several in concept.codes.items()
        for code in several
    )
    texts = Counter(
        name for concept in entries.concepts for name in {*concept.names, *concept.absent_names}
    )
    for (system, code), count in codes.items():
        if count > 1:
            yield Problem("concepts.toml", f"{system} {code}", f"belongs to {count} concepts")
    for name, count in texts.items():
        if count > 1:
            yield Problem("concepts.toml", repr(name), f"names {count} concepts")


def _value_sets(entries: Entries) -> Iterator[Problem]:
    known = {concept.id for concept in entries.concepts}
    meant_ = {name for meaning in value_sets_of(entries).meanings for name, _ in meaning}
    for name in sorted(meant_ - known):
        yield Problem("terms", name, f"is no concept{meant(name, known)}")


def _finding_ids(entries: Entries) -> Iterator[Problem]:
    known = {finding.id for finding in entries.findings}
    wanted = [
        *(
            ("conditions.toml", condition.id, sign.finding)
            for condition in entries.conditions
            for sign in (*condition.rule_in, *condition.rule_out)
        ),
        *(("tests.toml", test.id, name) for test in entries.tests for name in test.answers),
        *(
            (f"criteria/{criteria.id}.toml", item.name, name)
            for criteria in entries.criteria
            for item in criteria.item
            for name in item.settled_by
        ),
    ]
    for file, entry, name in wanted:
        if name not in known:
            yield Problem(file, entry, f"unknown finding {name!r}{meant(name, known)}")


def citations(entry: Any) -> Iterator[Citation]:
    """Give every citation inside an entry."""
    if isinstance(entry, Citation):
        yield entry
    elif isinstance(entry, msgspec.Struct):
        for field in entry.__struct_fields__:
            yield from citations(getattr(entry, field))
    elif isinstance(entry, tuple):
        for item in entry:
            yield from citations(item)
    elif isinstance(entry, Mapping):
        for item in entry.values():
            yield from citations(item)


def _sources(entries: Entries) -> Iterator[Problem]:
    known = {source.id for source in entries.sources}
    cited: set[str] = set()
    for field in entries.__struct_fields__:
        several = getattr(entries, field)
        for entry in several if isinstance(several, tuple) else (several,):
            for citation in citations(entry):
                cited.add(citation.id)
                if citation.id not in known:
                    hint = meant(citation.id, known)
                    yield Problem(*_place(field, entry), f"unknown source {citation.id!r}{hint}")
    for name in sorted(known - cited):
        yield Problem("sources.toml", name, "is never cited")


def _place(field: str, entry: Any) -> tuple[str, str]:
    """Give the file and the id of an entry."""
    name = next((str(getattr(entry, key)) for key in NAMED if getattr(entry, key, "")), field)
    return FILES.get(field, f"{field}.toml").format(name), name


def _unsourced_numbers(entries: Entries, rules: Mapping[str, Node]) -> Iterator[Problem]:
    """Find measures whose rules hold a number although they cite nothing.

    Every other entry with a rule has to cite a source by its shape; a number inside a term is the
    term's.
    """
    for measure in entries.measures:
        if measure.source is not None:
            continue
        for _, _, text, _, _ in _select("measures.toml", measure.id, measure.select, measure.gives):
            if text not in rules:
                continue
            found = frozenset(_numbers(parse(text))) - COUNTING
            if found:
                listed = ", ".join(f"{number:g}" for number in sorted(found))
                yield Problem("measures.toml", measure.id, f"holds {listed} and has no source")


def _numbers(node: Node) -> Iterator[float]:
    match node:
        case Number(value=value):
            yield value
        case AtLeast(count=count):
            yield count
        case _:
            pass
    for child in children(node):
        yield from _numbers(child)


def _unused_words(entries: Entries, rules: Mapping[str, Node]) -> Iterator[Problem]:
    used: set[str] = set(READ_BY_NAME)
    for _, _, text, _, _ in _rules(entries):
        if text in rules:
            used |= names(parse(text))
    for term in entries.terms:
        used |= names(parse(term.rule)) - {term.id}
    used |= set(entries.differential.model.places.values())
    for file, words in (("measures.toml", entries.measures), ("terms.toml", entries.terms)):
        for word in words:
            if word.id not in used:
                yield Problem(file, word.id, "is defined but no rule uses it")


def _anatomy(entries: Entries) -> Iterator[Problem]:
    regions = {region.id for region in entries.regions}
    for bone in entries.bones:
        if bone.region not in regions:
            hint = meant(bone.region, regions)
            yield Problem("bones.csv", bone.id, f"unknown region {bone.region!r}{hint}")
    for region in entries.regions:
        if region.parent is not None and region.parent not in regions:
            hint = meant(region.parent, regions)
            yield Problem("regions.csv", region.id, f"unknown region {region.parent!r}{hint}")
    bones: dict[str, Bone] = {bone.id: bone for bone in entries.bones}
    for row in entries.ossification:
        site = read_site(row.id, bones=bones, regions=())
        if site is None or site.part or site.laterality or not site.bone:
            yield Problem("ossification.csv", row.id, "is no bone and no end of one")
        elif site.end and site.end not in bones[site.bone].physes:
            yield Problem("ossification.csv", row.id, "has no growth plate at that end")
    for concept in entries.concepts:
        for name in (*((concept.region,) if concept.region else ()), *concept.spares):
            if name not in regions:
                hint = meant(name, regions)
                yield Problem("concepts.toml", concept.id, f"unknown region {name!r}{hint}")
    for file, name in _shown(entries):
        if name not in regions | bones.keys():
            yield Problem(
                file, name, f"unknown place {name!r}{meant(name, regions | bones.keys())}"
            )
    coding = entries.coding
    every = (*coding.code, *coding.symptom, *coding.vertebra)
    for code in (*every, coding.multiple, coding.other, coding.unspecified):
        for name in code.regions:
            if name not in regions:
                hint = meant(name, regions)
                yield Problem("coding.toml", code.code, f"unknown region {name!r}{hint}")


def _shown(entries: Entries) -> Iterator[tuple[str, str]]:
    """Give the places that codes and titles of studies name, each with its file."""
    for code in entries.imaging_codes:
        if place := code.bone or code.region:
            yield "imaging_codes.csv", place
    for word in entries.title_words:
        if word.role == "place":
            yield from (("title_words.csv", place) for place in word.value.split("|"))


def _labs(entries: Entries) -> Iterator[Problem]:
    labs = {concept.id: concept.unit for concept in entries.concepts if concept.unit}
    rows = [("labs.csv", lab) for lab in entries.labs]
    rows += [("lab_alternatives.csv", lab) for lab in entries.lab_alternatives]
    for file, lab in rows:
        if lab.analyte not in labs:
            hint = meant(lab.analyte, labs)
            yield Problem(file, lab.analyte, f"is no concept with a unit{hint}")
        if lab.low is not None and lab.high is not None and lab.low > lab.high:
            yield Problem(file, lab.analyte, "has an interval with low above high")
        if lab.age_from_years >= lab.age_to_years:
            yield Problem(file, lab.analyte, "has an empty age band")
    for unit in entries.units:
        if unit.analyte and labs.get(unit.analyte) != unit.to:
            yield Problem("units.csv", unit.analyte, f"{unit.to!r} is not the analyte's unit")
    yield from _limits(entries, labs)
    for spelling in entries.unit_spellings:
        for name in spelling.analytes:
            if name not in labs:
                hint = meant(name, labs)
                yield Problem("unit_spellings.csv", name, f"is no concept with a unit{hint}")


def _limits(entries: Entries, labs: Mapping[ConceptId, str]) -> Iterator[Problem]:
    limited = {limit.analyte for limit in entries.limits}
    for limit in entries.limits:
        ends = (limit.possible_low, limit.ask_below, limit.ask_above, limit.possible_high)
        if limit.analyte not in labs:
            hint = meant(limit.analyte, labs)
            yield Problem("limits.csv", limit.analyte, f"is no concept with a unit{hint}")
        if list(ends) != sorted(ends):
            yield Problem("limits.csv", limit.analyte, "asks beyond what is possible")
    for slip in entries.slips:
        if slip.analyte not in limited:
            hint = meant(slip.analyte, limited)
            yield Problem("slips.csv", slip.analyte, f"has no limits in limits.csv{hint}")
        if slip.least >= slip.below:
            yield Problem("slips.csv", slip.analyte, "is of no value")


def _burdens(entries: Entries) -> Iterator[Problem]:
    steps = {dimension.id: dimension.steps for dimension in entries.burdens}
    for test in entries.tests:
        for dimension in steps.keys() | test.burden.keys():
            if test.burden.get(dimension) not in steps.get(dimension, ()):
                yield Problem(
                    "tests.toml", test.id, f"its {dimension} is not a step of that burden"
                )
