"""Free text to statements: what is said of a child, of which place, and how surely.

Rules over phrases from data, sentence by sentence, in time that grows with the length of the text.
English only. What is doubtful, asked, past, or a relative's is told apart, never taken for a
finding.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, TypeVar

import msgspec

from multifocal.exchange.context import Meaning, Sentence, State, parted, state_of
from multifocal.exchange.lexicon import (
    Found,
    Lexicon,
    Pattern,
    Token,
    folded,
    pattern_of,
    tokens_of,
    words_of,
)
from multifocal.exchange.mentions import mentions_of
from multifocal.exchange.site_lexicon import SiteLexicon, site_lexicon_of
from multifocal.exchange.sites import read_site
from multifocal.knowledge.entries import ConceptEntry, CueEntry, PhraseEntry, QuantityEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.record import ConceptId, Modality

T = TypeVar("T", PhraseEntry, CueEntry, QuantityEntry)
Section = Literal["imaging", "biopsy"]
Level = Literal["low", "normal", "high"]
ONSET = ConceptId("symptom_onset")
LONGEST = 100_000
"""Characters of one text that are read."""
LONGEST_SENTENCE = 2_000
_DAYS: Mapping[str, float] = {"year": 365.25, "month": 30.4375, "week": 7.0, "day": 1.0}
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+|(?<=;)\s*")
_SHORT = re.compile(
    r"(?:\b(?:approx|prox|dist|lat|med|ant|post|dr|fig|vs|st|incl|resp|ca|resp|temp|metac|metat|phal|dig|cm|mm|no)|\b[a-z])\.$",
    re.IGNORECASE,
)
_LETTERS = r"[a-z\u00b5\u03bc]+"
_UNIT = re.compile(
    r"\s*(?:\(\s*)?("
    rf"(?:x|\u00d7|\*)?\s*10\s*[\^*]\s*\d+\s*/\s*{_LETTERS}"
    rf"|{_LETTERS}\s*/\s*{_LETTERS}"
    r"|\u00b0\s*[cf]\b|[cf]\b|fl\b|mm\b)"
)
_UNITS = {"c": "Cel", "\u00b0c": "Cel", "f": "[degF]", "\u00b0f": "[degF]", "fl": "fL"}
_AMOUNT = r"\d+(?:[.,]\d+)?"
_RANGE = re.compile(
    r"\s*[(,]?\s*(?:normal|ref|reference|nv|rr)[a-z. ]{0,16}[:=]?\s*"
    rf"((?:<|>|\u2264|\u2265)?\s*{_AMOUNT}(?:\s*(?:-|to)\s*{_AMOUNT})?)"
)
_COMPARATORS = {"<": "<", ">": ">", "\u2264": "<=", "\u2265": ">="}
_NO_VALUE = re.compile(r"[:%]|\s*(?:year|month|week|day)")
"""Behind a number that is no value: a ratio, a share, a time."""
_NEAR = 6
HALF = 0.5


class Value(NamedTuple):
    """A number as it was written."""

    number: float
    comparator: str | None
    unit: str
    """Empty when none is printed."""
    interval: str
    """The laboratory's own, in words."""
    level: Level | None


class Statement(msgspec.Struct, frozen=True):
    """One thing that a sentence says."""

    concept: ConceptId
    state: State
    text: str
    """The sentence, for the report only."""
    sites: tuple[Site, ...] = ()
    modality: Modality | None = None
    days_ago: float | None = None
    """When it was or began, counted back from the text's own day."""
    give_or_take: float = 0.5
    """Days that it may be more or less: half of the unit in which it was told."""
    value: Value | None = None


class Setting(NamedTuple):
    """What is known of a text before it is read."""

    section: Section | None = None
    modality: Modality | None = None
    placed: bool = False
    """Whether what it speaks of is known to be in a bone or limb."""


NOTHING_KNOWN = Setting()


