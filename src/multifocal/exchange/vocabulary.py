"""The world's codes and words to our concepts."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import NamedTuple, Protocol

import msgspec

from multifocal.exchange.cache import cached
from multifocal.exchange.dangers import Dangers
from multifocal.knowledge.entries import AnswerEntry, ConceptEntry, ConceptKind
from multifocal.knowledge.fold import folded_name
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.value_sets import PROVEN, Meaning, Relation, ValueSets
from multifocal.model.record import ConceptId, Modality

OWN = "own"
"""Short name of our own coding system, whose codes are concept ids."""

TEST_SYSTEMS = ("loinc",)
"""Coding systems whose codes are tests: the answer to any of them is the answer."""

SYSTEMS: Mapping[str, str] = {
    address: name
    for name, addresses in tomllib.loads(
        files("multifocal.exchange").joinpath("systems.toml").read_text("utf-8")
    )["address"].items()
    for address in addresses
}
"""Addresses of coding systems to the short names that the knowledge uses."""

_FOLDED_SYSTEMS = {address.casefold(): name for address, name in SYSTEMS.items()}
_PREFIXES = {"hpo": "HP", "uberon": "UBERON", "fma": "FMA", "mondo": "MONDO", "doid": "DOID"}
"""Systems whose codes carry the prefix themselves."""
_PREFIXED = {prefix: name for name, prefix in _PREFIXES.items()} | {
    "LOINC": "loinc",
    "SNOMED": "snomed",
    "SNOMEDCT": "snomed",
    "SCTID": "snomed",
    "ORPHA": "orpha",
    "ORPHANET": "orpha",
    "OMIM": "omim",
    "MIM": "omim",
    "OMIMPS": "omim_ps",
    "NCIT": "ncit",
    "ICDO": "icdo",
    "ICD10CM": "icd10cm",
    "ICD10": "icd10",
}
_BARE = {"orpha": "orpha:", "omim": "omim:", "omim_ps": "ps", "ncit": "ncit:"}
"""What may stand before a code of these systems and is no part of it."""
_ICD_MARKS = re.compile(r"[-+*!\u2020\s]+$")
"""Signs behind a code of ICD-10 as it is printed: open, dagger, star, additional."""
_DURATION = re.compile(
    r" (after|at|in|for|within|nach|apres) \d{1,3} (h|hours?|d|days?|w|wks?|weeks?|tagen?|jours)$"
)
_LONGEST_NAME = 8
"""Names with more words are not looked for inside of a text."""
_SIGN = re.compile(r"[+-]ve|\W+")
_MOST_WORDS = 4
"""Of an answer known by its beginning."""


class Code(NamedTuple):
    """A code in a coding system of ours by short name."""

    system: str
    code: str


class Spoken(Protocol):
    """Codes and texts of one thing, such as `multifocal.exchange.words.Words`."""

    @property
    def codes(self) -> tuple[Code, ...]:
        """Its codes."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Its texts."""


class Match(NamedTuple):
    """What a code or text means: a concept, there or not there."""

    concept: ConceptEntry
    present: bool = True
    relation: Relation = "exact"
    """How the code or name stands to the concept; only what is `PROVEN` makes a fact."""
    also: tuple[ConceptEntry, ...] = ()
    """What it says besides, where it is there."""

    @property
    def is_whole(self) -> bool:
        """Whether it means all of the concept; a code or name may be one form of it only."""
        return self.relation in ("exact", "absent")

    @property
    def is_proven(self) -> bool:
        """Whether it makes a fact; otherwise it only may be the concept, or looks like it."""
        return self.relation in PROVEN


class Answer(msgspec.Struct, frozen=True):
    """What an answer in words or codes says; `None` is that it was left open."""

    present: bool | None


@cached(most=512)
def system_of(address: str | None) -> str | None:
    """Give the short name of a coding system, or `None` if it is none that we know."""
    if not address:
        return None
    folded = address.strip().casefold().rstrip("/")
    known = _FOLDED_SYSTEMS.get(folded)
    if known is None and folded.startswith("http://snomed.info/sct/"):
        return "snomed"
    if known is None and folded.startswith("https://"):
        return _FOLDED_SYSTEMS.get("http://" + folded.removeprefix("https://"))
    return known


def code_of(system: str | None, code: str | None) -> Code | None:
    """Give a code as the knowledge writes it, or `None` in a system that we don't know.

    >>> code_of("http://fhir.de/CodeSystem/bfarm/icd-10-gm", "M86.3-")
    Code(system='icd10gm', code='M86.3')
    """
    name = system_of(system)
    return None if name is None or not code or not (code := code.strip()) else _code(name, code)


