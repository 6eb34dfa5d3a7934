"""The world's codes and words to our concepts."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from multifocal.exchange.cache import cached
from multifocal.knowledge.entries import AnswerEntry, ConceptEntry, ConceptKind
from multifocal.knowledge.load import Knowledge
from multifocal.model.record import ConceptId, Modality

OWN = "own"
"""Short name of our own coding system, whose codes are concept ids."""

TEST_SYSTEMS = ("loinc",)
"""Coding systems whose codes are tests: the answer to any of them is the answer."""

SYSTEMS: Mapping[str, str] = {
    "urn:multifocal:concept": OWN,
    "http://loinc.org": "loinc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "http://snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "urn:oid:2.16.840.1.113883.6.90": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-de": "icd10",
    "http://fhir.de/CodeSystem/bfarm/icd-10-gm": "icd10",
    "http://fhir.de/CodeSystem/dimdi/icd-10-gm": "icd10",
    "urn:oid:2.16.840.1.113883.6.3": "icd10",
    "http://human-phenotype-ontology.org": "hpo",
    "http://purl.obolibrary.org/obo/hp.owl": "hpo",
    "http://purl.obolibrary.org/obo/hp.fhir": "hpo",
    "http://www.radlex.org": "radlex",
    "http://radlex.org": "radlex",
    "urn:oid:2.16.840.1.113883.6.256": "radlex",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "urn:oid:2.16.840.1.113883.6.88": "rxnorm",
    "http://www.whocc.no/atc": "atc",
    "urn:oid:2.16.840.1.113883.6.73": "atc",
    "http://purl.obolibrary.org/obo/uberon.owl": "uberon",
    "http://uberon.org": "uberon",
    "http://purl.org/sig/ont/fma": "fma",
    "urn:oid:2.16.840.1.113883.6.119": "fma",
    "http://dicom.nema.org/resources/ontology/dcm": "dcm",
    "urn:oid:1.2.840.10008.2.16.4": "dcm",
    "http://terminology.hl7.org/codesystem/v2-0136": "v2-0136",
    "http://terminology.hl7.org/codesystem/v3-observationinterpretation": "interpretation",
    "http://hl7.org/fhir/v3/observationinterpretation": "interpretation",
    "http://hl7.org/fhir/v2/0078": "interpretation",
    "http://terminology.hl7.org/codesystem/v2-0078": "interpretation",
}
"""Addresses of coding systems to the short names that the knowledge uses."""

_FOLDED_SYSTEMS = {address.casefold(): name for address, name in SYSTEMS.items()}
_PREFIXED = {"HP": "hpo", "LOINC": "loinc", "UBERON": "uberon", "FMA": "fma", "SNOMED": "snomed"}
_NOT_WORD = re.compile(r"[\W_]+")
_TAG = re.compile(
    r"\s*\((finding|disorder|procedure|situation|observable entity|qualifier value|substance|"
    r"product|clinical drug|regime/therapy|morphologic abnormality|event|record artifact)\)\s*$",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r" (after|at|in|for|within|nach|apres) \d{1,3} (h|hours?|d|days?|w|wks?|weeks?|tagen?|jours)$"
)
_LONGEST = 300
"""Longer texts are narrative, not names; they are not looked up."""


class Code(NamedTuple):
    """A code in a coding system of ours by short name."""

    system: str
    code: str


class Match(NamedTuple):
    """What a code or text means: a concept, there or not there."""

    concept: ConceptEntry
    present: bool = True
    is_whole: bool = True
    """Whether it means all of the concept; a code or name may be one form of it only."""


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
    """Give a code as the knowledge writes it, or `None` in a system that we don't know."""
    name = system_of(system)
    if name is None or not code:
        return None
    code = code.strip()
    if name in ("icd10", "icd10cm"):
        code = code.upper()
        if "." not in code and len(code) > 3:
            code = f"{code[:3]}.{code[3:]}"
    elif name in ("hpo", "uberon", "fma"):
        prefix = "HP" if name == "hpo" else name.upper()
        code = f"{prefix}:{code.upper().replace('_', ':').removeprefix(prefix + ':')}"
    return Code(name, code)


def compact(curie: str) -> Code | None:
    """Read a compact identifier such as ``HP:0002754``.

    >>> compact("LOINC:1988-5")
    Code(system='loinc', code='1988-5')
    """
    prefix, colon, local = curie.strip().partition(":")
    name = _PREFIXED.get(prefix.upper())
    if not colon or name is None or not local:
        return None
    return Code(name, f"{prefix.upper()}:{local}" if name in ("hpo", "uberon", "fma") else local)


