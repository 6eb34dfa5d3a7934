"""Form fields for answers of three values, numbers with units, tables and lists.

Each cleans to a text, in the way that a person would type the answer; an empty text is not known.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.datastructures import MultiValueDict

from multifocal.report.words import unit as unit_words

__all__ = ["NONE", "AmountField", "CellsField", "ChoiceField", "LinesField", "SeveralField"]

LONGEST = 2_000
"""Letters of an answer; a longer one is no answer."""
NONE = "none"
NOT_KNOWN = ("", "Not known")
TRUTHS = (("yes", "Yes"), ("no", "No"), NOT_KNOWN)


class Answer(forms.Field):
    """A field that need not be answered."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": "This can't be read. Write it anew.",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, template_name="portal/fields/field.html", **kwargs)

    def to_python(self, value: Any) -> str:
        """Give the text, without blanks around it. Raises `ValidationError`."""
        text = str(value or "").strip()
        if len(text) > LONGEST or "\0" in text:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return text


class Drawn(forms.Widget):
    """A widget with a template of ours, read from one name or several."""

    use_fieldset = True

    def __init__(self, template: str, context: Mapping[str, Any]) -> None:
        super().__init__()
        self.template_name = f"portal/fields/{template}.html"
        self.context = context

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template what it shows."""
        return {**super().get_context(name, value, attrs), **self.context, "value": value}

    def format_value(self, value: Any) -> Any:
        """Leave the value as it is."""
        return value

    def id_for_label(self, id_: str) -> str:
        """Name what is labelled: one box, or nothing where there are several."""
        return "" if self.use_fieldset else id_


class ChoiceField(Answer):
    """One of several texts, or not known: as a truth, yes or no."""

    def __init__(
        self, texts: Sequence[tuple[str, str]] = TRUTHS, *, open_word: str = "", **kwargs: Any
    ) -> None:
        choices = [*(one for one in texts if one[0]), ("", open_word or NOT_KNOWN[1])]
        self.offered = {text for text, _ in choices}
        super().__init__(widget=ChoiceWidget(choices), **kwargs)

    def to_python(self, value: Any) -> str:
        """Give the text. Raises `ValidationError` for one that is not offered."""
        text = super().to_python(value)
        if text not in self.offered:
            raise forms.ValidationError("Choose one of the answers.")
        return text


class ChoiceWidget(Drawn):
    """Round boxes beside each other."""

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__("choice", {"choices": choices})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give the text that was sent; an empty one where nothing was."""
        return data.get(name) or ""


class AmountField(Answer):
    """A number with its unit, where there is a choice of units; cleans to ``12 mg/L``."""

    def __init__(
        self, units: Sequence[str] = (), *, unit_needed: bool = False, **kwargs: Any
    ) -> None:
        offered = [("", "unit?")] if unit_needed else []
        offered += [(unit, unit_words(unit)) for unit in units]
        super().__init__(widget=AmountWidget(offered), **kwargs)

    def to_python(self, value: Any) -> str:
        """Put number and unit together, unless a unit was typed behind the number."""
        number, unit = value or ("", "")
        number, unit = super().to_python(number), super().to_python(unit)
        return f"{number} {unit}".strip() if number[-1:].isdigit() else number


class AmountWidget(Drawn):
    """A box for the number; beside it the unit, to choose where there are several."""

    use_fieldset = False

    def __init__(self, units: Sequence[tuple[str, str]]) -> None:
        super().__init__("amount", {"units": units})
        self.units = units

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give number and unit; without a choice of unit, the one there is."""
        first = self.units[0][0] if self.units else ""
        return data.get(name) or "", data.get(f"{name}.unit", first) or ""


class CellsField(Answer):
    """A number for each of several parts; cleans to ``1:0,2:null``, what is open left out."""

    def __init__(
        self, parts: Sequence[str], *, choices: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        self.parts = tuple(parts)
        super().__init__(widget=CellsWidget(self.parts, choices), **kwargs)

    def to_python(self, value: Any) -> str:
        """Put the cells together; one that is empty is left out."""
        cells = {part: super(CellsField, self).to_python(text) for part, text in value.items()}
        if any(mark in text for text in cells.values() for mark in ",:{["):
            raise forms.ValidationError("Write one number in each box, with a point.")
        return ",".join(f"{part}:{text}" for part, text in cells.items() if text)


class CellsWidget(Drawn):
    """A row for each part."""

    def __init__(self, parts: Sequence[str], choices: Sequence[tuple[str, str]]) -> None:
        super().__init__("cells", {"choices": choices})
        self.parts = parts

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give the text of each part."""
        return {part: data.get(f"{name}.{part}") or "" for part in self.parts}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template one row a part."""
        said = value or {}
        rows = [(part, part.replace("_", " "), said.get(part, "")) for part in self.parts]
        return {**super().get_context(name, value, attrs), "rows": rows}


class SeveralField(Answer):
    """Several of a list, in rows and columns; cleans to ``a,b``, to ``none`` for none of them.

    ``rows`` are groups of rows: a title and, for each row, its label and its boxes.
    """

    def __init__(
        self,
        groups: Sequence[tuple[str, Sequence[tuple[str, Sequence[tuple[str, str]]]]]],
        *,
        none: str = "",
        **kwargs: Any,
    ) -> None:
        boxes = [value for _, rows in groups for _, row in rows for value, _ in row]
        self.offered = {*boxes, *([NONE] if none else [])}
        super().__init__(widget=SeveralWidget({"groups": groups, "none": none}), **kwargs)

    def to_python(self, value: Any) -> str:
        """Put what is ticked together. Raises `ValidationError` for what is not in the list."""
        ticked = list(value or ())
        if not {*ticked} <= self.offered:
            raise forms.ValidationError("Choose what is in the list.")
        if NONE in ticked and len(ticked) > 1:
            raise forms.ValidationError("Tick either places or none.")
        return ",".join(dict.fromkeys(ticked))


class SeveralWidget(Drawn):
    """Boxes to tick."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        super().__init__("several", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give every text that was sent."""
        return data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say no: boxes that are not ticked are not sent."""
        return False


class LinesField(Answer):
    """Names with a number each, one a line; cleans to ``a:1,b:2``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}), **kwargs)

    def to_python(self, value: Any) -> str:
        """Join the lines."""
        lines = (line.strip() for line in super().to_python(value).splitlines())
        return ",".join(line for line in lines if line)