def _code(name: str, code: str) -> Code:
    if name.startswith("icd10"):
        code = _ICD_MARKS.sub("", code.upper()).rstrip(".")
        if "." not in code and len(code) > 3:
            code = f"{code[:3]}.{code[3:]}"
    elif (prefix := _PREFIXES.get(name)) is not None:
        code = f"{prefix}:{code.upper().replace('_', ':').removeprefix(prefix + ':')}"
    elif name == "omim" and code.upper().startswith("PS"):
        return _code("omim_ps", code)
    elif name in _BARE:
        code = code.upper().removeprefix(_BARE[name].upper()).removeprefix("ORPHANET:")
    return Code(name, code)


def compact(curie: str) -> Code | None:
    """Read a compact identifier such as ``HP:0002754``.

    >>> compact("LOINC:1988-5")
    Code(system='loinc', code='1988-5')
    """
    prefix, colon, local = curie.strip().partition(":")
    name = _PREFIXED.get(prefix.upper())
    return _code(name, local) if colon and name is not None and local else None


folded = cached(most=16384)(folded_name)
"""See `multifocal.knowledge.fold.folded_name`."""


def _spoken(text: str) -> str:
    """Fold an answer; of what is only a sign, such as "+" or "-ve", the sign is all it says."""
    plain = "".join(text.split()).casefold().replace("\u2212", "-")
    return plain if _SIGN.fullmatch(plain) else folded(text)


