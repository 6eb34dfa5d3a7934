"""Free text to assertions: what is said of a child, of which place, and how surely.

Rules over phrases from data, sentence by sentence, in time that grows with the length of the text;
a sentence that holds no word of any phrase is passed over. English only. What is doubtful, asked,
past, or a relative's is told apart, never taken for a finding.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import msgspec

from multifocal.exchange.allowance import check
from multifocal.exchange.assertions import NOWHERE, Assertion, Narrative, Section, State
from multifocal.exchange.cache import cached
from multifocal.exchange.context import (
    BREAKING,
    DOUBTING,
    NOT_BEFORE,
    Meaning,
    Sentence,
    sentence_of,
    state_of,
)
from multifocal.exchange.documents import ticked
from multifocal.exchange.lexicon import (
    MARK,
    Found,
    Lexicon,
    Pattern,
    different,
    outermost,
    pattern_of,
    plain,
    tokens_of,
    words_of,
)
from multifocal.exchange.mentions import mentions_of
from multifocal.exchange.site_lexicon import may_name_place, site_lexicon_of
from multifocal.exchange.sites import at_home, sites_in
from multifocal.exchange.text_places import Places
from multifocal.exchange.values import LEVELS, Value, meanings, value_of
from multifocal.exchange.vocabulary import OWN, Code
from multifocal.exchange.words import Words
from multifocal.knowledge.entries import ConceptEntry, CueEntry, PhraseEntry, QuantityEntry
from multifocal.knowledge.load import Knowledge
from multifocal.model.anatomy import Site
from multifocal.model.day import Day
from multifocal.model.record import ConceptId, Modality

ONSET = ConceptId("symptom_onset")
LONGEST_SENTENCE = 2_000
LONGEST_TOLD = 300
"""Characters of a sentence that are kept for the report."""
_DAYS = {"year": 365.25, "month": 30.4375, "week": 7.0, "day": 1.0}
FAMILIAL, STUDIES = 2, 3
"""Which groups of phrases are of relatives, and of kinds of study."""
HALF = 0.5
FULL = 4
"""A time told is at most this part of itself longer."""
MOSTLY_GENERAL = "GENERAL BACKWARD"
_READ = frozenset({".", "read", "reported", "as"})
"""What may stand beside "normal" when a whole study is."""
_OR = frozenset({",", "or", "nor"})


class Setting(NamedTuple):
    """What is known where a sentence stands."""

    given: Section | None
    """The section that the text itself is known to be."""
    of_text: Modality | None
    modality: Modality | None
    """The one that was named last, if that of the text is not known."""
    section: Section | None = None
    is_bone: bool = True
    """False once another tissue or fluid is spoken of."""
    age_years: float | None = None


class Where(NamedTuple):
    """Of which day and place a sentence speaks."""

    day: Day | None
    sites: tuple[Site, ...]
    """What the whole text is about."""
    carried: tuple[Site, ...] = ()
    """What the sentence before spoke of."""
    is_alone: bool = False
    """Whether it is all of the text."""
    has_topic: bool = False
    """Whether it is said of something that is placed elsewhere."""


class Taken(NamedTuple):
    """A sentence taken apart, in its setting."""

    sentence: Sentence
    places: Places
    studies: Sequence[Found[Any]]
    setting: Setting
    after: Setting
    """The setting of what follows."""


class Said(NamedTuple):
    """An assertion, and whether it only says that many things at once are normal."""

    assertion: Assertion
    is_sweeping: bool = False

    @property
    def concept(self) -> ConceptId:
        """What it is about."""
        return ConceptId(self.assertion.about.codes[0].code)


class TextReader:
    """Reads texts with the phrases of one version of the knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Make the phrases and the names of bones ready."""
        self.site_lexicon = site_lexicon_of(knowledge)
        self._concepts = knowledge.concepts_by_id
        groups = {group.id: group for group in knowledge.text_groups}
        self.members = {
            name: frozenset(group.concepts)
            | {concept.id for concept in knowledge.concepts if concept.kind in group.kinds}
            for name, group in groups.items()
        }
        self._sited = self.members["sited"] - self.members["nowhere"]
        """What has a place."""
        self._tissue = {one.concept for one in knowledge.phrases if one.within == ("biopsy",)}
        self._measured_by: dict[str, set[str]] = {}
        for quantity in knowledge.quantities:
            for said in (*quantity.high, *quantity.low, *quantity.normal):
                self._measured_by.setdefault(said.removeprefix("-"), set()).add(quantity.id)
        cues = [(cue, way) for cue in knowledge.cues for way in cue.words.split("|")]
        named = {role: [way for cue, way in cues if cue.category == role] for role in _LISTED}
        self.between = frozenset(word for way in named["BETWEEN"] for word in words_of(way))
        self._ends = _ends(named["ABBREVIATION"])
        self._negations = {
            words[0]: cue
            for cue, way in cues
            if cue.role == NOT_BEFORE and len(words := words_of(way)) == 1
        }
        self._lexicon: Lexicon[Any] = Lexicon(*self._groups(knowledge))  # Any: as Meaning or study
        self._matters = self._lexicon.that(_matters)
        self._turning = self._lexicon.that(lambda meaning: _is(meaning, "ELSEWHERE"))
        self._normal_shown = {
            concept.modality: concept.means["normal"][0]
            for concept in reversed(knowledge.concepts)
            if concept.kind == "study" and "normal" in concept.means
        }
        self._normal = {
            shown for one in knowledge.concepts for shown in one.means.get("normal", ())
        }

    def _groups(
        self, knowledge: Knowledge
    ) -> Iterator[list[tuple[Pattern, Meaning | ConceptEntry]]]:
        """Give the phrases; then those told beside others, those of relatives, and the studies."""
        entries = list(_entries(knowledge, self.members["unread"]))
        beside = self.members["beside"]
        aside: list[tuple[Pattern, Meaning]] = []
        others: list[tuple[Pattern, Meaning]] = []
        for one in entries:
            (aside if getattr(one[1], "concept", "") in beside else others).append(one)
        yield [one for one in others if not _is(one[1], "REFERENCE")]
        yield [*aside, *(one for one in others if _is(one[1], "REFERENCE"))]
        yield [one for one in entries if _is_of_family(one[1])]
        yield [
            (pattern_of(_escaped(name), {}), concept)
            for concept in knowledge.concepts
            if concept.kind == "study"
            for name in concept.names
        ]

    def assertions(self, narrative: Narrative) -> Iterator[Assertion]:
        """Give what a text states, in order, as of its day and at the places that it is about.

        What is doubtful, asked, past or a relative's is told with its state. Drugs are told too.
        """
        found = list(self._undisputed(list(self._said(narrative))))
        for one in dict.fromkeys(found) if len(found) > 1 else found:
            yield msgspec.structs.replace(
                one,
                recorded=narrative.recorded
                or (narrative.day if one.day != narrative.day else None),
                resource=narrative.resource,
                where=narrative.where,
                final=narrative.final,
            )

    def denies(self, tokens: Sequence[str]) -> bool:
        """Whether a text begins by saying no, not or normal, or by doubting."""
        return any(
            isinstance(cue.meaning, CueEntry)
            and cue.start == 0
            and cue.meaning.role in (*BREAKING, "NORMAL")
            for cue in self._lexicon.found(tokens)
        )

    def _said(self, narrative: Narrative) -> Iterator[Said]:
        topic = f"{plain(narrative.topic.text)} ".lstrip()
        sentences, matters = self._parted(narrative.text, topic)
        if not matters:
            return
        setting = Setting(
            narrative.section,
            narrative.modality,
            narrative.modality,
            narrative.section,
            age_years=narrative.age_years,
        )
        where = Where(narrative.day, narrative.sites, (), len(sentences) == 1, bool(topic))
        read: dict[int, Taken] = {}
        upto = 0
        for n in matters:
            check()
            sentence = sentences[n]
            read[n] = taken = self._taken(sentence, setting)
            if any(self._lacks_place(one, taken) for one in taken.sentence.phrases):
                carried = where.carried
                for earlier in range(upto, n):
                    if earlier in read or self._turns(sentences[earlier]):
                        known = read.get(earlier) or self._taken(sentences[earlier], setting)
                        carried = known.places.carried(carried)
                where, upto = where._replace(carried=carried), n
            yield from self._told_by(sentence, setting, where)
            setting = taken.after

    @cached(most=2048)
    def _parted(self, text: str, topic: str) -> tuple[list[str], list[int]]:
        """Part a text into sentences; with them, which of them say something that matters."""
        text = plain(ticked(text))
        lower = text.casefold()
        text = text if len(lower) == len(text) else lower
        sentences = [topic + text[start:end] for start, end in _sentences(lower, self._ends)]
        matters = [
            n
            for n, sentence in enumerate(sentences)
            if not self._matters.isdisjoint(self._may_be(sentence)[1])
        ]
        return sentences, matters

    def _turns(self, sentence: str) -> bool:
        """Whether a sentence that says nothing may turn to another place."""
        names = (may_name_place(word, self.site_lexicon) for word in MARK.findall(sentence.lower()))
        return not self._turning.isdisjoint(self._may_be(sentence)[1]) or any(names)

    def _may_go_on(self, one: Found[PhraseEntry]) -> bool:
        """Whether a phrase takes the place of the sentence before, if it has none of its own."""
        concept = self._concepts.get(one.meaning.concept)
        return concept is not None and concept.kind == "image" and one.meaning.says == "present"

    def _lacks_place(self, one: Found[PhraseEntry], taken: Taken) -> bool:
        """Whether a phrase has no place of its own, and takes that of the sentence before."""
        is_sited = one.meaning.concept in self._sited
        return is_sited and self._may_go_on(one) and not taken.places.of(one)

    @cached(most=2048)
    def _told_by(self, text: str, setting: Setting, where: Where) -> tuple[Said, ...]:
        """Give what a sentence says."""
        taken = self._taken(text, setting)
        states = [state_of(one, taken.sentence) for one in taken.sentence.phrases]
        return (
            *self._named(taken, states, where),
            *self._measured(taken, where),
            *self._lasting(taken, states, where),
            *self._all_normal(taken, where),
        )

    @cached(most=8192)
    def _may_be(self, sentence: str) -> tuple[list[str], set[int]]:
        """Give the tokens of a sentence, and which phrases it has the words for."""
        tokens = tokens_of(sentence.casefold())
        return tokens, self._lexicon.may_be(different(tokens))

    @cached(most=2048)
    def _taken(self, text: str, setting: Setting) -> Taken:
        """Take a sentence apart: what it names in this setting, and the setting after it."""
        tokens, may_be = self._may_be(text)
        every = self._lexicon.every(tokens, may_be)
        studies = outermost(every[STUDIES]) if every[STUDIES] else []
        named = {study.meaning.modality for study in studies}
        if named and len(named - {None}) == 1 and setting.of_text is None:
            setting = setting._replace(modality=next(iter(named - {None})))
        section = setting.given or ("imaging" if setting.modality else None)
        here = setting if section == setting.section else setting._replace(section=section)
        sentence = self._apart(text, tokens, every, here)
        if setting.given is None and sentence.with_role("BIOPSY"):
            here = here._replace(section="biopsy")
            sentence = self._apart(text, tokens, every, here)
        if sentence.with_role("NOT_BONE"):
            here, setting = here._replace(is_bone=False), setting._replace(is_bone=False)
        if not here.is_bone or sentence.with_role("GENERAL") or sentence.with_role(MOSTLY_GENERAL):
            sentence = self._without_others(sentence, here)
        return Taken(sentence, Places(sentence, self.site_lexicon), studies, here, setting)

    def _apart(
        self,
        text: str,
        tokens: Sequence[str],
        every: Sequence[Sequence[Found[Any]]],
        here: Setting,
    ) -> Sentence:
        groups = [
            outermost(
                [
                    one
                    for one in group
                    if type(one.meaning) is not PhraseEntry or self._fits(one.meaning, here)
                ]
            )
            if group
            else group
            for group in every[:STUDIES]
        ]
        groups[1] = [one for one in groups[1] if not self._is_denied(one, groups[0])]
        found = [one for group in groups for one in group]
        said = {one.meaning.says for one in found if type(one.meaning) is PhraseEntry}
        if said <= {"present", "normal"} and not groups[FAMILIAL]:
            return sentence_of(text, tokens, found)
        found += [
            Found(self._negations[word], frozenset({one.start}), one.start, one.start + 1)
            for one in found
            if (_says(one, "absent") or one in groups[FAMILIAL])
            and (word := tokens[one.start]) in self._negations
        ]
        return sentence_of(text, tokens, _unmasked(found, tokens, self._negations))

    def _is_denied(self, one: Found[Any], others: Sequence[Found[Any]]) -> bool:
        """Whether a disease is named inside of a phrase that says no, or says nothing."""
        concept = self._concepts.get(getattr(one.meaning, "concept", ConceptId("")))
        return (
            concept is not None
            and concept.kind == "condition"
            and any(
                type(other.meaning) is PhraseEntry
                and other.meaning.says in ("absent", "nothing")
                and one.tokens & other.tokens
                and one.tokens != other.tokens
                for other in others
            )
        )

    def _fits(self, meaning: PhraseEntry, here: Setting) -> bool:
        """Whether a phrase can be meant here: an image shows no pain."""
        if meaning.within and here.section not in meaning.within:
            return False
        if meaning.modality and here.modality not in meaning.modality:
            return False
        if (meaning.from_years or meaning.until_years) and not _suits(meaning, here.age_years):
            return False
        concept = self._concepts.get(meaning.concept)
        if here.given is None or concept is None:
            return True
        if here.given == "imaging":
            return concept.kind in ("image", "study") or concept.id in self.members["imaged"]
        return concept.kind == "result" and concept.id not in self.members["before_labs"]

    def _without_others(self, sentence: Sentence, here: Setting) -> Sentence:
        """Leave out what is said of other tissue, and of a disease or of others than the child."""
        others = _others(sentence) if here.section else _others(sentence, MOSTLY_GENERAL)
        return msgspec.structs.replace(
            sentence,
            phrases=[
                one
                for one in sentence.phrases
                if (here.is_bone or one.meaning.concept not in self._tissue)
                and sentence.part_at[one.start] not in others
            ],
            quantities=[
                one for one in sentence.quantities if sentence.part_at[one.start] not in others
            ],
        )

    def _told(
        self,
        concept: ConceptId,
        state: State,
        taken: Taken,
        where: Where,
        sites: tuple[Site, ...] = (),
    ) -> Assertion:
        """Make an assertion, at its own places completed by those of the text."""
        kind = self._concepts[concept].kind
        if sites and where.sites != NOWHERE:
            sites = at_home(sites, where.sites, self.site_lexicon)
        if not sites:
            sites = where.sites if kind in ("image", "study") else NOWHERE
        return Assertion(
            about=Words(codes=(Code(OWN, concept),)),
            state=state,
            sites=NOWHERE if state == "family" else sites,
            modality=taken.setting.modality if kind == "image" else None,
            day=where.day,
            in_tissue=taken.setting.section == "biopsy",
            text=taken.sentence.plain[:LONGEST_TOLD],
            said=True,
        )

    def _named(self, taken: Taken, states: Sequence[State], where: Where) -> Iterator[Said]:
        """Give what the phrases of a sentence say."""
        sentence, found = taken.sentence, list[Said]()
        halves = self._halves(sentence, states)
        for one, state in zip(sentence.phrases, states, strict=True):
            if one.meaning.says in ("nothing", "normal"):
                continue
            if halves and any((one.meaning.concept, token) in halves for token in one.tokens):
                continue
            concept = self._concepts[one.meaning.concept]
            sites: tuple[Site, ...] = ()
            if concept.id in self._sited:
                sites = taken.places.of(one)
                if not sites and state == "present" and self._may_go_on(one):
                    sites = () if sentence.with_role("ELSEWHERE") else where.carried
            is_placed = sites or where.has_topic or where.sites != NOWHERE
            if one.meaning.place and not is_placed:
                continue
            many = one.meaning.says == "present" and concept.id in self.members["bones"]
            if many and _is_one_bone(sites):
                continue
            state = self._settled(state, one, concept)
            if one.meaning.form and state == "absent":
                continue
            is_list = state == "absent" and concept.combines and _is_list(one, sentence)
            for said in concept.combines if is_list else (concept.id,):
                told = self._told(said, state, taken, where, sites)
                found.append(Said(self._dated(told, one, sentence, where.day)))
        return _agreed(found)

    def _settled(self, state: State, one: Found[PhraseEntry], concept: ConceptEntry) -> State:
        """Give a state as this concept takes it: a history of some things is having them."""
        if state == "past" and concept.id in self.members["lasting"]:
            return "present"
        if state == "family" and concept.id in self.members["of_family"]:
            return "absent" if one.meaning.says == "absent" else "present"
        if state == "family" and one.meaning.says == "absent":
            return "uncertain"
        return state

    def _halves(self, sentence: Sentence, states: Sequence[State]) -> set[tuple[ConceptId, int]]:
        """Give what is named whole in the same words, and where: "lytic with a dense rim"."""
        return {
            (part, token)
            for one, state in zip(sentence.phrases, states, strict=True)
            if one.meaning.says == state == "present" and one.meaning.concept
            for part in self._concepts[one.meaning.concept].combines
            for token in one.tokens
        }

    def _dated(
        self, told: Assertion, one: Found[PhraseEntry], sentence: Sentence, day: Day | None
    ) -> Assertion:
        """Give an assertion its own day, if the clause says how long ago it was."""
        cues = sentence.with_role("TIME")
        if not cues:
            return told
        first, last = sentence.clause_of(one.start)
        start, end = sentence.parts[first].start, sentence.parts[last - 1].end
        for cue in cues:
            if start <= cue.start < end and (ago := _days_of(cue, sentence)) is not None:
                return msgspec.structs.replace(told, day=_counted_back(day, *ago))
        return told

    def _lasting(self, taken: Taken, states: Sequence[State], where: Where) -> Iterator[Said]:
        """Give since when the symptoms last: "for 4 months", "a 3-week history"."""
        if not (cues := taken.sentence.with_role("DURATION")):
            return
        symptoms = [
            (one, state)
            for one, state in zip(taken.sentence.phrases, states, strict=True)
            if self._is_symptom(one.meaning)
        ]
        for cue in cues:
            ago = _days_of(cue, taken.sentence)
            if not symptoms or ago is None:
                continue
            _, state = min(symptoms, key=lambda pair: _distance(pair[0], cue))
            day = began_on(where.day, *ago)
            if state == "present" and (day is not None or where.day is None):
                told = self._told(ONSET, "present", taken, where)
                yield Said(msgspec.structs.replace(told, day=day, onset=True))

    def _is_symptom(self, meaning: PhraseEntry) -> bool:
        concept = self._concepts.get(meaning.concept)
        return (
            concept is not None
            and meaning.says == "present"
            and concept.kind in ("symptom", "sign")
            and (concept.id in self.members["sited"] or concept.id in self.members["begins"])
        )

    def _all_normal(self, taken: Taken, where: Where) -> Iterator[Said]:
        """Give that a study is normal, only if the sentence says nothing else at all."""
        sentence, studies = taken.sentence, taken.studies
        normal = [one for one in sentence.phrases if one.meaning.says == "normal"]
        shown = self._normal_shown.get(taken.setting.modality)
        if (
            taken.setting.section != "imaging"
            or not shown
            or not normal
            or not (studies or where.is_alone)
        ):
            return
        if any(sentence.with_role(role) for role in ("ELSEWHERE", *DOUBTING)):
            return
        cues = [cue for role in ("BETWEEN", *LEVELS) for cue in sentence.with_role(role)]
        whole: list[Found[Any]] = [*normal, *studies, *cues]
        said = {at for one in whole for at in one.tokens}
        rest = " ".join(
            sentence.plain[slice(*sentence.spans[at])]
            for at, word in enumerate(sentence.tokens)
            if at not in said and word not in _READ
        )
        if any(one.kind in ("other", "not") for one in mentions_of(rest, self.site_lexicon)):
            return
        sites = sites_in(rest, self.site_lexicon) if rest else ()
        yield Said(self._told(shown, "present", taken, where, sites))

    def _measured(self, taken: Taken, where: Where) -> Iterator[Said]:
        """Give the laboratory values of a sentence: numbers, or what is only called high or low."""
        for one in taken.sentence.quantities:
            value = value_of(one, taken.sentence)
            if value is None:
                continue
            concept = self._concepts.get(ConceptId(one.meaning.id))
            if value.amount is not None:
                if concept is not None:
                    yield Said(_valued(self._told(concept.id, "present", taken, where), value, one))
            elif value.level is not None:
                for shown, state in meanings(one.meaning, value.level):
                    told = self._told(shown, state, taken, where)
                    yield Said(told, is_sweeping=concept is None and state == "absent")

    def _undisputed(self, found: Sequence[Said]) -> Iterator[Assertion]:
        """Leave out "normal" where the same text says more: "normal but for the ESR".

        What a report of tissue leaves open it does not deny: "few atypical cells; no tumour".
        """
        told = {one.concept for one in found if one.assertion.value is not None}
        told |= {one.concept for one in found if one.assertion.state != "absent"}
        seen = any(
            one.assertion.state in ("present", "uncertain")
            and one.concept not in self._normal
            and self._concepts[one.concept].kind == "image"
            for one in found
        )
        doubted = {one.concept for one in found if one.assertion.state == "uncertain"}
        doubted &= self._tissue
        for one in found:
            is_excepted = one.is_sweeping and not told.isdisjoint(
                {one.concept, *self._measured_by.get(one.concept, ())}
            )
            if is_excepted or (seen and one.concept in self._normal):
                continue
            if one.concept not in doubted or one.assertion.state != "absent":
                yield one.assertion


_LISTED = ("BETWEEN", "ABBREVIATION")


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
        if cue.category not in ("ABBREVIATION", "LATER"):
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


def _matters(meaning: Meaning | ConceptEntry) -> bool:
    """Whether a sentence with a phrase must be read: it says something, or tells what follows."""
    if isinstance(meaning, CueEntry):
        return meaning.category == "NOT_BONE"
    return not isinstance(meaning, PhraseEntry) or meaning.says != "nothing"


def _ends(abbreviations: Iterable[str]) -> re.Pattern[str]:
    """Give what ends a sentence; a point behind an abbreviation or a single letter ends none."""
    short = "".join(rf"(?<!\b{re.escape(word)})" for word in abbreviations)
    return re.compile(rf"(?=[.!?;\n])(?:(?:!|(?<=\S)\?|{short}(?<!\b[a-z])\.)\s+|\n+|;\s*)")


def _sentences(text: str, ends: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Part a folded text into sentences: where each begins and ends."""
    begun = 0
    for end in (*ends.finditer(text), None):
        stop = len(text) if end is None else end.start() + (text[end.start()] != "\n")
        for start in range(begun, stop, LONGEST_SENTENCE):
            last = min(start + LONGEST_SENTENCE, stop)
            if not text[start:last].isspace():
                yield start, last
        begun = stop if end is None else end.end()


