"""What a sentence says of each thing it names: there, not there, doubtful, past, or a relative's.

A negation reaches forward to the next stop. Over a list it reaches where the list is plainly one:
"no fever, rash or weight loss". Where it is not plain ("no fracture, soft-tissue mass") the thing
is doubtful and says nothing: an absence that nobody stated would be a false reassurance.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from multifocal.exchange.assertions import State
from multifocal.exchange.lexicon import SPAN, Found, spans_of
from multifocal.knowledge.entries import CueEntry, PhraseEntry, QuantityEntry

Meaning = PhraseEntry | CueEntry | QuantityEntry
NOT_BEFORE, NOT_AFTER = "NEGATED_EXISTENCE FORWARD", "NEGATED_EXISTENCE BACKWARD"
DOUBT_BEFORE, DOUBT_AFTER = "POSSIBLE_EXISTENCE FORWARD", "POSSIBLE_EXISTENCE BACKWARD"
PAST_BEFORE, PAST_AFTER = "HISTORICAL FORWARD", "HISTORICAL BACKWARD"
ASKED_BEFORE = "HYPOTHETICAL FORWARD"
"""Roles: category and direction of a cue, in the words of ConText (pyConText, medspaCy)."""
DOUBTING = (DOUBT_BEFORE, DOUBT_AFTER, ASKED_BEFORE, PAST_BEFORE)
BREAKING = (NOT_BEFORE, NOT_AFTER, *DOUBTING)
JOINTS = {
    **dict.fromkeys((",", "."), "comma"),
    **dict.fromkeys(("and", "&", "+"), "and"),
    **dict.fromkeys(("or", "nor", "/"), "or"),
    **dict.fromkeys(("(", ")"), "bracket"),
    **dict.fromkeys((";", "-"), "stop"),
    "with": "with",
    ":": "colon",
}
"""Words and marks between the parts of a clause."""
FILLERS = frozenset({"any", "of", "in", "on", "at", "there", "be", "is", "are", "was", "were"})
PLURALS = frozenset({"were", "are", "have"})
HAVING = frozenset({"has", "had", "have", "show", "showed", "is", "was", "are", "were"})
NAME = 2
"""Words of a name that is none of ours."""
LIST = 3
"""So many bare names in a row are a list, even without "or"."""
FAR = 7
"""A cue does not reach over more words than this within one part of a clause; a doubt, twice."""
CONTEXT = frozenset((*BREAKING, PAST_AFTER, "FAMILY", "RELATIVE"))
"""Cues that change what is said of a phrase."""
OPEN = frozenset({"CONJ", "SUBJECT", "ELSEWHERE", "BETWEEN"})
"""Cues that a joint can stand in."""


class Part(NamedTuple):
    """Tokens between two joints, and the joint before them."""

    joint: str
    start: int
    end: int


class Sentence(msgspec.Struct, frozen=True, dict=True, eq=False):
    """A sentence taken apart."""

    plain: str
    """As it was written, but for accents and dashes."""
    tokens: Sequence[str]
    phrases: Sequence[Found[PhraseEntry]]
    quantities: Sequence[Found[QuantityEntry]]
    cues: Mapping[str, Sequence[Found[CueEntry]]]
    parts: Sequence[Part]

    @cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        """Where each token begins and ends."""
        return spans_of(self.plain)

    @cached_property
    def part_at(self) -> Sequence[int]:
        """For each token the part in which it stands, or that it ends."""
        ends = [0, *(part.end for part in self.parts[:-1]), len(self.tokens)]
        return [n for n, (start, end) in enumerate(pairwise(ends)) for _ in range(start, end)]

    @cached_property
    def named(self) -> frozenset[int]:
        """The tokens of all phrases."""
        return frozenset(token for one in self.phrases for token in one.tokens)

    @cached_property
    def speaking(self) -> frozenset[int]:
        """The parts in which a phrase begins."""
        return frozenset(self.part_at[one.start] for one in self.phrases)

    def clause_of(self, token: int) -> tuple[int, int]:
        """Give the first part of the clause around a token, and the part after its last."""
        first = self.part_at[token]
        last = first + 1
        while first and self.parts[first].joint != "stop":
            first -= 1
        while last < len(self.parts) and self.parts[last].joint != "stop":
            last += 1
        return first, last

    def with_role(self, role: str) -> Sequence[Found[CueEntry]]:
        """Give the cues of a role, in order."""
        return self.cues.get(role, ())

    def inside(self, one: Found[PhraseEntry], roles: Iterable[str]) -> list[Found[CueEntry]]:
        """Give the cues of some roles that begin between the words of a phrase, in order."""
        found = [
            cue
            for role in roles
            for cue in self.cues.get(role, ())
            if one.start < cue.start < one.end
        ]
        return sorted(found, key=lambda cue: cue.start)


def sentence_of(plain: str, tokens: Sequence[str], found: Iterable[Found[Meaning]]) -> Sentence:
    """Take a sentence apart by what was found in it."""
    phrases: list[Found[Any]] = []  # Any: each is sorted by what it means
    quantities: list[Found[Any]] = []
    cues: dict[str, list[Found[Any]]] = {}
    whole: list[tuple[int, int]] = []
    stops: dict[int, int] = {}
    for one in sorted(found, key=SPAN):
        meaning, _, start, end = one
        if isinstance(meaning, CueEntry):
            cues.setdefault(meaning.role, []).append(one)
            if meaning.direction == "TERMINATE":
                stops[start] = end
            if meaning.category in OPEN:
                continue
        elif isinstance(meaning, PhraseEntry):
            phrases.append(one)
        else:
            quantities.append(one)
        if end - start > 1:
            whole.append((start, end))
    return Sentence(plain, tokens, phrases, quantities, cues, _parted(tokens, whole, stops))


def _parted(
    tokens: Sequence[str], whole: Sequence[tuple[int, int]], stops: Mapping[int, int]
) -> list[Part]:
    """Part a sentence at its joints, but not inside what is whole."""
    parts: list[Part] = []
    inside = {at for start, end in whole for at in range(start, end)}
    joint, start = "stop", 0
    for at, word in enumerate(tokens):
        kind = "stop" if at in stops else JOINTS.get(word)
        if kind is None or (at in inside and at not in stops):
            continue
        if start < at:
            parts.append(Part(joint, start, at))
            joint = kind
        elif joint != "stop":
            joint = kind if joint in ("comma", "bracket", "") or kind == "stop" else joint
        start = stops.get(at, at + 1)
    if start < len(tokens) or not parts:
        parts.append(Part(joint, start, len(tokens)))
    return parts


def state_of(one: Found[PhraseEntry], sentence: Sentence) -> State:
    """Tell what a sentence says of a phrase in it."""
    if one.meaning.says == "uncertain":
        return "uncertain"
    if CONTEXT.isdisjoint(sentence.cues):
        return "present" if one.meaning.says == "present" else "absent"
    first, last = sentence.clause_of(one.start)
    start, end = sentence.parts[first].start, sentence.parts[last - 1].end
    broken = _broken(one, sentence) if one.meaning.says == "present" else _unsettled(one, sentence)
    if broken == "uncertain":
        return broken
    if _reached(one, sentence, ASKED_BEFORE, start):
        return "asked"
    if _reached(one, sentence, DOUBT_BEFORE, start) or _answered(one, sentence, DOUBT_AFTER):
        return "uncertain"
    is_relatives = _is_of_relative(one, sentence, start, end)
    if one.meaning.says == "absent":
        return "family" if is_relatives else "absent"
    negated = broken or _negated(one, sentence, start)
    if negated is None and _answered(one, sentence, NOT_AFTER):
        negated = "absent"
    if is_relatives:
        return "family" if negated is None else "uncertain"
    if negated is not None:
        return negated
    if _reached(one, sentence, PAST_BEFORE, start) or _answered(one, sentence, PAST_AFTER):
        return "past"
    return "present"


def _unsettled(one: Found[PhraseEntry], sentence: Sentence) -> State | None:
    """Tell whether an absence is itself denied or doubted: "malignancy could not be excluded",
    "no osteoid osteoma".
    """
    if any(cue.end == one.start for cue in sentence.with_role(NOT_BEFORE)):
        return "uncertain"
    for cue in sentence.inside(one, (NOT_BEFORE, NOT_AFTER, DOUBT_BEFORE, DOUBT_AFTER)):
        is_doubt = cue.meaning.category == "POSSIBLE_EXISTENCE" or not cue.tokens & one.tokens
        if is_doubt and cue.tokens - one.tokens:
            return "uncertain"
    return None


def _broken(one: Found[PhraseEntry], sentence: Sentence) -> State | None:
    """Tell what a negation or doubt between the words of a phrase makes of it; `None` if none is.

    "Film: no blasts" says that there are none; "lytic, without a rim, sclerotic" says neither.
    """
    for cue in sentence.inside(one, BREAKING):
        is_shared = bool(cue.tokens & one.tokens)
        negates = cue.meaning.category == "NEGATED_EXISTENCE"
        if is_shared and cue.meaning.direction == "BACKWARD":
            return "absent" if negates else "uncertain"
        if not is_shared:
            is_next = cue.end in one.tokens or cue.end + 1 in one.tokens
            before = negates and cue.meaning.direction == "FORWARD" and is_next
            return "absent" if before and sentence.tokens[cue.end] not in JOINTS else "uncertain"
    return None


def _reached(one: Found[PhraseEntry], sentence: Sentence, role: str, start: int) -> bool:
    return any(
        start <= cue.start < one.start
        and cue.end <= one.start + 1
        and one.start - cue.end <= (cue.meaning.max_scope or 2 * FAR)
        for cue in sentence.with_role(role)
    )


def _is_of_relative(one: Found[PhraseEntry], sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a relative is spoken of, not one who reports on the child."""
    if any(start <= cue.start < end for cue in sentence.with_role("FAMILY")):
        return True
    tellers = [cue.start for cue in sentence.with_role("TELLER")]
    for cue in sentence.with_role("RELATIVE"):
        if not start <= cue.start < end or cue.start in one.tokens:
            continue
        if not any(0 <= teller - cue.end <= 2 for teller in tellers):
            return True
    return False