class Vocabulary:
    """The concepts by code and by name."""

    def __init__(
        self,
        concepts: Iterable[ConceptEntry],
        answers: Iterable[AnswerEntry] = (),
        exact: Iterable[tuple[ConceptId, Code]] = (),
        knowledge: Knowledge | None = None,
    ) -> None:
        """Index the concepts; the first to claim a code or name has it.

        `exact` are codes known to mean all of their concept, where it has several; what the
        concepts themselves don't know is looked up in the value sets of `knowledge`.
        """
        self._exact = frozenset(exact)
        self._knowledge = knowledge
        self.concepts = {concept.id: concept for concept in concepts}
        self._codes: dict[Code, Match] = {}
        self._beginnings: dict[Code, Match] = {}
        self._names: dict[str, Match] = {}
        self._answers: dict[str, Answer] = {}
        self._answers_begun: dict[str, Answer] = {}
        self._coded_answers: dict[Code, Answer] = {}
        self._relatives: dict[ConceptId, list[ConceptEntry]] = {}
        self._means = {
            concept.id: {folded(text): shown for text, shown in concept.means.items()}
            for concept in self.concepts.values()
            if concept.means
        }
        for concept in self.concepts.values():
            self._add(concept)
        for answer in answers:
            self._add_answer(answer)
        lengths: dict[str, set[int]] = {}
        for code in self._beginnings:
            lengths.setdefault(code.system, set()).add(len(code.code))
        self._lengths = {system: sorted(found, reverse=True) for system, found in lengths.items()}

    def _add(self, concept: ConceptEntry) -> None:
        also = self.several(concept.also, but=concept.id)
        whole, form = Match(concept, also=also), Match(concept, relation="narrower", also=also)
        self._codes.setdefault(Code(OWN, concept.id), whole)
        for system, codes in concept.codes.items():
            alone = len(codes) == 1 or system in TEST_SYSTEMS
            for code in codes:
                known = Code(system, code.removesuffix("*"))
                if code.endswith("*"):
                    self._beginnings.setdefault(known, form)
                else:
                    is_whole = alone or (concept.id, known) in self._exact
                    self._codes.setdefault(known, whole if is_whole else form)
        own = {folded(concept.label), folded(concept.id)}
        for name in (concept.label, *concept.names):
            text = folded(name)
            self._names.setdefault(text, whole if text in own else form)
        for name in concept.absent_names:
            self._names.setdefault(folded(name), Match(concept, present=False, relation="absent"))
        for relative in concept.family_of:
            self._relatives.setdefault(relative, []).append(concept)

    def _add_answer(self, entry: AnswerEntry) -> None:
        answer = Answer({"yes": True, "no": False, "open": None}[entry.says])
        if entry.code:
            self._coded_answers[Code(entry.system, entry.code)] = answer
        if entry.text.endswith("*"):
            self._answers_begun[folded(entry.text)] = answer
        elif entry.text:
            self._answers[_spoken(entry.text)] = answer

    @cached_property
    def _known(self) -> ValueSets:
        return self._knowledge.known_codes if self._knowledge else ValueSets()

    def _meant(self, meaning: Meaning) -> Match | None:
        """Make a match of what a code or name of the value sets means."""
        if not meaning:
            return None
        first, relation = meaning[0]
        if relation not in PROVEN:
            return Match(self.concepts[first], relation=relation)
        there = [name for name, how in meaning if how != "absent"]
        also = self.several((*there, *(o for n in there for o in self.concepts[n].also)), but=first)
        return Match(self.concepts[first], relation != "absent", relation, also)

    def several(
        self, names: Iterable[ConceptId], *, but: ConceptId | None = None
    ) -> tuple[ConceptEntry, ...]:
        """Give the concepts of these names, each once, without one."""
        return tuple(self.concepts[name] for name in dict.fromkeys(names) if name != but)

    def match(self, words: Spoken) -> Match | None:
        """Give what codes and texts mean: the first code that proves something, else the text.

        What is no proof is given too, for an issue: a code that only may be the concept
        (``broader``), that says it was once (``history``), or is another quantity (``percent``,
        ``other``), whatever its text says. Diseases that other codes or texts name are in `also`.
        """
        return _matched(self, words.codes, words.texts)

    def coded(self, codes: Iterable[Code]) -> Match | None:
        """Give what the first known code means; our own codes come first.

        >>> Vocabulary(()).coded([Code("loinc", "0-0")]) is None
        True
        """
        found: Match | None = None
        for code in codes:
            if (match := self._coded(code)) is None or not match.is_proven:
                continue
            if code.system == OWN:
                return match
            found = found or match
        return found

    def _coded(self, code: Code) -> Match | None:
        own = self._codes.get(code) or self._begun(code)
        return self._joined(own, self._meant(self._known.coded(*code)))

    def _joined(self, own: Match | None, told: Match | None) -> Match | None:
        """Give our own meaning, and the diseases that the value sets name beside it."""
        if own is None or told is None or not told.is_proven or not (told.present and own.present):
            return own or told
        named = (told.concept, *told.also)
        diseases = (one.id for one in named if one.kind == "condition")
        also = self.several((*(one.id for one in own.also), *diseases), but=own.concept.id)
        return own._replace(also=also)

    def _begun(self, code: Code) -> Match | None:
        for length in self._lengths.get(code.system, ()):
            match = self._beginnings.get(Code(code.system, code.code[:length]))
            if match is not None:
                return match
        return None

    def named(self, texts: Iterable[str]) -> Match | None:
        """Give what the first known text means, whole texts only."""
        matches = (self._named(folded(text)) for text in texts)
        return next((match for match in matches if match and match.is_proven), None)

    def _named(self, name: str) -> Match | None:
        if not name:
            return None
        return self._joined(self._names.get(name), self._meant(self._known.named(name)))

    def matches(self, codes: Iterable[Code], texts: Iterable[str]) -> Iterator[Match]:
        """Give what each code, then each text means by itself, where it is known."""
        for found in (*map(self._coded, codes), *(self._named(folded(text)) for text in texts)):
            if found is not None:
                yield found

    def counted(self, match: Match, state: str, *, in_tissue: bool = False) -> tuple[Match, ...]:
        """Give what a match says in this state, see `multifocal.exchange.assertions.State`.

        Confirmed: the concept and what it is too, more if tissue shows it. Not there: only that
        this one is not. Suspected: what its concept says of that. A relative's: what it is for the
        child. Over, only asked, or no proof: nothing.
        """
        if not match.is_proven:
            return ()
        concept = match.concept
        if state == "present" and match.present:
            tissue = concept.in_tissue if in_tissue else ()
            return (match, *map(Match, match.also), *map(Match, self.several(tissue)))
        if state == "present" or (state == "absent" and match.present):
            return (Match(concept, present=False, relation=match.relation),)
        if state == "uncertain":
            return tuple(map(Match, self.several(concept.in_doubt)))
        if state == "family":
            both = (one.id for each in (concept, *match.also) for one in self.in_relative(each.id))
            return tuple(map(Match, self.several(both)))
        return ()

    @cached_property
    def _dangers(self) -> Dangers:
        return Dangers(self._known.dangers)

    def danger(self, texts: Iterable[str]) -> str:
        """Give the label of the first thing behind a red flag that texts name; empty if none.

        Words alone are looked for, said of the child or not: it is a reason to look, no fact.
        """
        return next((label for text in texts if (label := self._dangers.in_(text))), "")

    def mentioned(self, texts: Iterable[str], kind: ConceptKind) -> ConceptEntry | None:
        """Give the concept of this kind whose name stands in a text; the longest name wins.

        Only for texts that name a thing, such as a drug with its strength or a study with its site.
        """
        for text in texts:
            best, found = "", None
            words = folded(text).split()
            for start in range(len(words)):
                for end in range(start + 1, min(len(words), start + _LONGEST_NAME) + 1):
                    name = " ".join(words[start:end])
                    match = self._mentioned(name, kind) if len(name) > len(best) else None
                    if match is not None:
                        best, found = name, match if match.is_proven else None
            if found is not None:
                return found.concept
        return None

    def _mentioned(self, name: str, kind: ConceptKind) -> Match | None:
        at = self._known.names.get(name, 0)
        for match in (self._names.get(name), self._meant(self._known.meanings[at]) if at else None):
            if match is not None and match.present and match.concept.kind == kind:
                return match
        return None

    def answer(self, codes: Iterable[Code], texts: Iterable[str]) -> Answer | None:
        """Give what a plain answer says: yes, no, or left open; `None` if it is no such answer."""
        for code in codes:
            if (known := self._coded_answers.get(code)) is not None:
                return known
        said = (self._said(text) for text in texts if text.strip())
        return next((answer for answer in said if answer is not None), None)

    def _said(self, text: str) -> Answer | None:
        said = _spoken(text)
        if known := self._answers.get(said) or self._answers.get(_DURATION.sub("", said)):
            return known
        words = said.split()
        beginnings = (" ".join(words[:end]) for end in range(1, 1 + min(len(words), _MOST_WORDS)))
        if begun := next(filter(None, map(self._answers_begun.get, beginnings)), None):
            return begun
        return None if any(map(str.isalnum, text)) else Answer(None)

    def is_no_answer(self, text: str) -> bool:
        """Tell whether a text leaves open what was asked: punctuation, "pending", "n/a"."""
        return not text.strip() or self._said(text) == Answer(None)

    def meaning(self, concept: ConceptEntry, texts: Iterable[str]) -> tuple[ConceptId, ...] | None:
        """Give the concepts that a worded result shows, or `None` if the words aren't known."""
        means = self._means.get(concept.id)
        if means is not None:
            for text in filter(None, map(folded, texts)):
                if (shown := means.get(text)) is not None:
                    return shown
        return None

    def own_words(self, concept: ConceptEntry, texts: Iterable[str]) -> bool | None:
        """Tell whether a text is a name of this concept, or of its absence; else `None`."""
        spoken = {folded(text) for text in texts} - {""}
        if spoken & {folded(name) for name in concept.absent_names}:
            return False
        return True if spoken & {folded(name) for name in concept.names} else None

    def is_done(self, concept: ConceptEntry) -> bool:
        """Tell whether the concept says only that something was done, whatever it showed."""
        if concept.kind in ("study", "biopsy"):
            return True
        return bool(concept.means) and all(
            concept.id not in shown for shown in concept.means.values()
        )

    def study(self, modality: Modality) -> ConceptEntry | None:
        """Give the concept of a study of this modality."""
        for concept in self.concepts.values():
            if concept.kind == "study" and concept.modality == modality:
                return concept
        return None

    def in_relative(self, concept: ConceptId) -> tuple[ConceptEntry, ...]:
        """Give what the concept in a relative is for the child."""
        return tuple(self._relatives.get(concept, ()))


@lru_cache(maxsize=4)
def vocabulary_of(knowledge: Knowledge) -> Vocabulary:
    """Give the vocabulary of this knowledge, built once."""
    exact = (
        (ConceptId(finding.id), Code("hpo", finding.hpo))
        for finding in knowledge.findings
        if finding.hpo_match == "exact"
    )
    return Vocabulary(knowledge.concepts, knowledge.answers, exact, knowledge)


@cached(most=4096)
def _matched(
    vocabulary: Vocabulary, codes: tuple[Code, ...], texts: tuple[str, ...]
) -> Match | None:
    found = tuple(vocabulary.matches(codes, ()))
    named = tuple(vocabulary.matches((), texts))
    sure = [match for match in (*found, *named) if match.is_proven]
    unsure = next((match for match in found if match.relation != "broader"), None)
    best = vocabulary.coded(codes)
    if best is None and (unsure is not None or not sure):
        return unsure or next(iter((*found, *named)), None)
    best = best or sure[0]
    there = (one for match in sure if match.present for one in (match.concept, *match.also))
    diseases = [one.id for one in there if one.kind == "condition"]
    also = vocabulary.several((*(one.id for one in best.also), *diseases), but=best.concept.id)
    return best._replace(also=also)
