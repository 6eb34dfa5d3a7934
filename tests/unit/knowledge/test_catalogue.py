import csv
import json
import re
import tomllib
from collections import Counter

import pytest

from multifocal.knowledge.article import address
from multifocal.knowledge.catalogue import (
    Listed,
    catalogue,
    cited,
    find,
    is_ours,
    kinds,
    numbers,
    rule_of,
    told,
    users,
)
from multifocal.knowledge.entries import (
    CodeEntry,
    CodingEntry,
    CriteriaEntry,
    Figure,
    FindingEntry,
    LabInterval,
    RedFlagEntry,
    StatementEntry,
)
from multifocal.knowledge.load import CSV, DATA, TOML, load
from multifocal.knowledge.tally import Tally, tally, total
from multifocal.model.issue import MultifocalError
from multifocal.model.record import ConceptId
from multifocal.model.source import Certainty, Citation, SourceId

KNOWLEDGE = load()
LISTED = catalogue(KNOWLEDGE)

READ = Citation(SourceId("read-2020"), Certainty.VERIFIED, "table 2")
OURS = Citation(SourceId("ours"), Certainty.JUDGEMENT)

FLAG = RedFlagEntry(
    id="made_up",
    urgency="urgent",
    label="Made up",
    action="Look within 48 h at T1 and M86.341; 2,000,000 of 3.5 are made up.",
    plain="Made up.",
    when="crp > 30.5 and at_least(2, fever, limp) or not age_years >= 5",
    source=READ,
)
STATEMENT = StatementEntry(
    id="made_up_read",
    topic="made_up",
    label="made up",
    figure=Figure(kind="share", k=3, n=8),
    population="",
    source=OURS,
)
LAB = LabInterval(
    analyte=ConceptId("crp"),
    age_from_years=1,
    age_to_years=4,
    sex=None,
    low=None,
    high=8,
    source=READ,
)


def listed(entry: RedFlagEntry | StatementEntry | LabInterval | CodingEntry, file: str) -> Listed:
    return Listed("made_up", "made_up", "made up", file, entry)


def test_every_entry_of_every_file_is_listed_once() -> None:
    found = Counter(one.file for one in LISTED if one.kind != "code")
    for file in {file for file, _, _ in TOML.values()}:
        path = DATA / file
        texts = [one.read_text("utf-8") for one in ([path] if path.is_file() else path.iterdir())]
        parsed = [tomllib.loads(text) for text in texts]
        own = {entry.get("id") for one in parsed for entry in one.get("concept", ())}
        made = {one.id for one in KNOWLEDGE.conditions} - own if own else set()
        written = sum(len(table) for one in parsed for table in one.values())
        assert found[file] == written + len(made), file
    for file, _ in CSV.values():
        with (DATA / file).open(encoding="utf-8", newline="") as opened:
            assert found[file] == len(list(csv.DictReader(opened))), file


def test_every_file_that_is_named_is_there() -> None:
    assert {one.file for one in LISTED if not (DATA / one.file).exists()} == set()


def test_no_file_of_entries_is_forgotten() -> None:
    files = {
        path.relative_to(DATA).as_posix()
        for path in DATA.rglob("*")
        if path.suffix in {".toml", ".csv", ".md"} and "template" not in path.name
    }
    named = {one.file for one in LISTED}
    assert {file for file in files if not any(file.startswith(name) for name in named)} == set()


def test_an_id_that_several_kinds_share_gives_them_all() -> None:
    assert {"concept", "finding"} <= {one.kind for one in find("fever", LISTED)}


@pytest.mark.parametrize(
    ("wanted", "kind", "id_"),
    [
        ("M86.341", "code", "M86.341"),
        ("crp_mg_per_l", "criteria", "nbods_2023"),
        ("1988-5", "concept", "crp"),
        ("kostik-2023", "source", "kostik-2023"),
        ("metacarpal_3", "bone", "metacarpal_3"),
        ("hand", "region", "hand"),
        ("blasts", "red_flag", "blasts"),
    ],
)
def test_an_id_an_item_and_a_code_lead_to_their_entry(wanted: str, kind: str, id_: str) -> None:
    assert (kind, id_) in {(one.kind, one.id) for one in find(wanted, LISTED)}


def test_an_unknown_id_is_answered_with_what_may_be_meant() -> None:
    with pytest.raises(MultifocalError, match="Did you mean 'psoriasis'"):
        find("psoriassis", LISTED)


def test_numbers_are_the_constants_of_rules_and_the_figures_in_sentences() -> None:
    found = numbers(listed(FLAG, "red_flags.toml"))
    assert sorted(one.value for one in found if not one.in_words) == [2, 5, 30.5]
    assert sorted(one.value for one in found if one.in_words) == [3.5, 48, 2_000_000]
    assert {one.source for one in found} == {READ}


