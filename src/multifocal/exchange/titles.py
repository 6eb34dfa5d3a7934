"""What the title and the codes of a report or study say: of which kind it is, how, and of what.

A title is read word by word, the longest run that the knowledge has first. What names no modality,
side or place that titles alone use is left to the reading of sites.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.lexicon import folded
from multifocal.exchange.site_lexicon import SiteLexicon, site_lexicon_of
from multifocal.exchange.sites import read_site
from multifocal.exchange.vocabulary import Code
from multifocal.exchange.words import Words
from multifocal.knowledge.entries import ImagingCode, ReportKind, TitleWord
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Laterality, RegionId, Site
from multifocal.model.record import Modality

LONGEST = 400
"""Characters of a title that are read."""
BODY = RegionId("body")
NOT_XRAY = "not_xray"
"""Of a word for the whole body that stands for weight-bearing in the title of an X-ray."""
WHOLE_BODY: Mapping[Modality, Modality] = {"mri": "whole_body_mri"}
_MARKS = re.compile(r"[_^]")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[+]")
_SIDES: Mapping[str, str] = {"left": "left", "right": "right", "bilateral": "both"}
_FIRST: Sequence[ReportKind] = ("pathology", "other", "laboratory", "imaging")
"""Which kind a report is, where its titles and codes name several."""


class Title(msgspec.Struct, frozen=True):
    """What titles and codes say of a report or study."""

    kind: ReportKind = "other"
    modality: Modality | None = None
    """`None` of an image whose kind is not known."""
    place: tuple[Site, ...] = ()
    """Empty when none is named; a site without bone and region is a side alone."""
    whole_body: bool = False


class _Said(NamedTuple):
    """What one title or code says; the place in words that the reading of sites knows."""

    kinds: tuple[ReportKind, ...] = ()
    modality: Modality | None = None
    whole_body: bool = False
    side: Laterality | None = None
    place: str = ""


class _Lexicon(NamedTuple):
    words: Mapping[tuple[str, ...], tuple[TitleWord, ...]]
    longest: int
    codes: Mapping[Code, _Said]
    labels: Mapping[str, str]
    sites: SiteLexicon


@cached(most=8192)
def title_of(words: Words, knowledge: Knowledge) -> Title:
    """Give what the titles and codes of one report or study say; the titles go before the codes.

    A side on which they disagree is left out.
    """
    lexicon = _lexicon_of(knowledge)
    said = _every(words, knowledge)
    kind = _kind(said)
    modality = next((one.modality for one in said if one.modality is not None), None)
    sites, _ = read_site([one.place for one in said], (), lexicon.sites)
    whole = any(one.whole_body for one in said) or {site.region for site in sites} == {BODY}
    sides = {one.side for one in said if one.side is not None}
    if not sites and len(sides) == 1:
        sites = tuple(Site(laterality=side) for side in _spread(sides.pop()))
    if kind != "imaging":
        return Title(kind, None, sites)
    if whole and modality is not None:
        modality = WHOLE_BODY.get(modality, modality)
    return Title(kind, modality, sites, whole)


def kind_of(words: Words, knowledge: Knowledge) -> ReportKind:
    """Give of which kind a report or study is, and nothing else that its titles and codes say."""
    return _kind(_every(words, knowledge))


def _every(words: Words, knowledge: Knowledge) -> list[_Said]:
    codes = _lexicon_of(knowledge).codes
    said = [_said(text, knowledge) for text in words.texts]
    return [*said, *(codes[code] for code in words.codes if code in codes)]


def _kind(said: Sequence[_Said]) -> ReportKind:
    kinds = {kind for one in said for kind in one.kinds}
    return next((kind for kind in _FIRST if kind in kinds), "other")


def agreed(
    sites: tuple[Site, ...], title: tuple[Site, ...], knowledge: Knowledge
) -> tuple[tuple[Site, ...], bool]:
    """Give the sites of a report as its title allows, and whether a side of one conflicts with it.

    A place that the title encloses takes the title's side, where it has none of its own; one that
    lies on the other side than all of the title loses its side.
    """
    lexicon = site_lexicon_of(knowledge)
    sides = {one.laterality if _may_be_sided(one, lexicon) else None for one in title}
    side = next(iter(sides)) if len(sides) == 1 else None
    if side not in ("left", "right"):
        return sites, False
    named = {one.bone or one.region for one in title if one.bone or one.region}
    found = []
    conflict = False
    for site in sites:
        place: str = site.bone or site.region or ""
        around: set[str] = {place, *lexicon.around.get(place, ())}
        if site.laterality in ("left", "right") and site.laterality != side:
            conflict, site = True, msgspec.structs.replace(site, laterality=None)
        elif place and site.laterality is None and (not named or around & named):
            sided = side if _may_be_sided(site, lexicon) else None
            site = msgspec.structs.replace(site, laterality=sided)
        found.append(site)
    return tuple(dict.fromkeys(found)), conflict


def _may_be_sided(site: Site, lexicon: SiteLexicon) -> bool:
    """Whether the place has a fellow on the other side; so has what is only called left."""
    if site.bone is not None:
        return lexicon.bones[site.bone].paired
    return site.region not in lexicon.midline


def _spread(side: Laterality) -> tuple[Laterality, ...]:
    return ("left", "right") if side == "bilateral" else (side,)


@lru_cache(maxsize=4)
def _lexicon_of(knowledge: Knowledge) -> _Lexicon:
    words: dict[tuple[str, ...], list[TitleWord]] = defaultdict(list)
    for word in knowledge.title_words:
        words[tuple(word.words.split())].append(word)
    labels: dict[str, str] = {bone.id: bone.label for bone in knowledge.bones}
    labels |= {region.id: region.label for region in knowledge.regions}
    return _Lexicon(
        {key: tuple(entries) for key, entries in words.items()},
        max(map(len, words), default=1),
        {Code(one.system, one.code): _coded(one, labels) for one in knowledge.imaging_codes},
        labels,
        site_lexicon_of(knowledge),
    )


def _coded(code: ImagingCode, labels: Mapping[str, str]) -> _Said:
    place = labels.get(code.bone or code.region or "", "")
    side = _SIDES.get(code.laterality or "", "")
    return _Said((code.kind,), code.modality, code.whole_body, code.laterality, f"{side} {place}")


@cached(most=8192)
def _said(text: str, knowledge: Knowledge) -> _Said:
    """Read one title."""
    lexicon = _lexicon_of(knowledge)
    title = folded(text[:LONGEST])
    tokens = list(_TOKEN.finditer(title))
    pieces = list(_pieces([token[0] for token in tokens], lexicon.words, lexicon.longest))
    votes = Counter(language for *_, ones in pieces for language in {one.language for one in ones})
    chosen = [_chosen(ones, votes) for *_, ones in pieces]
    said = _heard([one for ones in chosen for one in ones])
    place, before = "", 0
    for (start, end, _), meant in zip(pieces, chosen, strict=True):
        place += title[before : tokens[start].start()] + _placed(meant, said, lexicon.labels)
        before = tokens[end - 1].end()
    return said._replace(place=_MARKS.sub(" ", place + title[before:]))


def _pieces(
    tokens: Sequence[str], words: Mapping[tuple[str, ...], tuple[TitleWord, ...]], longest: int
) -> Iterator[tuple[int, int, tuple[TitleWord, ...]]]:
    """Give the longest runs that are known; a single letter only as the first or last word."""
    at = 0
    while at < len(tokens):
        for end in range(min(at + longest, len(tokens)), at, -1):
            run = tuple(tokens[at:end])
            numbered = tuple("#" if word.isdecimal() else word for word in run)
            known = words.get(run) or words.get(numbered)
            if known and (len(run) > 1 or len(run[0]) > 1 or at == 0 or end == len(tokens)):
                yield at, end, known
                at = end
                break
        else:
            at += 1


def _chosen(ones: Sequence[TitleWord], votes: Mapping[str, int]) -> list[TitleWord]:
    """Give what words mean in the language to which most of the title belongs."""
    language = max((one.language for one in ones), key=lambda one: votes[one])
    return [one for one in ones if one.language == language]


def _placed(meant: Sequence[TitleWord], said: _Said, labels: Mapping[str, str]) -> str:
    """Give the sides and places of words as the reading of sites knows them."""
    sides = [_SIDES[one.value] for one in meant if one.role == "side"]
    ids = [one for word in meant if word.role == "place" for one in word.value.split("|")]
    ids += [BODY for one in meant if one.role == "whole_body" and said.whole_body]
    return " ".join((*sides, ", ".join(labels[one] for one in ids)))


def _heard(meant: Sequence[TitleWord]) -> _Said:
    """Give what the words of a title say; the first modality is that of the study."""
    said = defaultdict[str, list[str]](list)
    for one in meant:
        said[one.role].append(one.value)
    named = [*said["modality"], *(value for value in said["whole_body"] if value == "mri")]
    modality = msgspec.convert(named[0], Modality) if named else None
    is_whole = any(value != NOT_XRAY or modality != "xray" for value in said["whole_body"])
    side = msgspec.convert(said["side"][0], Laterality) if said["side"] else None
    kinds = [msgspec.convert(kind, ReportKind) for kind in said["kind"]]
    kinds += ["imaging"] if modality is not None else []
    return _Said(tuple(kinds), modality, is_whole, side)