class TextReader:
    """Reads texts with the phrases of one version of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Make the phrases and the names of bones ready."""
        self.site_lexicon = site_lexicon_of(knowledge)
        self._concepts = {concept.id: concept for concept in knowledge.concepts}
        groups = {group.id: group for group in knowledge.text_groups}
        self.members = {
            name: frozenset(group.concepts)
            | {concept.id for concept in knowledge.concepts if concept.kind in group.kinds}
            for name, group in groups.items()
        }
        entries = list(_entries(knowledge, self.members["unread"]))
        beside = [entry for entry in entries if self._is_beside(entry[1])]
        self._lexicon = Lexicon(entry for entry in entries if entry not in beside)
        self._beside = Lexicon(beside)
        self._family = Lexicon(entry for entry in entries if _is_of_family(entry[1]))
        self._tissue = {one.concept for one in knowledge.phrases if one.within == ("biopsy",)}
        self._told_by: dict[str, set[ConceptId]] = {}
        for quantity in knowledge.quantities:
            for said in (*quantity.high, *quantity.low, *quantity.normal):
                concept_id = said.removeprefix("-")
                self._told_by.setdefault(concept_id, set()).add(ConceptId(quantity.id))
        self.between = frozenset(
            word
            for cue in knowledge.cues
            if cue.role == "between"
            for way in cue.words.split("|")
            for word in words_of(way)
        )
        self._negations = {
            words[0]: cue
            for cue in knowledge.cues
            if cue.role == "not_before"
            for way in cue.words.split("|")
            if len(words := words_of(way)) == 1
        }
        self._studies = Lexicon(
            (pattern_of(_escaped(name), {}), concept)
            for concept in knowledge.concepts
            if concept.kind == "study"
            for name in concept.names
        )

    def read(self, text: str, setting: Setting = NOTHING_KNOWN) -> tuple[Statement, ...]:
        """Give what a text says, in order."""
        found: list[Statement] = []
        sentences = list(_sentences(text[:LONGEST]))
        carried: tuple[Site, ...] = ()
        modality = setting.modality
        is_bone = True
        sweeping: set[Statement] = set()
        for sentence in sentences:
            tokens = tokens_of(folded(sentence))
            studies = self._studies.found(tokens, lambda _: True)
            named = {study.meaning.modality for study in studies} - {None}
            if len(named) == 1 and setting.modality is None:
                modality = next(iter(named))
            here = setting._replace(
                modality=modality, section=setting.section or ("imaging" if modality else None)
            )
            taken = self._taken_apart(sentence, tokens, here, setting.section)
            if setting.section is None and any(taken.with_role("biopsy")):
                here = here._replace(section="biopsy")
                taken = self._taken_apart(sentence, tokens, here, setting.section)
            is_bone = is_bone and not any(taken.with_role("not_bone"))
            if not is_bone:
                taken = self._without_tissue(taken)
            places = _Places(taken, self.site_lexicon)
            alone = len(sentences) == 1
            found += _undisputed(self._named(taken, here, places, carried))
            for single, meaning in self._measured(taken):
                found.append(meaning)
                sweeping |= {meaning} if meaning.state == "absent" and not single else set()
            found += self._lasting(taken)
            found += self._normal(taken, here, places, studies, alone=alone)
            carried = () if any(taken.with_role("elsewhere")) else places.only(carried)
        found = [one for one in found if one not in sweeping or not self._is_excepted(one, found)]
        return tuple(dict.fromkeys(_without_false_normal(found, self._concepts)))

    def _is_excepted(self, one: Statement, found: Iterable[Statement]) -> bool:
        """Whether a text says more of a thing than that all is normal: "normal but for the ESR"."""
        about = {one.concept, *self._told_by.get(one.concept, ())}
        return any(
            other.concept in about and (other.value is not None or other.state != "absent")
            for other in found
        )

    def denies(self, tokens: Sequence[Token]) -> bool:
        """Whether a text begins by saying no, not or normal, or by doubting."""
        cues = _only(self._lexicon.found(tokens, lambda _: True), CueEntry)
        begun = {cue.meaning.role for cue in cues if cue.start == 0}
        return bool(
            begun
            & {
                "not_before",
                "not_after",
                "normal",
                "unsure_before",
                "unsure_after",
                "asked_before",
                "past_before",
            }
        )

    def _without_tissue(self, sentence: Sentence) -> Sentence:
        """Leave out what would be said of bone, where another tissue or fluid is spoken of."""
        kept = tuple(one for one in sentence.phrases if one.meaning.concept not in self._tissue)
        return msgspec.structs.replace(sentence, phrases=kept)

    def _is_beside(self, meaning: Meaning) -> bool:
        """Whether a phrase tells how many or how arranged, beside what the same words tell."""
        return isinstance(meaning, PhraseEntry) and meaning.concept in self.members["beside"]

    def _belongs(self, meaning: PhraseEntry, section: Section) -> bool:
        """Whether a phrase can stand in a report of this kind: an image shows no pain."""
        concept = self._concepts.get(meaning.concept)
        if concept is None:
            return True
        if section == "imaging":
            return concept.kind in ("image", "study") or concept.id in self.members["imaged"]
        return concept.kind == "result"

    def _taken_apart(
        self, sentence: str, tokens: Sequence[Token], here: Setting, given: Section | None
    ) -> Sentence:
        def fits(meaning: Meaning) -> bool:
            if not isinstance(meaning, PhraseEntry):
                return True
            if meaning.within and here.section not in meaning.within:
                return False
            if given is not None and not self._belongs(meaning, given):
                return False
            return not meaning.modality or here.modality in meaning.modality

        found = self._lexicon.found(tokens, fits)
        found += self._beside.found(tokens, fits) + self._family.found(tokens, fits)
        found += [
            Found(self._negations[tokens[one.start].word], frozenset({one.start}))
            for one in found
            if (_says(one, "absent") or _is_of_family(one.meaning))
            and tokens[one.start].word in self._negations
        ]
        found = _unmasked(_unshadowed(found), tokens, self._negations)
        return Sentence(
            text=sentence,
            folded=folded(sentence),
            tokens=tuple(tokens),
            phrases=tuple(_only(found, PhraseEntry)),
            cues=tuple(_only(found, CueEntry)),
            quantities=tuple(_only(found, QuantityEntry)),
            parts=parted(tokens, found),
        )

    def _halves(self, sentence: Sentence) -> set[tuple[ConceptId, int]]:
        """Give what is named whole in the same words, and where: "lytic with a dense rim"."""
        return {
            (part, token)
            for one in sentence.phrases
            if one.meaning.says == "present" and one.meaning.concept
            for part in self._concepts[one.meaning.concept].combines
            if state_of(one, sentence) == "present"
            for token in one.tokens
        }

    def _named(
        self, sentence: Sentence, here: Setting, places: "_Places", carried: tuple[Site, ...]
    ) -> Iterator[Statement]:
        """Give what the phrases of a sentence say."""
        halves = self._halves(sentence)
        for one in sentence.phrases:
            if one.meaning.says not in ("present", "absent"):
                continue
            if any((one.meaning.concept, token) in halves for token in one.tokens):
                continue
            concept = self._concepts[one.meaning.concept]
            sites: tuple[Site, ...] = ()
            if concept.id in self.members["sited"] - self.members["nowhere"]:
                sites = places.of(one)
                is_there = one.meaning.says == "present" and state_of(one, sentence) == "present"
                if not sites and concept.kind == "image" and is_there:
                    sites = () if any(sentence.with_role("elsewhere")) else carried
            if one.meaning.place and not sites and not here.placed:
                continue
            if concept.id in self.members["bones"] and _is_one_bone(sites):
                continue
            state = state_of(one, sentence)
            if state == "past" and concept.id in self.members["lasting"]:
                state = "present"
            if state == "family" and concept.id in self.members["of_family"]:
                state = "absent" if one.meaning.says == "absent" else "present"
            elif state == "family" and one.meaning.says == "absent":
                state = "uncertain"
            modality = here.modality if concept.kind == "image" else None
            ago = self._ago(one, sentence)
            days, slack = ago if ago is not None else (None, HALF)
            is_list = state == "absent" and concept.combines and _is_list(one, sentence)
            for said in concept.combines if is_list else (concept.id,):
                yield Statement(said, state, sentence.text, sites, modality, days, slack)

    def _ago(self, one: Found[PhraseEntry], sentence: Sentence) -> tuple[float, float] | None:
        """Give how many days ago it was, if the clause says so, and give or take how many."""
        first, last = sentence.clause_of(one.start)
        start, end = sentence.parts[first].start, sentence.parts[last - 1].end
        for cue in sentence.with_role("ago"):
            if start <= cue.start < end:
                return _days_of(cue, sentence)
        return None

    def _lasting(self, sentence: Sentence) -> Iterator[Statement]:
        """Give since when the symptoms last: "for 4 months", "a 3-week history"."""
        symptoms = [one for one in sentence.phrases if self._is_symptom(one.meaning)]
        for cue in sentence.with_role("lasting"):
            symptom = min(symptoms, key=lambda one: _distance(one, cue), default=None)
            days = _days_of(cue, sentence)
            if symptom is not None and days is not None:
                if state_of(symptom, sentence) == "present":
                    yield Statement(
                        ONSET, "present", sentence.text, days_ago=days[0], give_or_take=days[1]
                    )

    def _is_symptom(self, meaning: PhraseEntry) -> bool:
        concept = self._concepts.get(meaning.concept)
        return (
            concept is not None
            and meaning.says == "present"
            and concept.kind in ("symptom", "sign")
            and concept.id in self.members["sited"] | self.members["begins"]
        )

    def _normal(
        self,
        sentence: Sentence,
        here: Setting,
        places: "_Places",
        studies: Sequence[Found[ConceptEntry]],
        *,
        alone: bool,
    ) -> Iterator[Statement]:
        """Give that a study is normal, only if the sentence says nothing else at all."""
        normal = [one for one in sentence.phrases if one.meaning.says == "normal"]
        shown = _normal_concept(here.modality, self._concepts.values())
        if here.section != "imaging" or shown is None or not normal or not (studies or alone):
            return
        said: set[int] = set()
        for phrase in normal:
            said |= phrase.tokens
        for study in studies:
            said |= study.tokens
        for cue in sentence.cues:
            if cue.meaning.role in ("between", "normal"):
                said |= cue.tokens
            elif cue.meaning.role in (
                "elsewhere",
                "unsure_before",
                "unsure_after",
                "asked_before",
                "past_before",
            ):
                return
        rest = " ".join(
            sentence.folded[token.start : token.end]
            for at, token in enumerate(sentence.tokens)
            if at not in said and token.word not in (".", "read", "reported", "as")
        )
        if any(
            mention.kind in ("other", "not") for mention in mentions_of(rest, self.site_lexicon)
        ):
            return
        sites = read_site([rest], (), self.site_lexicon)[0] if rest else ()
        yield Statement(shown, "present", sentence.text, sites, here.modality)

    def _measured(self, sentence: Sentence) -> Iterator[tuple[bool, Statement]]:
        """Give the laboratory values of a sentence: numbers, or what is only called high or low.

        Each with whether it is of one analyte, not of "the blood tests".
        """
        for one in sentence.quantities:
            entry = one.meaning
            if _is_doubted(one, sentence):
                continue
            level = _level(one, sentence)
            value = _value(one, sentence, level)
            concept = self._concepts.get(ConceptId(entry.id))
            if value is not None and concept is not None:
                value = value._replace(unit=value.unit or entry.assumed_unit)
                yield True, Statement(concept.id, "present", sentence.text, value=value)
            elif value is None and level is not None:
                for said in meant(entry, level, sentence.text):
                    yield concept is not None, said


