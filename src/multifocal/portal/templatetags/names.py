"""A name within other text."""

from django import template

from multifocal.portal import names

register = template.Library()


@register.filter
def isolated(name: object) -> str:
    """Keep a name's direction to itself."""
    return names.isolated(str(name))