def _agreed(found: Sequence[Said]) -> Iterator[Said]:
    """Doubt what one sentence calls both there and not there, at one and the same place."""
    said: dict[tuple[ConceptId, tuple[Site, ...]], set[State]] = {}
    for one in found if len(found) > 1 else ():
        said.setdefault((one.concept, one.assertion.sites), set()).add(one.assertion.state)
    for one in found:
        is_disputed = said and {"present", "absent"} <= said[one.concept, one.assertion.sites]
        if is_disputed and one.assertion.state in ("present", "absent"):
            one = Said(msgspec.structs.replace(one.assertion, state="uncertain"))
        yield one


def _suits(meaning: PhraseEntry, age_years: float | None) -> bool:
    """Whether a phrase means its concept of a child of this age."""
    if age_years is None:
        return meaning.until_years is None
    return meaning.from_years <= age_years < (meaning.until_years or inf)


def _others(sentence: Sentence, *more: str) -> range:
    """Give the parts from which on a disease is spoken of, or others than the child."""
    first = len(sentence.parts)
    subjects = [
        one for role in ("SUBJECT", "SUBJECT TERMINATE") for one in sentence.with_role(role)
    ]
    for cue in (cue for role in ("GENERAL", *more) for cue in sentence.with_role(role)):
        begun = sentence.clause_of(cue.start)[0]
        start = sentence.parts[begun].start
        if not any(start <= one.end <= cue.start for one in subjects):
            first = min(first, begun)
    return range(first, len(sentence.parts))


