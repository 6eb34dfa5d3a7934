"""Lesions drawn on the bones of both hands and of the whole skeleton, as accessible SVG.

The outlines are data: ``maps/hands.json`` and ``maps/body.json``. Each bone is drawn once for each
side that it has, a right bone as stored and a left one mirrored, all in the units of the view box.
A bone that nobody imaged is dotted: not assessed is not normal. One on an image of which the result
was not read has a look of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import dist
from textwrap import wrap
from types import MappingProxyType
from typing import Literal, NamedTuple
from xml.sax.saxutils import escape

import msgspec

from multifocal.model.anatomy import End, Laterality, Part, Site
from multifocal.model.assessment import Lesion
from multifocal.model.record import Modality
from multifocal.report.outline import (
    WHOLE,
    Caption,
    Line,
    Panel,
    Picture,
    Shape,
    Spot,
    box_of,
    mirrored,
    picture_of,
    piece_of,
    shapes_of,
    spots_of,
)
from multifocal.report.scene import Ancestry, Imaged, Scene, is_paired, scene_of

__all__ = ["Ancestry", "Theme", "body", "hands"]

Theme = Literal["screen", "print"]
State = Literal["lesion", "mri", "clear", "unread", "unseen"]
NO_NAMES: Mapping[str, str] = MappingProxyType({})
FONT = "Source Sans 3, Liberation Sans, DejaVu Sans, Arial, sans-serif"
MARGIN = 1.5
"""White space at both sides of legend and notes, in letter sizes."""
LETTER = 0.54
"""Width of an average letter, in letter sizes."""
PLATE = 10
"""Least length of a growth plate that is drawn, in outline widths."""
NOT_TEXT = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
HATCHES: Mapping[str, str] = MappingProxyType({"lesion": "lines", "mri": "dots", "unread": "bars"})
"""The hatch of each state that has one, so that none is told by its colour alone."""
MAGNETIC: frozenset[Modality] = frozenset(("mri", "whole_body_mri"))


class Words(msgspec.Struct, frozen=True):
    """What a map says, in one language."""

    title: dict[str, str]
    none: str
    outside: dict[str, str]
    no_side: str
    painful: str
    painful_no_side: str
    painful_outside: dict[str, str]
    looked_all: str
    looked_some: str
    looked_none: str
    unread: str
    looked_no_side: str
    unread_no_side: str
    side_unknown: str
    seen_on: str
    end_alone: str
    state: dict[str, str]
    side: dict[Laterality, str]
    part: dict[Part, str]
    end: dict[End, str]
    modality: dict[Modality, str]
    caption: dict[str, str]


class Looks(msgspec.Struct, frozen=True):
    """How things look."""

    colours: dict[str, tuple[str, str]]
    """Each colour on a light and on a dark page."""
    paints: dict[str, dict[str, str | float | tuple[float, ...]]]
    """Properties of each kind of thing; a number is in outline widths."""


class View(NamedTuple):
    """How a map is shown."""

    picture: Picture
    words: Words
    names: Mapping[str, str]
    theme: Theme
    prefix: str
    lang: str


def hands(
    lesions: Iterable[Lesion],
    assessed: Imaged,
    *,
    ancestry: Ancestry,
    unread: Imaged = (),
    painful: Iterable[Site] = (),
    names: Mapping[str, str] = NO_NAMES,
    lang: str = "en",
    theme: Theme = "screen",
    prefix: str = "",
) -> str:
    """Draw lesions on the 27 bones of each hand, with the distal radius and ulna.

    ``assessed`` is what was imaged: a region stands for every bone whose ``ancestry`` holds it.
    ``unread`` is the same for images of which the result was not read; its bones are never clean. A
    region without a side counts only where it crosses the midline, so that an X-ray of a hand of
    unknown side clears neither hand. ``names`` gives words for bones, regions and concepts.
    ``theme="print"`` uses plain attributes only, as typst needs. ``prefix`` begins every id, so
    that two maps can stand in one page.
    """
    view = View(picture_of("hands"), _words(lang), names, theme, prefix, lang)
    return _map(view, tuple(lesions), (assessed, unread), tuple(painful), ancestry)


def body(
    lesions: Iterable[Lesion],
    assessed: Imaged,
    *,
    ancestry: Ancestry,
    unread: Imaged = (),
    painful: Iterable[Site] = (),
    names: Mapping[str, str] = NO_NAMES,
    lang: str = "en",
    theme: Theme = "screen",
    prefix: str = "body-",
) -> str:
    """Draw lesions on the whole skeleton of a child who faces the reader; else as `hands`."""
    view = View(picture_of("body"), _words(lang), names, theme, prefix, lang)
    return _map(view, tuple(lesions), (assessed, unread), tuple(painful), ancestry)


def _map(
    view: View,
    lesions: Sequence[Lesion],
    imaged: tuple[Imaged, Imaged],
    painful: Sequence[Site],
    ancestry: Ancestry,
) -> str:
    known = tuple(site for site in painful if site.bone or site.region)
    scene = scene_of(view.picture, lesions, *imaged, known, ancestry)
    return _svg(view, scene, _account(view, scene, lesions, known))


@cache
def _words(lang: str) -> Words:
    data = files("multifocal.report").joinpath("maps", "words.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, Words])[lang]


# In words


def _name(view: View, identifier: str) -> str:
    return view.names.get(identifier, identifier.replace("_", " "))


def _site(view: View, at: Lesion | Site) -> str:
    """Say where something is: right third metacarpal, distal metaphysis."""
    words = view.words
    bone = _name(view, at.bone or (at.region if isinstance(at, Site) and at.region else ""))
    side = f"{words.side[at.laterality]} " if at.laterality not in (None, "midline") else ""
    end = words.end[at.end] if at.end else ""
    if at.part:
        end = f"{end} {words.part[at.part]}".strip()
    elif at.end:
        end = words.end_alone.format(end=end)
    return f"{side}{bone}, {end}" if end else f"{side}{bone}"


def _seen(view: View, lesion: Lesion) -> str:
    words = view.words
    features = ", ".join(_name(view, feature) for feature in lesion.features)
    modalities = ", ".join(words.modality[modality] for modality in lesion.modalities)
    seen = words.seen_on.format(modalities=modalities) if modalities else ""
    return "; ".join(filter(None, (features, seen)))


def _sentence(view: View, lesion: Lesion) -> str:
    where = _site(view, lesion)
    if lesion.laterality is None and is_paired(lesion.bone):
        where = f"{where} ({view.words.side_unknown})"
    return ": ".join(filter(None, (where, _seen(view, lesion))))


def _account(
    view: View, scene: Scene, lesions: Sequence[Lesion], painful: Sequence[Site]
) -> tuple[str, ...]:
    """Say all that the map shows, for those who can't see it."""
    words = view.words
    told = [f"{_capital(_sentence(view, lesion))}." for lesion in lesions] or [words.none]
    if painful:
        told.append(words.painful.format(sites="; ".join(_site(view, site) for site in painful)))
    spots = [spot for shape in shapes_of(view.picture).values() for spot in spots_of(shape)]
    for side in ("right", "left", "midline"):
        some = sum(spot[1] == side and spot in scene.looked for spot in spots)
        dark = sum(spot[1] == side and spot in scene.unread for spot in spots)
        count = sum(spot[1] == side for spot in spots)
        if count:
            looked = words.looked_some if some else words.looked_none
            text = words.unread if dark else words.looked_all if some == count else looked
            told.append(text.format(side=words.caption[side], some=some, dark=dark, all=count))
    return (*told, *_notes(view, scene))


