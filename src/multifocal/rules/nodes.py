"""What a rule is made of: a dozen frozen nodes."""

from __future__ import annotations

from functools import cache
from typing import Literal

import msgspec

Type = Literal["truth", "number", "text", "texts"]
Comparison = Literal["<", "<=", ">", ">=", "==", "!="]
Arithmetic = Literal["+", "-", "*", "/"]


class Name(msgspec.Struct, frozen=True, tag="name"):
    """The value that goes by this name: a measure, a finding, an item or a fact's column."""

    id: str


class Number(msgspec.Struct, frozen=True, tag="number"):
    """A number as written."""

    value: float


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A word as written, in quotes."""

    value: str


class Constant(msgspec.Struct, frozen=True, tag="constant"):
    """`True` or `False`."""

    value: bool


class Compare(msgspec.Struct, frozen=True, tag="compare"):
    """Two numbers or two texts compared."""

    op: Comparison
    left: Node
    right: Node


class Within(msgspec.Struct, frozen=True, tag="within"):
    """Whether a text is one of several written ones, or is among a column that holds several."""

    item: Node
    group: Name | tuple[str, ...]


class Calculate(msgspec.Struct, frozen=True, tag="calculate"):
    """Two numbers put together; the right one of ``*`` and ``/`` is a positive constant."""

    op: Arithmetic
    left: Node
    right: Node


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The opposite."""

    item: Node


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every one of them: `and`."""

    items: tuple[Node, ...]


class Some(msgspec.Struct, frozen=True, tag="some"):
    """One of them or more: `or`."""

    items: tuple[Node, ...]


class AtLeast(msgspec.Struct, frozen=True, tag="at_least"):
    """`at_least(n, ...)`: n of them or more."""

    count: int
    items: tuple[Node, ...]


Node = Name | Number | Text | Constant | Compare | Within | Calculate | Not | All | Some | AtLeast


def children(node: Node) -> tuple[Node, ...]:
    """Give the nodes directly below a node."""
    match node:
        case Name() | Number() | Text() | Constant():
            return ()
        case Compare(left=left, right=right) | Calculate(left=left, right=right):
            return (left, right)
        case Within(item=item, group=group):
            return (item, group) if isinstance(group, Name) else (item,)
        case Not(item=item):
            return (item,)
        case All(items=items) | Some(items=items) | AtLeast(items=items):
            return items


@cache
def names(node: Node) -> frozenset[str]:
    """Give every name that a rule uses."""
    if isinstance(node, Name):
        return frozenset({node.id})
    return frozenset().union(*(names(child) for child in children(node)))
