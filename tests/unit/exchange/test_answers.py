"""Plain answers: yes, no, and all that is no answer."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multifocal.exchange.vocabulary import Answer, vocabulary_of
from multifocal.knowledge.load import load

VOCABULARY = vocabulary_of(load())
MARKS = [
    sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(sign)[0] in "PSZ"
]


@given(st.text(alphabet=st.sampled_from(MARKS), max_size=6))
def test_punctuation_is_never_an_answer_nor_a_name(text: str) -> None:
    known = VOCABULARY.answer((), (text,))
    assert known is None or known.present is None
    assert VOCABULARY.is_no_answer(text)
    assert VOCABULARY.named((text,)) is None


@pytest.mark.parametrize(
    "text", ["-", "--", "?", "(-)", ".", "...", "/", "*", "_", "—", "(?)", "!", "#"]
)
def test_a_mark_leaves_the_question_open(text: str) -> None:
    assert VOCABULARY.answer((), (text,)) == Answer(None)
    for concept in VOCABULARY.concepts.values():
        assert VOCABULARY.meaning(concept, (text,)) is None
        assert VOCABULARY.own_words(concept, (text,)) is None


NO_ANSWERS = (
    "n/a|N/A|na|NA|n.a.|nd|n.d.|pending|Pending review|see comment|"
    "See note|not done|NOT DONE - refused|tbd|unknown|hemolyzed|"
    "Haemolysed sample|refused|quantity not sufficient|QNS|specimen clotted|"
    "test not performed|cancelled|ausstehend|siehe Kommentar|nicht durchgeführt|"
    "k.A.|unbekannt|hämolytisch|verweigert|folgt|Material unzureichend|"
    "en attente|voir commentaire|non réalisé|inconnu|hémolysé|"
    "quantité insuffisante|pendiente|ver comentario|no realizado|desconocido|"
    "hemolizada|muestra insuficiente|no disponible|keine Angabe|(+)|+/-"
)


@pytest.mark.parametrize("text", NO_ANSWERS.split("|"))
def test_what_is_no_answer_is_left_open_in_each_language(text: str) -> None:
    assert VOCABULARY.is_no_answer(text)


@pytest.mark.parametrize("text", ["+ve", "pos.", "Yes!"])
def test_a_positive_sign_is_yes(text: str) -> None:
    assert VOCABULARY.answer((), (text,)) == Answer(present=True)
    assert not VOCABULARY.is_no_answer(text)


@pytest.mark.parametrize("text", ["-ve", "\u2212ve", "neg.", "- none", "no growth after 5 days"])
def test_a_negative_sign_with_letters_is_no(text: str) -> None:
    assert VOCABULARY.answer((), (text,)) == Answer(present=False)
    assert not VOCABULARY.is_no_answer(text)


@pytest.mark.parametrize(
    "text", ["unclear margins", "fever", "see comment: malignant cells", "no fever", "x" * 1000]
)
def test_what_says_more_is_not_taken_for_no_answer(text: str) -> None:
    assert not VOCABULARY.is_no_answer(text)
