"""The short form speaks of what there is."""

import msgspec
import pytest

from multifocal.knowledge.check_form import form_faults
from multifocal.knowledge.entries import FormField
from multifocal.knowledge.load import Knowledge, load
from multifocal.model.record import ConceptId


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (FormField("x", "truth", ConceptId("fevr")), "unknown concept"),
        (FormField("x", "truth"), "needs a concept"),
        (FormField("x", "age", ConceptId("fever"), "Age"), "needs a concept, unless"),
        (FormField("x", "sex"), "needs a label"),
        (FormField("x", "amount", ConceptId("fever")), "without a unit"),
        (FormField("x", "study", ConceptId("mri_study")), "when it was normal"),
        (FormField("x", "truth", ConceptId("fever"), at="fever"), "unknown field of sites"),
        (
            FormField("x", "sites", ConceptId("bone_lesion"), studies=("crp",)),
            "unknown field of a study",
        ),
        (FormField("fever", "truth", ConceptId("fever")), "is defined 2 times"),
    ],
)
def test_a_question_that_can_not_be_asked_is_refused(
    knowledge: Knowledge, field: FormField, told: str
) -> None:
    section = msgspec.structs.replace(knowledge.form[0], id="more", field=(field,))
    bad = msgspec.structs.replace(knowledge, form=(*knowledge.form, section))
    assert [told in fault.message for fault in form_faults(bad)] == [True]


def test_the_form_that_is_shipped_has_no_fault(knowledge: Knowledge) -> None:
    assert list(form_faults(knowledge)) == []