def meant(entry: QuantityEntry, level: Level, text: str) -> Iterator[Statement]:
    """Give what a value means that is only called high, low or normal."""
    for said in {"high": entry.high, "low": entry.low, "normal": entry.normal}[level]:
        state: State = "absent" if said.startswith("-") else "present"
        yield Statement(ConceptId(said.removeprefix("-")), state, text)


@lru_cache(maxsize=4)
def text_reader(knowledge: Knowledge) -> TextReader:
    """Give the reader for this knowledge, built once."""
    return TextReader(knowledge)


def _escaped(name: str) -> str:
    """Write a name as a pattern that means just itself."""
    return " ".join(words_of(name))


def _entries(
    knowledge: Knowledge, unread: frozenset[ConceptId]
) -> Iterator[tuple[Pattern, Meaning]]:
    """Give every pattern with its meaning: those of the tables, and the names of concepts."""
    classes = {str(concept.id): [concept.label, *concept.names] for concept in knowledge.concepts}
    for phrase in knowledge.phrases:
        for written in phrase.words:
            yield pattern_of(written, classes), phrase
    for cue in knowledge.cues:
        yield pattern_of(cue.words, classes), cue
    for quantity in knowledge.quantities:
        for written in quantity.names:
            yield pattern_of(written, classes), quantity
    for concept in knowledge.concepts:
        if concept.id in unread:
            continue
        within: tuple[Section, ...] = ("imaging",) if concept.kind == "image" else ()
        for name in concept.names:
            yield pattern_of(_escaped(name), {}), PhraseEntry((), concept.id, within=within)
        for name in concept.absent_names:
            yield pattern_of(_escaped(name), {}), PhraseEntry((), concept.id, "absent", within)


