"""Puts our administration in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class Config(AdminConfig):
    """Django's administration with our site."""

    default_site = "multifocal.portal.accounts.administration.Site"