def test_a_number_takes_the_citation_of_its_key_before_that_of_the_entry() -> None:
    code = CodeEntry(code="X", title="made up", regions=(), source=READ)
    coding = CodingEntry(
        enough="pain_days >= 42",
        enough_source=OURS,
        enough_reason="",
        refused_reason="",
        leads=(),
        behind_title="",
        behind_reason="",
        behind_source=READ,
        urgent_title="",
        urgent_reason="",
        urgent_source=READ,
        beside_title="",
        beside_reason="",
        beside_source=READ,
        provisional="False",
        provisional_caution="",
        provisional_source=READ,
        symptom_several="",
        symptom_none="",
        unread_title="",
        unread_reason="",
        unread_source=READ,
        multiple=code,
        unspecified=code,
        other=code,
        excluded_regions=(),
        excluded_reason="",
        excluded_source=READ,
        caution="",
        code=(),
        symptom=(),
        vertebra=(),
    )
    found = {one.path: (one.value, one.source) for one in numbers(listed(coding, "coding.toml"))}
    assert found == {"enough": (42, OURS)}


def test_a_number_of_a_part_takes_the_citation_of_the_part() -> None:
    entry = KNOWLEDGE.criteria_by_id["who_2024_anaemia"]
    [one] = find("who_2024_anaemia", LISTED)
    remembered = [
        number
        for number in numbers(one)
        if number.source is not None and number.source.certainty is Certainty.MEMORY
    ]
    assert entry.source.certainty is Certainty.VERIFIED
    assert remembered


def test_the_tally_is_what_a_count_on_paper_gives() -> None:
    made = (
        listed(FLAG, "a.toml"),  # 3 in the rule, 3 in words, read
        listed(STATEMENT, "a.toml"),  # k and n, ours
        listed(LAB, "b.csv"),  # two ages and one limit, read
    )
    assert tally(made) == (
        Tally("a.toml", verified=3, derived=0, memory=0, judgement=2, no_source=0),
        Tally("b.csv", verified=3, derived=0, memory=0, judgement=0, no_source=0),
    )
    assert tally(made, in_words=True) == (
        Tally("a.toml", verified=3, derived=0, memory=0, judgement=0, no_source=0),
    )
    assert total(tally(made)).total == 8


def test_the_intervals_of_the_laboratory_are_counted_as_a_spreadsheet_would() -> None:
    with (DATA / "labs.csv").open(encoding="utf-8", newline="") as opened:
        counted: Counter[str] = Counter()
        for row in csv.DictReader(opened):
            cells = ("age_from_years", "age_to_years", "low", "high")
            counted[row["certainty"]] += sum(bool(row[cell]) for cell in cells)
    [found] = [one for one in tally(LISTED) if one.file == "labs.csv"]
    assert counted == Counter(
        {sure.value: count for sure in Certainty if (count := getattr(found, sure.value))}
    )


def test_users_are_those_who_speak_of_an_id_in_a_rule_a_list_or_a_citation() -> None:
    used = users(LISTED)
    of_finding = {(one.kind, one.id) for one in used["site_clavicle"]}
    assert {("condition", "cmo"), ("criteria", "carra_ctp_2018")} <= of_finding
    assert ("set", "lesion") in {(one.kind, one.id) for one in used["xray_lytic"]}
    assert ("criteria", "nbods_2023") in {(one.kind, one.id) for one in used["kostik-2023"]}


def test_an_item_of_a_set_is_not_mistaken_for_a_bone_of_the_same_name() -> None:
    assert "criteria" not in {one.kind for one in users(LISTED)["femur"]}


def test_a_place_is_no_rule_and_a_threshold_is() -> None:
    assert rule_of("where", "wrist (any bone)") is None
    assert rule_of("label", "fever") is None
    assert rule_of("when", "crp > 5") is not None


def test_what_an_entry_tells_leaves_out_what_is_empty_or_usual() -> None:
    finding = KNOWLEDGE.findings_by_id["fever"]
    assert isinstance(finding, FindingEntry)
    assert finding.select is None
    assert "select" not in told(finding)
    assert "definition" in told(finding)


def test_every_number_that_a_source_backs_leads_to_that_source() -> None:
    known = {source.id for source in KNOWLEDGE.sources}
    backed = [number.source for one in LISTED for number in numbers(one) if number.source]
    assert {citation.id for citation in backed} <= known


def test_every_citation_leads_to_an_address_or_is_ours_or_is_on_the_list_of_gaps() -> None:
    from multifocal.knowledge.pages import pages

    gaps = pages(KNOWLEDGE)["not-verified.md"].partition("## Sources without an address")[2]
    listed_as_gap = set(re.findall(r"^- \[([^\]]+)\]\(sources\.md#", gaps, flags=re.MULTILINE))
    sources = {source.id: source for source in KNOWLEDGE.sources}
    lost = {
        citation.id
        for one in LISTED
        for citation in cited(one.entry)
        if not address(sources[citation.id]) and not is_ours(sources[citation.id])
    }
    assert lost <= listed_as_gap
    assert all(not address(sources[SourceId(name)]) for name in listed_as_gap)


def test_kinds_are_named_after_their_types() -> None:
    by_kind = kinds(LISTED)
    assert {"finding", "red_flag", "site_code", "lab_interval", "statement"} <= by_kind.keys()
    assert all(isinstance(one.entry, CriteriaEntry) for one in by_kind["criteria"])
    json.dumps(list(by_kind))
