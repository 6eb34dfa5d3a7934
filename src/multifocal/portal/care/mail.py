"""The mail with an invitation; it names no child."""

from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from multifocal.portal.access import token_of
from multifocal.portal.care.models import Invitation
from multifocal.portal.links import absolute


def send_invitation(request: HttpRequest, invitation: Invitation) -> bool:
    """Mail the link of an invitation; whether that went well."""
    link = absolute(request, reverse("invitation", args=[token_of(invitation)]))
    text = render_to_string(
        "portal/care/email/invitation.txt", {"link": link, "invitation": invitation}
    )
    try:
        send_mail("multifocal: an invitation", text, None, [invitation.email])
    except OSError:
        return False
    return True