def _negated(one: Found[PhraseEntry], sentence: Sentence, start: int) -> State | None:
    """Give what a negation before a phrase makes of it; `None` if none reaches it."""
    cue = None
    for earlier in sentence.with_role(NOT_BEFORE):
        if start <= earlier.start < one.start:
            cue = earlier
    if cue is None:
        return None
    here, there = sentence.part_at[cue.end - 1], sentence.part_at[one.start]
    if here == there:
        return "absent" if one.start - cue.end <= (cue.meaning.max_scope or FAR) else "uncertain"
    between = [sentence.parts[n].joint for n in range(here + 1, there + 1)]
    if "colon" in between or "bracket" in between:
        return None
    if "with" in between:
        return "uncertain"
    return _listed(one, sentence, cue, here, there, between)


def _listed(
    one: Found[PhraseEntry],
    sentence: Sentence,
    cue: Found[CueEntry],
    here: int,
    there: int,
    between: Sequence[str],
) -> State | None:
    """Tell whether a negation reaches a phrase in a later part: whether the parts are one list."""
    _, last = sentence.clause_of(one.start)
    if between[-1] == "or":
        return "absent"
    later = [sentence.parts[n].joint for n in range(there + 1, last)]
    ends = next((joint for joint in later if joint != "comma"), "")
    if set(between) == {"comma"} and ends == "or" and _is_bare(there, sentence, cue):
        return "absent"
    if not _is_bare(there, sentence, cue):
        around = {sentence.tokens[at] for at in range(one.start - 1, one.end)}
        return "uncertain" if around & {"or", "nor"} else None
    bare = 1
    for n in range(here + 1, last):
        if sentence.parts[n].joint not in ("comma", "and", "or") or not _is_bare(n, sentence, cue):
            break
        bare += 1
    if bare >= LIST or (cue.meaning.spreads and between == ["and"]):
        return "absent"
    return "uncertain"


