"""Made-up children and a small made-up knowledge to print them with; no number here is real."""

from datetime import date

import msgspec
import pytest

from multifocal.knowledge.entries import (
    ChoiceEntry,
    CodeEntry,
    CodingEntry,
    ConceptEntry,
    CriteriaEntry,
    DimensionEntry,
    FindingEntry,
    Performance,
    Row,
)
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Bone, BoneId, Region, RegionId
from multifocal.model.assessment import (
    Argument,
    Assessment,
    Coding,
    CriteriaId,
    CriteriaResult,
    Danger,
    ItemAnswer,
    LabResult,
    Lesion,
    Missing,
    NextTest,
    RedFlag,
)
from multifocal.model.day import Day
from multifocal.model.finding import Finding, FindingId
from multifocal.model.issue import Issue, Level
from multifocal.model.record import ConceptId, Fact, FactId, NotRead, Origin, Patient, Resources
from multifocal.model.source import Certainty, Citation, Source, SourceId
from multifocal.rules.parse import parse

PAPER = Citation(SourceId("paper-2020"), Certainty.VERIFIED, at="table 2")
RECALLED = Citation(SourceId("lab-book"), Certainty.MEMORY, at="p. 4")
OURS = Citation(SourceId("own"), Certainty.JUDGEMENT)


def _findings() -> tuple[FindingEntry, ...]:
    rows = (
        ("bone_pain", "Bone pain", "bone pain", "symptom"),
        ("pain_at_night", "Pain at night", "pain at night", "symptom"),
        ("local_swelling", "Local swelling", "swelling", "sign"),
        ("local_warmth", "Local warmth", "warm skin", "sign"),
        ("xray_lytic", "Lytic lesion on X-ray", "a thin spot in the bone", "xray"),
        ("vitamin_c_low", "Low vitamin C", "too little vitamin C", "lab"),
        ("biopsy_sterile_inflammation", "Sterile inflammation", "a clean bone sample", "biopsy"),
        ("blasts_on_film", "Blasts on the blood film", "odd cells in the blood", "lab"),
    )
    return tuple(
        FindingEntry(FindingId(id_), label, plain, "made up", kind, "made up", OURS)  # type: ignore[arg-type]
        for id_, label, plain, kind in rows
    )


def _concepts() -> tuple[ConceptEntry, ...]:
    rows = (
        ("bone_pain", "Bone pain", "symptom"),
        ("pain_at_night", "Pain at night", "symptom"),
        ("local_swelling", "Local swelling", "sign"),
        ("local_warmth", "Local warmth", "sign"),
        ("crp", "C-reactive protein", "lab"),
        ("platelets", "Platelets", "lab"),
        ("vitc", "Vitamin C", "lab"),
        ("xray_mixed", "Lytic and sclerotic bone", "image"),
        ("mri_marrow_oedema", "Marrow oedema", "image"),
        ("xray_study", "X-ray", "study"),
        ("mri_study", "MRI", "study"),
        ("nsaid", "Ibuprofen or similar", "treatment"),
    )
    return tuple(
        ConceptEntry(ConceptId(id_), label, kind)  # type: ignore[arg-type]
        for id_, label, kind in rows
    )


