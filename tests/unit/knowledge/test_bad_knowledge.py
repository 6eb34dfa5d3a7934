"""Faulty knowledge does not load: the fault is told with file, entry and what was meant."""

import shutil
from pathlib import Path

import pytest

from multifocal.knowledge.load import DATA, load
from multifocal.model.issue import KnowledgeError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def swap(data: Path, file: str, old: str, new: str) -> None:
    """Put a text in the first place of another."""
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(data: Path, file: str, text: str) -> None:
    path = data / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def told(data: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load(data=data)
    return str(caught.value).splitlines()


SOURCE = 'source = { id = "multifocal-matrix", certainty = "judgement" }'
FINDING = """
[[finding]]
id = "{id}"
label = "Synthetic"
plain = "synthetic"
definition = "Synthetic."
kind = "context"
group = "demography"
{source}
when = "{when}"
"""
MEASURE = """
[[measure]]
id = "{id}"
label = "Synthetic"
gives = "truth"
{source}
[measure.select]
how = "any"
concepts = ["{concept}"]
sets = [{sets}]
where = "{where}"
"""


def measure(
    *,
    name: str = "synthetic",
    source: str = SOURCE,
    concept: str = "crp",
    sets: str = "",
    where: str,
) -> str:
    return MEASURE.format(id=name, source=source, concept=concept, sets=sets, where=where)


def finding(*, name: str = "synthetic_finding", source: str = SOURCE, when: str) -> str:
    return FINDING.format(id=name, source=source, when=when)


def test_a_misspelt_key_is_told_with_the_one_that_was_meant(data: Path) -> None:
    swap(data, "conditions.toml", "\nurgency = ", "\nurgeny = ")
    [line] = told(data)
    assert line.startswith("conditions.toml: cmo: ")
    assert "unknown field `urgeny`" in line
    assert "Did you mean 'urgency'?" in line


def test_a_misspelt_key_inside_an_entry_is_told_with_the_one_that_was_meant(data: Path) -> None:
    swap(data, "conditions.toml", "certainty = ", "certanty = ")
    [line] = told(data)
    assert line.startswith("conditions.toml: cmo: ")
    assert "Did you mean 'certainty'?" in line


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("sources.toml", "read = ", "raed = "),
        ("conditions.toml", 'note = "stronger', 'nte = "stronger'),
        ("bones.csv", "paired", "pared"),
    ],
)
def test_a_misspelt_key_that_could_be_left_out_is_not_passed_over(
    data: Path, file: str, old: str, new: str
) -> None:
    swap(data, file, old, new)
    lines = told(data)
    assert lines
    assert all("unknown field" in line and "Did you mean" in line for line in lines)


def test_a_number_in_a_measure_without_a_source_does_not_load(data: Path) -> None:
    add(data, "measures.toml", measure(source="", where="value > 7.5"))
    add(data, "findings.toml", finding(when="synthetic"))
    assert "measures.toml: synthetic: holds 7.5 and has no source" in told(data)


def test_how_many_of_several_is_a_number_that_needs_a_source_too(data: Path) -> None:
    rule = "at_least(2, present, dated, recent)"
    add(data, "measures.toml", measure(source="", where=rule))
    add(data, "findings.toml", finding(when="synthetic"))
    assert "measures.toml: synthetic: holds 2 and has no source" in told(data)


def test_none_and_one_are_no_clinical_numbers(data: Path) -> None:
    add(data, "measures.toml", measure(source="", where="value > 1 or value == 0"))
    add(data, "findings.toml", finding(when="synthetic"))
    assert load(data=data).measures_by_id["synthetic"].source is None


def test_a_finding_with_a_number_and_no_source_does_not_load(data: Path) -> None:
    add(data, "findings.toml", finding(source="", when="age_years > 7.5"))
    [line] = told(data)
    assert line.startswith("findings.toml: synthetic_finding: ")
    assert "missing required field `source`" in line


def test_a_published_number_without_a_source_does_not_load(data: Path) -> None:
    swap(
        data,
        "conditions.toml",
        'figure = { kind = "share", value = 1.0, n = 31 }, source = { id = "kostik-2023", '
        'certainty = "verified", at = "abstract" }',
        'figure = { kind = "share", value = 1.0, n = 31 }',
    )
    [line] = told(data)
    assert line.startswith("conditions.toml: acute_bacterial_osteomyelitis: ")
    assert "missing required field `source`" in line


def test_a_factor_between_units_without_a_sourced_home_does_not_load(data: Path) -> None:
    add(data, "units.csv", "calcium,mval,mmol/L,0.4,labunits,derived,made up,\n")
    assert told(data) == ["units.csv: calcium mval: its factor 0.4 has no source in analytes.toml"]


def test_a_factor_without_a_source_does_not_load(data: Path) -> None:
    add(data, "units.csv", "crp,mg CRP/L,mg/L,1,,,,\n")
    [line] = told(data)
    assert line.startswith("units.csv: line ")
    assert "certainty" in line


