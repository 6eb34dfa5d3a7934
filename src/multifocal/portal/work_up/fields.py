"""Fields of the short form that clean to values of it."""

from collections.abc import Iterable, Sequence
from typing import Any, cast, get_args

from django import forms

from multifocal.exchange.form import Ago, Imaging
from multifocal.model.anatomy import Laterality, Region, RegionId, Site
from multifocal.portal.fields import AmountWidget, Answer, Drawn
from multifocal.portal.lesion_map.fields import SitesField, SitesWidget
from multifocal.portal.lesion_map.listing import choices_of

UNITS = {"d": "days", "wk": "weeks", "mo": "months", "a": "years"}
MOST_DIGITS = 3
RESULTS = (
    ("normal", "Normal"),
    ("abnormal", "Not normal"),
    ("not_done", "Not done"),
    ("", "Not known"),
)
SIDES = {"": "side not known", "left": "left", "right": "right", "bilateral": "both sides"}


class AgoField(Answer):
    """How long ago, or how old: a whole number of units; cleans to `Ago`, or None."""

    def __init__(self, units: Sequence[str], **kwargs: Any) -> None:
        self.units = units
        super().__init__(widget=AmountWidget([(unit, UNITS[unit]) for unit in units]), **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read the number. Raises `ValidationError`."""
        number, unit = value or ("", "")
        number, unit = super().to_python(number), super().to_python(unit)
        if not number:
            return None
        if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
            raise forms.ValidationError("Write a whole number.")
        if unit not in self.units:
            raise forms.ValidationError("Choose a unit.")
        return Ago(int(number), cast("Any", unit))


class StudyField(Answer):
    """Whether an image was made, of what, and whether it was normal; cleans to `Imaging`, or None.

    Without ``regions`` it is always of the same.
    """

    def __init__(self, regions: Iterable[Region], **kwargs: Any) -> None:
        offered = [(region.id, region.label[:1].upper() + region.label[1:]) for region in regions]
        self.regions = {region for region, _ in offered}
        super().__init__(widget=StudyWidget(offered), **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read result and place. Raises `ValidationError`."""
        result, region, side = (super(StudyField, self).to_python(one) for one in value)
        if not result:
            return None
        known = {text for text, _ in RESULTS}
        if result not in known or side not in SIDES or region not in {"", *self.regions}:
            raise forms.ValidationError("Choose what is in the lists.")
        if result == "normal" and self.regions and not region:
            raise forms.ValidationError("Choose what was imaged: only that is cleared.")
        laterality = cast("Laterality", side) if side in get_args(Laterality) else None
        place = Site(region=RegionId(region) if region else None, laterality=laterality)
        return Imaging(result != "not_done", {"normal": True, "abnormal": False}.get(result), place)


class ListedSitesField(SitesField):
    """Places without the maps, where a page has them once already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        drawn = self.widget
        self.widget = ListedSitesWidget(drawn.scope, parts=drawn.parts, regions=drawn.regions)


class ListedSitesWidget(SitesWidget):
    """The list alone."""

    template_name = "portal/fields/sites.html"
    media = forms.Media()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template the list, and which of it is chosen."""
        context = forms.Widget.get_context(self, name, value, attrs)
        groups, chosen = self.groups, frozenset(value or ())
        opened = {group.id for group in groups if not chosen.isdisjoint(choices_of((group,)))}
        return {**context, "groups": groups, "chosen": chosen, "opened": opened}


class StudyWidget(Drawn):
    """The result, and where there is a choice, what was imaged and on which side."""

    def __init__(self, regions: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            "study",
            {"results": RESULTS, "regions": regions, "sides": list(SIDES.items())},
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give result, region and side."""
        return tuple(data.get(key) or "" for key in (name, f"{name}.region", f"{name}.side"))
