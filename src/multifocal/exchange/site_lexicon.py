"""The names and codes of bones, regions and sides, made ready to look up."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.lexicon import MARK
from multifocal.exchange.lexicon import folded as fold
from multifocal.knowledge.entries import Landmark, SiteCode, SiteWord
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Bone, BoneId, Region, RegionId

_PIECE = re.compile(r"[^\W\d_]+|\d+|.")
TOO_LONG_FOR_A_NUMBER = 3
SHORTEST_WORD = 3


class Token(NamedTuple):
    """A word, a number or a punctuation mark of a text, in lower case without accents."""

    text: str
    plural: bool = False
    """Whether the text has it as the plural of a known word."""
    tight: bool = False
    """Whether nothing parts it from the token before."""
    after_of: bool = False
    """Whether an "of" was left out before it."""

    @property
    def number(self) -> int | None:
        """Its value, for digits."""
        short = len(self.text) < TOO_LONG_FOR_A_NUMBER
        return int(self.text) if short and self.text.isdecimal() else None


class Option(NamedTuple):
    """A bone that a name can mean; ``given`` is the region that a text must speak of as well."""

    bone: BoneId
    given: RegionId | None = None


class Phrase(NamedTuple):
    """Everything that one name can mean."""

    bones: tuple[Option, ...] = ()
    series: Mapping[int, tuple[Option, ...]] = {}
    """Bones by the number that goes with the name."""
    region: RegionId | None = None
    landmarks: tuple[Landmark, ...] = ()
    word: SiteWord | None = None
    counted: tuple[str, int] | None = None
    """Letters and number of a short name such as C5, so that "C5-7" can be read."""

    @property
    def is_place(self) -> bool:
        """Whether it names a place rather than a side, a number or a part."""
        digit = self.word is not None and self.word.role.startswith("digit")
        return bool(self.bones or self.series or self.region or self.landmarks or digit)


class SiteLexicon(msgspec.Struct, frozen=True, eq=False):
    """Bones, regions, words, landmarks and codes, each by what a record calls it."""

    bones: Mapping[str, Bone]
    around: Mapping[str, tuple[RegionId, ...]]
    """For each bone and region: the regions it lies in, innermost first, without the whole body."""
    phrases: Mapping[tuple[str, ...], Phrase]
    longest: int
    words: Mapping[str, SiteWord]
    vocabulary: frozenset[str]
    codes: Mapping[tuple[str, str], SiteCode]
    counted: Mapping[tuple[str, int], Phrase]
    digits: frozenset[RegionId]
    """What a finger or toe can belong to."""
    midline: frozenset[RegionId]
    """Regions with a bone that has no fellow on the other side."""
    sides: frozenset[str]
    """Words that say a side, or that side is said."""
    placing: frozenset[str]
    """Words of names of places."""
    first: frozenset[str]
    """Words that a name can begin with."""

    def limb(self, place: str) -> RegionId | None:
        """Give the part of the whole body that a bone or region lies in."""
        around = self.around[place]
        return around[-1] if around else None


@lru_cache(maxsize=4)
def site_lexicon_of(knowledge: Knowledge) -> SiteLexicon:
    """Give the site_lexicon of this knowledge, built once."""
    return build_site_lexicon(
        knowledge.bones,
        knowledge.regions,
        knowledge.site_words,
        knowledge.landmarks,
        knowledge.site_codes,
    )


def build_site_lexicon(
    bones: Iterable[Bone],
    regions: Iterable[Region],
    words: Iterable[SiteWord] = (),
    landmarks: Iterable[Landmark] = (),
    codes: Iterable[SiteCode] = (),
) -> SiteLexicon:
    """Make the tables ready to look up; done once for each version of the knowledge."""
    bones, regions = tuple(bones), tuple(regions)
    landmarks = tuple(landmarks)
    around = _around(bones, regions)
    single = {fold(word.word): word for word in words}
    names = [name for bone in bones for name in (bone.label, *bone.names)]
    names += [name for region in regions for name in (region.label, *region.names)]
    names += [landmark.name for landmark in landmarks] + list(single)
    vocabulary = frozenset(
        alias(piece, single) for name in names for piece, _, _ in _pieces(fold(name))
    )
    draft = SiteLexicon(
        bones={bone.id: bone for bone in bones},
        around=around,
        phrases={},
        longest=1,
        words=single,
        vocabulary=vocabulary,
        codes={},
        counted={},
        digits=frozenset(
            RegionId(word.value.split()[0]) for word in single.values() if word.role == "digit"
        ),
        midline=frozenset(
            region for bone in bones if not bone.paired for region in around[bone.id]
        ),
        sides=frozenset(
            piece
            for text, word in single.items()
            if word.role.startswith("side") and text.count(" ") < 2
            for piece in text.split()
        ),
        placing=frozenset(),
        first=frozenset(),
    )
    phrases = _phrases(draft, regions, landmarks)
    return msgspec.structs.replace(
        draft,
        phrases=phrases,
        placing=frozenset(_placing(phrases)),
        first=frozenset(key[0] for key in phrases),
        longest=max(map(len, phrases), default=1),
        codes={(code.system, bare(code.system, code.code)): code for code in _codes(bones, regions)}
        | {(code.system, bare(code.system, code.code)): code for code in codes},
        counted={phrase.counted: phrase for phrase in phrases.values() if phrase.counted},
    )


def bare(system: str, code: str) -> str:
    """Give a code without the prefix, dot or case in which its writers differ."""
    if system in {"uberon", "fma"}:
        return re.sub(r"\D", "", code)
    return code.strip().replace(".", "").upper()


def alias(word: str, words: Mapping[str, SiteWord]) -> str:
    """Give the word that stands for all its spellings."""
    entry = words.get(word)
    return fold(entry.value) if entry is not None and entry.role == "alias" else word


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Give words, whole numbers and marks with their places; an elided article is left out."""
    for mark in MARK.finditer(text):
        raw, start = mark[0], mark.start()
        if len(raw) == 1 or raw.isalpha() or raw.isdecimal():
            yield raw, start, mark.end()
            continue
        inner = [(one[0], start + one.start(), start + one.end()) for one in _PIECE.finditer(raw)]
        yield from inner[2:] if raw[1] == "'" else inner


