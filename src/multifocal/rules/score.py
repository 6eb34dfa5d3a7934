"""Answer a rule from spans: the same function for one child and for an array of children.

Every value is a pair `(low, high)`. For one child the two are plain Python values; for a population
they are numpy arrays of one element a child. Only operators that mean the same for both are used.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from multifocal.rules.nodes import (
    All,
    AtLeast,
    Calculate,
    Compare,
    Constant,
    Name,
    Node,
    Not,
    Number,
    Some,
    Text,
    Within,
)

Pair = tuple[Any, Any]
"""Least and greatest value: bool, float or str, or an array of one of them."""
Words = Mapping[str, Pair]
Scorer = Callable[[Words], Pair]

UNKNOWN_TEXT: Pair = ("", "\U0010ffff")
"""Below and above every text, as (-inf, inf) is for numbers."""


def compiled(node: Node) -> Scorer:
    """Turn a rule into a function from words to its least and greatest value.

    >>> from multifocal.rules.parse import parse
    >>> rule = compiled(parse("crp > 30 or fever"))
    >>> rule({"crp": (5.0, 5.0), "fever": (False, True)})
    (False, True)
    """
    match node:
        case Name(id=name):
            return lambda words: words[name]
        case Number(value=value) | Text(value=value) | Constant(value=value):
            constant = (value, value)
            return lambda _: constant
        case Compare():
            return _compare(node)
        case Within(item=item, group=tuple(texts)):
            return compiled(Some(tuple(Compare("==", item, Text(text)) for text in texts)))
        case Within():
            return _among(node)
        case Calculate():
            return _calculate(node)
        case Not(item=item):
            return _not(compiled(item))
        case All(items=items):
            return _all([compiled(item) for item in items])
        case Some(items=items):
            return _some([compiled(item) for item in items])
        case AtLeast(count=count, items=items):
            return _at_least(count, [compiled(item) for item in items])


def surely(node: Node) -> Callable[[Words], bool]:
    """Turn a rule into a test for one fact or child: whether it surely holds.

    The same answer as the low end of `compiled`, several times sooner: the rule is written as one
    Python expression over numbers, texts and names that were parsed by us, and compiled.

    >>> from multifocal.rules.parse import parse
    >>> surely(parse("fever or crp > 30"))({"crp": (5.0, 40.0), "fever": (False, True)})
    False
    """
    return _expressed(node, 0)


def possibly(node: Node) -> Callable[[Words], bool]:
    """Turn a rule into a test for one fact or child: whether it may hold."""
    return _expressed(node, 1)


def _expressed(node: Node, end: int) -> Callable[[Words], bool]:
    text = f"lambda words: bool({_written(node, end)})"
    test: Callable[[Words], bool] = eval(text, {"__builtins__": {"bool": bool}})  # noqa: S307 # built from parsed nodes only
    return test


def _written(node: Node, end: int) -> str:
    """Write the low (0) or high (1) end of a rule as a Python expression."""
    match node:
        case Name(id=name):
            return f"words[{name!r}][{end}]"
        case Number(value=value) | Text(value=value) | Constant(value=value):
            return repr(value)
        case Not(item=item):
            return f"(not {_written(item, 1 - end)})"
        case All(items=items):
            return "(" + " and ".join(_written(item, end) for item in items) + ")"
        case Some(items=items):
            return "(" + " or ".join(_written(item, end) for item in items) + ")"
        case AtLeast(count=count, items=items):
            held = " + ".join(f"bool({_written(item, end)})" for item in items)
            return f"({held} >= {count})"
        case Calculate(op=op, left=left, right=right):
            other = 1 - end if op == "-" else end
            return f"({_written(left, end)} {op} {_written(right, other)})"
        case Within(item=item, group=group):
            if isinstance(group, Name):
                return f"({_written(item, 0)} in {_written(group, 0)})"
            equal = tuple(Compare("==", item, Text(text)) for text in group)
            return _written(Some(equal), end)
        case Compare():
            return _written_comparison(node, end)


def _written_comparison(node: Compare, end: int) -> str:
    low, high = _written(node.left, 0), _written(node.left, 1)
    least, most = _written(node.right, 0), _written(node.right, 1)
    match node.op:
        case "<" | "<=":
            sides = (high, least) if end == 0 else (low, most)
            return f"({sides[0]} {node.op} {sides[1]})"
        case ">" | ">=":
            sides = (low, most) if end == 0 else (high, least)
            return f"({sides[0]} {node.op} {sides[1]})"
        case "==" if end == 0:
            return f"({low} == {high} == {least} == {most})"
        case "==":
            return f"({low} <= {most} and {least} <= {high})"
        case "!=":
            return f"(not {_written_comparison(Compare('==', node.left, node.right), 1 - end)})"


def _compare(node: Compare) -> Scorer:
    left, right = compiled(node.left), compiled(node.right)

    def less(words: Words) -> Pair:
        (a, b), (c, d) = left(words), right(words)
        return b < c, a < d

    def less_or_equal(words: Words) -> Pair:
        (a, b), (c, d) = left(words), right(words)
        return b <= c, a <= d

    def equal(words: Words) -> Pair:
        (a, b), (c, d) = left(words), right(words)
        return (a == b) & (c == d) & (a == c), (a <= d) & (c <= b)

    match node.op:
        case "<":
            return less
        case "<=":
            return less_or_equal
        case ">":
            return _not(less_or_equal)
        case ">=":
            return _not(less)
        case "==":
            return equal
        case "!=":
            return _not(equal)


def _among(node: Within) -> Scorer:
    item, group = compiled(node.item), compiled(node.group)  # type: ignore[arg-type] # a Name

    def among(words: Words) -> Pair:
        text, (surely_there, possibly_there) = item(words)[0], group(words)
        return text in surely_there, text in possibly_there

    return among


def _calculate(node: Calculate) -> Scorer:
    left, right = compiled(node.left), compiled(node.right)

    def calculate(words: Words) -> Pair:
        (a, b), (c, d) = left(words), right(words)
        match node.op:
            case "+":
                return a + c, b + d
            case "-":
                return a - d, b - c
            case "*":
                return a * c, b * d
            case "/":
                return a / c, b / d

    return calculate


def _not(item: Scorer) -> Scorer:
    def opposite(words: Words) -> Pair:
        low, high = item(words)
        return high ^ True, low ^ True

    return opposite


def _all(items: Sequence[Scorer]) -> Scorer:
    def every(words: Words) -> Pair:
        low, high = items[0](words)
        for item in items[1:]:
            a, b = item(words)
            low, high = low & a, high & b
        return low, high

    return every


def _some(items: Sequence[Scorer]) -> Scorer:
    def some(words: Words) -> Pair:
        low, high = items[0](words)
        for item in items[1:]:
            a, b = item(words)
            low, high = low | a, high | b
        return low, high

    return some


def _at_least(count: int, items: Sequence[Scorer]) -> Scorer:
    def at_least(words: Words) -> Pair:
        pairs = [item(words) for item in items]
        low = sum(1 * a for a, _ in pairs)
        high = sum(1 * b for _, b in pairs)
        return low >= count, high >= count

    return at_least


def total(items: Sequence[tuple[Scorer, int]]) -> Scorer:
    """Sum whole points over the rules that hold: least and greatest.

    >>> total([(lambda w: w["a"], 17), (lambda w: w["b"], -5)])({"a": (True, True), "b": (0, 1)})
    (12, 17)
    """

    def points(words: Words) -> Pair:
        low: Any = 0
        high: Any = 0
        for item, weight in items:
            a, b = item(words)
            least, most = (a, b) if weight >= 0 else (b, a)
            low, high = low + weight * least, high + weight * most
        return low, high

    return points
