"""Body sites and sides from codes and from texts such as "right third metacarpal".

A side is never guessed: it is stated beside the place, by the hand or leg around it, or by a code.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import Literal, NamedTuple

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.clauses import Clause, clauses_of
from multifocal.exchange.mentions import Mention, mentions_of
from multifocal.exchange.places import PlaceProblem, places_of, regions_of
from multifocal.exchange.site_lexicon import SiteLexicon, bare
from multifocal.knowledge.entries import SiteCode
from multifocal.model.anatomy import BoneId, Laterality, RegionId, Site

SiteProblem = (
    PlaceProblem
    | Literal["laterality conflict", "laterality unclear", "site not understood", "site conflict"]
)
FEW_BONES = 2
BOTH: tuple[Laterality, ...] = ("left", "right")


class Reading(NamedTuple):
    """What texts and codes say: places with what is known of their side, and sides on their own."""

    sites: tuple[Site, ...] = ()
    sides: tuple[Laterality, ...] = ()
    problems: tuple[SiteProblem, ...] = ()


def read_site(
    texts: Iterable[str], codes: Iterable[tuple[str, str]], site_lexicon: SiteLexicon
) -> tuple[tuple[Site, ...], tuple[SiteProblem, ...]]:
    """Give the sites that texts and codes of one and the same thing name, and what is wrong.

    ``codes`` are pairs of a system's short name (``snomed``, ``uberon``, ``fma``, ``icd10cm``) and
    a code. A bilateral site is given twice; of an arm or a leg as a whole only the side is given. A
    bone that has no fellow on the other side is in the midline unless a side of it is named.
    """
    texts = [text for text in texts if text.strip()]
    codes = [pair for pair in codes if pair[1].strip()]
    coded = _coded(codes, site_lexicon)
    mentions = [mentions_of(text, site_lexicon) for text in texts]
    context = {region for one in mentions for region in regions_of(one, site_lexicon)}
    read = [_text(one, context, site_lexicon) for one in mentions]
    written = Reading(
        tuple(site for one in read for site in one.sites),
        tuple(side for one in read if not one.sites for side in one.sides),
        tuple(problem for one in read for problem in one.problems),
    )
    sites, problems = _agreed(coded, written, site_lexicon)
    problems = [*written.problems, *problems, *_texts_conflict(read, site_lexicon)]
    sites = _enclosed(sites, site_lexicon)
    sites = _sided(sites, {*coded.sides, *written.sides}, site_lexicon, problems)
    sites = _narrowest(dict.fromkeys(sites), site_lexicon)
    if "laterality conflict" in problems:
        sites = [msgspec.structs.replace(site, laterality=None) for site in sites]
    elif _says_a_side(coded, read) and any(_lacks_side(site, site_lexicon) for site in sites):
        problems.append("laterality unclear")
    if not sites and any(one.role == "limb" for text in mentions for one in text):
        sites = _limbs((*coded.sides, *written.sides), problems, is_one=len(texts) == 1)
    if not sites and (texts or codes) and "hand or foot not stated" not in problems:
        problems.append("site not understood")
    expanded = dict.fromkeys(each for site in sites for each in _expanded(site, site_lexicon))
    return tuple(expanded), tuple(dict.fromkeys(problems))


def _limbs(sides: Iterable[Laterality], problems: list[SiteProblem], *, is_one: bool) -> list[Site]:
    """Give whole limbs by their sides: "left arm and right leg" in one text is no conflict."""
    if "laterality conflict" in problems and not is_one:
        return [Site()]
    problems[:] = [problem for problem in problems if problem != "laterality conflict"]
    return [Site(laterality=side) for side in dict.fromkeys(sides)] or [Site()]


@cached(most=8192)
def sites_in(text: str, site_lexicon: SiteLexicon) -> tuple[Site, ...]:
    """Give the sites that one text names."""
    sites, _ = read_site([text], (), site_lexicon)
    return tuple(site for site in sites if site.bone or site.region)


def _says_a_side(coded: Reading, read: Iterable[Reading]) -> bool:
    return bool(coded.sides) or any(one.sides for one in read)


def _coded(codes: Iterable[tuple[str, str]], site_lexicon: SiteLexicon) -> Reading:
    found = [site_lexicon.codes.get((system, bare(system, code))) for system, code in codes]
    known = [entry for entry in found if entry is not None]
    return Reading(
        tuple(_site(entry, site_lexicon) for entry in known if entry.bone or entry.region),
        tuple(entry.laterality for entry in known if entry.laterality is not None),
    )


def _site(entry: SiteCode, site_lexicon: SiteLexicon) -> Site:
    region = entry.region if entry.bone is None else site_lexicon.bones[entry.bone].region
    return Site(entry.bone, region, entry.laterality, entry.part, entry.end)


def _text(
    mentions: Sequence[Mention], context: set[RegionId], site_lexicon: SiteLexicon
) -> Reading:
    """Read the mentions of one text; ``context`` are the regions that all texts speak of."""
    if _is_negated(mentions):
        return Reading(problems=("site not understood",))
    clauses = clauses_of(mentions)
    near = set(regions_of(mentions, site_lexicon))
    problems: list[SiteProblem] = []
    unclear: list[PlaceProblem] = []
    read: list[tuple[Clause, list[Site]]] = []
    for clause in clauses:
        contexts = [set(regions_of(clause.mentions, site_lexicon)), near, context]
        sites = list(places_of(clause, contexts, site_lexicon, unclear))
        side = _clause_side(clause, problems)
        read.append((clause, [_with_side(site, side, sites, site_lexicon) for site in sites]))
    _carry(read, site_lexicon)
    sides = tuple(side for clause in clauses for side in clause.sides)
    found = tuple(site for _, sites in read for site in sites)
    return Reading(found, sides, (*problems, *unclear))


def _is_negated(mentions: Sequence[Mention]) -> bool:
    return any(
        one.kind == "not" and two.kind in {"place", "side"} for one, two in pairwise(mentions)
    )


def _clause_side(clause: Clause, problems: list[SiteProblem]) -> Laterality | None:
    sides = clause.sides
    if len(sides) < 2:
        return sides[0] if sides else None
    if clause.joined_sides:
        return "bilateral"
    problems.append("laterality conflict")
    return None


def _with_side(
    site: Site, side: Laterality | None, beside: Iterable[Site], site_lexicon: SiteLexicon
) -> Site:
    """Give the clause's side to a place; a single bone takes it only if nothing else could."""
    if side is None or (
        _is_single(site, site_lexicon) and any(not _is_single(s, site_lexicon) for s in beside)
    ):
        return site
    return msgspec.structs.replace(site, laterality=side)