def tokens(text: str, site_lexicon: SiteLexicon) -> Iterator[Token]:
    """Part a text into tokens; articles are left out, plurals and spellings made one."""
    end = -1
    after_of = False
    for raw, start, stop in _pieces(fold(text)):
        tight, end = start == end, stop
        word, is_other, role = _known(raw, site_lexicon)
        if role in {"of", "filler"}:
            after_of = after_of or role == "of"
            continue
        yield Token(word, is_other, tight, after_of)
        after_of = False


@cached(most=8192)
def _known(raw: str, site_lexicon: SiteLexicon) -> tuple[str, bool, str]:
    """Give the word that stands for all its forms, whether this is another, and its role."""
    raw = ";" if raw == "\n" else raw
    word, plural = _singular(alias(raw, site_lexicon.words), site_lexicon)
    entry = site_lexicon.words.get(word)
    return word, plural or word != raw, entry.role if entry is not None else ""


@cached(most=8192)
def may_name_place(word: str, site_lexicon: SiteLexicon) -> bool:
    """Whether a folded word can be part of the name of a place."""
    return _known(word, site_lexicon)[0] in site_lexicon.placing


def _placing(phrases: Mapping[tuple[str, ...], Phrase]) -> Iterator[str]:
    for key, phrase in phrases.items():
        if phrase.is_place or (phrase.word is not None and phrase.word.role == "adjective"):
            for word in key:
                yield from (word, word.rstrip("0123456789"))


def _singular(word: str, site_lexicon: SiteLexicon) -> tuple[str, bool]:
    """Take the plural off a known word; "is" and "des" are not plurals of "i" and "de"."""
    stem = word[:-1]
    known = stem in site_lexicon.vocabulary and (
        len(stem) >= SHORTEST_WORD or stem not in site_lexicon.words
    )
    if word.endswith("s") and len(stem) > 1 and known:
        return stem, True
    return word, False


def key_of(name: str, site_lexicon: SiteLexicon) -> tuple[tuple[str, ...], int | None]:
    """Give the words of a name without its number, and the number if it has just one."""
    words = _words(name, site_lexicon)
    numbers = {
        word: number for word in words if (number := _counting(word, site_lexicon)) is not None
    }
    key = tuple(word for word in words if word not in numbers)
    return key, next(iter(numbers.values())) if len(numbers) == 1 else None


