import tomllib
from pathlib import Path

import pytest

from multifocal.knowledge.load import DATA, load
from multifocal.knowledge.unlock import Checked, checked, kept, lockable, opened_by, unlocked
from multifocal.model.issue import KnowledgeError
from multifocal.workup.calculate import answer, calculate

KNOWLEDGE = load()
EULAR = KNOWLEDGE.criteria_by_id["eular_acr_2025_cno"]
MADE_UP = Path(__file__).parents[2] / "data" / "weights" / "made_up.toml"
"""Invented numbers that satisfy every invariant; the weights of no publication."""

ENTRY = {
    "age_onset_y": 9.5,
    "pain_or_limitation_days": 90,
    "abnormal_imaging": True,
    "malignancy": False,
    "infection": False,
    "vitamin_c_deficiency": False,
    "hypophosphatasia": False,
    "complete_sustained_response_to_antimicrobials_alone": False,
}
LEVELS = {
    "site_of_bone_lesions": "clavicle",
    "pattern_of_bone_lesions": "multifocal",
    "age_at_onset": "older",
    "coexisting_conditions": "none",
    "fever": "no_fever",
    "bone_biopsy": "not_done",
    "anaemia": "no_anaemia",
    "crp": "high",
    "esr": "high",
}
"""20 + 15 + 10 + 0 + 5 + 0 + 3 + 0 - 2 = 51."""


def changed(*pairs: tuple[str, str]) -> Checked:
    text = MADE_UP.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return checked(EULAR, text.encode(), knowledge=KNOWLEDGE)


def test_a_file_that_satisfies_everything_has_no_fault() -> None:
    found = changed()
    assert (found.violations, found.warnings) == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("threshold = 55", "threshold = 54", "the threshold is 55"),
        ("points = 17", "points = 16", "the greatest weight of the biopsy is 17"),
        ('"clavicle", label = "Clavicle", points = 20', '"clavicle", label = "C", points = 19',
         "" ),
        ('"clavicle", label = "Clavicle", points = 20', '"clavicle", label = "C", points = 10',
         "clavicle and mandible are the greatest weights"),
        ('"multifocal", label = "Several bones", points = 15',
         '"multifocal", label = "S", points = 7', "several sites are the greatest weight"),
        ('"symmetric", label = "Symmetric", points = 8', '"symmetric", label = "S", points = 0',
         "a symmetric pattern earns points"),
        ('checked_by = "Another Invented Person"', 'checked_by = "invented  PERSON"',
         "must be a second person"),
        ('table = "made-up table"', 'table = " "', "`table` is empty"),
        ('id = "esr"', 'id = "ers"', "Did you mean 'esr'?"),
        ('when = "site_clavicle"', 'when = "site_clavicel"', "unknown name 'site_clavicel'"),
        ('when = "site_clavicle"', 'when = "crp + 1"', "a truth is needed"),
        ('id = "mandible"', 'id = "jaw"', "can't be checked without site_of_bone_lesions_mandible"),
        ('id = "hand"', 'id = "clavicle"', "has level 'clavicle' 2 times"),
        ('{ id = "low", label = "Low", points = 5, when = "crp < 10" }',
         '{ id = "a b", label = "Low", points = 5 }', "letters, digits and underscores"),
        ('set = "eular_acr_2025_cno"', 'set = "nbods_2023"', "`set` must be"),
    ],
)  # fmt: skip
def test_each_broken_rule_is_told(old: str, new: str, told: str) -> None:
    found = changed((old, new))
    if not told:
        # Both above all others is allowed although they differ.
        assert found.violations == ()
    else:
        assert any(told in line for line in (*found.violations, *found.warnings))
        assert found.violations


def test_all_violations_are_told_at_once() -> None:
    found = changed(
        ("threshold = 55", "threshold = 500"),
        ("points = 17", "points = 18"),
        ('id = "fever"\n', 'id = "fewer"\n'),
    )
    told = "\n".join(found.violations)
    for part in ("threshold is 55", "biopsy is 17", "'fever' is there 0 times", "reaches the"):
        assert part in told


@pytest.mark.parametrize("site", ["hand", "skull"])
def test_what_is_only_inferred_warns_and_does_not_refuse(site: str) -> None:
    label = site.capitalize()
    old = f'"{site}", label = "{label}", points = 5'
    found = changed((old, f'"{site}", label = "{label}", points = 12'))
    assert found.violations == ()
    assert [line for line in found.warnings if site in line]


