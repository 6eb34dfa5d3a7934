"""A text about places as mentions: what each run of words means, numbers joined to their bones.

"Third and fourth metacarpals of the right hand" becomes *metacarpal_3*, *metacarpal_4*, *right*,
*hand*. Which side belongs to which place is not decided here.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from multifocal.exchange.cache import cached
from multifocal.exchange.site_lexicon import Option, Phrase, SiteLexicon, Token, tokens
from multifocal.model.anatomy import RegionId

Kind = Literal["place", "number", "side", "detail", "joint", "not", "sequence", "unit", "other"]
LONGEST_RANGE = 12
MOST_SHARED_WORDS = 3
EMPTY = Phrase()
DIGITS = {"digit", "digit_assumed", "digit_number"}


class Mention(NamedTuple):
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


OTHER = Mention("other")
"""A word that names nothing here."""


@cached(most=8192)
def mentions_of(text: str, site_lexicon: SiteLexicon) -> Sequence[Mention]:
    """Give the mentions of a text in order, every number joined to the name it belongs to."""
    mentions = _checked(_coordinated(list(_scan(text, site_lexicon))), site_lexicon)
    if any(mention.phrase.counted for mention in mentions):
        mentions = _spelled_out(mentions, site_lexicon)
    if any(mention.counts for mention in mentions):
        mentions = _numbered(_numbered(mentions, digits=True), digits=False)
    return mentions


def _scan(text: str, site_lexicon: SiteLexicon) -> Iterator[Mention]:
    found = list(tokens(text, site_lexicon))
    at = 0
    before = Mention("other")
    while at < len(found):
        if found[at].text == ".":
            taken, mention = 1, Mention("joint", value="stop") if _ends(before) else None
        elif found[at].text == "-" and not _is_dash(found, at, before, site_lexicon):
            taken, mention = 1, None
        else:
            taken, mention = _mention_at(found, at, site_lexicon)
        if mention is not None:
            yield mention
            before = mention
        at += taken


def _ends(mention: Mention) -> bool:
    """Tell a full stop from the point of "dig." and "prox."."""
    return mention.phrase.is_place and not (
        mention.wants(digits=True) or mention.wants(digits=False)
    )


def _is_dash(found: Sequence[Token], at: int, before: Mention, site_lexicon: SiteLexicon) -> bool:
    """Tell the dash of "C5-C7" and of "left hand - swollen" from the hyphen of "mid-shaft"."""
    later = found[at + 1 : at + 3]
    if not later or not (found[at].tight and later[0].tight):
        return True
    entry = site_lexicon.words.get(later[0].text)
    counting = entry is not None and entry.role in {"ordinal", "roman"}
    counted = later[-1].number is not None and later[-1].tight
    follows = later[0].number is not None or counting or counted
    return follows and (before.kind == "number" or before.phrase.counted is not None)


def _mention_at(
    found: Sequence[Token], at: int, site_lexicon: SiteLexicon
) -> tuple[int, Mention | None]:
    """Give the longest name that starts here, as how many tokens it takes and its mention."""
    token = found[at]
    is_merged = at + 1 < len(found) and found[at + 1].tight and found[at + 1].number is not None
    if token.text not in site_lexicon.first and token.number is None and not is_merged:
        return 1, OTHER if token.text.isalnum() else None
    window = found[at : at + 2 * site_lexicon.longest]
    if is_merged:
        merged = [token._replace(text=token.text + window[1].text), *window[2:]]
        hit = _lookup(merged, site_lexicon)
        if hit is not None and hit[1].kind == "place" and token.number is None:
            return hit[0] + 1, hit[1]
    hit = _lookup(window, site_lexicon)
    if (hit is None or hit[0] == 1) and (shared := _shared(found, at, site_lexicon)) is not None:
        return 1, shared
    if hit is not None:
        return hit
    if token.number is not None:
        return _number(window, site_lexicon)
    return 1, OTHER if token.text.isalnum() else None


def _lookup(window: Sequence[Token], site_lexicon: SiteLexicon) -> tuple[int, Mention] | None:
    words: list[str] = []
    best: tuple[int, Mention] | None = None
    for taken, token in enumerate(window, start=1):
        if token.text == "-" and words and token.tight:
            continue
        words.append(token.text)
        if len(words) > site_lexicon.longest:
            break
        phrase = site_lexicon.phrases.get(tuple(words))
        if phrase is not None:
            best = taken, _mention(phrase, window[0], plural=token.plural)
    return best


def _mention(phrase: Phrase, first: Token, *, plural: bool) -> Mention:
    word = phrase.word
    blank = Mention("other", phrase, plural=plural, after_of=first.after_of)
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


def _number(window: Sequence[Token], site_lexicon: SiteLexicon) -> tuple[int, Mention]:
    """Read digits, with what makes them an ordinal: "3rd", "3."."""
    mention = Mention("number", number=window[0].number, after_of=window[0].after_of)
    if len(window) == 1:
        return 1, mention
    word = site_lexicon.words.get(window[1].text)
    if word is not None and word.role == "ordinal_suffix":
        is_suffix = window[1].tight or len(word.word) > 1
        return 1 + is_suffix, mention._replace(ordinal=is_suffix)
    if window[1].text != "." or not window[1].tight:
        return 1, mention
    if len(window) > 2 and window[2].tight and window[2].text.isdecimal():
        return 3, OTHER
    return 2, mention._replace(ordinal=True)


def _shared(found: Sequence[Token], at: int, site_lexicon: SiteLexicon) -> Mention | None:
    """Read "proximal" in "proximal, middle and distal phalanx" as the name that it is short for."""
    for step in range(1, MOST_SHARED_WORDS + 1):
        joint, head = at + 2 * step - 1, at + 2 * step
        if head >= len(found) or _role(found[joint], site_lexicon) != "joint":
            return None
        hit = _lookup(found[head : head + 2 * site_lexicon.longest], site_lexicon)
        if hit is not None and hit[0] > 1:
            tail = [token.text for token in found[head + 1 : head + hit[0]]]
            phrase = site_lexicon.phrases.get((found[at].text, *tail))
            if phrase is None or not phrase.is_place:
                return None
            return _mention(phrase, found[at], plural=hit[1].plural)._replace(shares=True)
    return None


def _role(token: Token, site_lexicon: SiteLexicon) -> str:
    word = site_lexicon.words.get(token.text)
    return word.role if word is not None else ""


def _coordinated(mentions: Sequence[Mention]) -> list[Mention]:
    """Give each bone of "distal femoral and tibial metaphyses" the part that is said of them all.

    One that has no end of its own takes that of the bone before it.
    """
    spelled: list[Mention] = []
    start = 0
    for at, mention in enumerate(mentions):
        if mention.role != "adjective" or at < start or not (names := _chain(mentions, at)):
            continue
        tail = [*takewhile(_is_of_bone, mentions[names[-1] + 1 :])]
        ends: list[Mention] = []
        for name, last in zip(names, [*names[1:], None], strict=True):
            before = mentions[start:name]
            own = [one for one in takewhile(_qualifies, reversed(before)) if one.kind == "detail"]
            ends = own or ends
            spelled += [*before, *([] if own else ends), mentions[name]]
            spelled += tail if last is not None else []
            start = name + 1
    return [*spelled, *mentions[start:]]


def _chain(mentions: Sequence[Mention], at: int) -> list[int]:
    """Give the adjectives of bones that are joined from here on, where a part follows the last."""
    names = [at]
    n = at + 1
    while n < len(mentions) and (mentions[n].kind == "joint" or _qualifies(mentions[n])):
        n += 1
        if n < len(mentions) and mentions[n].role == "adjective":
            names.append(n)
            n += 1
    end = names[-1] + 1
    is_part = end < len(mentions) and _is_of_bone(mentions[end])
    return names if is_part and len(names) > 1 else []


def _qualifies(mention: Mention) -> bool:
    return mention.kind == "side" or (mention.kind == "detail" and mention.role == "end")


def _is_of_bone(mention: Mention) -> bool:
    landmark = mention.phrase.landmarks and not mention.phrase.bones
    is_part = mention.kind == "detail" and mention.role == "part"
    return bool(landmark) or is_part or mention.role == "tissue"


def _checked(mentions: Sequence[Mention], site_lexicon: SiteLexicon) -> list[Mention]:
    """Give the mentions as what they are here: some mean something only beside others."""
    is_unclear = any(mention.role == "ambiguous" for mention in mentions)
    vertebrae = _vertebrae(mentions, site_lexicon) if is_unclear else ()
    checked: list[Mention] = []
    for at, mention in enumerate(mentions):
        before = mentions[at - 1] if at else None
        after = mentions[at + 1] if at + 1 < len(mentions) else None
        if mention.role == "tissue":
            continue
        if mention.role == "ambiguous":
            checked.append(mention if at in vertebrae else OTHER)
        elif not _holds(mention, before, after, site_lexicon):
            checked.append(OTHER)
        elif mention.role == "adjective":
            checked.append(_adjective(mention, after, site_lexicon))
        else:
            checked.append(mention)
    return checked


def _holds(
    mention: Mention, before: Mention | None, after: Mention | None, site_lexicon: SiteLexicon
) -> bool:
    """Whether a mention that could mean something else means what it says here."""
    match mention.role:
        case "side_letter":
            at_end = after is None and before is not None and before.value == "comma"
            return _is_beside(before) or _is_beside(after) or at_end
        case "side_after":
            return _is_beside(before) and (after is None or after.value != "colon")
        case "side" if mention.phrase.word is not None and mention.phrase.word.word == "both":
            return after is None or after.kind != "detail" or not after.plural
        case _ if mention.kind == "number" and not mention.ordinal:
            return after is None or after.kind != "unit"
        case _ if mention.phrase.counted is not None:
            letter = site_lexicon.words.get(mention.phrase.counted[0])
            is_side = letter is not None and letter.role == "side_letter"
            return not (is_side and after is not None and after.wants(digits=False))
        case _:
            return True


def _is_beside(mention: Mention | None) -> bool:
    return mention is not None and mention.kind in {"place", "number", "detail"}


def _vertebrae(mentions: Sequence[Mention], site_lexicon: SiteLexicon) -> set[int]:
    """Tell T1 and C3 the vertebrae from T1 of an MRI and C3 of blood: by what stands beside them.

    In a list they are told together: "T1 and T2 vertebrae", "C3-C5".
    """
    vertebrae: set[int] = set()
    start = 0
    while start < len(mentions):
        end = start
        while end < len(mentions) and (
            mentions[end].phrase.counted or mentions[end].kind == "joint"
        ):
            end += 1
        run = [n for n in range(start, end) if mentions[n].role == "ambiguous"]
        if run and _are_vertebrae(mentions, start, end, mentions[run[0]], site_lexicon):
            vertebrae |= set(run)
        start = max(end, start + 1)
    return vertebrae


def _are_vertebrae(
    mentions: Sequence[Mention], start: int, end: int, example: Mention, site_lexicon: SiteLexicon
) -> bool:
    after = mentions[end] if end < len(mentions) else None
    if after is not None and after.kind == "sequence":
        return False
    while start and mentions[start - 1].kind == "side":
        start -= 1
    while end < len(mentions) and mentions[end].kind == "side":
        end += 1
    before = mentions[start - 1] if start else None
    after = mentions[end] if end < len(mentions) else None
    sure = any(m.phrase.counted and m.role != example.role for m in mentions[start:end])
    limb = site_lexicon.limb(example.phrase.bones[0].bone)
    beside = any(limb in _limbs(m, site_lexicon) for m in (before, after) if m is not None)
    return sure or beside or (before is None and after is None)


def _limbs(mention: Mention, site_lexicon: SiteLexicon) -> set[RegionId | None]:
    places: list[str] = [option.bone for option in mention.phrase.bones]
    places += [mention.phrase.region] if mention.phrase.region is not None else []
    return {site_lexicon.limb(place) for place in places}


def _adjective(mention: Mention, after: Mention | None, site_lexicon: SiteLexicon) -> Mention:
    """Read "femoral" before a part or a landmark of the femur as the femur."""
    bone = site_lexicon.bones.get(
        mention.phrase.word.value if mention.phrase.word is not None else ""
    )
    if bone is None or after is None:
        return OTHER
    of = {bone.id, bone.region}
    if (
        after.kind == "detail"
        or after.role == "tissue"
        or any(spot.of in of for spot in after.phrase.landmarks)
    ):
        return mention._replace(kind="place", options=(Option(bone.id),))
    return OTHER


def _spelled_out(mentions: Sequence[Mention], site_lexicon: SiteLexicon) -> list[Mention]:
    """Give every vertebra of "C5-7", "L3/4" and "T12 to L2"."""
    spelled: list[Mention] = []
    for at, mention in enumerate(mentions):
        before = spelled[-2] if len(spelled) > 1 else None
        if before is None or before.phrase.counted is None or not _continues(spelled[-1]):
            spelled.append(mention)
            continue
        last = mention
        if mention.kind == "number" and not mention.ordinal and not _named_after(mentions, at):
            known = site_lexicon.counted.get((before.phrase.counted[0], mention.number or 0))
            last = Mention("place", known) if known is not None else mention
        if last.phrase.counted is not None and spelled[-1].value == "range":
            for bone in _between(before, last, site_lexicon):
                spelled[-1:] = [Mention("joint", value="and"), bone, Mention("joint", value="and")]
        spelled.append(last)
    return spelled


def _continues(joint: Mention) -> bool:
    return joint.kind == "joint" and joint.value in {"range", "slash"}


def _named_after(mentions: Sequence[Mention], at: int) -> bool:
    return at + 1 < len(mentions) and mentions[at + 1].wants(digits=False)


def _between(first: Mention, last: Mention, site_lexicon: SiteLexicon) -> list[Mention]:
    order = list(site_lexicon.bones)
    low, high = (order.index(mention.phrase.bones[0].bone) for mention in (first, last))
    bones = order[low + 1 : high] if high - low <= LONGEST_RANGE else []
    return [Mention("place", options=(Option(site_lexicon.bones[bone].id),)) for bone in bones]


def _numbered(mentions: Sequence[Mention], *, digits: bool) -> list[Mention]:
    """Put each name that numbers belong to in the place of its numbers.

    First for fingers and toes, so that "third finger" is one number for "proximal phalanx".
    """
    replaced: dict[int, list[Mention]] = {}
    taken: set[int] = set()
    for at, name in enumerate(mentions):
        if not name.wants(digits=digits):
            continue
        group = _group(mentions, at, taken, digits=digits)
        numbers = [n for n in group if mentions[n].counts]
        if not numbers:
            continue
        replaced[at] = []
        if not name.shares:
            taken |= set(group)
        for n, values in _values(mentions, group):
            new = [_joined(name, mentions[n], value) for value in values]
            replaced[n] = replaced.get(n, []) + new
        sided = any(mentions[n].kind == "side" for n in range(numbers[0], numbers[-1]))
        for n in group:
            if mentions[n].kind == "joint" and (not sided or mentions[n].value == "range"):
                replaced[n] = []
        if name.shares:
            replaced[at + 1] = []
    return [new for at, mention in enumerate(mentions) for new in replaced.get(at, [mention])]


def _group(mentions: Sequence[Mention], at: int, taken: set[int], *, digits: bool) -> list[int]:
    """Give the places of the numbers that belong to a name, and of the joints between them."""
    name = mentions[at]
    first = last = at
    while first > 1 and mentions[first - 1].kind == "joint" and mentions[first - 2].shares:
        first -= 2
    while last + 2 < len(mentions) and mentions[last].shares:
        last += 2
    before = [] if name.after_of else _beside(mentions, first, -1, taken, digits=digits)[::-1]
    if before and not _is_count(name, [mentions[n] for n in before], ranges=True):
        return before
    after = _beside(mentions, last, 1, taken, digits=digits)
    if after and not _is_count(name, [mentions[n] for n in after], ranges=False):
        return after
    return [] if digits else _apart(mentions, first, taken)


def _apart(mentions: Sequence[Mention], at: int, taken: set[int]) -> list[int]:
    """Give the finger or toe that a comma parts from its bone: "index finger, middle phalanx"."""
    n = at - 1
    while n >= 0 and (mentions[n].kind == "side" or mentions[n].value == "comma"):
        n = _skipped(mentions, n - 1, -1)
    return [n] if 0 <= n and n not in taken and mentions[n].is_digit and mentions[n].counts else []


def _beside(
    mentions: Sequence[Mention], at: int, step: Literal[1, -1], taken: set[int], *, digits: bool
) -> list[int]:
    """Give the numbers and joints on one side of a name, the nearest first."""
    n = _skipped(mentions, at + step, step)
    if (
        step == 1
        and n < len(mentions)
        and mentions[n].kind == "joint"
        and mentions[n].value == "comma"
    ):
        n = _skipped(mentions, n + 1, step)
    group: list[int] = []
    while 0 <= n < len(mentions) and n not in taken and _usable(mentions, n, step, digits=digits):
        group.append(n)
        joint = n + step
        while 0 <= joint < len(mentions) and mentions[joint].kind == "side":
            joint += step
        if not 0 <= joint < len(mentions):
            break
        if mentions[joint].is_digit and mentions[n].is_digit:
            n = joint
            continue
        if not _lists(mentions[joint]):
            break
        n = _skipped(mentions, joint + step, step)
        group.append(joint)
    while group and not mentions[group[-1]].counts:
        group.pop()
    return group


def _lists(mention: Mention) -> bool:
    return mention.kind == "joint" and mention.value != "stop"


def _usable(mentions: Sequence[Mention], n: int, step: int, *, digits: bool) -> bool:
    """Whether a number is there and no other name has a better claim to it."""
    mention = mentions[n]
    if not (mention.kind == "number" if digits else mention.counts):
        return False
    rival = mentions[n + step] if 0 <= n + step < len(mentions) else None
    if rival is None or not (rival.wants(digits=digits) or rival.wants(digits=not digits)):
        return True
    firm = mention.ordinal or mention.is_digit
    if step == 1:
        return rival.after_of or not firm
    return firm


def _is_count(name: Mention, group: Iterable[Mention], *, ranges: bool) -> bool:
    """Tell "3 metacarpals", which says how many, from "metacarpal 3" and "3rd metacarpal"."""
    group = list(group)
    numbers = [mention for mention in group if mention.counts]
    plain = all(
        mention.kind == "number" and mention.role in {"", "cardinal"} for mention in numbers
    )
    plain = plain and not any(mention.ordinal for mention in numbers)
    ranged = ranges and any(mention.value == "range" for mention in group)
    return name.plural and plain and (len(numbers) == 1 or ranged)


def _values(mentions: Sequence[Mention], group: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Give each number's place and value, with the values of the range that it ends."""
    ordered = sorted(group)
    last: int | None = None
    ranged = False
    for n in ordered:
        if not mentions[n].counts:
            ranged = mentions[n].value == "range"
            continue
        value = mentions[n].number or 0
        from_last = last is not None and ranged and 0 < value - last <= LONGEST_RANGE
        yield n, list(range((last or 0) + 1, value + 1)) if from_last else [value]
        last, ranged = value, False


def _joined(name: Mention, number: Mention, value: int) -> Mention:
    if name.is_digit:
        return name._replace(number=value, plural=False)
    options = name.phrase.series.get(value, ())
    within = number.within if number.is_digit else None
    return name._replace(options=options, number=value, within=within, assumed=number.assumed)


def _skipped(mentions: Sequence[Mention], at: int, step: int) -> int:
    """Step over sides, parts and the hand or foot that may stand between a name and its number."""
    while 0 <= at < len(mentions) and (
        mentions[at].kind in {"side", "detail"} or _is_plain_region(mentions[at])
    ):
        at += step
    return at


def _is_plain_region(mention: Mention) -> bool:
    phrase = mention.phrase
    return bool(phrase.region) and not (phrase.bones or phrase.series or mention.is_digit)
