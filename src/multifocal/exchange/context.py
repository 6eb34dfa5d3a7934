"""What a sentence says of each thing it names: there, not there, doubtful, past, or a relative's.

A negation reaches forward to the next stop. Over a list it reaches where the list is plainly one:
"no fever, rash or weight loss". Where it is not plain ("no fracture, soft-tissue mass") the thing
is doubtful and says nothing: an absence that nobody stated would be a false reassurance.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from multifocal.exchange.lexicon import Found, Token
from multifocal.knowledge.entries import CueEntry, PhraseEntry, QuantityEntry

State = Literal["present", "absent", "uncertain", "past", "family", "asked"]
Meaning = PhraseEntry | CueEntry | QuantityEntry
JOINTS = {
    ",": "comma",
    ".": "comma",
    "and": "and",
    "&": "and",
    "+": "and",
    "or": "or",
    "nor": "or",
    "/": "or",
    "with": "with",
    ":": "colon",
    "(": "bracket",
    ")": "bracket",
    ";": "stop",
}
"""Words and marks between the parts of a clause."""
FILLERS = frozenset({"any", "of", "in", "on", "at", "there", "be", "is", "are", "was", "were"})
LIST = 3
"""So many bare names in a row are a list, even without "or"."""
FAR = 7
"""A cue does not reach over more words than this within one part of a clause."""


class Part(NamedTuple):
    """Tokens between two joints, and the joint before them."""

    joint: str
    start: int
    end: int


class Sentence(msgspec.Struct, frozen=True):
    """A sentence taken apart."""

    text: str
    """As it was written."""
    folded: str
    tokens: tuple[Token, ...]
    phrases: tuple[Found[PhraseEntry], ...]
    cues: tuple[Found[CueEntry], ...]
    quantities: tuple[Found[QuantityEntry], ...]
    parts: tuple[Part, ...]

    def part_at(self, token: int) -> int:
        """Give which part a token stands in."""
        for place, part in enumerate(self.parts):
            if token < part.end:
                return place
        return len(self.parts) - 1

    def clause_of(self, token: int) -> tuple[int, int]:
        """Give the first part of the clause around a token, and the part after its last."""
        here = self.part_at(token)
        first = here
        while first and self.parts[first].joint != "stop":
            first -= 1
        last = here + 1
        while last < len(self.parts) and self.parts[last].joint != "stop":
            last += 1
        return first, last

    def with_role(self, *roles: str) -> Iterator[Found[CueEntry]]:
        """Give the cues of some roles, in order."""
        return (cue for cue in self.cues if cue.meaning.role in roles)


def parted(tokens: Sequence[Token], found: Iterable[Found[Meaning]]) -> tuple[Part, ...]:
    """Part a sentence at its joints, but not inside a phrase."""
    inside: set[int] = set()
    stops: dict[int, int] = {}
    for one in found:
        if isinstance(one.meaning, CueEntry):
            if one.meaning.role == "stop":
                stops[one.start] = one.end
            if one.meaning.role in ("stop", "elsewhere", "between"):
                continue
        inside |= set(range(one.start, one.end))
    parts: list[Part] = []
    joint, start = "stop", 0
    for at, token in enumerate(tokens):
        kind = "stop" if at in stops else JOINTS.get(token.word, "")
        if token.word == "-":
            kind = "stop"
        if not kind or (at in inside and at not in stops):
            continue
        if start < at:
            parts.append(Part(joint, start, at))
            joint = kind
        elif joint != "stop":
            joint = kind if joint in ("comma", "bracket", "") or kind == "stop" else joint
        start = stops.get(at, at + 1)
    if start < len(tokens) or not parts:
        parts.append(Part(joint, start, len(tokens)))
    return tuple(parts)


def state_of(one: Found[PhraseEntry], sentence: Sentence) -> State:
    """Tell what a sentence says of a phrase in it."""
    first, last = sentence.clause_of(one.start)
    start, end = sentence.parts[first].start, sentence.parts[last - 1].end
    broken = _broken(one, sentence) if one.meaning.says == "present" else _unsettled(one, sentence)
    if broken == "uncertain":
        return broken
    if _reached(one, sentence, "asked_before", start):
        return "asked"
    if _reached(one, sentence, "unsure_before", start) or _answered(one, sentence, "unsure_after"):
        return "uncertain"
    is_relatives = _is_of_relative(one, sentence, start, end)
    if one.meaning.says == "absent":
        return "family" if is_relatives else "absent"
    negated = broken or _negated(one, sentence, start)
    if negated is None and _answered(one, sentence, "not_after"):
        negated = "absent"
    if is_relatives:
        return "family" if negated is None else "uncertain"
    if negated is not None:
        return negated
    if _reached(one, sentence, "past_before", start, far=FAR) or _answered(
        one, sentence, "past_after"
    ):
        return "past"
    return "present"


def _unsettled(one: Found[PhraseEntry], sentence: Sentence) -> State | None:
    """Tell whether an absence is itself denied or doubted: "malignancy could not be excluded",
    "no osteoid osteoma".
    """
    if any(cue.end == one.start for cue in sentence.with_role("not_before")):
        return "uncertain"
    for cue in sentence.with_role("not_before", "not_after", "unsure_before", "unsure_after"):
        outside = cue.tokens - one.tokens
        if one.start < cue.start < one.end and outside:
            is_doubt = cue.meaning.role.startswith("unsure") or not cue.tokens & one.tokens
            if is_doubt:
                return "uncertain"
    return None


def _broken(one: Found[PhraseEntry], sentence: Sentence) -> State | None:
    """Tell what a negation or doubt between the words of a phrase makes of it; `None` if none is.

    "Film: no blasts" says that there are none; "lytic, without a rim, sclerotic" says neither.
    """
    for cue in sentence.with_role(
        "not_before", "not_after", "unsure_before", "unsure_after", "asked_before", "past_before"
    ):
        if not one.start < cue.start < one.end:
            continue
        if cue.meaning.role.endswith("_after") and cue.tokens & one.tokens:
            return "absent" if cue.meaning.role == "not_after" else "uncertain"
        if not cue.tokens & one.tokens:
            is_next = cue.end in one.tokens or cue.end + 1 in one.tokens
            comma = sentence.tokens[cue.end].word in JOINTS
            negates = cue.meaning.role == "not_before" and is_next and not comma
            return "absent" if negates else "uncertain"
    return None


def _reached(
    one: Found[PhraseEntry], sentence: Sentence, role: str, start: int, far: int = 2 * FAR
) -> bool:
    return any(
        start <= cue.start
        and cue.end <= one.start + 1
        and one.start - cue.end <= far
        and cue.start < one.start
        for cue in sentence.with_role(role)
    )


def _is_of_relative(one: Found[PhraseEntry], sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a relative is spoken of, not one who reports on the child."""
    if any(start <= cue.start < end for cue in sentence.with_role("family")):
        return True
    tellers = [cue.start for cue in sentence.with_role("teller")]
    for cue in sentence.with_role("relative"):
        if not start <= cue.start < end or cue.start in one.tokens:
            continue
        if not any(0 <= teller - cue.end <= 2 for teller in tellers):
            return True
    return False


