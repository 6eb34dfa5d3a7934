"""A request by somebody who is signed in."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from multifocal.portal.accounts.models import User
from multifocal.portal.counting.counter import count

HOUR = 60 * 60
AN_HOUR = {"add_child": 20, "break_glass": 10, "invite": 20}
"""How often one account may send a form of a kind."""


class SignedIn(HttpRequest):
    """Its user is one of ours."""

    user: User


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """Send whoever is not signed in to log in; forbid copies of the page."""
    return never_cache(login_required(view))


def surely(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """Have whoever is signed in show once more that it is them, before anything that matters."""
    shown: Callable[..., Any] = reauthentication_required(view)
    return signed_in(shown)


def too_often(request: SignedIn, action: str) -> HttpResponse | None:
    """Give the page that says so when somebody sent a form of this kind too often; else None."""
    if request.method != "POST":
        return None
    if count(action, str(request.user.pk), seconds=HOUR) <= AN_HOUR[action]:
        return None
    answer: HttpResponse = ratelimit.respond_429(request)
    return answer