def _notes(view: View, scene: Scene) -> tuple[str, ...]:
    """Say what the map can't draw."""
    words, which = view.words, view.picture.id
    unplaced: tuple[tuple[str, Sequence[Lesion | Site]], ...] = (
        (words.no_side, scene.no_side),
        (words.outside[which], scene.outside),
        (words.looked_no_side, scene.looked_no_side),
        (words.unread_no_side, scene.unread_no_side),
        (words.painful_no_side, scene.pain.no_side),
        (words.painful_outside[which], scene.pain.outside),
    )
    return tuple(
        text.format(sites="; ".join(_site(view, site) for site in sites), count=len(sites))
        for text, sites in unplaced
        if sites
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# As SVG


def _svg(view: View, scene: Scene, account: Sequence[str]) -> str:
    picture, prefix, lang = view.picture, view.prefix, view.lang
    title = view.words.title[picture.id]
    legend, bottom = _legend(view)
    notes, height = _beneath(view, _notes(view, scene), bottom)
    size = f"{picture.width:g} {height:g}"
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="lesion-map {picture.id}"',
            f' viewBox="0 0 {size}" font-family="{FONT}" font-size="{picture.text:g}"',
            f' role="img" aria-labelledby="{_safe(prefix)}title {_safe(prefix)}desc"',
            f' xml:lang="{_safe(lang)}" lang="{_safe(lang)}">',
            f'<title id="{_safe(prefix)}title">{_safe(title)}</title>',
            f'<desc id="{_safe(prefix)}desc">{_safe(" ".join(account))}</desc>',
            _style(view),
            _hatches(view),
            *(_panel(view, scene, panel) for panel in picture.panels),
            *(_caption(view, caption) for caption in picture.captions),
            legend,
            notes,
            "</svg>\n",
        )
    )


