"""Where the child is seen: it sets how common each condition is before anything is known."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from multifocal.knowledge.load import Knowledge

REFERRAL = "paediatric_rheumatology_referral"
COLLECTION = "published_cases"
"""Not a place: a collection of cases, each of which has a diagnosis."""


def known_setting(setting: str, knowledge: "Knowledge") -> str:
    """Give the setting; one that the knowledge does not have is wrong use."""
    known = [entry.id for entry in knowledge.differential.model.setting]
    if setting not in known:
        raise typer.BadParameter(f"no such setting; there are: {', '.join(known)}")
    return setting
