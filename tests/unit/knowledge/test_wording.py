from multifocal.knowledge.catalogue import catalogue
from multifocal.knowledge.load import load
from multifocal.knowledge.wording import label_in, phrases, rule_in_words, select_in_words

KNOWLEDGE = load()


def said(rule: str) -> str:
    return rule_in_words(rule, lambda name: name.upper())


def test_comparisons_are_said_as_a_reader_would() -> None:
    assert said("crp > 5") == "“CRP” is above 5"
    assert said("crp <= 5.5") == "“CRP” is at most 5.5"
    assert said("sex == 'female'") == "“SEX” is female"
    assert said("bone != ''") == "“BONE” is told"
    assert said("'left_hand' in place") == "“PLACE” includes left hand"
    assert said("part in ('shaft', 'growth_plate')") == "“PART” is shaft or growth plate"


def test_what_belongs_together_stands_in_brackets() -> None:
    assert said("a and (b or c)") == "both “A” and (either “B” or “C”)"
    assert said("not (a and b)") == "not (both “A” and “B”)"
    assert said("at_least(2, a, b, c)") == "at least 2 of: “A”; “B”; “C”"


def test_a_text_that_is_no_rule_stays_as_it_is() -> None:
    assert said("wrist (any bone)") == "wrist (any bone)"


def test_names_are_said_by_their_labels() -> None:
    words = rule_in_words("crp > 5 and age_years < 3", label_in(KNOWLEDGE))
    assert KNOWLEDGE.measures_by_id["crp"].label in words
    assert "age in years" in words


def test_a_selector_says_what_it_looks_for_and_who_shows_that_somebody_looked() -> None:
    finding = next(one for one in KNOWLEDGE.findings if one.id == "cortical_destruction")
    assert finding.select is not None
    words = select_in_words(finding.select, KNOWLEDGE)
    assert words.startswith("yes, if any fact says: “Cortical destruction”")
    assert "Somebody looked, if a fact says: “Normal radiograph”" in words


def test_every_rule_of_the_knowledge_has_words_of_its_own() -> None:
    silent = [
        (one.id, phrase.path)
        for one in catalogue(KNOWLEDGE)
        for phrase in phrases(one.entry, KNOWLEDGE)
        if (phrase.words == phrase.rule and not phrase.rule.isdigit()) or "“”" in phrase.words
    ]
    assert silent == []