def _sentences(text: str) -> Iterator[str]:
    """Part a text into sentences; a point behind an abbreviation ends none."""
    held = ""
    for piece in _ENDS.split(text):
        held = f"{held} {piece}" if held else piece
        if _SHORT.search(held) and len(held) < LONGEST_SENTENCE:
            continue
        for start in range(0, len(held), LONGEST_SENTENCE):
            if sentence := held[start : start + LONGEST_SENTENCE].strip():
                yield sentence
        held = ""
    if held.strip():
        yield held.strip()


def _undisputed(found: Iterable[Statement]) -> Iterator[Statement]:
    """Doubt what one sentence calls both there and not there, at one and the same place."""
    every = list(found)
    said: dict[tuple[ConceptId, tuple[Site, ...]], set[State]] = {}
    for one in every:
        said.setdefault((one.concept, one.sites), set()).add(one.state)
    for one in every:
        disputed = {"present", "absent"} <= said[one.concept, one.sites]
        doubted = disputed and one.state in ("present", "absent")
        yield msgspec.structs.replace(one, state="uncertain") if doubted else one


def _unshadowed(found: Sequence[Found[Meaning]]) -> list[Found[Meaning]]:
    """Leave out an absence that is part of a longer name: "no lytic lesion with sclerotic rim"."""
    kept = [
        one
        for one in found
        if not (
            isinstance(one.meaning, PhraseEntry)
            and one.meaning.says == "absent"
            and any(
                isinstance(other.meaning, PhraseEntry)
                and other.meaning.says == "present"
                and one.tokens - {one.start} < other.tokens
                and one.start not in other.tokens
                for other in found
            )
        )
    ]
    return sorted(kept, key=lambda one: (one.start, one.end))