def _is_single(site: Site, site_lexicon: SiteLexicon) -> bool:
    """Whether the place has no fellow on the other side, or holds a bone that has none."""
    if site.bone is not None:
        return not site_lexicon.bones[site.bone].paired
    return site.region in site_lexicon.midline


def _carry(read: list[tuple[Clause, list[Site]]], site_lexicon: SiteLexicon) -> None:
    """Carry a side to the places that "and" joins to it: "right femur and tibia".

    From the end of a list it goes back over commas too.
    """
    for (early, sites), (late, more) in pairwise(read):
        side = _only_side(sites)
        if late.joint in {"and", "slash"} and not late.sides and early.side_first and side:
            more[:] = [_carried(site, side, site_lexicon) for site in more]
    is_list = False
    for (_, sites), (late, more) in reversed(list(pairwise(read))):
        side = _only_side(more)
        ends = late.joint in {"and", "slash"} and late.sides and not late.side_first
        is_list = bool(ends or (is_list and late.joint == "comma" and not late.sides))
        if is_list and side:
            sites[:] = [_carried(site, side, site_lexicon) for site in sites]


def _only_side(sites: Iterable[Site]) -> Laterality | None:
    sides = {site.laterality for site in sites if site.laterality is not None}
    return sides.pop() if len(sides) == 1 else None


def _carried(site: Site, side: Laterality, site_lexicon: SiteLexicon) -> Site:
    if site.laterality is not None or _is_single(site, site_lexicon):
        return site
    return msgspec.structs.replace(site, laterality=side)