@cached(most=16384)
def folded(text: str) -> str:
    """Fold a text for comparison: case, punctuation, and a coding system's tag at its end.

    >>> folded("C-reactive  Protein (substance)")
    'c reactive protein'
    """
    if len(text) > _LONGEST:
        return ""
    plain = unicodedata.normalize("NFKC", _TAG.sub("", text)).casefold()
    return _NOT_WORD.sub(" ", plain).strip()


class Vocabulary:
    """The concepts by code and by name."""

    def __init__(
        self,
        concepts: Iterable[ConceptEntry],
        answers: Iterable[AnswerEntry] = (),
        exact: Iterable[tuple[ConceptId, Code]] = (),
    ) -> None:
        """Index the concepts; the first to claim a code or name has it.

        `exact` are codes known to mean all of their concept, where it has several.
        """
        self._exact = frozenset(exact)
        self.concepts = {concept.id: concept for concept in concepts}
        self._codes: dict[Code, Match] = {}
        self._beginnings: dict[Code, Match] = {}
        self._names: dict[str, Match] = {}
        self._answers: dict[str, Answer] = {}
        self._coded_answers: dict[Code, Answer] = {}
        self._mentions: dict[ConceptKind, list[tuple[str, ConceptEntry]]] = {}
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
        self._codes.setdefault(Code(OWN, concept.id), Match(concept))
        for system, codes in concept.codes.items():
            alone = len(codes) == 1 or system in TEST_SYSTEMS
            for code in codes:
                known = Code(system, code.removesuffix("*"))
                if code.endswith("*"):
                    self._beginnings.setdefault(known, Match(concept, is_whole=False))
                else:
                    is_whole = alone or (concept.id, known) in self._exact
                    self._codes.setdefault(known, Match(concept, is_whole=is_whole))
        whole = {folded(concept.label), folded(concept.id)}
        for name in (concept.label, *concept.names):
            text = folded(name)
            self._names.setdefault(text, Match(concept, is_whole=text in whole))
        for name in concept.absent_names:
            self._names.setdefault(folded(name), Match(concept, present=False))
        for relative in concept.family_of:
            self._relatives.setdefault(relative, []).append(concept)

    def _add_answer(self, entry: AnswerEntry) -> None:
        answer = Answer({"yes": True, "no": False, "open": None}[entry.says])
        if entry.code:
            self._coded_answers[Code(entry.system, entry.code)] = answer
        if entry.text:
            self._answers[folded(entry.text)] = answer

    def coded(self, codes: Iterable[Code]) -> Match | None:
        """Give what the first known code means; our own codes come first.

        >>> Vocabulary(()).coded([Code("loinc", "0-0")]) is None
        True
        """
        found: Match | None = None
        for code in codes:
            if (match := self._codes.get(code) or self._begun(code)) is None:
                continue
            if code.system == OWN:
                return match
            found = found or match
        return found

    def _begun(self, code: Code) -> Match | None:
        for length in self._lengths.get(code.system, ()):
            match = self._beginnings.get(Code(code.system, code.code[:length]))
            if match is not None:
                return match
        return None

    def named(self, texts: Iterable[str]) -> Match | None:
        """Give what the first known text means, whole texts only."""
        for text in texts:
            if (name := folded(text)) and (match := self._names.get(name)) is not None:
                return match
        return None

    def mentioned(self, texts: Iterable[str], kind: ConceptKind) -> ConceptEntry | None:
        """Give the concept of this kind whose name stands in a text; the longest name wins.

        Only for texts that name a thing, such as a drug with its strength or a study with its site.
        """
        if kind not in self._mentions:
            self._mentions[kind] = self._mentionable(kind)
        for text in texts:
            padded = f" {folded(text)} "
            for name, concept in self._mentions[kind]:
                if name in padded:
                    return concept
        return None

    def _mentionable(self, kind: ConceptKind) -> list[tuple[str, ConceptEntry]]:
        names = [
            (f" {name} ", match.concept)
            for name, match in self._names.items()
            if match.present and name and match.concept.kind == kind
        ]
        return sorted(names, key=lambda pair: -len(pair[0]))

    def answer(self, codes: Iterable[Code], texts: Iterable[str]) -> Answer | None:
        """Give what a plain answer says: yes, no, or left open; `None` if it is no such answer."""
        for code in codes:
            if (known := self._coded_answers.get(code)) is not None:
                return known
        for text in texts:
            said = folded(text)
            if known := self._answers.get(said) or self._answers.get(_DURATION.sub("", said)):
                return known
        return None

    def meaning(self, concept: ConceptEntry, texts: Iterable[str]) -> tuple[ConceptId, ...] | None:
        """Give the concepts that a worded result shows, or `None` if the words aren't known."""
        means = self._means.get(concept.id)
        if means is not None:
            for text in texts:
                if (shown := means.get(folded(text))) is not None:
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
    return Vocabulary(knowledge.concepts, knowledge.answers, exact)