def test_a_source_that_nothing_cites_is_told(data: Path) -> None:
    add(
        data,
        "sources.toml",
        '\n[[source]]\nid = "nobody-2020"\ntitle = "Synthetic"\nread = "not read"\n',
    )
    assert told(data) == ["sources.toml: nobody-2020: is never cited"]


def test_an_unknown_source_is_told_with_file_entry_and_the_one_that_was_meant(data: Path) -> None:
    swap(data, "conditions.toml", 'id = "kostik-2023"', 'id = "kostick-2023"')
    [line] = told(data)
    assert line.startswith("conditions.toml: acute_bacterial_osteomyelitis: ")
    assert "unknown source 'kostick-2023'. Did you mean 'kostik-2023'?" in line


def test_an_unknown_source_of_an_interval_is_told_with_its_analyte(data: Path) -> None:
    swap(data, "labs.csv", "esr-web", "esr-webb")
    lines = told(data)
    assert "labs.csv: esr: unknown source 'esr-webb'. Did you mean 'esr-web'?" in lines


def test_an_unknown_finding_of_a_point_is_told_with_the_one_that_was_meant(data: Path) -> None:
    swap(
        data,
        "conditions.toml",
        'findings = ["wbmri_silent_lesions"]',
        'findings = ["wbmri_silent_lesion"]',
    )
    assert told(data) == [
        "conditions.toml: cmo: unknown finding 'wbmri_silent_lesion'. "
        "Did you mean 'wbmri_silent_lesions'?"
    ]


def test_an_unknown_name_in_a_rule_is_told_with_the_one_that_was_meant(data: Path) -> None:
    add(data, "findings.toml", finding(when="bone_pane"))
    [line] = told(data)
    assert line.startswith("findings.toml: synthetic_finding: ")
    assert line.endswith("Did you mean 'bone_pain'?")


def test_a_measure_that_no_rule_uses_is_told(data: Path) -> None:
    add(data, "measures.toml", measure(where="present"))
    assert told(data) == ["measures.toml: synthetic: is defined but no rule uses it"]


def test_a_term_that_no_rule_uses_is_told(data: Path) -> None:
    add(
        data,
        "terms.toml",
        f'\n[[term]]\nid = "synthetic_term"\nlabel = "Synthetic"\nrule = "present"\n{SOURCE}\n',
    )
    assert told(data) == ["terms.toml: synthetic_term: is defined but no rule uses it"]


def test_a_rule_whose_types_do_not_fit_is_told(data: Path) -> None:
    add(data, "findings.toml", finding(when="age_years and bone_pain"))
    add(data, "findings.toml", finding(name="synthetic_number", when="age_years + 0"))
    lines = told(data)
    assert any(line.startswith("findings.toml: synthetic_finding: ") for line in lines)
    assert (
        "findings.toml: synthetic_number: 'age_years + 0' gives a number, a truth is needed"
        in lines
    )


def test_a_rule_that_cannot_be_read_is_told_with_its_text(data: Path) -> None:
    add(data, "findings.toml", finding(when="bone_pain and"))
    [line] = told(data)
    assert line.startswith("findings.toml: synthetic_finding: 'bone_pain and'")


def test_findings_that_refer_to_each_other_are_told(data: Path) -> None:
    add(data, "findings.toml", finding(name="hen", when="egg"))
    add(data, "findings.toml", finding(name="egg", when="hen"))
    assert told(data) == ["findings.toml: hen: refers to itself: hen -> egg -> hen"]


@pytest.mark.parametrize("file", ["labs.csv", "lab_alternatives.csv"])
def test_an_interval_with_low_above_high_is_told(data: Path, file: str) -> None:
    add(data, file, "mcv,20,21,,90,80,lima-blood-count,verified,,\n")
    assert told(data) == [f"{file}: mcv: has an interval with low above high"]


@pytest.mark.parametrize(
    ("file", "row", "fault"),
    [
        ("limits.csv", "fever,1,9,2,8,labunits,judgement,,", "fever: is no concept with a unit"),
        (
            "limits.csv",
            "mcv,50,130,30,160,labunits,judgement,,",
            "mcv: asks beyond what is possible",
        ),
        ("slips.csv", "iron,1,2,true,looks odd,labunits,judgement,,", "iron: has no limits"),
        ("slips.csv", "mcv,2,1,true,looks odd,labunits,judgement,,", "mcv: is of no value"),
        (
            "unit_spellings.csv",
            "fever,C,Cel,labunits,judgement,,",
            "fever: is no concept with a unit",
        ),
    ],
)
def test_a_limit_or_spelling_of_nothing_is_told(
    data: Path, file: str, row: str, fault: str
) -> None:
    add(data, file, f"{row}\n")
    assert f"{file}: {fault}" in "\n".join(told(data))


def test_a_decision_with_low_above_high_is_told(data: Path) -> None:
    swap(data, "analytes.toml", "value = 150, to = 250", "value = 250, to = 150")
    [line] = told(data)
    assert line.startswith("analytes.toml: platelets: ")
    assert line.endswith("low above high")


