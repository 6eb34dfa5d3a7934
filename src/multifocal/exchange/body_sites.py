"""Where something is: body sites and names to sites, with what is wrong about them."""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import msgspec

from multifocal.exchange.assertions import NOWHERE
from multifocal.exchange.cache import cached
from multifocal.exchange.site_lexicon import SiteLexicon
from multifocal.exchange.sites import SiteProblem, read_site
from multifocal.exchange.words import Words
from multifocal.model.anatomy import RegionId, Site

WHOLE_BODY = RegionId("body")
NOT_A_SITE = "its body site is not understood and was left out. Mend bodySite."
CONFLICT = (
    "code and text name different sides; it was taken as side not known. Mend bodySite or the text."
)
FAULTS: Mapping[SiteProblem, str] = {
    "laterality conflict": CONFLICT,
    "laterality unclear": "it is not clear which place the side belongs to. Mend bodySite.",
    "site conflict": "code and text name different places; what they share was kept.",
    "hand or foot not stated": "it is not clear whether hand or foot is meant. Mend bodySite.",
    "hand assumed": "hand or foot is not stated; the hand was assumed. Mend bodySite.",
}
"""What is wrong with a site, as it is told; that a name holds no site is nothing wrong."""


class Placed(NamedTuple):
    """Sites, and what is wrong about them."""

    sites: tuple[Site, ...] = ()
    faults: tuple[str, ...] = ()


class Places:
    """Reads sites from codes and texts; while a reading goes on, what was read once is kept."""

    def __init__(self, site_lexicon: SiteLexicon) -> None:
        """Begin with nothing kept."""
        self._site_lexicon = site_lexicon
        self.read = cached(most=4096)(self._read)
        self.placed = cached(most=4096)(self._placed)

    def _placed(self, bodies: tuple[Words, ...], thing: Words) -> Placed:
        """Give where something is: from its body sites, else from what it is called.

        A side in its name completes body sites without one, and is held against those with one.
        """
        said = [words for words in bodies if words.are_there]
        named = self.read(thing)
        if not said:
            told = (CONFLICT,) if CONFLICT in named.faults else ()
            return Placed(named.sites or NOWHERE, told)
        found = self._bodies(said)
        if not found.sites:
            return Placed(named.sites or NOWHERE, (*found.faults, NOT_A_SITE))
        if CONFLICT in found.faults:
            return found
        if named.sites and not any(site.bone or site.region for site in found.sites):
            return _agreed(named, found.sites)
        return _agreed(found, named.sites)

    def _bodies(self, said: list[Words]) -> Placed:
        """Read each body site; where one is only a side, they are read together."""
        each = [self.read(words) for words in said]
        if len(each) > 1 and not all(one.sites for one in each):
            together = self.read(joined(said))
            if together.sites:
                return together
        sites = dict.fromkeys(site for one in each for site in one.sites)
        faults = dict.fromkeys(fault for one in each for fault in one.faults)
        return Placed(tuple(sites), tuple(faults))

    def _read(self, words: Words) -> Placed:
        """Read what is said; how its codes are displayed may add a side, or contradict it."""
        if not words.are_there:
            return Placed()
        sites, problems = read_site(words.said, words.codes, self._site_lexicon)
        found = Placed(sites, tuple(FAULTS[one] for one in problems if one in FAULTS))
        if not words.displayed:
            return found
        others, _ = read_site(words.displayed, (), self._site_lexicon)
        return _agreed(found, others) if sites else found._replace(sites=others)


def joined(parts: Iterable[Words]) -> Words:
    """Give the words of several things as those of one."""
    parts = [words for words in parts if words.are_there]
    if len(parts) == 1:
        return parts[0]
    return Words(
        codes=tuple(code for words in parts for code in words.codes),
        said=tuple(text for words in parts for text in words.said),
        displayed=tuple(text for words in parts for text in words.displayed),
    )


def common_place(sites: tuple[Site, ...]) -> tuple[Site, ...]:
    """Give where something on a study is, when only the place of the study is said.

    On a study of both hands it is on one of them or on both: the side is not known.
    """
    if len(sites) == 1:
        return sites
    regions = {site.region for site in sites}
    whole = next((site for site in sites if site.region == WHOLE_BODY), None)
    if whole is not None:
        return (whole,)
    return (Site(region=regions.pop()),) if len(regions) == 1 else NOWHERE


def _agreed(found: Placed, others: tuple[Site, ...]) -> Placed:
    """Hold the sides of sites against those of others that speak of the same thing."""
    sides = _sides(found.sites)
    other_sides = _sides(others)
    replace = msgspec.structs.replace
    if not other_sides or (sides and sides <= other_sides):
        return found
    if sides:
        bare = dict.fromkeys(replace(site, laterality=None) for site in found.sites)
        return Placed(tuple(bare), (*found.faults, CONFLICT))
    completed = dict.fromkeys(
        site if site.laterality == "midline" else replace(site, laterality=side)
        for site in found.sites
        for side in sorted(other_sides)
    )
    return Placed(tuple(completed), found.faults)


def _sides(sites: Iterable[Site]) -> set[Literal["left", "right"]]:
    sides = (site.laterality for site in sites)
    return {side for side in sides if side == "left" or side == "right"}