def _is_one_bone(sites: Sequence[Site]) -> bool:
    """Whether all is in one bone: many holes in one phalanx are not many bones."""
    return len({(site.bone, site.laterality) for site in sites if site.bone}) == 1 == len(sites)


def _is_list(one: Found[PhraseEntry], sentence: Sentence) -> bool:
    """Whether a phrase of two things denies each of them: "no lytic or sclerotic lesion"."""
    return any(sentence.tokens[at] in _OR for at in range(one.start, one.end))


def _is(meaning: object, category: str) -> bool:
    return isinstance(meaning, CueEntry) and meaning.category == category


def _is_of_family(meaning: object) -> bool:
    """Whether it says that a relative is meant, which a phrase around it does not unsay."""
    return (
        isinstance(meaning, CueEntry)
        and meaning.role == "FAMILY"
        and len(words_of(meaning.words)) > 1
    )


def _unmasked(
    found: Sequence[Found[Meaning]], tokens: Sequence[str], negations: Iterable[str]
) -> Iterator[Found[Meaning]]:
    """Leave out what is only part of what another phrase says.

    An absence in a longer name ("no lytic lesion with sclerotic rim"), and what rests on words that
    are denied as a whole ("lucency without sclerotic rim").
    """
    names = [one for one in found if _says(one, "present")]
    masks = [
        one.tokens for one in found if _says(one, "nothing") and tokens[one.start] in negations
    ]
    for one in found:
        if _says(one, "absent"):
            rest = one.tokens - {one.start}
            if any(rest < name.tokens and one.start not in name.tokens for name in names):
                continue
        if masks and _says(one, "present") and any(len(one.tokens & mask) > 1 for mask in masks):
            continue
        yield one


