"""Which names an answer rests on."""

from multifocal.model.truth import UNKNOWN_NUMBER, UNKNOWN_TRUTH
from multifocal.rules.nodes import All, AtLeast, Name, Node, Some, children
from multifocal.rules.score import UNKNOWN_TEXT, Words, compiled

NOTHING = (UNKNOWN_TRUTH, UNKNOWN_NUMBER, UNKNOWN_TEXT)


def reasons(node: Node, words: Words) -> frozenset[str]:
    """Names whose values decide the rule; for an undecided rule, those that say anything.

    Of an `or` that holds only the branches that hold are named; of an `and` that fails only those
    that fail.

    >>> from multifocal.rules.parse import parse
    >>> sorted(reasons(parse("a or b"), {"a": (True, True), "b": (False, False)}))
    ['a']
    """
    if isinstance(node, Name):
        return frozenset() if words[node.id] in NOTHING else frozenset({node.id})
    below = children(node)
    if isinstance(node, All | Some | AtLeast):
        answer = compiled(node)(words)
        decides = answer[0] == answer[1] and bool(answer[0]) is not isinstance(node, All)
        if decides:
            below = tuple(child for child in below if compiled(child)(words) == answer)
    return frozenset().union(*(reasons(child, words) for child in below))