def _is_bare(place: int, sentence: Sentence, cue: Found[CueEntry] | None = None) -> bool:
    """Whether a part of a sentence names something and says nothing more about it."""
    _, start, end = sentence.parts[place]
    passed = sentence.named | cue.tokens if cue is not None else sentence.named
    return place in sentence.speaking and all(
        at in passed or sentence.tokens[at] in FILLERS for at in range(start, end)
    )


def _answered(one: Found[PhraseEntry], sentence: Sentence, role: str) -> bool:
    """Tell whether a cue behind a phrase, or behind the list that ends with it, speaks of it."""
    here = sentence.part_at[one.end - 1]
    for cue in sentence.with_role(role):
        if cue.start < one.end - 1 or cue.tokens <= one.tokens:
            continue
        there = sentence.part_at[cue.start]
        joints = {sentence.parts[n].joint for n in range(here + 1, there + 1)}
        part = sentence.parts[there]
        if here == there and cue.start - one.end <= (cue.meaning.max_scope or FAR):
            if not _other_between(one, cue, sentence):
                return True
        elif there - here == 1 and cue.start == part.start and joints <= {"bracket", "colon"}:
            return True
        elif joints == {"comma"} and there - here == 1 and role != PAST_AFTER:
            if len(cue.tokens) == part.end - part.start:
                return True
        elif joints and joints <= {"and", "or"} and _is_list(here, there, cue, sentence):
            return True
    return False


def _other_between(one: Found[PhraseEntry], cue: Found[CueEntry], sentence: Sentence) -> bool:
    return any(
        one.end <= other.start
        and other.end <= cue.start
        and other.meaning.concept != one.meaning.concept
        for other in sentence.phrases
    )


def _is_list(here: int, there: int, cue: Found[CueEntry], sentence: Sentence) -> bool:
    """Whether the parts from here to before there hold only names, and that one names too.

    "Leukaemia and infection were excluded" names two, whether or not we know the second; "she has
    fever and drugs were not given" does not.
    """
    first = sentence.parts[here].start
    if first and sentence.tokens[first - 1] in HAVING:
        return False
    others = cue.start - sentence.parts[there].start
    is_plural = sentence.tokens[cue.start] in PLURALS and 0 < others <= NAME
    return (is_plural or there in sentence.speaking) and all(
        at in sentence.named or sentence.tokens[at] in FILLERS
        for n in range(here, there)
        for at in range(sentence.parts[n].start, sentence.parts[n].end)
    )