def test_a_figure_with_its_ends_exchanged_is_told(data: Path) -> None:
    swap(data, "conditions.toml", "low = 0.0065, high = 0.069", "low = 0.069, high = 0.0065")
    [line] = told(data)
    assert line.startswith("conditions.toml: tb_dactylitis: ")
    assert line.endswith("not in order")


@pytest.mark.parametrize(
    ("file", "text", "name"),
    [
        ("findings.toml", finding(name="fever", when="bone_pain"), "fever"),
        (
            "sources.toml",
            '\n[[source]]\nid = "zhao-2025"\ntitle = "Synthetic"\nread = "not read"\n',
            "zhao-2025",
        ),
        (
            "groupings.toml",
            f'\n[[grouping]]\nid = "cromris_2020"\nlabel = "It"\nnot_found = "It."\n{SOURCE}\n',
            "cromris_2020",
        ),
    ],
)
def test_an_id_given_twice_is_told(data: Path, file: str, text: str, name: str) -> None:
    add(data, file, text)
    [line] = [line for line in told(data) if "2 times" in line]
    assert file in line
    assert f": {name}: is defined 2 times" in line


def test_unknown_concept_set_and_term_are_told_with_those_that_were_meant(data: Path) -> None:
    add(data, "measures.toml", measure(concept="crpp", sets='"bone_leson"', where="recnt"))
    add(data, "findings.toml", finding(when="synthetic"))
    lines = told(data)
    assert "measures.toml: synthetic: unknown concept 'crpp'. Did you mean 'crp'?" in lines
    assert any(
        line.startswith("measures.toml: synthetic: unknown set 'bone_leson'") for line in lines
    )
    [term] = [line for line in lines if "'recnt'" in line]
    assert term.startswith("measures.toml: synthetic: ")


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (
            "bones.csv",
            ",carpus,",
            ",carpuss,",
            "bones.csv: scaphoid: unknown region 'carpuss'. Did you mean 'carpus'?",
        ),
        (
            "coding.toml",
            'regions = ["hand"]',
            'regions = ["hands"]',
            "coding.toml: M86.341: unknown region 'hands'. Did you mean 'hand'?",
        ),
        (
            "groupings.toml",
            '{ of = "patella" }',
            '{ of = "patela" }',
            "groupings.toml: patella: unknown bone or region 'patela'. Did you mean 'patella'?",
        ),
        (
            "groupings.toml",
            'region = "lower_torso"',
            'region = "lower_trunk"',
            "groupings.toml: sacrum: unknown region of the grouping 'lower_trunk'. "
            "Did you mean 'lower_torso'?",
        ),
    ],
)
def test_a_wrong_region_is_told_with_the_one_that_was_meant(
    data: Path, file: str, old: str, new: str, line: str
) -> None:
    swap(data, file, old, new)
    assert line in told(data)


def test_a_bone_in_two_groups_is_told(data: Path) -> None:
    swap(data, "groupings.toml", '{ of = "patella" }', '{ of = "femur", end = "distal" }')
    assert (
        "groupings.toml: colorado_regions_2025: the distal end of 'femur' is in 2 groups"
        in told(data)
    )


def test_a_grouping_that_differs_from_the_score_of_its_id_is_told(data: Path) -> None:
    swap(data, "criteria/colorado_regions_2025.toml", '["sacrum", "pelvis"]', '["pelvis"]')
    assert (
        "groupings.toml: colorado_regions_2025: differs from `lesions` of "
        "criteria/colorado_regions_2025.toml in sacrum" in told(data)
    )


def test_faults_of_many_files_are_all_told_at_once(data: Path) -> None:
    swap(data, "conditions.toml", 'id = "kostik-2023"', 'id = "kostick-2023"')
    add(data, "findings.toml", finding(when="bone_pane"))
    add(data, "measures.toml", measure(source="", where="value > 7.5"))
    add(data, "units.csv", "calcium,mval,mmol/L,0.4,labunits,derived,made up,\n")
    swap(data, "groupings.toml", '{ of = "patella" }', '{ of = "patela" }')
    files = [line.split(":")[0] for line in told(data)]
    for file in (
        "conditions.toml",
        "findings.toml",
        "measures.toml",
        "units.csv",
        "groupings.toml",
    ):
        assert file in files


def test_faults_of_shape_in_many_files_are_all_told_at_once(data: Path) -> None:
    swap(data, "conditions.toml", "\nurgency = ", "\nurgeny = ")
    swap(data, "analytes.toml", "\ntier = ", "\nteir = ")
    swap(data, "groupings.toml", "\nlabel = ", "\nlable = ")
    lines = told(data)
    assert [line.split(":")[0] for line in lines] == [
        "conditions.toml",
        "analytes.toml",
        "groupings.toml",
    ]
    assert all("Did you mean" in line for line in lines)


def test_a_file_that_is_not_toml_is_told(data: Path) -> None:
    (data / "analytes.toml").write_text("[[analyte]\n", encoding="utf-8")
    [line] = told(data)
    assert line.startswith("analytes.toml: : is not TOML")


def test_a_file_that_is_missing_is_told(data: Path) -> None:
    (data / "lab_alternatives.csv").unlink()
    assert told(data) == ["lab_alternatives.csv: : is missing"]