def _coding() -> CodingEntry:
    code = CodeEntry(code="X00.1", title="Made-up code", regions=(RegionId("hand"),), source=OURS)
    return CodingEntry(
        enough="True",
        enough_source=OURS,
        enough_reason="",
        refused_reason="",
        leads=(),
        behind_title="",
        behind_reason="",
        behind_source=OURS,
        urgent_title="",
        urgent_reason="",
        urgent_source=OURS,
        beside_title="",
        beside_reason="",
        beside_source=OURS,
        provisional="False",
        provisional_caution="",
        provisional_source=OURS,
        symptom_several="",
        symptom_none="",
        unread_title="",
        unread_reason="",
        unread_source=OURS,
        multiple=code,
        unspecified=code,
        other=code,
        excluded_regions=(),
        excluded_reason="",
        excluded_source=OURS,
        caution="",
        code=(),
        symptom=(),
        vertebra=(),
    )


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """A few entries of each kind."""
    score = CriteriaEntry(
        id=CriteriaId("example_score"),
        name="Example score",
        short="Example",
        year=2020,
        kind="score",
        purpose="diagnosis",
        label="Example score: made up.",
        as_published=True,
        computes="yes",
        shown="work-up",
        source=PAPER,
        population="nobody",
        note="",
        state_labels={"high": "Above the threshold", "low": "Below the threshold"},
        item=(),
        choice=(ChoiceEntry("state", "text", (Row("high", "score > 17"), Row("low")), PAPER),),
        performance=(Performance("development cohort", PAPER, 0.89, 0.969),),
    )
    given: dict[str, object] = dict.fromkeys(Knowledge.__struct_fields__, ())
    given |= {
        "sources": (
            Source(
                SourceId("paper-2020"),
                "A made-up paper",
                "table 2",
                "Nobody N",
                2020,
                "10.1000/made-up",
            ),
            Source(SourceId("lab-book"), "A made-up book", "not read", year=1999),
            Source(SourceId("own"), "Our own judgement", "all"),
        ),
        "bones": (
            Bone(
                id=BoneId("metacarpal_3"),
                label="third metacarpal",
                region=RegionId("metacarpus"),
                paired=True,
                kind="long",
                physes=("distal",),
            ),
            Bone(
                id=BoneId("proximal_phalanx_hand_2"),
                label="proximal phalanx of the index finger",
                region=RegionId("fingers"),
                paired=True,
                kind="long",
                physes=("proximal",),
            ),
            Bone(
                id=BoneId("thoracic_vertebra_8"),
                label="T8 vertebra",
                region=RegionId("spine"),
                paired=False,
                kind="irregular",
                physes=(),
            ),
        ),
        "regions": (
            Region(RegionId("body"), "body"),
            Region(RegionId("hand"), "hand", RegionId("body")),
            Region(RegionId("metacarpus"), "metacarpus", RegionId("hand")),
            Region(RegionId("fingers"), "fingers", RegionId("hand")),
            Region(RegionId("spine"), "spine", RegionId("body")),
        ),
        "concepts": _concepts(),
        "findings": _findings(),
        "criteria": (score,),
        "burdens": (DimensionEntry("needle", "Needle", ("no", "yes"), OURS),),
        "coding": _coding(),
        "version": "0123456789ab",
        "rules": {"score > 17": parse("score > 17")},
    }
    return Knowledge(**given)  # type: ignore[arg-type] # whatever is not given is empty


def fact(number: int, concept: str, **fields: object) -> Fact:
    """One fact read from a made-up resource."""
    given = {"origin": Origin(f"Observation/{number}", f"as written {number}")} | fields
    return Fact(FactId(f"Observation/{number}"), ConceptId(concept), **given)  # type: ignore[arg-type]


def ids(*numbers: int) -> tuple[FactId, ...]:
    """Ids of facts by number."""
    return tuple(FactId(f"Observation/{number}") for number in numbers)


HAND = {"laterality": "right", "region": "hand"}
THIRD = {"bone": "metacarpal_3", "region": "metacarpus", "laterality": "right"}
INDEX = {"bone": "proximal_phalanx_hand_2", "region": "fingers", "laterality": "right"}
LAB = {"unit": "mg/L", "high": 5.0, "interval": "laboratory"}