def _words(name: str, site_lexicon: SiteLexicon) -> tuple[str, ...]:
    """Give the words of a name; a number that touches letters belongs to them: ``c5``."""
    words: list[str] = []
    for token in tokens(name, site_lexicon):
        if token.number is not None and token.tight and words:
            words[-1] += token.text
        elif token.text != "-" or not words:
            words.append(token.text)
    return tuple(words)


def _counting(word: str, site_lexicon: SiteLexicon) -> int | None:
    entry = site_lexicon.words.get(word)
    if entry is not None and entry.role in {"ordinal", "roman"}:
        return int(entry.value)
    return int(word) if word.isdecimal() else None


def _around(bones: Iterable[Bone], regions: Iterable[Region]) -> dict[str, tuple[RegionId, ...]]:
    parents = {region.id: region.parent for region in regions}
    around: dict[str, tuple[RegionId, ...]] = {}
    for region in parents:
        chain, at = [], region
        while (parent := parents[at]) is not None:
            chain.append(at)
            at = parent
        around[region] = tuple(chain)
    return around | {bone.id: around[bone.region] for bone in bones}


class _Draft:
    """The meanings of one name while they are gathered."""

    def __init__(self) -> None:
        self.bones: dict[Option, None] = {}
        self.series: dict[int, dict[Option, None]] = defaultdict(dict)
        self.region: RegionId | None = None
        self.landmarks: list[Landmark] = []
        self.word: SiteWord | None = None


def _phrases(
    site_lexicon: SiteLexicon, regions: Iterable[Region], landmarks: Iterable[Landmark]
) -> dict[tuple[str, ...], Phrase]:
    drafts: dict[tuple[str, ...], _Draft] = defaultdict(_Draft)
    regions = tuple(regions)
    for region in regions:
        for name in (region.label, *region.names):
            drafts[key_of(name, site_lexicon)[0]].region = region.id
    named = {key: draft.region for key, draft in drafts.items()}
    for bone in site_lexicon.bones.values():
        for name in (bone.label, *bone.names):
            key, number = key_of(name, site_lexicon)
            draft = drafts[key]
            (draft.bones if number is None else draft.series[number])[Option(bone.id)] = None
            if number is None and (given := _condition(name, named, site_lexicon)) is not None:
                drafts[key[:-1]].bones[Option(bone.id, given)] = None
    for landmark in landmarks:
        drafts[key_of(landmark.name, site_lexicon)[0]].landmarks.append(landmark)
    for text, word in site_lexicon.words.items():
        if word.role not in {"alias", "of", "filler", "ordinal_suffix"}:
            drafts[_words(text, site_lexicon)].word = word
    return {key: _phrase(key, draft) for key, draft in drafts.items() if key}


def _condition(
    name: str, named: Mapping[tuple[str, ...], RegionId | None], site_lexicon: SiteLexicon
) -> RegionId | None:
    """Give the region in names such as "navicular of hand": elsewhere in a text it counts too."""
    last = list(tokens(name, site_lexicon))[-1]
    return (
        named.get((last.text,)) if last.after_of and last.text not in site_lexicon.words else None
    )


def _phrase(key: tuple[str, ...], draft: _Draft) -> Phrase:
    short = re.fullmatch(r"([a-z]+)([0-9]+)", key[0]) if len(key) == 1 and draft.bones else None
    return Phrase(
        bones=_settled(draft.bones),
        series={number: _settled(options) for number, options in draft.series.items()},
        region=draft.region,
        landmarks=tuple(draft.landmarks),
        word=draft.word,
        counted=(short[1], int(short[2])) if short else None,
    )


def _settled(options: Iterable[Option]) -> tuple[Option, ...]:
    """Leave out a condition on a bone that the name means without one."""
    options = tuple(options)
    free = {option.bone for option in options if option.given is None}
    return tuple(o for o in options if o.given is None or o.bone not in free)


def _codes(bones: Iterable[Bone], regions: Iterable[Region]) -> Iterator[SiteCode]:
    for bone in bones:
        for system, code in (("uberon", bone.uberon), ("fma", bone.fma)):
            if code:
                yield SiteCode(system, code, source=system, bone=bone.id)
    for region in regions:
        for system, code in (("uberon", region.uberon), ("fma", region.fma)):
            if code:
                yield SiteCode(system, code, source=system, region=region.id)