@pytest.mark.parametrize("text", ["not = [toml", "set = 1", 'set = "x"\nunknown_key = 1'])
def test_what_is_no_weights_file_is_refused(text: str) -> None:
    with pytest.raises(KnowledgeError, match="can't be read"):
        checked(EULAR, text.encode(), knowledge=KNOWLEDGE)


def test_a_set_is_meant_by_the_beginning_of_its_name() -> None:
    assert lockable(KNOWLEDGE, "EULAR_ACR").id == EULAR.id
    with pytest.raises(KnowledgeError, match="Did you mean"):
        lockable(KNOWLEDGE, "EULRA")


def test_the_shipped_template_is_empty_and_is_refused() -> None:
    path = DATA / "weights" / "eular_acr_2025_cno.template.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    assert [domain["level"] for domain in raw["domain"]] == [[]] * 9
    found = checked(EULAR, path.read_bytes(), knowledge=KNOWLEDGE)
    assert len(found.violations) > 9


def with_weights(tmp_path: Path) -> Path:
    path = kept(tmp_path, EULAR)
    path.parent.mkdir(parents=True)
    path.write_bytes(MADE_UP.read_bytes())
    return tmp_path


def test_without_a_kept_file_nothing_changes(tmp_path: Path) -> None:
    assert unlocked(KNOWLEDGE, tmp_path) is KNOWLEDGE


def test_every_result_names_the_file_and_so_does_the_version(tmp_path: Path) -> None:
    opened = unlocked(KNOWLEDGE, with_weights(tmp_path))
    assert opened.version.startswith(f"{KNOWLEDGE.version}+weights.")
    found = calculate(opened.criteria_by_id[EULAR.id], {**ENTRY, **LEVELS}, knowledge=opened)
    assert found.knowledge_version == opened.version
    for part in (
        "A made-up document",
        "made-up table",
        "Invented Person",
        "2026-01-02",
        "not verified",
    ):
        assert part in found.label
    assert not found.as_published


@pytest.mark.parametrize(
    ("changes", "state", "total"),
    [
        ({}, "not_classified", 51),
        ({"crp": "low"}, "classified", 56),
        ({"esr": "low", "crp": "high"}, "classified", 58),
        ({"site_of_bone_lesions": "hand"}, "not_classified", 36),
        ({"anaemia": "anaemia", "crp": "low", "esr": "high"}, "not_classified", 53),
    ],
)
def test_points_add_up_to_what_paper_says(
    tmp_path: Path, changes: dict[str, str], state: str, total: int
) -> None:
    opened = unlocked(KNOWLEDGE, with_weights(tmp_path)).criteria_by_id[EULAR.id]
    found = answer(opened, {**ENTRY, **LEVELS, **changes})
    assert (found.state, found.low, found.high) == (state, total, total)


def test_a_domain_without_answer_leaves_an_interval(tmp_path: Path) -> None:
    knowledge = unlocked(KNOWLEDGE, with_weights(tmp_path))
    opened = knowledge.criteria_by_id[EULAR.id]
    levels = {name: level for name, level in LEVELS.items() if name != "bone_biopsy"}
    found = calculate(opened, {**ENTRY, **levels}, knowledge=knowledge)
    assert (found.state, found.low, found.high) == ("score_undetermined", 51, 68)
    assert "bone_biopsy" in found.missing
    assert found.maximum == 90


def test_an_open_exclusion_is_not_passed_over_once_points_are_computed(tmp_path: Path) -> None:
    opened = unlocked(KNOWLEDGE, with_weights(tmp_path)).criteria_by_id[EULAR.id]
    given = {**ENTRY, **LEVELS, "crp": "low"}
    given["complete_sustained_response_to_antimicrobials_alone"] = None
    found = answer(opened, given)
    assert found.state.startswith("exclusions_not_assessed:")


def test_a_kept_file_that_does_not_hold_any_more_is_refused(tmp_path: Path) -> None:
    path = kept(with_weights(tmp_path), EULAR)
    path.write_text(path.read_text(encoding="utf-8").replace("points = 17", "points = 3"))
    with pytest.raises(KnowledgeError, match="unlock it again, or remove it"):
        unlocked(KNOWLEDGE, tmp_path)


def test_only_a_locked_set_can_be_opened() -> None:
    weights = changed().weights
    with pytest.raises(KnowledgeError, match="not locked"):
        opened_by(KNOWLEDGE.criteria_by_id["nbods_2023"], weights, "0")
