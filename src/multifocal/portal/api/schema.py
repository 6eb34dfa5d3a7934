"""The shapes that the API takes and gives, as JSON Schema, from the same types as the engine's."""

from typing import Any, Generic, TypeVar

import msgspec

from multifocal.knowledge.article import Section
from multifocal.knowledge.entries import ConditionEntry, ItemEntry, VariantEntry
from multifocal.model.assessment import Assessment
from multifocal.model.calculation import Calculation
from multifocal.model.checker import CheckResult

REF = "#/components/schemas/{name}"
T = TypeVar("T")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some entries of a list in the order of their ids."""

    items: tuple[T, ...]
    next: str | None = None
    """What to give as `after` for the next ones; null at the end."""


class Named(msgspec.Struct, frozen=True):
    """An entry of a list: where to find the whole of it."""

    id: str
    name: str


class ScoreDescription(msgspec.Struct, frozen=True):
    """A criteria set or score: what it asks, what it computes, what its label forbids."""

    id: str
    name: str
    label: str
    as_published: bool
    computes: str
    population: str
    items: tuple[ItemEntry, ...]
    locked: str = ""


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers by the names of the items; what is left out is unknown."""

    answers: dict[str, Any]


class SymptomAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers to the symptom checker.

    A list of signs of danger that is left out as a whole is not known, and counts as there; in one
    that was answered, what is left out is a box without a tick. What else is left out changes
    nothing.
    """

    given: dict[str, str] = {}
    """By question: yes, no, unknown, or one of the question's own choices."""
    sites: tuple[str, ...] = ()
    """Where it hurts or shows, such as `right-metacarpal_3` or `right-radius-distal-metaphysis`."""


class Problem(msgspec.Struct, frozen=True):
    """Why there is no answer, in words that repeat nothing that was sent."""

    detail: str


class About(msgspec.Struct, frozen=True):
    """The versions that every answer rests on, and the settings that `assess` knows."""

    software_version: str
    knowledge_version: str
    settings: tuple[Named, ...]


SHAPES: dict[str, Any] = {
    "Assessment": Assessment,
    "Calculation": Calculation,
    "Condition": ConditionEntry,
    "Article": tuple[Section, ...],
    "Names": Page[Named],
    "Variants": Page[VariantEntry],
    "Score": ScoreDescription,
    "Answers": Answers,
    "CheckResult": CheckResult,
    "SymptomAnswers": SymptomAnswers,
    "Problem": Problem,
    "About": About,
}
"""What operations take and give, by the name that they are documented under."""


def components() -> dict[str, Any]:
    """Give every shape as JSON Schema 2020-12, which is that of OpenAPI 3.1."""
    shapes, found = msgspec.json.schema_components(SHAPES.values(), ref_template=REF)
    named = zip(SHAPES, shapes, strict=True)
    return found | {
        name: shape for name, shape in named if shape.get("$ref") != REF.format(name=name)
    }


def body(shape: str, example: Any = None) -> dict[str, Any]:
    """Document what is sent."""
    content: dict[str, Any] = {"schema": {"$ref": REF.format(name=shape)}}
    if example is not None:
        content["example"] = example
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def answers(shape: str, *codes: int) -> dict[str, Any]:
    """Document what is given back: the shape with 200, a problem with each other code."""
    given = {"200": _answer("What was asked for", shape)}
    return {"responses": given | {str(code): _answer(WHY[code], "Problem") for code in codes}}


WHY = {
    400: "What was sent can't be read",
    404: "There is no such entry",
    413: "What was sent is too large",
    422: "An option or an answer is wrong",
    429: "Too many requests from this address; try again in a minute",
    503: "Many are asking at once; try again in a few seconds",
}


def _answer(description: str, shape: str) -> dict[str, Any]:
    schema = {"$ref": REF.format(name=shape)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
