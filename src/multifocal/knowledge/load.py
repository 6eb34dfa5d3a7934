"""The knowledge: the data files read, checked and made ready to look things up in."""

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec.inspect import StructType, Type, type_info

from multifocal.knowledge.check import Problem, check, meant, ready_rules
from multifocal.knowledge.entries import (
    AnalyteEntry,
    AnswerEntry,
    Audience,
    BoneGroup,
    CaseField,
    CautionEntry,
    CodingEntry,
    ConceptEntry,
    ConditionEntry,
    ConversionEntry,
    CriteriaEntry,
    CueEntry,
    DemotionEntry,
    DiagnosisWords,
    DimensionEntry,
    Entries,
    FindingEntry,
    FlagWords,
    FormSection,
    GroupingEntry,
    GroupingRegion,
    GroupWord,
    GuardianshipEntry,
    ImagingCode,
    LabInterval,
    Landmark,
    LanguageEntry,
    LimitEntry,
    LookedEntry,
    MeasureEntry,
    OssificationEntry,
    PageEntry,
    PhraseEntry,
    PolicyEntry,
    QuantityEntry,
    RedFlagEntry,
    SelectEntry,
    SetEntry,
    SiteCode,
    SiteWord,
    SlipEntry,
    StatementEntry,
    StepEntry,
    TermEntry,
    TestEntry,
    TextGroup,
    TitleWord,
    TopicEntry,
    UnitFactor,
    UnitSpelling,
    VariantEntry,
)
from multifocal.knowledge.entries_checker import (
    AdviceEntry,
    AsideEntry,
    CheckPart,
    CheckRule,
    CheckWord,
    ContradictionEntry,
    EmergencyNumber,
    PlaceEntry,
    QuestionEntry,
    UnaskedEntry,
)
from multifocal.knowledge.entries_differential import (
    CellEntry,
    DifferentialEntries,
    ExclusiveSet,
    FrequencyClass,
    GroupEntry,
    Implication,
    ModelEntry,
    PriorEntry,
)
from multifocal.knowledge.fold import folded_name
from multifocal.knowledge.named import filled_sets, named_concepts
from multifocal.knowledge.value_sets import (
    FILES,
    NAMES_ONLY,
    ValueSets,
    packed,
    read_rows,
    value_sets_of,
)
from multifocal.model.anatomy import Bone, Region, RegionId
from multifocal.model.issue import KnowledgeError
from multifocal.model.record import ConceptId
from multifocal.model.source import Source
from multifocal.rules.nodes import Node

DATA = Path(str(files("multifocal.knowledge"))) / "data"

