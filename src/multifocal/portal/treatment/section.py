"""The treatment section, handed out to readers who are signed in and to nobody else.

Access is decided here, where the section is loaded, not in a template.
"""

from functools import cache

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from multifocal.knowledge.entries import Audience
from multifocal.portal import markdown
from multifocal.portal.engine import knowledge
from multifocal.report import markdown as print_
from multifocal.treatment import page as treatment
from multifocal.treatment.load import load

Reader = AbstractBaseUser | AnonymousUser

FOOT: dict[Audience, str] = {
    "family": "Treatment of chronic multifocal osteomyelitis, for families. Talk about it with "
    "your doctor.",
    "clinician": "Treatment of chronic multifocal osteomyelitis, for clinicians. Not a guideline.",
}


def page(reader: Reader, audience: Audience) -> markdown.Page:
    """Give the section as HTML. Raises `PermissionDenied` unless somebody is signed in."""
    _signed_in(reader)
    return _html(audience)


def pdf(reader: Reader, audience: Audience) -> bytes:
    """Give the section as PDF. Raises `PermissionDenied` unless somebody is signed in."""
    _signed_in(reader)
    return _pdf(audience)


def _signed_in(reader: Reader) -> None:
    if not (reader.is_authenticated and reader.is_active):
        raise PermissionDenied


@cache
def _text(audience: Audience) -> str:
    return treatment.markdown(audience, load(knowledge=knowledge()))


@cache
def _html(audience: Audience) -> markdown.Page:
    return markdown.page(_text(audience))


@cache
def _pdf(audience: Audience) -> bytes:
    return print_.render(_text(audience), foot=FOOT[audience])
