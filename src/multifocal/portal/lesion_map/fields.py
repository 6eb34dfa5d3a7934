"""A form field for places on the skeleton: cleans to sites, shown as a list and as maps."""

from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import msgspec
from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString, mark_safe

from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.place import site_text
from multifocal.model.record import Sex
from multifocal.portal.engine import knowledge
from multifocal.portal.lesion_map.drawing import View, drawn, outlines, views
from multifocal.portal.lesion_map.listing import Choice, Group, Scope, choices_of, listing

__all__ = ["SitesField", "SitesWidget"]


class Shown(NamedTuple):
    """A map, and what can be chosen beneath it."""

    view: View
    svg: SafeString
    wholes: tuple[Choice, ...]


@lru_cache(maxsize=16)
def maps_of(
    knowledge: Knowledge, scope: Scope, groups: tuple[Group, ...], *, prefix: str
) -> tuple[Shown, ...]:
    """Draw the maps of a scope for a list; ``prefix`` begins every id in them."""
    choices = choices_of(groups)
    names = {value: choice.name for value, choice in choices.items() if choice.site.bone}
    shown = {view.id: view for view in views().values() if scope in (view.picture, "both")}
    return tuple(
        Shown(
            view,
            mark_safe(drawn(_led(view, shown), names, knowledge, prefix=prefix)),  # noqa: S308
            tuple(choices[value] for value in _wholes(view) if value in choices),
        )
        for view in shown.values()
    )


def _led(view: View, shown: Container[str]) -> View:
    """Leave out the doors that lead nowhere."""
    return msgspec.structs.replace(
        view, doors=tuple(door for door in view.doors if door.view in shown)
    )


def _wholes(view: View) -> Iterator[str]:
    """Give the regions of a view, on the sides that it shows."""
    sides = dict.fromkeys((*view.sides, "midline"))
    return (f"{side}-{region}" for region in view.regions for side in sides)


class SitesWidget(forms.Widget):
    """The list of places, with the maps in step.

    ``age_years`` and ``sex`` may be set: then the maps begin with the bones of such a child.
    """

    template_name = "lesion_map/sites.html"
    use_fieldset = True
    needs_multipart_form = False

    def __init__(self, scope: Scope, *, parts: bool, regions: bool) -> None:
        super().__init__()
        self.scope, self.parts, self.regions = scope, parts, regions
        self.age_years: float | None = None
        self.sex: Sex | None = None

    @property
    def groups(self) -> tuple[Group, ...]:
        """What can be chosen; the knowledge is loaded when this is first asked for."""
        return listing(knowledge(), self.scope, parts=self.parts, regions=self.regions)

    @property
    def media(self) -> forms.Media:
        """Name the files that make the list a map."""
        return forms.Media(
            css={"all": ["portal/lesion_map.css"]},
            js=[forms.Script("portal/lesion_map.js", type="module")],  # type: ignore[list-item] # stubs
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template the list, and which of it is chosen."""
        context = super().get_context(name, value, attrs)
        groups, chosen = self.groups, frozenset(value or ())
        opened = {group.id for group in groups if not chosen.isdisjoint(choices_of((group,)))}
        prefix = f"{context['widget']['attrs'].get('id', name)}-"
        maps = maps_of(knowledge(), self.scope, groups, prefix=prefix)
        pictures = dict.fromkeys(shown.view.picture for shown in maps)
        shapes = mark_safe(outlines(pictures, prefix=prefix))  # noqa: S308 (escaped there)
        context["widget"] |= {"age_years": self.age_years, "sex": self.sex}
        return {
            **context,
            "groups": groups,
            "chosen": chosen,
            "opened": opened,
            "maps": maps,
            "outlines": shapes,
        }

    def format_value(self, value: Any) -> Any:
        """Leave the value as it is: several texts, not one."""
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Give every text that was sent."""
        if isinstance(data, MultiValueDict):
            return data.getlist(name)
        value = data.get(name, ())
        return [value] if isinstance(value, str) else list(value)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say no: boxes that are not ticked are not sent."""
        return False

    def id_for_label(self, id_: str) -> str:
        """Give nothing: the label names the whole group."""
        return ""


class SitesField(forms.Field):
    """Places on the skeleton; cleans to a tuple of `Site` in the order of the list.

    ``choices`` says which bones: of the ``hands``, of the ``body`` without the hands, or ``both``.
    ``parts`` offers epiphysis, metaphysis and shaft of long bones. ``regions`` offers whole regions
    such as a hand or a joint, for when the bone is not known; usually instead of parts.
    """

    widget: SitesWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Choose at least one place.",
        "invalid": "Choose places that are in the list.",
    }

    def __init__(
        self,
        *,
        choices: Scope = "both",
        parts: bool = False,
        regions: bool | None = None,
        **kwargs: Any,
    ) -> None:
        offered = not parts if regions is None else regions
        super().__init__(widget=SitesWidget(choices, parts=parts, regions=offered), **kwargs)

    def prepare_value(self, value: Iterable[Site | str] | None) -> list[str]:
        """Give the texts of sites; what somebody sent stays as it was."""
        return [site_text(one) if isinstance(one, Site) else one for one in value or ()]

    def to_python(self, value: Iterable[str] | None) -> tuple[Site, ...]:
        """Read sites; raises `ValidationError` when one is not in the list.

        A bone as a whole goes where a part of it is chosen too.
        """
        texts = frozenset(value or ())
        offered = choices_of(self.widget.groups)
        if not texts <= offered.keys():
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        sites = [choice.site for text, choice in offered.items() if text in texts]
        detailed = {(site.bone, site.laterality) for site in sites if site.part or site.end}
        return tuple(
            site
            for site in sites
            if site.part or site.end or (site.bone, site.laterality) not in detailed
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is chosen, not its order."""
        return set(self.prepare_value(initial)) != set(self.prepare_value(data))
