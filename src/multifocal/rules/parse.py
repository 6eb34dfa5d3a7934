"""Text to rule: a subset of Python's expressions, anything else refused with its column."""

import ast
from collections.abc import Mapping

from multifocal.rules.nodes import (
    All,
    AtLeast,
    Calculate,
    Compare,
    Comparison,
    Constant,
    Name,
    Node,
    Not,
    Number,
    Some,
    Text,
    Type,
    Within,
)

COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
ARITHMETIC: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


class RuleError(ValueError):
    """A rule that can't be read: what is wrong and in which column, counted from 1."""


def parse(text: str) -> Node:
    """Read a rule. Raises `RuleError`.

    >>> parse("crp > 30 and not fever")  # doctest: +ELLIPSIS
    All(items=(Compare(op='>', left=Name(id='crp'), right=Number(value=30.0)), Not(...)))
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as fault:
        raise RuleError(f"column {fault.offset or 1}: not an expression") from None
    return _node(tree.body)


def _refuse(part: ast.AST, what: str) -> RuleError:
    return RuleError(f"column {getattr(part, 'col_offset', 0) + 1}: {what}")


def _node(part: ast.expr) -> Node:
    match part:
        case ast.Name(id=name):
            return Name(name)
        case ast.Constant(value=bool(value)):
            return Constant(value)
        case ast.Constant(value=int(value) | float(value)):
            return Number(float(value))
        case ast.Constant(value=str(value)):
            return Text(value)
        case ast.UnaryOp(op=ast.Not(), operand=item):
            return Not(_node(item))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value) | float(value))):
            return Number(-float(value))
        case ast.BoolOp(op=ast.And(), values=items):
            return All(tuple(map(_node, items)))
        case ast.BoolOp(op=ast.Or(), values=items):
            return Some(tuple(map(_node, items)))
        case ast.Compare():
            return _compare(part)
        case ast.BinOp():
            return _calculate(part)
        case ast.Call(func=ast.Name(id="at_least"), args=[ast.Constant(value=int(n)), *items]):
            if part.keywords or not 0 < n <= len(items):
                raise _refuse(part, "at_least needs a number of items that can be reached")
            return AtLeast(n, tuple(map(_node, items)))
        case _:
            raise _refuse(part, f"a rule has no {type(part).__name__}")


def _compare(part: ast.Compare) -> Node:
    if len(part.ops) != 1:
        raise _refuse(part, "compare two things at a time")
    [op], [right] = part.ops, part.comparators
    if not isinstance(op, ast.In | ast.NotIn):
        if type(op) not in COMPARISONS:
            raise _refuse(part, f"a rule has no {type(op).__name__}")
        return Compare(COMPARISONS[type(op)], _node(part.left), _node(right))
    match right:
        case ast.Name(id=name):
            within = Within(_node(part.left), Name(name))
        case ast.Tuple(elts=items) if all(
            isinstance(item, ast.Constant) and isinstance(item.value, str) for item in items
        ):
            within = Within(_node(part.left), tuple(ast.literal_eval(right)))
        case _:
            raise _refuse(right, "`in` needs a name or texts in brackets")
    return Not(within) if isinstance(op, ast.NotIn) else within


def _calculate(part: ast.BinOp) -> Node:
    op = ARITHMETIC.get(type(part.op))
    if op is None:
        raise _refuse(part, f"a rule has no {type(part.op).__name__}")
    right = _node(part.right)
    if op in {"*", "/"} and not (isinstance(right, Number) and right.value > 0):
        raise _refuse(part.right, f"the right side of {op} must be a positive number")
    return Calculate(op, _node(part.left), right)  # type: ignore[arg-type] # narrowed by table


def spelled_out(node: Node, terms: Mapping[str, Node]) -> Node:
    """Put the rule of each term in the place of its name.

    >>> spelled_out(parse("not recent"), {"recent": parse("days_ago <= 7")})
    Not(item=Compare(op='<=', left=Name(id='days_ago'), right=Number(value=7.0)))
    """

    def out(part: Node) -> Node:
        return spelled_out(part, terms)

    match node:
        case Name(id=name):
            return terms.get(name, node)
        case Number() | Text() | Constant() | Within():
            return node
        case Compare(op=op, left=left, right=right):
            return Compare(op, out(left), out(right))
        case Calculate(op=sign, left=left, right=right):
            return Calculate(sign, out(left), out(right))
        case Not(item=item):
            return Not(out(item))
        case All(items=items):
            return All(tuple(map(out, items)))
        case Some(items=items):
            return Some(tuple(map(out, items)))
        case AtLeast(count=count, items=items):
            return AtLeast(count, tuple(map(out, items)))


def type_of(node: Node, types: Mapping[str, Type]) -> Type:
    """Work out what a rule gives; raises `RuleError` for unknown names and misfits."""
    match node:
        case Name(id=name):
            if name not in types:
                raise RuleError(f"unknown name {name!r}")
            return types[name]
        case Number():
            return "number"
        case Text():
            return "text"
        case Constant():
            return "truth"
        case Compare(op=op, left=left, right=right):
            pair = {type_of(left, types), type_of(right, types)}
            allowed = ({"number"}, {"text"}) if op in {"==", "!="} else ({"number"},)
            if pair not in allowed:
                raise RuleError(f"{op} can't compare {' and '.join(sorted(pair))}")
            return "truth"
        case Within(item=item, group=group):
            _expect(item, types, "text")
            if isinstance(group, Name):
                _expect(group, types, "texts")
            return "truth"
        case Calculate(left=left, right=right):
            _expect(left, types, "number")
            _expect(right, types, "number")
            return "number"
        case Not(item=item):
            _expect(item, types, "truth")
            return "truth"
        case All(items=items) | Some(items=items) | AtLeast(items=items):
            for item in items:
                _expect(item, types, "truth")
            return "truth"


def _expect(node: Node, types: Mapping[str, Type], wanted: Type) -> None:
    found = type_of(node, types)
    if found != wanted:
        raise RuleError(f"needs a {wanted}, got a {found}")
