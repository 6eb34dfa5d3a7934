"""A work-up as a document: the letter, the pages behind it, the page of a family."""

from typing import Literal

from multifocal.knowledge.load import Knowledge
from multifocal.model.assessment import Assessment
from multifocal.report import pages, words
from multifocal.report.case import Case
from multifocal.report.document import Document, Page, say
from multifocal.report.family import family
from multifocal.report.letter import letter

Reader = Literal["clinician", "family"]


def compose(
    assessment: Assessment, *, knowledge: Knowledge, reader: Reader = "clinician"
) -> Document:
    """Compose a work-up for a reader; a printer takes the pages that it is asked for."""
    case = Case(assessment, knowledge)
    text = words.words().say
    shown: tuple[Page, ...]
    if reader == "family":
        shown = (family(case),)
    else:
        shown = (letter(case), pages.seen(case), pages.reasoning(case), pages.everything(case))
    title = text["title" if reader == "clinician" else "title_family"]
    given = assessment.patient
    about = " · ".join(
        [
            words.sex(given.sex),
            words.age(assessment.age_years),
            text["as_of"].format(day=words.on(assessment.as_of)),
        ]
    )
    return Document(
        title=f"{title}, {words.on(assessment.as_of)}",
        name=words.clean(given.name) or text["no_name"],
        identity=say(about),
        tags=(text["synthetic"],) if given.synthetic else (),
        pages=shown,
        foot=(
            *([text["judgement"]] if reader == "clinician" else []),
            text["knowledge"].format(version=assessment.knowledge_version),
            text["software"].format(version=assessment.software_version),
        ),
    )
