import pytest

from tests.reading import careful_grade, grade, syllables


def test_the_careful_grade_is_the_published_formula() -> None:
    # 0.39 x 6 words / 1 sentence + 11.8 x 6 syllables / 6 words - 15.59 (paper arithmetic)
    assert careful_grade("The cat sat on the mat.") == pytest.approx(-1.45)


def test_the_grade_tells_hard_from_easy() -> None:
    assert grade("The cat sat on the mat.") < 1
    assert grade("Autoinflammatory osteomyelitis necessitates multidisciplinary evaluation.") > 12


@pytest.mark.parametrize(
    ("word", "count"),
    [("bone", 1), ("bones", 1), ("tired", 1), ("swollen", 2), ("medicine", 3), ("little", 2)],
)
def test_syllables_are_those_that_one_hears(word: str, count: int) -> None:
    assert syllables(word) == count