def _says(one: Found[Meaning], what: str) -> bool:
    return isinstance(one.meaning, PhraseEntry) and one.meaning.says == what


def _distance(one: Found[PhraseEntry], cue: Found[CueEntry]) -> int:
    return max(one.start - cue.end, cue.start - one.end)


def _days_of(cue: Found[CueEntry], sentence: Sentence) -> tuple[float, float] | None:
    """Give how many days a cue tells, and give or take how many: half of its unit."""
    words = [sentence.tokens[at] for at in sorted(cue.tokens)]
    number = next((word for word in words if word[0].isdecimal()), "")
    unit = next((_DAYS[word] for word in words if word in _DAYS), None)
    try:
        return None if unit is None else (float(number.replace(",", ".")) * unit, unit * HALF)
    except ValueError:
        return None


def _counted_back(day: Day | None, days: float, give_or_take: float) -> Day | None:
    """Give the day so long ago, as exactly as people count."""
    if day is None:
        return None
    try:
        back, about = timedelta(days=days), timedelta(days=min(give_or_take, days))
        return Day(day.earliest - back - about, day.latest - back + about)
    except OverflowError:
        return None


def began_on(day: Day | None, days: float, give_or_take: float) -> Day | None:
    """Give the day on which began what has lasted so many days, told in full units.

    "For a month" is a month or somewhat more, never less.
    """
    longer = min(give_or_take, days / FULL)
    first, last = (_counted_back(day, back, 0) for back in (days + longer, days))
    return Day(first.earliest, last.latest) if first and last else None


def _valued(told: Assertion, value: Value, one: Found[QuantityEntry]) -> Assertion:
    amount = value.amount
    if amount is not None and not amount.unit:
        amount = msgspec.structs.replace(amount, unit=one.meaning.assumed_unit)
    return msgspec.structs.replace(
        told, value=amount, level=value.level, intervals=value.intervals, sites=NOWHERE
    )