def _panel(view: View, scene: Scene, panel: Panel) -> str:
    parts = [f'<g id="{_safe(view.prefix)}{panel.id}">']
    parts += [_path(view, "context", panel.context)] if panel.context else []
    for shape in panel.shapes:
        parts += [_bone(view, scene, shape, spot, panel.axis) for spot in spots_of(shape)]
    for ring in scene.pain.rings:
        paths = [
            mirrored(shape.path, panel.axis) if spot[1] == "left" else shape.path
            for shape in panel.shapes
            for spot in spots_of(shape)
            if spot in ring
        ]
        left, top, right, bottom = box_of(paths) if paths else (0, 0, 0, 0)
        around = ((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2)
        parts += [_ellipse(view, *around)] if paths else []
    for place in panel.places:
        (x, y), radius = place.at, place.radius
        if (place.region, place.side) in scene.pain.places:
            parts.append(_ellipse(view, x, y, radius, radius))
        if (place.region, "left") in scene.pain.places:
            parts.append(_ellipse(view, panel.axis * 2 - x, y, radius, radius))
    parts.append("</g>")
    for copy in panel.copies:
        uses = (f'<use href="#{_safe(view.prefix)}{bone}-all"/>' for bone in copy.bones)
        over = _path(view, "inner", copy.context) if copy.context else ""
        parts.append(f'<g transform="{copy.transform}">{"".join(uses)}{over}</g>')
    return "".join(parts)


def _bone(view: View, scene: Scene, shape: Shape, spot: Spot, axis: float) -> str:
    """Draw one bone on one side, with what is in it and around it."""
    bone, side = spot

    def here(path: str) -> str:
        return mirrored(path, axis) if side == "left" else path

    name = f"{_safe(view.prefix)}{side}-{bone}"
    again = f'<use href="#{name}"'
    ground = _ground(spot, scene)
    lesions = scene.lesions.get(spot, ())
    filled = [(_state(lesion), piece_of(shape, lesion, view.picture.plate)) for lesion in lesions]
    whole = {state for state, piece in filled if piece == WHOLE}
    kind: State = ("lesion" if "lesion" in whole else "mri") if whole else ground
    plates = here("".join("M{:g} {:g}L{:g} {:g}".format(*line) for line in _plates(view, shape)))
    parts = [
        f'<g id="{name}-all"{_as(view, kind)}>',
        _path(view, "context", here(shape.under)) if shape.under else "",
        f'<path id="{name}" data-bone="{bone}" data-side="{side}" d="{here(shape.path)}">',
        f"<title>{_safe(_bone_title(view, spot, lesions, ground))}</title></path>",
        f"{again}{_hatch(view, kind)}/>" if kind in HATCHES else "",
    ]
    for count, (state, piece) in enumerate(filled):
        if piece:
            clip, corners = f"{name}-part-{count}", "L".join(f"{x:.1f} {y:.1f}" for x, y in piece)
            parts += [
                f'<clipPath id="{clip}"><path d="{here(f"M{corners}Z")}"/></clipPath>',
                f'<g clip-path="url(#{clip})">{again}{_as(view, state)}/>',
                f"{again}{_hatch(view, state)}/></g>",
            ]
    parts += [
        _path(view, "inner", here(shape.detail)) if shape.detail else "",
        _path(view, "plate", plates) + _path(view, "gap", plates) if plates else "",
        f"{again}{_as(view, 'pain')}/>" if spot in scene.pain.spots else "",
        "</g>",
    ]
    return "".join(parts)


def _ground(spot: Spot, scene: Scene) -> State:
    """Say what is known of a bone that has no lesion."""
    if spot in scene.unread:
        return "unread"
    return "clear" if spot in scene.looked else "unseen"


def _state(lesion: Lesion) -> State:
    """Say whether MRI alone shows a lesion; one that names no modality is never called that."""
    return "mri" if lesion.modalities and MAGNETIC.issuperset(lesion.modalities) else "lesion"


def _plates(view: View, shape: Shape) -> list[Line]:
    """Give the growth plates that are long enough to be seen."""
    plates = [end.physis for end in shape.ends if end.physis]
    return [plate for plate in plates if dist(plate[:2], plate[2:]) > PLATE * view.picture.stroke]


def _bone_title(view: View, spot: Spot, lesions: Sequence[Lesion], ground: State) -> str:
    if lesions:
        return "; ".join(_capital(_sentence(view, lesion)) for lesion in lesions)
    bone, side = spot
    site = f"{view.words.side[side]} {_name(view, bone)}".lstrip()
    return f"{_capital(site)}: {view.words.state[ground]}"


def _ellipse(view: View, x: float, y: float, across: float, down: float) -> str:
    """Draw a ring with some room around what it holds."""
    room = view.picture.text / 2
    radii = f'rx="{across + room:.1f}" ry="{down + room:.1f}"'
    return f'<ellipse{_as(view, "pain")} cx="{x:.1f}" cy="{y:.1f}" {radii}/>'


def _path(view: View, role: str, path: str) -> str:
    return f'<path{_as(view, role)} d="{path}"/>'


def _as(view: View, role: str) -> str:
    """Give the class by which a thing gets its look; a name of its own for each picture."""
    return f' class="{view.picture.id}-{role}"'


def _hatch(view: View, state: str) -> str:
    return f' fill="url(#{_safe(view.prefix)}{HATCHES[state]})"'


def _text(view: View, text: str, x: float, y: float, role: str, anchor: str = "start") -> str:
    at = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
    return f"<text{_as(view, role)} {at}>{_safe(text)}</text>"


def _caption(view: View, caption: Caption) -> str:
    text = view.words.caption.get(caption.text, caption.text)
    return _text(view, text, *caption.at, caption.role, caption.anchor)


def _legend(view: View) -> tuple[str, float]:
    """Draw the legend; also give where the whole picture ends."""
    size = view.picture.text
    left, y, right = view.picture.legend
    x, parts = left, []
    for state, text in view.words.state.items():
        width = size * (1.8 + LETTER * len(text))
        if x > left and x + width > right:
            x, y = left, y + 1.6 * size
        corner, across = f"M{x:g} {y - 0.8 * size:g}", 1.4 * size
        box = f"{corner}h{across:g}v{size:g}h{-across:g}Z"
        parts.append(_path(view, state, box))
        if state in HATCHES:
            parts.append(f'<path{_hatch(view, state)} d="{box}"/>')
        parts.append(_text(view, text, x + 1.8 * size, y, "word"))
        x += width + size
    return "".join(parts), max(y + 0.6 * size, view.picture.height)


def _beneath(view: View, notes: Iterable[str], top: float) -> tuple[str, float]:
    """Write what can't be drawn beneath the picture; also give where it ends."""
    size = view.picture.text
    letters = int((view.picture.width / size - 2 * MARGIN) / LETTER)
    parts, y = [], top
    for line in (line for note in notes for line in wrap(_clean(note), letters)):
        y += 1.35 * size
        parts.append(_text(view, line, MARGIN * size, y, "word"))
    return "".join(parts), y + 0.6 * size


def _hatches(view: View) -> str:
    """Define the hatches: slanting lines for a lesion, dots on MRI only, level lines for unread."""
    step = view.picture.hatch
    name = _safe(view.prefix)
    lines = f'd="M{step / 2:g} 0V{step:g}" stroke-width="{step * 0.3:.2f}"'
    dots = f'cx="{step / 2:g}" cy="{step / 2:g}" r="{step * 0.26:.2f}"'
    bars = f'd="M0 {step / 2:g}H{step:g}" stroke-width="{step * 0.2:.2f}"'
    frame = f'width="{step:g}" height="{step:g}" patternUnits="userSpaceOnUse"'
    turn = 'patternTransform="rotate(45)"'
    return (
        f'<defs><pattern id="{name}lines" {frame} {turn}>'
        f"<path{_as(view, 'line')} {lines}/></pattern>"
        f'<pattern id="{name}dots" {frame} {turn}>'
        f"<circle{_as(view, 'dot')} {dots}/></pattern>"
        f'<pattern id="{name}bars" {frame}>'
        f"<path{_as(view, 'bar')} {bars}/></pattern></defs>"
    )


def _style(view: View) -> str:
    """Give the style sheet; on screen the page around may set ``--map-ink`` and the like.

    A selector is one class: what `use` shows a second time has no ancestor to be selected by.
    """
    looks, name = _looks(), view.picture.id
    rules = []
    for role, paint in looks.paints.items():
        rules.append(f".{name}-{role}{{{''.join(_rule(view, *each) for each in paint.items())}}}")
    if view.theme == "screen":
        scope = f".lesion-map.{name}"
        light, dark = (
            "".join(f"--m-{key}:var(--map-{key},{of[page]});" for key, of in looks.colours.items())
            for page in (0, 1)
        )
        rules += [f"{scope}{{{light}}}", f"@media(prefers-color-scheme:dark){{{scope}{{{dark}}}}}"]
    return f"<style>{''.join(rules)}</style>"


def _rule(view: View, key: str, value: str | float | tuple[float, ...]) -> str:
    colours = _looks().colours
    match value:
        case str() if value in colours:
            shown = f"var(--m-{value})" if view.theme == "screen" else colours[value][0]
        case str():
            shown = value
        case tuple():
            shown = " ".join(f"{each * view.picture.stroke:.3g}" for each in value)
        case _:
            shown = f"{value * view.picture.stroke:.3g}"
    return f"{key}:{shown};"


@cache
def _looks() -> Looks:
    data = files("multifocal.report").joinpath("maps", "looks.json").read_bytes()
    return msgspec.json.decode(data, type=Looks)


def _safe(text: str) -> str:
    return escape(_clean(text), {'"': "&quot;", "'": "&#39;"})


def _clean(text: str) -> str:
    """Drop what XML can't hold, and marks that would turn the direction of the text around it."""
    return NOT_TEXT.sub("", text)
