"""The views of `views.toml`, compiled: what to decode of a resource, and which columns it gives."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from operator import attrgetter
from typing import Any, Literal, cast

import msgspec

from multifocal.exchange.assertions import Level, State
from multifocal.exchange.fhir.elements import (
    ABSENT,
    TYPES,
    Meta,
    Narrative,
    Period,
    Reference,
    References,
    Struct,
    Valued,
)
from multifocal.knowledge.entries import ConceptKind
from multifocal.model.record import Modality

Reading = Callable[[object], tuple[Any, ...]]
Effect = Literal["leave_out", "absent", "uncertain", "preliminary", "over"]


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a code, or a word in a text, of an element makes of the statement."""

    element: str
    then: Effect
    codes: frozenset[str]
    words: tuple[str, ...] = ()


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The columns that a resource gives, each by the elements that it may stand in."""

    resource: tuple[str, ...]
    kind: str
    concept: str = ""
    about: tuple[str, ...] = ()
    value: bool = False
    each: tuple[str, ...] = ("",)
    repeat: str = ""
    only: frozenset[str] = frozenset()
    mention: ConceptKind | None = None
    state: State = "present"
    beside: str = ""
    onset: tuple[str, ...] = ()
    day: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    category: str = ""
    reports: bool = False
    conclusions: str = ""
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    over: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    where: tuple[Where, ...] = ()

    @property
    def elements(self) -> frozenset[str]:
        """The elements that it reads."""
        named = (*self.each, *self.onset, *self.day, *self.ended, *self.recorded, *self.sites)
        named += (self.repeat, self.beside, self.category, self.conclusions, *self.texts)
        named += (
            *self.about,
            *self.notes,
            *self.unread,
            *self.also,
            *(one.element for one in self.where),
        )
        return frozenset(named) - {"", "report", "study"}

    @property
    def coded(self) -> tuple[str, ...]:
        """The elements that say what it is about, and what that makes of the statement."""
        seen_by = ("method", "code") if self.value else ()
        named = (*self.about, self.category, *(one.element for one in self.where), *seen_by)
        return tuple(dict.fromkeys(filter(None, named)))


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    view: tuple[View, ...]
    foreign: Mapping[str, Mapping[str, tuple[str, ...]]]
    foreign_status: Mapping[str, Mapping[str, frozenset[str]]]
    category: Mapping[str, frozenset[str]]
    types: Mapping[str, frozenset[str]]
    silent: Mapping[str, frozenset[str]]
    level: Mapping[Level, frozenset[str]]
    modality: Mapping[str, Modality]


TABLE = msgspec.convert(
    tomllib.loads(files("multifocal.exchange.fhir").joinpath("views.toml").read_text("utf-8")),
    type=Table,
)


class Resource(msgspec.Struct, kw_only=True, gc=False):
    """What every resource may have; those of each type are made from its view."""

    resourceType: str = ""  # noqa: N815 # FHIR's own name
    id: str | None = None
    meta: Meta | None = None
    implicitRules: str | None = None  # noqa: N815
    modifierExtension: tuple[msgspec.Raw, ...] | None = None  # noqa: N815
    contained: tuple[msgspec.Raw, ...] | None = None
    subject: Reference | None = None
    patient: Reference | None = None
    text: Narrative | None = None


class Extension(Struct, frozen=True):
    """An extension, as far as one with a code is read."""

    url: str | None = None
    value_code: str | None = None


class HumanName(Struct, frozen=True):
    """A name in parts, or whole."""

    use: str | None = None
    text: str | None = None
    family: str | None = None
    given: tuple[str | None, ...] | None = None


class Patient(Resource, kw_only=True, gc=False):
    """FHIR Patient; the only resource that is no statement."""

    name: tuple[HumanName, ...] | None = None
    gender: str | None = None
    birthDate: str | None = None  # noqa: N815
    extension: tuple[Extension, ...] | None = None


def reading(names: Sequence[str]) -> Reading:
    """Give what reads these attributes of a value, all at once."""
    if len(names) > 1:
        return cast("Reading", attrgetter(*names))
    return lambda value: tuple(getattr(value, name) for name in names)


def _type_of(element: str) -> Any:  # Any: a type
    if element in TYPES:
        return TYPES[element]
    if element.endswith("Period"):
        return Period
    return str


def _struct(kind: str) -> type[Resource]:
    """Make the type of a resource: what its view reads, and what marks other releases."""
    read = VIEWS[kind].elements - set(Resource.__struct_fields__)
    shapes = (one for foreign in TABLE.foreign.values() for one in foreign.get(kind, ()))
    marks = {one.partition(" ")[0] for one in shapes} - read - set(Valued.__struct_fields__)
    fields: list[tuple[str, Any, Any]] = [
        (name, kind, ABSENT) if kind is msgspec.Raw else (name, kind | None, None)
        for name in sorted(read)
        for kind in [_type_of(name)]
    ]
    fields += [(name, msgspec.Raw, ABSENT) for name in sorted(marks)]
    valued = msgspec.structs.fields(Valued) if VIEWS[kind].value else ()
    own = [
        one
        for one in valued
        if one.name not in {*Resource.__struct_fields__, *read, "modifier_extension"}
    ]
    fields += [(one.name, one.type, one.default) for one in own]
    written = {one.name: one.encode_name for one in own}
    made = msgspec.defstruct(
        kind, fields, bases=(Resource,), kw_only=True, gc=False, rename=written
    )
    return cast("type[Resource]", made)


VIEWS: Mapping[str, View] = {kind: view for view in TABLE.view for kind in view.resource}
"""The view of each type of resource."""
CODED: Mapping[str, Reading] = {kind: reading(view.coded) for kind, view in VIEWS.items()}
"""By type of resource, what reads its coded elements."""
REFERRING: Mapping[str, tuple[str, ...]] = {
    kind: tuple(name for name in view.about if _type_of(name) is References)
    for kind, view in VIEWS.items()
}
"""By type of resource, the elements that may refer to what it is about."""
DECODERS: dict[str, msgspec.json.Decoder[Any]] = {
    "Patient": msgspec.json.Decoder(Patient),
    **{kind: msgspec.json.Decoder(_struct(kind)) for kind in VIEWS},
}
"""The resource types that are read."""
