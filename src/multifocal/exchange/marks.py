"""A text about places as marks: what each run of words stands for, numbers joined to their bones.

"Third and fourth metacarpals of the right hand" becomes *metacarpal_3*, *metacarpal_4*, *right*,
*hand*. Which side belongs to which place is not decided here.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from multifocal.exchange.atlas import Atlas, Option, Phrase, Token, tokens
from multifocal.model.anatomy import RegionId

Kind = Literal["place", "number", "side", "detail", "joint", "not", "sequence", "unit", "other"]
LONGEST_RANGE = 12
MOST_SHARED_WORDS = 3
EMPTY = Phrase()
DIGITS = {"digit", "digit_assumed", "digit_number"}


class Mark(NamedTuple):
    """One run of words of a text.

    ``value`` is the side, part, end or kind of joint. ``options`` are the bones that a place can
    be, once its number is known; ``within`` the fingers or toes that the number came from.
    """

    kind: Kind
    phrase: Phrase = EMPTY
    value: str = ""
    number: int | None = None
    ordinal: bool = False
    plural: bool = False
    after_of: bool = False
    shares: bool = False
    """Whether it is short for a name whose numbers are its own as well."""
    options: tuple[Option, ...] = ()
    within: RegionId | None = None
    assumed: bool = False
    """Whether ``within`` is only what such a word usually means."""

    @property
    def role(self) -> str:
        """The role of the word, if it is one that texts use around names."""
        return self.phrase.word.role if self.phrase.word is not None else ""

    @property
    def is_digit(self) -> bool:
        """Whether it is a finger or toe, or a word that makes one with a number."""
        return self.role in DIGITS

    @property
    def counts(self) -> bool:
        """Whether it is a number, or a finger or toe whose number is known."""
        return self.kind == "number" or (self.is_digit and self.number is not None)

    def wants(self, *, digits: bool) -> bool:
        """Whether it needs a number: to be a finger or toe, or else to be a bone."""
        if digits:
            return self.is_digit and self.number is None
        return bool(self.phrase.series) and not self.options and self.number is None


def marks_of(text: str, atlas: Atlas) -> list[Mark]:
    """Give the marks of a text in order, every number joined to the name it belongs to."""
    marks = _checked(list(_scan(text, atlas)), atlas)
    marks = _spelled_out(marks, atlas)
    return _numbered(_numbered(marks, digits=True), digits=False)


def _scan(text: str, atlas: Atlas) -> Iterator[Mark]:
    found = list(tokens(text, atlas))
    at = 0
    before = Mark("other")
    while at < len(found):
        if found[at].text == ".":
            taken, mark = 1, Mark("joint", value="stop") if _ends(before) else None
        elif found[at].text == "-" and not _is_dash(found, at, before, atlas):
            taken, mark = 1, None
        else:
            taken, mark = _mark_at(found, at, atlas)
        if mark is not None:
            yield mark
            before = mark
        at += taken


def _ends(mark: Mark) -> bool:
    """Tell a full stop from the point of "dig." and "prox."."""
    return mark.phrase.is_place and not (mark.wants(digits=True) or mark.wants(digits=False))


def _is_dash(found: Sequence[Token], at: int, before: Mark, atlas: Atlas) -> bool:
    """Tell the dash of "C5-C7" and of "left hand - swollen" from the hyphen of "mid-shaft"."""
    later = found[at + 1 : at + 3]
    if not later or not (found[at].tight and later[0].tight):
        return True
    entry = atlas.words.get(later[0].text)
    counting = entry is not None and entry.role in {"ordinal", "roman"}
    counted = later[-1].number is not None and later[-1].tight
    follows = later[0].number is not None or counting or counted
    return follows and (before.kind == "number" or before.phrase.counted is not None)


def _mark_at(found: Sequence[Token], at: int, atlas: Atlas) -> tuple[int, Mark | None]:
    """Give the longest name that starts here, as how many tokens it takes and its mark."""
    token = found[at]
    window = found[at : at + 2 * atlas.longest]
    if len(window) > 1 and window[1].number is not None and window[1].tight:
        merged = [token._replace(text=token.text + window[1].text), *window[2:]]
        hit = _lookup(merged, atlas)
        if hit is not None and hit[1].kind == "place" and token.number is None:
            return hit[0] + 1, hit[1]
    hit = _lookup(window, atlas)
    if (hit is None or hit[0] == 1) and (shared := _shared(found, at, atlas)) is not None:
        return 1, shared
    if hit is not None:
        return hit
    if token.number is not None:
        return _number(window, atlas)
    return 1, Mark("other") if token.text.isalnum() else None


def _lookup(window: Sequence[Token], atlas: Atlas) -> tuple[int, Mark] | None:
    words: list[str] = []
    best: tuple[int, Mark] | None = None
    for taken, token in enumerate(window, start=1):
        if token.text == "-" and words and token.tight:
            continue
        words.append(token.text)
        if len(words) > atlas.longest:
            break
        phrase = atlas.phrases.get(tuple(words))
        if phrase is not None:
            best = taken, _mark(phrase, window[0], plural=token.plural)
    return best


def _mark(phrase: Phrase, first: Token, *, plural: bool) -> Mark:
    word = phrase.word
    blank = Mark("other", phrase, plural=plural, after_of=first.after_of)
    if word is None:
        return blank._replace(kind="place")
    match word.role:
        case "digit" | "digit_assumed" | "digit_number":
            region, _, digit = word.value.partition(" ")
            return blank._replace(
                kind="place",
                number=int(digit) if digit else None,
                within=RegionId(region),
                assumed=word.role == "digit_assumed",
            )
        case _ if phrase.is_place:
            return blank._replace(kind="place")
        case "side" | "side_letter" | "side_after":
            return blank._replace(kind="side", value=word.value)
        case "ordinal" | "cardinal" | "roman":
            is_ordinal = word.role == "ordinal"
            return blank._replace(kind="number", number=int(word.value), ordinal=is_ordinal)
        case "part" | "end":
            return blank._replace(kind="detail", value=word.value)
        case "joint" | "not" | "sequence" | "unit":
            return blank._replace(kind=word.role, value=word.value)
        case _:
            return blank


def _number(window: Sequence[Token], atlas: Atlas) -> tuple[int, Mark]:
    """Read digits, with what makes them an ordinal: "3rd", "3."."""
    mark = Mark("number", number=window[0].number, after_of=window[0].after_of)
    if len(window) == 1:
        return 1, mark
    word = atlas.words.get(window[1].text)
    if word is not None and word.role == "ordinal_suffix":
        is_suffix = window[1].tight or len(word.word) > 1
        return 1 + is_suffix, mark._replace(ordinal=is_suffix)
    if window[1].text != "." or not window[1].tight:
        return 1, mark
    if len(window) > 2 and window[2].tight and window[2].text.isdecimal():
        return 3, Mark("other")
    return 2, mark._replace(ordinal=True)


def _shared(found: Sequence[Token], at: int, atlas: Atlas) -> Mark | None:
    """Read "proximal" in "proximal, middle and distal phalanx" as the name that it is short for."""
    for step in range(1, MOST_SHARED_WORDS + 1):
        joint, head = at + 2 * step - 1, at + 2 * step
        if head >= len(found) or _role(found[joint], atlas) != "joint":
            return None
        hit = _lookup(found[head : head + 2 * atlas.longest], atlas)
        if hit is not None and hit[0] > 1:
            tail = [token.text for token in found[head + 1 : head + hit[0]]]
            phrase = atlas.phrases.get((found[at].text, *tail))
            if phrase is None or not phrase.is_place:
                return None
            return _mark(phrase, found[at], plural=hit[1].plural)._replace(shares=True)
    return None


def _role(token: Token, atlas: Atlas) -> str:
    word = atlas.words.get(token.text)
    return word.role if word is not None else ""


def _checked(marks: Sequence[Mark], atlas: Atlas) -> list[Mark]:
    """Give the marks again, those that mean something only beside others as what they are here."""
    vertebrae = _vertebrae(marks, atlas)
    checked: list[Mark] = []
    for at, mark in enumerate(marks):
        before = marks[at - 1] if at else None
        after = marks[at + 1] if at + 1 < len(marks) else None
        if mark.role == "ambiguous":
            checked.append(mark if at in vertebrae else Mark("other"))
        elif not _holds(mark, before, after, atlas):
            checked.append(Mark("other"))
        elif mark.role == "adjective":
            checked.append(_adjective(mark, after, atlas))
        else:
            checked.append(mark)
    return checked


def _holds(mark: Mark, before: Mark | None, after: Mark | None, atlas: Atlas) -> bool:
    """Whether a mark that could mean something else means what it says here."""
    match mark.role:
        case "side_letter":
            at_end = after is None and before is not None and before.value == "comma"
            return _is_beside(before) or _is_beside(after) or at_end
        case "side_after":
            return _is_beside(before) and (after is None or after.value != "colon")
        case "side" if mark.phrase.word is not None and mark.phrase.word.word == "both":
            return after is None or after.kind != "detail" or not after.plural
        case _ if mark.kind == "number" and not mark.ordinal:
            return after is None or after.kind != "unit"
        case _ if mark.phrase.counted is not None:
            letter = atlas.words.get(mark.phrase.counted[0])
            is_side = letter is not None and letter.role == "side_letter"
            return not (is_side and after is not None and after.wants(digits=False))
        case _:
            return True


def _is_beside(mark: Mark | None) -> bool:
    return mark is not None and mark.kind in {"place", "number", "detail"}


def _vertebrae(marks: Sequence[Mark], atlas: Atlas) -> set[int]:
    """Tell T1 and C3 the vertebrae from T1 of an MRI and C3 of blood: by what stands beside them.

    In a list they are told together: "T1 and T2 vertebrae", "C3-C5".
    """
    vertebrae: set[int] = set()
    start = 0
    while start < len(marks):
        end = start
        while end < len(marks) and (marks[end].phrase.counted or marks[end].kind == "joint"):
            end += 1
        run = [n for n in range(start, end) if marks[n].role == "ambiguous"]
        if run and _are_vertebrae(marks, start, end, marks[run[0]], atlas):
            vertebrae |= set(run)
        start = max(end, start + 1)
    return vertebrae


def _are_vertebrae(
    marks: Sequence[Mark], start: int, end: int, example: Mark, atlas: Atlas
) -> bool:
    after = marks[end] if end < len(marks) else None
    if after is not None and after.kind == "sequence":
        return False
    while start and marks[start - 1].kind == "side":
        start -= 1
    while end < len(marks) and marks[end].kind == "side":
        end += 1
    before = marks[start - 1] if start else None
    after = marks[end] if end < len(marks) else None
    sure = any(m.phrase.counted and m.role != example.role for m in marks[start:end])
    limb = atlas.limb(example.phrase.bones[0].bone)
    beside = any(limb in _limbs(m, atlas) for m in (before, after) if m is not None)
    return sure or beside or (before is None and after is None)


def _limbs(mark: Mark, atlas: Atlas) -> set[RegionId | None]:
    places: list[str] = [option.bone for option in mark.phrase.bones]
    places += [mark.phrase.region] if mark.phrase.region is not None else []
    return {atlas.limb(place) for place in places}


def _adjective(mark: Mark, after: Mark | None, atlas: Atlas) -> Mark:
    """Read "femoral" before a part or a landmark of the femur as the femur."""
    bone = atlas.bones.get(mark.phrase.word.value if mark.phrase.word is not None else "")
    if bone is None or after is None:
        return Mark("other")
    of = {bone.id, bone.region}
    if after.kind == "detail" or any(spot.of in of for spot in after.phrase.landmarks):
        return mark._replace(kind="place", options=(Option(bone.id),))
    return Mark("other")


def _spelled_out(marks: Sequence[Mark], atlas: Atlas) -> list[Mark]:
    """Give every vertebra of "C5-7", "L3/4" and "T12 to L2"."""
    spelled: list[Mark] = []
    for at, mark in enumerate(marks):
        before = spelled[-2] if len(spelled) > 1 else None
        if before is None or before.phrase.counted is None or not _continues(spelled[-1]):
            spelled.append(mark)
            continue
        last = mark
        if mark.kind == "number" and not mark.ordinal and not _named_after(marks, at):
            known = atlas.counted.get((before.phrase.counted[0], mark.number or 0))
            last = Mark("place", known) if known is not None else mark
        if last.phrase.counted is not None and spelled[-1].value == "range":
            for bone in _between(before, last, atlas):
                spelled[-1:] = [Mark("joint", value="and"), bone, Mark("joint", value="and")]
        spelled.append(last)
    return spelled


def _continues(joint: Mark) -> bool:
    return joint.kind == "joint" and joint.value in {"range", "slash"}


def _named_after(marks: Sequence[Mark], at: int) -> bool:
    return at + 1 < len(marks) and marks[at + 1].wants(digits=False)


def _between(first: Mark, last: Mark, atlas: Atlas) -> list[Mark]:
    order = list(atlas.bones)
    low, high = (order.index(mark.phrase.bones[0].bone) for mark in (first, last))
    bones = order[low + 1 : high] if high - low <= LONGEST_RANGE else []
    return [Mark("place", options=(Option(atlas.bones[bone].id),)) for bone in bones]


def _numbered(marks: Sequence[Mark], *, digits: bool) -> list[Mark]:
    """Put each name that numbers belong to in the place of its numbers.

    First for fingers and toes, so that "third finger" is one number for "proximal phalanx".
    """
    replaced: dict[int, list[Mark]] = {}
    taken: set[int] = set()
    for at, name in enumerate(marks):
        if not name.wants(digits=digits):
            continue
        group = _group(marks, at, taken, digits=digits)
        numbers = [n for n in group if marks[n].counts]
        if not numbers:
            continue
        replaced[at] = []
        if not name.shares:
            taken |= set(group)
        for n, values in _values(marks, group):
            new = [_joined(name, marks[n], value) for value in values]
            replaced[n] = replaced.get(n, []) + new
        sided = any(marks[n].kind == "side" for n in range(numbers[0], numbers[-1]))
        for n in group:
            if marks[n].kind == "joint" and (not sided or marks[n].value == "range"):
                replaced[n] = []
        if name.shares:
            replaced[at + 1] = []
    return [new for at, mark in enumerate(marks) for new in replaced.get(at, [mark])]


def _group(marks: Sequence[Mark], at: int, taken: set[int], *, digits: bool) -> list[int]:
    """Give the places of the numbers that belong to a name, and of the joints between them."""
    name = marks[at]
    first = last = at
    while first > 1 and marks[first - 1].kind == "joint" and marks[first - 2].shares:
        first -= 2
    while last + 2 < len(marks) and marks[last].shares:
        last += 2
    before = [] if name.after_of else _beside(marks, first, -1, taken, digits=digits)[::-1]
    if before and not _is_count(name, [marks[n] for n in before], ranges=True):
        return before
    after = _beside(marks, last, 1, taken, digits=digits)
    if after and not _is_count(name, [marks[n] for n in after], ranges=False):
        return after
    return [] if digits else _apart(marks, first, taken)


def _apart(marks: Sequence[Mark], at: int, taken: set[int]) -> list[int]:
    """Give the finger or toe that a comma parts from its bone: "index finger, middle phalanx"."""
    n = at - 1
    while n >= 0 and (marks[n].kind == "side" or marks[n].value == "comma"):
        n = _skipped(marks, n - 1, -1)
    return [n] if 0 <= n and n not in taken and marks[n].is_digit and marks[n].counts else []


def _beside(
    marks: Sequence[Mark], at: int, step: Literal[1, -1], taken: set[int], *, digits: bool
) -> list[int]:
    """Give the numbers and joints on one side of a name, the nearest first."""
    n = _skipped(marks, at + step, step)
    if step == 1 and n < len(marks) and marks[n].kind == "joint" and marks[n].value == "comma":
        n = _skipped(marks, n + 1, step)
    group: list[int] = []
    while 0 <= n < len(marks) and n not in taken and _usable(marks, n, step, digits=digits):
        group.append(n)
        joint = n + step
        while 0 <= joint < len(marks) and marks[joint].kind == "side":
            joint += step
        if not 0 <= joint < len(marks) or not _lists(marks[joint]):
            break
        n = _skipped(marks, joint + step, step)
        group.append(joint)
    while group and not marks[group[-1]].counts:
        group.pop()
    return group


def _lists(mark: Mark) -> bool:
    return mark.kind == "joint" and mark.value != "stop"


def _usable(marks: Sequence[Mark], n: int, step: int, *, digits: bool) -> bool:
    """Whether a number is there and no other name has a better claim to it."""
    mark = marks[n]
    if not (mark.kind == "number" if digits else mark.counts):
        return False
    rival = marks[n + step] if 0 <= n + step < len(marks) else None
    if rival is None or not (rival.wants(digits=digits) or rival.wants(digits=not digits)):
        return True
    firm = mark.ordinal or mark.is_digit
    if step == 1:
        return rival.after_of or not firm
    return firm


def _is_count(name: Mark, group: Iterable[Mark], *, ranges: bool) -> bool:
    """Tell "3 metacarpals", which says how many, from "metacarpal 3" and "3rd metacarpal"."""
    group = list(group)
    numbers = [mark for mark in group if mark.counts]
    plain = all(mark.kind == "number" and mark.role in {"", "cardinal"} for mark in numbers)
    plain = plain and not any(mark.ordinal for mark in numbers)
    ranged = ranges and any(mark.value == "range" for mark in group)
    return name.plural and plain and (len(numbers) == 1 or ranged)


def _values(marks: Sequence[Mark], group: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Give each number's place and value, with the values of the range that it ends."""
    ordered = sorted(group)
    last: int | None = None
    ranged = False
    for n in ordered:
        if not marks[n].counts:
            ranged = marks[n].value == "range"
            continue
        value = marks[n].number or 0
        from_last = last is not None and ranged and 0 < value - last <= LONGEST_RANGE
        yield n, list(range((last or 0) + 1, value + 1)) if from_last else [value]
        last, ranged = value, False


def _joined(name: Mark, number: Mark, value: int) -> Mark:
    if name.is_digit:
        return name._replace(number=value, plural=False)
    options = name.phrase.series.get(value, ())
    within = number.within if number.is_digit else None
    return name._replace(options=options, number=value, within=within, assumed=number.assumed)


def _skipped(marks: Sequence[Mark], at: int, step: int) -> int:
    """Step over sides, parts and the hand or foot that may stand between a name and its number."""
    while 0 <= at < len(marks) and (
        marks[at].kind in {"side", "detail"} or _is_plain_region(marks[at])
    ):
        at += step
    return at


def _is_plain_region(mark: Mark) -> bool:
    phrase = mark.phrase
    return bool(phrase.region) and not (phrase.bones or phrase.series or mark.is_digit)