TOML = {  # a name without suffix is a folder: all files in it, by their names
    "sources": ("sources.toml", "source", Source),
    "concepts": ("concepts.toml", "concept", ConceptEntry),
    "sets": ("sets.toml", "set", SetEntry),
    "terms": ("terms.toml", "term", TermEntry),
    "measures": ("measures.toml", "measure", MeasureEntry),
    "findings": ("findings.toml", "finding", FindingEntry),
    "red_flags": ("red_flags.toml", "red_flag", RedFlagEntry),
    "conditions": ("conditions.toml", "condition", ConditionEntry),
    "tests": ("tests.toml", "test", TestEntry),
    "analytes": ("analytes.toml", "analyte", AnalyteEntry),
    "groupings": ("groupings.toml", "grouping", GroupingEntry),
    "grouping_regions": ("groupings.toml", "grouping_region", GroupingRegion),
    "bone_groups": ("groupings.toml", "bone_group", BoneGroup),
    "burdens": ("burdens.toml", "dimension", DimensionEntry),
    "demotions": ("demotions.toml", "demotion", DemotionEntry),
    "steps": ("steps.toml", "step", StepEntry),
    "cautions": ("cautions.toml", "caution", CautionEntry),
    "topics": ("topics.toml", "topic", TopicEntry),
    "statements": ("statements.toml", "statement", StatementEntry),
    "variants": ("normal_variants.toml", "variant", VariantEntry),
    "conversions": ("normal_variants.toml", "conversion", ConversionEntry),
    "policies": ("normal_variants.toml", "policy", PolicyEntry),
    "check_parts": ("checker.toml", "part", CheckPart),
    "questions": ("checker.toml", "question", QuestionEntry),
    "check_places": ("checker.toml", "place", PlaceEntry),
    "check_words": ("checker.toml", "word", CheckWord),
    "check_rules": ("checker.toml", "rule", CheckRule),
    "set_aside": ("checker.toml", "set_aside", AsideEntry),
    "check_contradictions": ("checker.toml", "contradiction", ContradictionEntry),
    "emergency_numbers": ("emergency_numbers.toml", "number", EmergencyNumber),
    "advice": ("checker.toml", "advice", AdviceEntry),
    "unasked": ("checker.toml", "unasked", UnaskedEntry),
    "form": ("form.toml", "section", FormSection),
    "phrases": ("text/phrases", "phrase", PhraseEntry),
    "quantities": ("text/quantities.toml", "quantity", QuantityEntry),
    "languages": ("text/languages.toml", "language", LanguageEntry),
    "flags": ("text/quantities.toml", "flag", FlagWords),
    "text_groups": ("text/groups.toml", "group", TextGroup),
    "case_fields": ("text/case_fields.toml", "field", CaseField),
}
CSV = {
    "bones": ("bones.csv", Bone),
    "regions": ("regions.csv", Region),
    "site_words": ("site_words.csv", SiteWord),
    "landmarks": ("landmarks.csv", Landmark),
    "ossification": ("ossification.csv", OssificationEntry),
    "site_codes": ("site_codes.csv", SiteCode),
    "imaging_codes": ("imaging_codes.csv", ImagingCode),
    "title_words": ("text/title_words.csv", TitleWord),
    "units": ("units.csv", UnitFactor),
    "unit_spellings": ("unit_spellings.csv", UnitSpelling),
    "answers": ("answers.csv", AnswerEntry),
    "group_words": ("group_words.csv", GroupWord),
    "limits": ("limits.csv", LimitEntry),
    "slips": ("slips.csv", SlipEntry),
    "labs": ("labs.csv", LabInterval),
    "lab_alternatives": ("lab_alternatives.csv", LabInterval),
    "guardianship": ("guardianship.csv", GuardianshipEntry),
    "cues": ("text/cues.csv", CueEntry),
    "diagnoses": ("text/diagnoses.csv", DiagnosisWords),
}
DIFFERENTIAL: Mapping[str, tuple[str, str, type[Any]]] = {
    "classes": ("frequency_classes.toml", "frequency_class", FrequencyClass),
    "groups": ("groups.toml", "group", GroupEntry),
    "exclusive_sets": ("exclusive_sets.toml", "exclusive_set", ExclusiveSet),
}
CITED = {
    LabInterval,
    LimitEntry,
    SlipEntry,
    UnitFactor,
    UnitSpelling,
    GuardianshipEntry,
    CellEntry,
    Implication,
    PriorEntry,
    OssificationEntry,
}
"""Kinds of row of a CSV file whose last columns are a citation."""
UNKNOWN_KEY = re.compile(r"unknown field `([^`]*)`")
LISTS = {"analytes", "physes", "names"}
"""Columns of a CSV file that hold several values, parted by ``|``."""