def _negated(one: Found[PhraseEntry], sentence: Sentence, start: int) -> State | None:
    """Give what a negation before a phrase makes of it; `None` if none reaches it."""
    cue = None
    for earlier in sentence.with_role("not_before"):
        if start <= earlier.start < one.start:
            cue = earlier
    if cue is None:
        return None
    here, there = sentence.part_at(cue.end - 1), sentence.part_at(one.start)
    if here == there:
        return "absent" if one.start - cue.end <= FAR else "uncertain"
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
        around = {sentence.tokens[at].word for at in range(one.start - 1, one.end)}
        return "uncertain" if around & {"or", "nor"} else None
    bare = 1
    for n in range(here + 1, last):
        if sentence.parts[n].joint not in ("comma", "and", "or") or not _is_bare(n, sentence, cue):
            break
        bare += 1
    if bare >= LIST or (cue.meaning.spreads and between == ["and"]):
        return "absent"
    return "uncertain"


def _is_bare(place: int, sentence: Sentence, cue: Found[CueEntry]) -> bool:
    """Whether a part of a sentence names something and says nothing more about it."""
    part = sentence.parts[place]
    named: set[int] = set(cue.tokens)
    has_phrase = False
    for phrase in sentence.phrases:
        if part.start <= phrase.start < part.end:
            named |= phrase.tokens
            has_phrase = True
    return has_phrase and all(
        at in named or sentence.tokens[at].word in FILLERS for at in range(part.start, part.end)
    )


def _answered(one: Found[PhraseEntry], sentence: Sentence, role: str) -> bool:
    """Tell whether a cue behind a phrase, or behind the list that ends with it, speaks of it."""
    for cue in sentence.with_role(role):
        if cue.start < one.end - 1 or cue.tokens <= one.tokens:
            continue
        here, there = sentence.part_at(one.end - 1), sentence.part_at(cue.start)
        joints = {sentence.parts[n].joint for n in range(here + 1, there + 1)}
        if here == there and cue.start - one.end <= FAR:
            if not _other_between(one, cue, sentence):
                return True
        elif (
            joints <= {"bracket", "colon"}
            and there - here == 1
            and cue.start == sentence.parts[there].start
        ):
            return True
        elif joints and joints <= {"and", "or"} and not _other_than_list(here, there, sentence):
            return True
    return False


def _other_between(one: Found[PhraseEntry], cue: Found[CueEntry], sentence: Sentence) -> bool:
    return any(
        one.end <= other.start
        and other.end <= cue.start
        and other.meaning.concept != one.meaning.concept
        for other in sentence.phrases
    )


def _other_than_list(here: int, there: int, sentence: Sentence) -> bool:
    """Whether the parts from here to before there hold anything but names in a list."""
    for n in range(here, there):
        part = sentence.parts[n]
        named = {t for phrase in sentence.phrases for t in phrase.tokens}
        if any(
            at not in named and sentence.tokens[at].word not in FILLERS
            for at in range(part.start, part.end)
        ):
            return True
    return not any(
        sentence.parts[there].start <= phrase.start < sentence.parts[there].end
        for phrase in sentence.phrases
    )