def _agreed(
    coded: Reading, written: Reading, site_lexicon: SiteLexicon
) -> tuple[list[Site], list[SiteProblem]]:
    """Put what codes and texts name together; the narrower of two that agree will stay."""
    if not written.sites:
        return list(coded.sites), []
    sites = list(written.sites)
    problems: list[SiteProblem] = []
    for code in coded.sites:
        bones = {site.bone for site in sites if site.bone is not None}
        if code.bone is not None and code.bone in bones:
            sites = [_completed(site, code) for site in sites]
        elif any(
            _encloses(site, code, site_lexicon) or _encloses(code, site, site_lexicon)
            for site in sites
        ):
            sites.append(code)
        elif code.bone is not None and bones:
            problems.append("site conflict")
            sites = _common([code, *sites], site_lexicon)
        elif code.bone is not None and all(_has_few_bones(site, site_lexicon) for site in sites):
            sites = [msgspec.structs.replace(code, laterality=_only_side(sites))]
        elif not any(_has_few_bones(site, site_lexicon) for site in (code, *sites)):
            problems.append("site conflict")
            sites = sites if code.bone is None else _common([code, *sites], site_lexicon)
    return sites, problems


def _completed(site: Site, code: Site) -> Site:
    if site.bone != code.bone:
        return site
    return msgspec.structs.replace(site, part=site.part or code.part, end=site.end or code.end)


def _encloses(outer: Site, inner: Site, site_lexicon: SiteLexicon) -> bool:
    """Whether the outer is a region that the inner lies in or is."""
    place = inner.bone or inner.region
    return outer.bone is None and place is not None and outer.region in site_lexicon.around[place]


def _has_few_bones(site: Site, site_lexicon: SiteLexicon) -> bool:
    """Whether it is a joint rather than a part of the body: its bones may be named otherwise."""
    inside = [bone for bone in site_lexicon.bones if site.region in site_lexicon.around[bone]]
    return site.bone is None and len(inside) <= FEW_BONES


def _common(sites: Iterable[Site], site_lexicon: SiteLexicon) -> list[Site]:
    """Give the innermost region that holds all places, if any does."""
    chains = [site_lexicon.around[place] for site in sites if (place := site.bone or site.region)]
    shared = [region for region in chains[0] if all(region in chain for chain in chains)]
    return [Site(region=shared[0])] if shared else []


def _texts_conflict(read: Sequence[Reading], site_lexicon: SiteLexicon) -> list[SiteProblem]:
    """Tell when one text says right and another left of the same place."""
    by_side: dict[Laterality, list[Reading]] = {}
    for one in read:
        if len(set(one.sides)) == 1:
            by_side.setdefault(one.sides[0], []).append(one)
    for ones, twos in combinations(by_side.values(), 2):
        if _overlap(ones, twos, site_lexicon):
            return ["laterality conflict"]
    return []


def _overlap(ones: Sequence[Reading], twos: Sequence[Reading], site_lexicon: SiteLexicon) -> bool:
    """Whether texts speak of one place, or some of them of none."""
    if not all(one.sites for one in (*ones, *twos)):
        return True
    first, second = _by_place(ones), _by_place(twos)
    return _any_inside(first, second, site_lexicon) or _any_inside(second, first, site_lexicon)


def _by_place(read: Iterable[Reading]) -> set[str]:
    places = (site.bone or site.region for one in read for site in one.sites)
    return {place for place in places if place is not None}


def _any_inside(inner: Iterable[str], outer: set[str], site_lexicon: SiteLexicon) -> bool:
    return any(not outer.isdisjoint((place, *site_lexicon.around[place])) for place in inner)


def _enclosed(sites: Iterable[Site], site_lexicon: SiteLexicon) -> list[Site]:
    """Give places the side of the region around them: a metacarpal that of the right hand."""
    sites = list(sites)
    around: dict[RegionId, set[Laterality]] = {}
    for site in sites:
        if site.bone is None and site.region is not None and site.laterality is not None:
            around.setdefault(site.region, set()).add(site.laterality)
    return [_from_around(site, around, site_lexicon) for site in sites]


def _from_around(
    site: Site, around: dict[RegionId, set[Laterality]], site_lexicon: SiteLexicon
) -> Site:
    place = site.bone or site.region
    if place is None or site.laterality is not None or _is_single(site, site_lexicon):
        return site
    sides = {side for region in site_lexicon.around[place] for side in around.get(region, ())}
    return msgspec.structs.replace(site, laterality=sides.pop()) if len(sides) == 1 else site