class Knowledge(Entries, frozen=True, dict=True, eq=False):
    """All entries, their rules parsed, and ways to look things up by id."""

    rules: Mapping[str, Node]
    """Every rule by its text."""

    @cached_property
    def sources_by_id(self) -> Mapping[str, Source]:
        """Sources by id."""
        return {source.id: source for source in self.sources}

    @cached_property
    def bones_by_id(self) -> Mapping[str, Bone]:
        """Bones by id."""
        return {bone.id: bone for bone in self.bones}

    @cached_property
    def regions_by_id(self) -> Mapping[str, Region]:
        """Regions by id."""
        return {region.id: region for region in self.regions}

    @cached_property
    def concepts_by_id(self) -> Mapping[str, ConceptEntry]:
        """Concepts by id."""
        return {concept.id: concept for concept in self.concepts}

    @cached_property
    def known_codes(self) -> ValueSets:
        """What codes and names of open terminologies mean; unpacked when it is first asked."""
        return value_sets_of(self)

    @cached_property
    def sets_by_id(self) -> Mapping[str, SetEntry]:
        """Sets of concepts by id."""
        return {one.id: one for one in self.sets}

    def concepts_of(self, select: SelectEntry | LookedEntry) -> tuple[ConceptId, ...]:
        """Give the concepts that a selector speaks of, its sets spelled out."""
        return (
            *(concept for name in select.sets for concept in self.sets_by_id[name].concepts),
            *select.concepts,
        )

    @cached_property
    def measures_by_id(self) -> Mapping[str, MeasureEntry]:
        """Measures by id."""
        return {measure.id: measure for measure in self.measures}

    @cached_property
    def findings_by_id(self) -> Mapping[str, FindingEntry]:
        """Findings by id."""
        return {finding.id: finding for finding in self.findings}

    @cached_property
    def criteria_by_id(self) -> Mapping[str, CriteriaEntry]:
        """Criteria sets and scores by id."""
        return {criteria.id: criteria for criteria in self.criteria}

    @cached_property
    def conditions_by_id(self) -> Mapping[str, ConditionEntry]:
        """Conditions by id."""
        return {condition.id: condition for condition in self.conditions}

    @cached_property
    def analytes_by_id(self) -> Mapping[str, AnalyteEntry]:
        """Laboratory tests by id."""
        return {analyte.id: analyte for analyte in self.analytes}

    @cached_property
    def questions_by_id(self) -> Mapping[str, QuestionEntry]:
        """Questions of the symptom checker by id."""
        return {question.id: question for question in self.questions}

    @cached_property
    def groupings_by_id(self) -> Mapping[str, GroupingEntry]:
        """Published groupings of bones by id."""
        return {grouping.id: grouping for grouping in self.groupings}

    @cached_property
    def burden_by_test(self) -> Mapping[str, tuple[int, ...]]:
        """How heavy each test is, by each dimension in the order of the file, lightest 0."""
        return {
            test.id: tuple(
                dimension.steps.index(test.burden[dimension.id]) for dimension in self.burdens
            )
            for test in self.tests
        }

    @cached_property
    def places(self) -> Mapping[str, tuple[str, ...]]:
        """For each bone and region: itself and every region around it, innermost first."""
        around: dict[str, tuple[str, ...]] = {}
        for region in self.regions:
            chain: list[str] = [region.id]
            while (parent := self.regions_by_id[chain[-1]].parent) is not None:
                chain.append(parent)
            around[region.id] = tuple(chain)
        return around | {bone.id: (bone.id, *around[bone.region]) for bone in self.bones}

    @cached_property
    def regions_across(self) -> frozenset[RegionId]:
        """The regions that cross the midline, those with an unpaired bone; others have sides."""
        return frozenset(
            RegionId(name)
            for bone in self.bones
            if not bone.paired
            for name in self.places[bone.id][1:]
        )


def load(*, data: Path = DATA, cache: Path | None = None) -> Knowledge:
    """Read and check the knowledge; raises `KnowledgeError` that names every problem at once.

    ``cache`` is a folder where the checked form is kept under the digest of data and code, since
    every command pays for loading.
    """
    version = digest(data)
    kept = None if cache is None else cache / f"knowledge-{version}-{_code()}.msgpack"
    if kept is not None and kept.exists():
        try:
            return msgspec.msgpack.decode(kept.read_bytes(), type=Knowledge)
        except (msgspec.MsgspecError, OSError):
            kept.unlink(missing_ok=True)
    knowledge = _read(data, version)
    if kept is not None:
        _keep(knowledge, kept)
    return knowledge


def digest(data: Path = DATA) -> str:
    """Give the knowledge version: a digest of the data files and their names."""
    hashed = hashlib.sha256()
    for path in sorted(data.rglob("*")):
        if path.is_file():
            hashed.update(path.relative_to(data).as_posix().encode() + b"\0")
            hashed.update(hashlib.sha256(path.read_bytes()).digest())
    return hashed.hexdigest()[:12]


def _code() -> str:
    """Digest the code that shapes the kept form."""
    package = Path(str(files("multifocal")))
    hashed = hashlib.sha256()
    for folder in ("model", "rules", "knowledge"):
        for path in sorted((package / folder).glob("*.py")):
            hashed.update(path.read_bytes())
    return hashed.hexdigest()[:8]


