"""What happens once, when the site begins."""

from django.apps import AppConfig


class Portal(AppConfig):
    """The site."""

    name = "multifocal.portal"

    def ready(self) -> None:
        """Begin to log what concerns the safety of accounts."""
        from multifocal.portal import security_log

        security_log.begin()