def _facts() -> tuple[Fact, ...]:
    june, october = Day.parse("2026-06"), Day.parse("2026-10-06")
    later = Day.parse("2026-10-20")
    return (
        fact(1, "bone_pain", day=june, onset=True, **THIRD),
        fact(
            2,
            "pain_at_night",
            day=Day.parse("2026-08-15"),
            onset=True,
            ended=Day.parse("2026-09-20"),
            **HAND,
        ),
        fact(3, "local_swelling", day=october, **THIRD),
        fact(4, "local_warmth", day=october, **HAND),
        fact(5, "crp", day=Day.parse("2026-09-02"), value=9.0, flag="high", **LAB),
        fact(6, "crp", day=october, value=12.0, flag="high", **LAB),
        fact(
            7,
            "platelets",
            day=october,
            value=310.0,
            unit="10*9/L",
            low=180.0,
            high=440.0,
            interval="knowledge",
            flag="normal",
        ),
        fact(8, "xray_study", day=october, modality="xray", **HAND),
        fact(
            9, "xray_mixed", day=october, modality="xray", part="metaphysis", end="distal", **THIRD
        ),
        fact(10, "xray_mixed", day=october, modality="xray", **INDEX),
        fact(11, "mri_study", day=later, modality="mri", **HAND),
        fact(
            12,
            "mri_marrow_oedema",
            day=later,
            modality="mri",
            part="metaphysis",
            end="distal",
            **THIRD,
        ),
        fact(13, "mri_marrow_oedema", day=later, modality="mri", **INDEX),
        fact(14, "nsaid", day=Day.parse("2026-09-10")),
        fact(15, "pain_at_night", present=False, day=october, **HAND),
    )


def _criteria() -> tuple[CriteriaResult, ...]:
    items = (
        ItemAnswer(
            "crp", "CRP at most 55 mg/L", "known", "yes", ids(6), PAPER, truth=True, points=(12, 12)
        ),
        ItemAnswer("many", "More than one lesion", "unknown", "unknown", (), PAPER, points=(0, 27)),
    )
    return (
        CriteriaResult(
            id=CriteriaId("example_score"),
            name="Example score",
            label="Example score: made up; says nothing about tumour.",
            state="undetermined",
            state_label="Not decided: one item is not recorded",
            decided=False,
            possible=("high", "low"),
            low=12,
            high=39,
            maximum=39,
            unknown=("many",),
            settles=("many",),
            items=items,
            note="A low score is no evidence against the disease in a hand.",
            source=PAPER,
        ),
    )


def _lesions() -> tuple[Lesion, ...]:
    first, last = Day.parse("2026-10-06"), Day.parse("2026-10-20")
    features = (ConceptId("mri_marrow_oedema"), ConceptId("xray_mixed"))
    return (
        Lesion(
            BoneId("metacarpal_3"),
            "right",
            "metaphysis",
            "distal",
            ("mri", "xray"),
            features,
            first,
            last,
            ids(9, 12),
        ),
        Lesion(
            BoneId("proximal_phalanx_hand_2"),
            "right",
            None,
            None,
            ("mri", "xray"),
            features,
            first,
            last,
            ids(10, 13),
        ),
    )