def _is_one_bone(sites: Sequence[Site]) -> bool:
    """Whether all is in one bone: many holes in one phalanx are not many bones."""
    return len({(site.bone, site.laterality) for site in sites if site.bone}) == 1 == len(sites)


def _is_list(one: Found[PhraseEntry], sentence: Sentence) -> bool:
    """Whether a phrase of two things denies each of them: "no lytic or sclerotic lesion"."""
    return any(sentence.tokens[at].word in (",", "or", "nor") for at in range(one.start, one.end))


def _is_of_family(meaning: Meaning) -> bool:
    """Whether it says that a relative is meant, which a phrase around it does not unsay."""
    if not isinstance(meaning, CueEntry) or meaning.role != "family":
        return False
    return len(words_of(meaning.words)) > 1


def _unmasked(
    found: Sequence[Found[Meaning]], tokens: Sequence[Token], negations: Iterable[str]
) -> list[Found[Meaning]]:
    """Leave out what rests on words that are denied as a whole: "lucency without sclerotic rim"."""
    masks = [
        one.tokens for one in found if _says(one, "nothing") and tokens[one.start].word in negations
    ]
    return [
        one
        for one in found
        if not _says(one, "present") or all(len(one.tokens & mask) < 2 for mask in masks)
    ]


def _says(one: Found[Meaning], what: str) -> bool:
    return isinstance(one.meaning, PhraseEntry) and one.meaning.says == what