def _keep(knowledge: Knowledge, kept: Path) -> None:
    """Write the checked form for the next command; where that fails, only time is lost."""
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{id(knowledge):x}")
        fresh.write_bytes(msgspec.msgpack.encode(knowledge))
        fresh.replace(kept)
    except OSError:
        return


def _read(data: Path, version: str) -> Knowledge:
    problems: list[Problem] = []
    parts: dict[str, Any] = {}
    for field, (name, table, kind) in TOML.items():
        parts[field] = tuple(_toml(data / name, table, kind, problems))
    for field, (name, kind) in CSV.items():
        parts[field] = tuple(_csv(data / name, kind, problems))
    parts["criteria"] = tuple(_criteria(data / "criteria", problems))
    parts["article"] = tuple(_article(data / "article", problems))
    parts["differential"] = _differential(data / "differential", problems)
    rows = _value_sets(data / "terms", problems)
    names = [(row.means, row.code) for row in rows if getattr(row, "system", "") == NAMES_ONLY]
    parts["concepts"] = tuple(named_concepts(parts["concepts"], parts["conditions"], names))
    parts["sets"] = tuple(filled_sets(parts["sets"], parts["conditions"]))
    findings = (one for one in parts["concepts"] if one.kind != "condition")
    taken = {folded_name(name) for one in findings for name in one.names}
    parts["value_sets"] = msgspec.msgpack.encode(packed(rows, taken))
    coding = list(_whole(data / "coding.toml", CodingEntry, problems))
    if problems or not coding:
        raise _error(problems or [Problem("coding.toml", "", "is missing")])
    found = Entries(**parts, coding=coding[0], version=version)
    rules, problems = ready_rules(found)
    problems += check(found, rules)
    if problems:
        raise _error(problems)
    fields = {field: getattr(found, field) for field in Entries.__struct_fields__}
    return Knowledge(**fields, rules=rules)


def _error(problems: list[Problem]) -> KnowledgeError:
    told = dict.fromkeys(problems)
    lines = [f"{problem.file}: {problem.entry}: {problem.message}" for problem in told]
    return KnowledgeError("\n".join(lines))


def _convert(raw: Any, kind: type[Any], where: tuple[str, str], problems: list[Problem]) -> Any:
    try:
        return msgspec.convert(raw, kind, strict=not where[0].endswith(".csv"))
    except msgspec.ValidationError as fault:
        problems.append(Problem(*where, f"{fault}{_misspelt(str(fault), kind)}"))
        return None


def _misspelt(message: str, kind: type[Any]) -> str:
    """Give the key that was meant, where the fault is an unknown one."""
    found = UNKNOWN_KEY.search(message)
    return meant(found[1], _keys(type_info(kind))) if found else ""


def _keys(info: Type) -> set[str]:
    """Give every key of a type and of the types inside it."""
    found: set[str] = set()
    if isinstance(info, StructType):
        found |= {field.encode_name for field in info.fields}
        for field in info.fields:
            found |= _keys(field.type)
    for name in ("item_type", "value_type", "types"):
        below = getattr(info, name, ())
        for one in below if isinstance(below, tuple) else (below,):
            found |= _keys(one)
    return found


