"""What the knowledge gives to reading, made ready once: words, units, places, texts."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from multifocal.exchange.assertions import Assertion, Level, Narrative
from multifocal.exchange.body_sites import Places
from multifocal.exchange.cache import cached
from multifocal.exchange.documents import ticked
from multifocal.exchange.site_lexicon import site_lexicon_of
from multifocal.exchange.text import text_reader
from multifocal.exchange.vocabulary import OWN, Code, Match, vocabulary_of
from multifocal.exchange.words import Words
from multifocal.knowledge.load import Knowledge
from multifocal.model.record import ConceptId

ANSWERED = re.compile(
    r"(?:(?<=[.;\n])|^)(?P<asked>[^\n:.;]{2,80}):[ \t]*"
    r"(?P<answer>[^\n:.;,]{1,24}?)[ \t]*(?:[.;\n]|$)"
)
"""A question and its answer on one line."""


class Looked(NamedTuple):
    """What words mean, or why they are not believed."""

    match: Match | None = None
    problem: str = ""


NOTHING = Looked()


class Reader:
    """Looks up what records say; while a reading goes on, what was looked up once is kept."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Make the knowledge ready."""
        self.knowledge = knowledge
        self.vocabulary = vocabulary_of(knowledge)
        self.site_lexicon = site_lexicon_of(knowledge)
        self.texts = text_reader(knowledge)
        self.places = Places(self.site_lexicon)
        self.levels: Mapping[str, Mapping[Level, tuple[str, ...]]] = {
            entry.id: {"high": entry.high, "low": entry.low, "normal": entry.normal}
            for entry in knowledge.quantities
        }
        self.wholes: dict[str, set[str]] = {}
        """Of what each finding is one form."""
        for one in knowledge.differential.implications:
            self.wholes.setdefault(one.present, set()).add(one.implies)
        self.match = cached(most=16384)(self._match)
        self.danger = cached(most=16384)(self.vocabulary.danger)
        self.asked = cached(most=4096)(self._asked)

    def own(self, concept: ConceptId) -> Words:
        """Give the words of one of our own concepts."""
        return Words(codes=(Code(OWN, concept),))

    def told(self, narrative: Narrative) -> list[Assertion]:
        """Give what a text states of the child; drugs that it names are no treatment on record.

        A line such as "Fever: no" is a question with its answer, whatever else the text says.
        """
        text = ticked(narrative.text)
        answers, rest = self._answers(narrative, text) if ":" in text else ([], text)
        drugs = self.texts.members["treatments"]
        if rest is not narrative.text:
            narrative = msgspec.structs.replace(narrative, text=rest)
        said = self.texts.assertions(narrative)
        return [*answers, *(one for one in said if one.about.codes[0].code not in drugs)]

    def _answers(self, narrative: Narrative, text: str) -> tuple[list[Assertion], str]:
        """Give the questions of a text that are answered in a word, and the text without them."""
        answers: list[Assertion] = []
        rest, end = "", 0
        for line in ANSWERED.finditer(text):
            asked = Words(said=(line["asked"].strip(),))
            known = self.match(asked).match or self.asked(asked.said[0])
            if known is not None and self.vocabulary.answer((), (line["answer"],)) is not None:
                answers.append(
                    Assertion(
                        about=asked,
                        value=Words(said=(line["answer"],)),
                        day=narrative.day,
                        recorded=narrative.recorded,
                        resource=narrative.resource,
                        where=narrative.where,
                        text=line[0].strip(),
                        said=True,
                        final=narrative.final,
                    )
                )
                rest += text[end : line.start()]
                end = line.end()
        return answers, rest + text[end:]

    def _match(self, words: Words) -> Looked:
        """Look up words: codes first, then texts; what contradicts itself is not believed."""
        match = self.vocabulary.match(words)
        if match is None:
            return NOTHING
        label = match.concept.label
        coded = self.vocabulary.coded(words.codes)
        named = self.vocabulary.named(words.texts)
        if coded is None and match.concept.kind == "lab" and "loinc" in words.systems:
            if match.is_proven:
                why = f"its text says {label}, but its LOINC code is another; it was left out."
                return Looked(problem=f"{why} Check the code.")
        if coded is None or named is None or named.concept is not coded.concept:
            return Looked(match)
        if named.present != coded.present:
            why = f"code and text contradict each other about {label}; it was left out."
            return Looked(problem=f"{why} Mend code or text.")
        return Looked(match._replace(relation=named.relation) if named.is_whole else match)

    def _asked(self, text: str) -> Match | None:
        """Give the one concept that a plain question asks for: "Does your child have a fever?".

        One that asks whether something is not there can't be answered with yes or no for sure.
        """
        plainly = Narrative(text=text.rstrip("? "))
        said = [*self.texts.assertions(Narrative(text=text)), *self.texts.assertions(plainly)]
        about = {one.about for one in said if one.value is None}
        if len(about) != 1 or any(one.state in ("absent", "family") for one in said):
            return None
        return self.match(about.pop()).match


@lru_cache(maxsize=4)
def reader_of(knowledge: Knowledge) -> Reader:
    """Give the reader of this knowledge, built once."""
    return Reader(knowledge)
