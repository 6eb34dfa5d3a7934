"""What a step's form sends: whether it can be taken, and what it changes."""

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString

from multifocal.model.checker import NO
from multifocal.portal.checker.steps import (
    PARENT,
    RESULT,
    SELF,
    Step,
    Told,
    chosen,
    placed,
    tested,
    ticked,
)
from multifocal.portal.engine import knowledge
from multifocal.portal.lesion_map.fields import SitesField
from multifocal.workup.checker import choices

CHOOSE = "Choose one of the answers."
TICK = "Tick what fits, or choose “None of these”."
WHICH = "Something is ticked, and “None of these” was chosen. Which is right?"
NOWHERE = "nowhere"
SIDES = ("left", "right")


class MapForm(forms.Form):
    """Places on the skeleton."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, label_suffix="")
        self.fields["sites"] = SitesField(
            choices="both", required=False, label="Mark where it hurts or shows"
        )

    @property
    def where(self) -> SafeString:
        """Give the list and maps of places; without a mark they are the same for everybody."""
        field = self["sites"]
        return field.as_widget() if field.value() else _unmarked()


@cache
def _unmarked() -> SafeString:
    return MapForm()["sites"].as_widget()


class PlaceShown(NamedTuple):
    """A place to choose: one button, or one for each side."""

    label: str
    buttons: tuple[tuple[str, str, bool], ...]
    """What is sent, what the button says, whether it is the answer now."""


def places_shown(told: Told) -> tuple[PlaceShown, ...]:
    """Give the places as a family names them."""
    marked = set(told.sites)
    shown = []
    for place in knowledge().check_places:
        sent = [f"{side}-{place.region}" for side in SIDES] if place.sided else [place.region]
        said = [side.capitalize() for side in SIDES] if place.sided else [place.label]
        buttons = tuple(
            (value, label, value in marked) for value, label in zip(sent, said, strict=True)
        )
        shown.append(PlaceShown(place.label, buttons))
    return tuple(shown)


def problem(step: Step, sent: QueryDict) -> str:
    """Say what keeps a step's form from being taken; empty if nothing does."""
    match step.kind:
        case "list" | "again":
            marked = _marks(step, sent)
            match sent.get("go", ""):
                case "none":
                    return WHICH if marked else ""
                case "unsure":
                    return ""
                case _:
                    return "" if marked else TICK
        case "place":
            values = {value for one in places_shown(Told()) for value, _, _ in one.buttons}
            answers = sent.getlist("answer")
            return "" if answers and set(answers) <= values | {NOWHERE} else CHOOSE
        case "choice":
            known = set(choices(step.questions[0]))
        case "speaker":
            known = {SELF, PARENT}
        case _:
            return ""
    return "" if sent.get("answer") in known else CHOOSE


def taken(told: Told, step: Step, sent: QueryDict | Iterable[str]) -> Told:
    """Take a step's form, which has no `problem`, or the places of the map."""
    if not isinstance(sent, QueryDict):
        return placed(told, step, sent)
    match step.kind:
        case "list" | "again":
            unsure = sent.get("go") == "unsure"
            return ticked(told, step, _marks(step, sent), unsure=unsure)
        case "place":
            return placed(told, step, (one for one in sent.getlist("answer") if one != NOWHERE))
        case "tests":
            found = {one.id: sent.get(one.id, "") for one in step.questions}
            known = {one: result for one, result in found.items() if result in _results(one)}
            return tested(told, step, known)
        case "summary":
            return told
        case _:
            return chosen(told, step, sent.get("answer", "")) or told


def _results(test: str) -> frozenset[str]:
    question = knowledge().questions_by_id[f"{test}{RESULT}"]
    return frozenset({NO, *(choice.id for choice in question.choices)})


def _marks(step: Step, sent: QueryDict) -> frozenset[str]:
    return frozenset(sent.getlist("mark")) & {question.id for question in step.questions}
