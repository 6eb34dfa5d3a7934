"""What templates of public pages need: marks of sources, words for values, drawings."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from multifocal.model.source import Citation
from multifocal.portal import markdown
from multifocal.portal.article import places, words

ADULT = 20
"""Where the line of ages ends, in years."""

register = template.Library()
register.filter("slug", words.slug)
register.filter("address", places.address)


@register.filter
def said(value: str, kind: str) -> str:
    """Give the words for a value of a kind."""
    return words.words().get(kind, {}).get(value, value.replace("_", " "))


@register.filter
def coordinate(value: float) -> str:
    """Give a number as it stands in a drawing, whatever the language."""
    return f"{value:g}"


@register.filter
def years(age: float) -> str:
    """Give where an age lies on a line from birth to `ADULT`, in hundredths."""
    return f"{min(100.0, 100 * age / ADULT):g}"


@register.simple_tag(takes_context=True)
def ref(context: Context, citation: Citation) -> SafeString:
    """Give the mark of a source; it leads to the list at the end of the page."""
    one = context["bibliography"].cite(citation)
    return markdown.ref(one.number, one.mark)


@register.inclusion_tag("portal/article/_box.html", takes_context=True)
def box(context: Context, shown: Any, level: str = "h3", anchor: str = "") -> dict[str, Any]:
    """Draw the box of a topic; ``anchor`` is its id, where it has one."""
    return {
        "box": shown,
        "level": level,
        "anchor": anchor,
        "bibliography": context["bibliography"],
    }