def _sided(
    sites: Iterable[Site],
    declared: set[Laterality],
    site_lexicon: SiteLexicon,
    problems: list[SiteProblem],
) -> list[Site]:
    """Give places the side that stands on its own, in a code or in a text that names no place."""
    sites = list(sites)
    stated = {site.laterality for site in sites if site.laterality is not None}
    if not declared:
        return sites
    if len(declared) > 1 or not (stated <= declared or _is_pair(stated, declared)):
        problems.append("laterality conflict")
        return sites
    side = next(iter(declared))
    return [
        _with_side(site, side, sites, site_lexicon) if site.laterality is None else site
        for site in sites
    ]


def _is_pair(stated: set[Laterality], declared: set[Laterality]) -> bool:
    return declared == {"bilateral"} and stated == {"left", "right"}


def _lacks_side(site: Site, site_lexicon: SiteLexicon) -> bool:
    return site.laterality is None and not _is_single(site, site_lexicon)


def _narrowest(sites: Iterable[Site], site_lexicon: SiteLexicon) -> list[Site]:
    """Leave out what a narrower place on the same side says already."""
    sites = list(sites)
    held: dict[RegionId, set[Laterality | None]] = {}
    detailed = set()
    for site in sites:
        place = site.bone or site.region
        regions = site_lexicon.around[place] if place is not None else ()
        for region in regions if site.bone is not None else regions[1:]:
            held.setdefault(region, set()).add(site.laterality)
        if site.part is not None or site.end is not None:
            detailed.add((site.bone, site.laterality))
    return [site for site in sites if not _is_said(site, held, detailed)]


def _is_said(
    site: Site,
    held: dict[RegionId, set[Laterality | None]],
    detailed: set[tuple[BoneId | None, Laterality | None]],
) -> bool:
    if site.bone is not None:
        plain = site.part is None and site.end is None
        return plain and (site.bone, site.laterality) in detailed
    sides = held.get(site.region, set()) if site.region is not None else set()
    return bool(sides) and (site.laterality is None or bool(sides & {site.laterality, None}))


def _expanded(site: Site, site_lexicon: SiteLexicon) -> Iterator[Site]:
    """Give a bilateral place as two, and put a single bone in the midline."""
    single = site.bone is not None and not site_lexicon.bones[site.bone].paired
    if site.laterality == "bilateral" and not single:
        yield msgspec.structs.replace(site, laterality="left")
        yield msgspec.structs.replace(site, laterality="right")
    elif site.laterality is None and single:
        yield msgspec.structs.replace(site, laterality="midline")
    else:
        yield site


def at_home(
    sites: Sequence[Site], homes: Sequence[Site], site_lexicon: SiteLexicon
) -> tuple[Site, ...]:
    """Give the places that a text names, completed by where the whole text is about.

    In a report of the right hand "the third metacarpal" is the right one; "the vertebrae" in one of
    the thoracic spine are thoracic.
    """
    found: list[Site] = []
    for site in sites:
        inner = [home for home in homes if _holds(site, home, site_lexicon)]
        if site.bone is None and inner and site.laterality is None:
            found += inner
            continue
        outer = [home for home in homes if _holds(home, site, site_lexicon)]
        sides = {home.laterality for home in outer}
        is_paired = site.bone is not None and {home.bone for home in outer} == {site.bone}
        if site.laterality is None and is_paired and sides == {"left", "right"}:
            found += [msgspec.structs.replace(site, laterality=side) for side in BOTH]
            continue
        side = sides.pop() if len(sides) == 1 else None
        if site.laterality is None and side in ("left", "right"):
            site = msgspec.structs.replace(site, laterality=side)
        found.append(site)
    return tuple(dict.fromkeys(found))


def _holds(outer: Site, inner: Site, site_lexicon: SiteLexicon) -> bool:
    """Whether one place is the other, or a region around it."""
    if outer.bone is not None:
        return outer.bone == inner.bone
    place = inner.bone or inner.region
    return (
        outer.region is not None
        and place is not None
        and outer.region in (place, *site_lexicon.around[place])
    )