def _only(found: Iterable[Found[Meaning]], kind: type[T]) -> Iterator[Found[T]]:
    for one in found:
        if isinstance(one.meaning, kind):
            yield Found(one.meaning, one.tokens)


def _distance(one: Found[PhraseEntry], cue: Found[CueEntry]) -> int:
    return max(one.start - cue.end, cue.start - one.end)


def _days_of(cue: Found[CueEntry], sentence: Sentence) -> tuple[float, float] | None:
    words = [sentence.tokens[at] for at in sorted(cue.tokens)]
    number = next((token for token in words if token.is_number), None)
    unit = next((_DAYS[token.word] for token in words if token.word in _DAYS), None)
    if number is None or unit is None:
        return None
    return float(number.word.replace(",", ".")) * unit, unit * HALF


def _normal_concept(
    modality: Modality | None, concepts: Iterable[ConceptEntry]
) -> ConceptId | None:
    """Give what a normal study of this kind shows."""
    for concept in concepts:
        if concept.kind == "study" and concept.modality == modality and "normal" in concept.means:
            return concept.means["normal"][0]
    return None


def _without_false_normal(
    found: Sequence[Statement], concepts: Mapping[ConceptId, ConceptEntry]
) -> Iterator[Statement]:
    """Leave out "normal" where the same text says that something is there or may be."""
    normal = {shown for concept in concepts.values() for shown in concept.means.get("normal", ())}
    seen = any(
        one.state in ("present", "uncertain")
        and one.concept not in normal
        and concepts[one.concept].kind == "image"
        for one in found
    )
    for one in found:
        if not (seen and one.concept in normal):
            yield one