@pytest.fixture(scope="session")
def child() -> Assessment:
    """A made-up girl with two lesions in the right hand and no red flag."""
    return Assessment(
        as_of=date(2026, 10, 20),
        knowledge_version="0123456789ab",
        software_version="0.0.0",
        patient=Patient(
            "made-up", "Example Girl", Day.parse("2017-03-02"), "female", synthetic=True
        ),
        age_years=(9.6, 9.6),
        facts=_facts(),
        findings=(
            Finding(FindingId("bone_pain"), truth=True, because=ids(1)),
            Finding(FindingId("pain_at_night"), truth=True, because=ids(2)),
            Finding(FindingId("local_swelling"), truth=True, because=ids(3)),
            Finding(FindingId("local_warmth"), truth=True, because=ids(4)),
            Finding(FindingId("xray_lytic"), truth=False, because=ids(9, 10)),
            Finding(FindingId("vitamin_c_low"), truth=None),
        ),
        lesions=_lesions(),
        red_flags=(),
        dangers=(
            Danger(
                "leukaemia",
                "Leukaemia",
                "emergency",
                ("Sterile inflammation: present",),
                (FindingId("bone_pain"),),
                OURS,
                tier="answer",
                why="points to it: Bone pain",
                test="full_blood_count_film",
                test_label="Full blood count with film",
                standing="needed",
            ),
            Danger(
                "scurvy",
                "Scurvy",
                "urgent",
                ("Low vitamin C: absent",),
                (),
                RECALLED,
                tier="unlikely",
                why="eats fruit",
            ),
        ),
        criteria=_criteria(),
        notes=(("The hand is under-served by the published sets.", OURS),),
        arguments=(
            Argument(FindingId("pain_at_night"), "for", "moderate", ids(2), OURS),
            Argument(FindingId("xray_lytic"), "against", "supportive", ids(9, 10), RECALLED),
        ),
        missing=(
            Missing(FindingId("vitamin_c_low"), ("can exclude: Scurvy", "Example score: item")),
        ),
        next_tests=(
            NextTest(
                "vitc",
                "Vitamin C in plasma",
                "can exclude: Scurvy",
                (FindingId("vitamin_c_low"),),
                {"needle": "yes"},
                OURS,
            ),
        ),
        coding=Coding(
            "X00.1",
            "Made-up code of the right hand",
            "Two bones of one hand.",
            ids(9, 10),
            PAPER,
            "It is filed as infection.",
        ),
        labs=(
            LabResult(ConceptId("crp"), "C-reactive protein", "mg/L", ids(5, 6), None),
            LabResult(ConceptId("platelets"), "Platelets", "10*9/L", ids(7), RECALLED),
        ),
        issues=(Issue(Level.WARNING, "Observation[3]", "A value without unit was left out.", 2),),
        regions_imaged=((RegionId("hand"), "right"),),
    )


@pytest.fixture(scope="session")
def flagged(child: Assessment) -> Assessment:
    """The same child with a red flag."""
    flag = RedFlag(
        id="film",
        urgency="emergency",
        label="Blasts on the blood film",
        action="Call the oncologist now; no steroid before the marrow.",
        plain="The blood test shows odd cells. Please go to the hospital now.",
        findings=(FindingId("blasts_on_film"),),
        because=ids(7),
        source=RECALLED,
    )
    return msgspec.structs.replace(child, red_flags=(flag,))


@pytest.fixture(scope="session")
def empty(child: Assessment) -> Assessment:
    """A record that says nearly nothing."""
    return msgspec.structs.replace(
        child,
        patient=Patient("made-up"),
        age_years=None,
        facts=(),
        findings=(),
        lesions=(),
        dangers=(),
        criteria=(),
        notes=(),
        arguments=(),
        missing=(),
        next_tests=(),
        coding=Coding(None, "", "The record does not say enough.", (), OURS),
        labs=(),
        issues=(),
        regions_imaged=(),
    )


HOSTILE_NAME = "[b]<i>\x1b[31m\u202e#let\nlab_$x$ " + "long " * 60
"""A name of a document that is markup, control codes, and far too long."""


@pytest.fixture(scope="session")
def unread(child: Assessment) -> Assessment:
    """The same child, of whose record much was not read, an image of both legs among it."""
    of = Level.WARNING
    not_read = (
        NotRead(
            "report",
            "Surgical pathology",
            "DiagnosticReport 2",
            "odd cells",
            "a picture",
            of,
            about="pathology",
        ),
        NotRead("document", HOSTILE_NAME, "DocumentReference 5", level=of),
        NotRead("answer", "", "QuestionnaireResponse 1", level=of),
        NotRead("result", "Plasma viscosity", "Observation 17"),
        NotRead("result", "Lipase", "Observation 18"),
        NotRead("medication", "Drops", "MedicationStatement 2"),
        NotRead("resource", "Claim", "Claim 1", count=12),
    )
    study = msgspec.structs.replace(
        child.facts[10], id=FactId("DiagnosticReport/9"), unread=True, laterality=None
    )
    return msgspec.structs.replace(
        child,
        facts=(*child.facts, study),
        coding=Coding(None, "Held back", "A report was not read.", (), OURS, held=True),
        issues=(Issue(Level.WARNING, "Observation 17", "Has a code that is not known."),),
        regions_unread=((RegionId("hand"), "left"),),
        not_read=not_read,
        resources=Resources(20, 2, 17),
    )