def _parsed(path: Path, problems: list[Problem]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(path.name, "", "is missing"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        problems.append(Problem(path.name, "", f"is not TOML: {fault}"))
    return {}


def _toml(path: Path, table: str, kind: type[Any], problems: list[Problem]) -> Iterator[Any]:
    if path.is_dir():
        for one in sorted(path.glob("*.toml")):
            yield from _entries(one, path.name, table, kind, problems)
    else:
        yield from _entries(path, path.name, table, kind, problems)


def _entries(
    path: Path, listed: str, table: str, kind: type[Any], problems: list[Problem]
) -> Iterator[Any]:
    """Read one file; ``listed`` is the name, its own or its folder's, that `TOML` has."""
    parsed = _parsed(path, problems)
    files = (*TOML.values(), *DIFFERENTIAL.values())
    tables = sorted(other for file, other, _ in files if Path(file).name == listed)
    for key in sorted(parsed.keys() - tables):
        known = ", ".join(f"[[{name}]]" for name in tables)
        problems.append(Problem(path.name, key, f"unknown table; entries are {known}"))
    for place, raw in enumerate(parsed.get(table, ()), start=1):
        name = raw.get("id") or f"entry {place}"
        if (entry := _convert(raw, kind, (path.name, name), problems)) is not None:
            yield entry


def _whole(path: Path, kind: type[Any], problems: list[Problem]) -> Iterator[Any]:
    if parsed := _parsed(path, problems):
        entry = _convert(parsed, kind, (path.name, parsed.get("id", "")), problems)
        if entry is not None:
            yield entry


def _criteria(folder: Path, problems: list[Problem]) -> Iterator[CriteriaEntry]:
    for path in sorted(folder.glob("*.toml")):
        yield from _whole(path, CriteriaEntry, problems)


def _differential(folder: Path, problems: list[Problem]) -> DifferentialEntries | None:
    """Read what the differential weighs; None where its settings can't be read."""
    cells = sorted((folder / "cells").glob("*.csv"))
    model = list(_whole(folder / "model.toml", ModelEntry, problems))
    toml = {
        field: tuple(_toml(folder / name, table, kind, problems))
        for field, (name, table, kind) in DIFFERENTIAL.items()
    }
    if not model:
        problems.append(Problem("model.toml", "", "is missing"))
        return None
    return DifferentialEntries(
        **toml,
        cells=tuple(entry for path in cells for entry in _csv(path, CellEntry, problems)),
        implications=tuple(_csv(folder / "implications.csv", Implication, problems)),
        priors=tuple(_csv(folder / "priors.csv", PriorEntry, problems)),
        model=model[0],
    )


def _value_sets(folder: Path, problems: list[Problem]) -> list[Any]:
    rows = []
    missing = [name for name in FILES if not (folder / f"{name}.tsv").exists()]
    problems += [Problem(f"terms/{name}.tsv", "", "is missing") for name in missing]
    for name, line, row in () if missing else read_rows(folder):
        rows.append(_convert(row, FILES[name], (f"terms/{name}.tsv", line), problems))
    return [row for row in rows if row is not None]


def _article(folder: Path, problems: list[Problem]) -> Iterator[PageEntry]:
    """Read the sections of both versions, in the order of the numbers before their names."""
    for audience in get_args(Audience):
        for path in sorted((folder / audience).glob("*.md")):
            heading, _, text = path.read_text(encoding="utf-8").partition("\n")
            if not heading.startswith("# "):
                where = f"article/{audience}/{path.name}"
                problems.append(Problem(where, "", "the first line is not its title"))
            yield PageEntry(audience, path.stem.partition("-")[2], heading[2:], text.strip())


def _csv(path: Path, kind: type[Any], problems: list[Problem]) -> Iterator[Any]:
    if not path.exists():
        problems.append(Problem(path.name, "", "is missing"))
        return
    with path.open(encoding="utf-8", newline="") as opened:
        for line, row in enumerate(csv.DictReader(opened), start=2):
            where = (path.name, f"line {line}")
            if (entry := _convert(_row(row, kind), kind, where, problems)) is not None:
                yield entry


def _row(row: Mapping[str, str], kind: type[Any]) -> dict[str, Any]:
    """Give a CSV row as an entry: empty cells left out, lists split, the citation gathered."""
    cells: dict[str, Any] = {key: cell for key, cell in row.items() if cell}
    for key in LISTS & cells.keys():
        cells[key] = [part.strip() for part in cells[key].split("|")]
    if kind in CITED:
        keys = ("source", "certainty", "at", "note")
        found = {key: cells.pop(key) for key in keys if key in cells}
        cells["source"] = {"id": found.pop("source", ""), **found}
    if kind is LabInterval:
        cells = {"sex": None, "low": None, "high": None} | cells
    if kind is Bone:
        cells = {"physes": []} | cells
    if kind is UnitFactor:
        cells = {"analyte": ""} | cells
    if kind is UnitSpelling:
        cells = {"means": ""} | cells
    return cells
