"""The places that a clause names: which bone a name means here, and which part of it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from multifocal.exchange.clauses import Clause
from multifocal.exchange.mentions import Mention
from multifocal.exchange.site_lexicon import Option, SiteLexicon
from multifocal.model.anatomy import BoneId, End, Part, RegionId, Site

PlaceProblem = Literal["hand or foot not stated", "hand assumed"]
PARTS: tuple[Part, ...] = ("epiphysis", "physis", "metaphysis", "diaphysis")
ENDS: tuple[End, ...] = ("proximal", "distal")


def places_of(
    clause: Clause,
    contexts: Sequence[set[RegionId]],
    site_lexicon: SiteLexicon,
    problems: list[PlaceProblem],
) -> Iterator[Site]:
    """Give the places of a clause, each with every part and end that the clause names for it."""
    named: list[tuple[Mention, BoneId | None, RegionId | None]] = []
    for mention in clause.mentions:
        if mention.kind == "place":
            bone, region = _place(mention, contexts, site_lexicon, problems)
            named.append((mention, bone, region))
    bones = [bone for _, bone, _ in named if bone is not None]
    spots = [
        mention
        for mention, bone, _ in named
        if bone is None and _on_any(mention, bones, site_lexicon)
    ]
    details = [
        word
        for mention in clause.mentions
        if mention.kind == "detail"
        for word in mention.value.split()
    ]
    for mention, bone, region in named:
        if mention in spots or (bone is None and region is None):
            continue
        ends, parts = _details(mention, bone, spots, details, site_lexicon)
        for part in parts:
            for end in ends:
                yield Site(bone, region, None, part, end)


def _on_any(mention: Mention, bones: Iterable[BoneId], site_lexicon: SiteLexicon) -> bool:
    return any(
        spot.of in _homes(bone, site_lexicon) for spot in mention.phrase.landmarks for bone in bones
    )


def _homes(bone: BoneId, site_lexicon: SiteLexicon) -> set[str]:
    return {bone, site_lexicon.bones[bone].region}


def _details(
    mention: Mention,
    bone: BoneId | None,
    spots: Iterable[Mention],
    details: Iterable[str],
    site_lexicon: SiteLexicon,
) -> tuple[Sequence[End | None], Sequence[Part | None]]:
    words = set(details)
    if bone is None:
        return (None,), [part for part in PARTS if part in words] or (None,)
    for spot in (landmark for near in (*spots, mention) for landmark in near.phrase.landmarks):
        if spot.of in _homes(bone, site_lexicon):
            words |= {word for word in (spot.end, spot.part) if word is not None}
    ends = [end for end in ENDS if end in words]
    parts = [part for part in PARTS if part in words]
    return ends or (None,), parts or (None,)


def _place(
    mention: Mention,
    contexts: Sequence[set[RegionId]],
    site_lexicon: SiteLexicon,
    problems: list[PlaceProblem],
) -> tuple[BoneId | None, RegionId | None]:
    """Settle what a place is: its bone and region, or its region only."""
    options = mention.options or mention.phrase.bones
    alone = [spot.of for spot in mention.phrase.landmarks if spot.alone]
    if not options and alone:
        bone = site_lexicon.bones[alone[0]].id
        return bone, site_lexicon.bones[bone].region
    if options:
        bones, assumed = _settled(options, mention, contexts, site_lexicon)
        if len(bones) == 1:
            problems += ["hand assumed"] if assumed else []
            return bones[0], site_lexicon.bones[bones[0]].region
        if bones:
            problems.append("hand or foot not stated")
            return None, None
    return None, _region(mention, contexts, site_lexicon, problems)


def _settled(
    options: Sequence[Option],
    mention: Mention,
    contexts: Sequence[set[RegionId]],
    site_lexicon: SiteLexicon,
) -> tuple[list[BoneId], bool]:
    """Give the bones that a name can still mean here, and whether that rests on an assumption."""
    for context in contexts:
        given = [option for option in options if option.given in context]
        free = [option for option in options if option.given is None]
        pool = given or free
        if mention.within is not None and not mention.assumed:
            pool = [
                o for o in pool if site_lexicon.limb(o.bone) == site_lexicon.limb(mention.within)
            ]
        bones = list(dict.fromkeys(option.bone for option in pool))
        if len(bones) <= 1 and (given or not any(o.given for o in options)):
            return bones, False
        here = [bone for bone in bones if site_lexicon.limb(bone) in context]
        if len(here) == 1:
            return here, False
    free_bones = list(dict.fromkeys(option.bone for option in options if option.given is None))
    if mention.within is not None and len(free_bones) > 1:
        limb = site_lexicon.limb(mention.within)
        return [bone for bone in free_bones if site_lexicon.limb(bone) == limb], mention.assumed
    return free_bones, False


def _region(
    mention: Mention,
    contexts: Sequence[set[RegionId]],
    site_lexicon: SiteLexicon,
    problems: list[PlaceProblem],
) -> RegionId | None:
    """Give the region of a place whose bone is not known."""
    if mention.role == "digit_number":
        return None
    if mention.phrase.region is not None:
        return mention.phrase.region
    if mention.within is not None and not mention.assumed:
        return mention.within
    series = [o for options in mention.phrase.series.values() for o in options]
    regions = {site_lexicon.bones[option.bone].region for option in series if option.given is None}
    if mention.is_digit:
        regions |= site_lexicon.digits
    for context in contexts:
        here = {region for region in regions if site_lexicon.limb(region) in context}
        if len(here) == 1:
            return here.pop()
    if len(regions) == 1:
        return regions.pop()
    if regions and (mention.number is not None or not mention.is_digit):
        problems.append("hand or foot not stated")
    return None


def regions_of(mentions: Iterable[Mention], site_lexicon: SiteLexicon) -> Iterator[RegionId]:
    """Give every region that mentions speak of, with those around them."""
    for mention in mentions:
        if mention.kind != "place" or mention.role == "digit_number":
            continue
        options = mention.options or mention.phrase.bones
        places: list[str] = [option.bone for option in options if option.given is None]
        if len({site_lexicon.limb(option.bone) for option in options}) > 1:
            places = []
        if mention.phrase.region is not None and not mention.phrase.landmarks:
            places.append(mention.phrase.region)
        if mention.within is not None and not mention.assumed:
            places.append(mention.within)
        for place in places:
            yield from site_lexicon.around[place]
