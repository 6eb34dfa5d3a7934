"""Check the chain from the command line."""

import os

from multifocal.portal.audit.verify import Verdict, verify


def verify_site(*, head: str | None) -> Verdict:
    """Walk the chain of the site that the options name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "multifocal.portal.settings")
    import django

    django.setup()
    from multifocal.portal.audit.models import AccessEvent

    rows = AccessEvent.objects.order_by("seq").iterator(chunk_size=2000)
    return verify((row.event() for row in rows), head=head)