class _Places:
    """Which places of a sentence go with which phrase."""

    def __init__(self, sentence: Sentence, site_lexicon: SiteLexicon) -> None:
        """Gather the parts that name places into groups, each read as one."""
        self._sentence = sentence
        self._by_part: dict[int, tuple[Site, ...]] = {}
        self._groups: list[tuple[Site, ...]] = []
        named = [self._has_place(n, site_lexicon) for n in range(len(sentence.parts))]
        for n in range(len(named) - 2, -1, -1):
            named[n] = named[n] or (named[n + 1] and self._shares_place(n, site_lexicon))
        speaks = [self._has_phrase(n) for n in range(len(sentence.parts))]
        at = 0
        while at < len(sentence.parts):
            if not named[at]:
                at += 1
                continue
            end = at + 1
            while end < len(named) and self._goes_on(end, named, speaks, begun=any(speaks[at:end])):
                end += 1
            sites = self._read(at, end, site_lexicon)
            for n in range(at, end):
                self._by_part[n] = sites
            self._groups += [sites] if sites else []
            at = end
        self._spread(named)

    def only(self, otherwise: tuple[Site, ...]) -> tuple[Site, ...]:
        """Give the places that the next sentence goes on to speak of, if they are clear."""
        if not self._groups:
            return otherwise
        return self._groups[0] if len(self._groups) == 1 else ()

    def of(self, one: Found[PhraseEntry]) -> tuple[Site, ...]:
        """Give the places of a phrase."""
        return self._by_part.get(self._sentence.part_at(one.start), ())

    def _text(self, start: int, end: int) -> str:
        parts, tokens = self._sentence.parts, self._sentence.tokens
        first, last = parts[start].start, parts[end - 1].end
        return (
            self._sentence.folded[tokens[first].start : tokens[last - 1].end]
            if last > first
            else ""
        )

    def _has_place(self, part: int, site_lexicon: SiteLexicon) -> bool:
        return any(
            mention.kind == "place"
            for mention in mentions_of(self._text(part, part + 1), site_lexicon)
        )

    def _shares_place(self, part: int, site_lexicon: SiteLexicon) -> bool:
        """Whether a part names a place only in a list with the next: "fractures of T4 and T7"."""
        joint = self._sentence.parts[part + 1].joint
        if joint not in ("comma", "and", "or") or not any(
            map(str.isdigit, self._text(part, part + 1))
        ):
            return False
        return len(self._read(part, part + 2, site_lexicon)) > len(
            self._read(part + 1, part + 2, site_lexicon)
        )

    def _has_phrase(self, part: int) -> bool:
        here = self._sentence.parts[part]
        return any(here.start <= one.start < here.end for one in self._sentence.phrases)

    def _goes_on(
        self, part: int, named: Sequence[bool], speaks: Sequence[bool], *, begun: bool
    ) -> bool:
        """Whether a part belongs to the places before it: "tibia, femur and left clavicle"."""
        joint = self._sentence.parts[part].joint
        if joint not in ("comma", "and", "or", "bracket"):
            return False
        if not named[part]:
            only_side = not speaks[part] and self._is_side(part)
            return only_side
        return not (begun and speaks[part])

    def _is_side(self, part: int) -> bool:
        here = self._sentence.parts[part]
        words = {self._sentence.tokens[at].word for at in range(here.start, here.end)}
        return bool(words) and words <= {
            "left",
            "right",
            "both",
            "bilateral",
            "side",
            "l",
            "r",
            "bilaterally",
        }

    def _read(self, start: int, end: int, site_lexicon: SiteLexicon) -> tuple[Site, ...]:
        sites, _ = read_site([self._text(start, end)], (), site_lexicon)
        return tuple(site for site in sites if site.bone or site.region)

    def _spread(self, named: Sequence[bool]) -> None:
        """Give parts without a place that of the next over "and", else of the last."""
        parts = self._sentence.parts
        placed = dict(self._by_part)
        for n in range(len(parts) - 1, -1, -1):
            if n in self._by_part:
                continue
            after = (
                self._by_part.get(n + 1)
                if n + 1 < len(parts) and parts[n + 1].joint in ("and", "or")
                else None
            )
            if after:
                self._by_part[n] = after
        before: tuple[Site, ...] = ()
        for n, part in enumerate(parts):
            if part.joint == "stop" and n:
                before = before if self._sentence.tokens[part.start - 1].word != ";" else ()
            if n in placed:
                before = placed[n]
            elif n not in self._by_part and before:
                self._by_part[n] = before
        first = next((placed[n] for n in range(len(parts)) if placed.get(n)), ())
        for n in range(len(parts)):
            if not self._by_part.get(n) and first:
                self._by_part[n] = first


def _value(one: Found[QuantityEntry], sentence: Sentence, level: Level | None) -> Value | None:
    """Read the number behind a name, with its unit and the interval beside it."""
    tokens = sentence.tokens
    passed = {
        at for cue in sentence.with_role("between", "high", "low", "normal") for at in cue.tokens
    }
    comparator = None
    at = one.end
    while at < len(tokens) and at - one.end < _NEAR and not tokens[at].is_number:
        word = tokens[at].word
        if word in _COMPARATORS:
            comparator = _COMPARATORS[word]
        elif at not in passed and word not in ("about", "approximately", "~"):
            return None
        at += 1
    if at >= len(tokens) or not tokens[at].is_number:
        return None
    text = tokens[at].word.replace(",", ".")
    rest = sentence.folded[tokens[at].end :]
    unit = _UNIT.match(rest)
    written = "".join(unit[1].split()) if unit else ""
    if not written and _NO_VALUE.match(rest):
        return None
    interval = _RANGE.match(rest[unit.end() if unit else 0 :])
    return Value(
        float(text),
        comparator,
        _UNITS.get(written, _cased(written)),
        interval[1].strip() if interval else "",
        level,
    )


