"""The pages' templates, read as each page is first made."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup


@cache
def template(name: str) -> Template:
    """Give a template: what it prints is escaped, and a name it lacks is an error."""
    environment = Environment(
        loader=PackageLoader("multifocal.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def drawn(drawing: str) -> Markup:
    """Mark a drawing of ours as safe: it has escaped every text in it."""
    return Markup(drawing)  # noqa: S704