def _cased(unit: str) -> str:
    """Write a folded unit as UCUM does: litres large."""
    return (
        re.sub(
            r"(?<=/)([umdcn\u00b5\u03bc]?)l$", r"\1L", re.sub(r"^(i?u)(?=/)", lambda m: "U", unit)
        ).replace("dl", "dL")
        if unit
        else ""
    )


def _is_doubted(one: Found[QuantityEntry], sentence: Sentence) -> bool:
    """Whether a value is only asked for, possible, or of an earlier time."""
    start = sentence.parts[sentence.clause_of(one.start)[0]].start
    doubts = sentence.with_role(
        "unsure_before", "asked_before", "past_before", "family", "relative"
    )
    return any(start <= cue.start < one.start for cue in doubts)


def _level(one: Found[QuantityEntry], sentence: Sentence) -> Level | None:
    """Give what a value is called: "raised CRP and ESR", "CRP and ESR were normal"."""
    quantities = {at for other in sentence.quantities for at in other.tokens}
    between = {at for cue in sentence.with_role("between", "not_before") for at in cue.tokens}
    levels = {cue.start: cue for cue in sentence.with_role("high", "low", "normal")}
    negations = {cue.end for cue in sentence.with_role("not_before")}
    joined = number = False
    for at in range(one.end, len(sentence.tokens)):
        word = sentence.tokens[at].word
        if at in levels:
            if joined and levels[at].end in quantities:
                break
            return _negatable(levels[at], negations, denied=_denied(one, sentence))
        if word in (",", "and", "or", ";"):
            if number or word == ";":
                break
            joined = True
        elif sentence.tokens[at].is_number:
            number = True
        elif at in quantities:
            if number:
                break
        elif not number and at not in between and word not in ("(", "/"):
            break
    return _level_before(one, sentence, quantities, between)


def _level_before(
    one: Found[QuantityEntry], sentence: Sentence, quantities: set[int], between: set[int]
) -> Level | None:
    """Give the level that leads a list of values: "raised CRP, ESR and LDH"."""
    ends = {cue.end - 1: cue for cue in sentence.with_role("high", "low", "normal")}
    negations = {cue.end for cue in sentence.with_role("not_before")}
    for at in range(one.start - 1, -1, -1):
        if at in ends:
            leads = at + 1 in quantities or at + 1 in between
            return _negatable(ends[at], negations) if leads else None
        if at not in quantities | between and sentence.tokens[at].word not in (
            ",",
            "and",
            "or",
            "/",
        ):
            return None
    return None


def _denied(one: Found[QuantityEntry], sentence: Sentence) -> bool:
    """Whether a negation leads the list that a value is in: "neither CRP nor ESR was raised"."""
    denials = {at for cue in sentence.with_role("not_before") for at in cue.tokens}
    passed = {at for other in sentence.quantities for at in other.tokens}
    passed |= {at for cue in sentence.with_role("between") for at in cue.tokens}
    for at in range(one.start - 1, -1, -1):
        if at in denials:
            return True
        if at not in passed and sentence.tokens[at].word not in (",", "and", "or", "/"):
            return False
    return False


def _negatable(cue: Found[CueEntry], negations: set[int], *, denied: bool = False) -> Level | None:
    role = cue.meaning.role
    level: Level | None = "high" if role == "high" else "low" if role == "low" else "normal"
    if denied or cue.start in negations:
        return "normal" if level == "high" else None
    return level
