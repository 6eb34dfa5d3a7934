"""Counts that tell nobody about one child."""

from collections.abc import Hashable, Mapping, Sequence

LEAST = 10
"""A smaller count is not shown, nor one of fewer families: our judgement, in the way that
statistics offices do."""
STEP = 5
"""Counts are rounded down to a multiple of this: our judgement too."""


def suppressed(
    cells: Mapping[str, Sequence[Hashable]],
) -> tuple[dict[str, int | None], int | None]:
    """Give for each cell its count as it may be shown, and the total; None for what is not shown.

    A cell is given as the family of each child in it. The total is the sum of what is shown beside
    it, and of nothing else: it tells no more, and nothing can be worked out by subtracting.

    >>> suppressed({"female": range(43), "male": range(11), "": range(17)})
    ({'female': 40, 'male': 10, '': 15}, 65)
    >>> suppressed({"female": range(43), "male": range(9), "": []})
    ({'female': 40, 'male': None, '': None}, 40)
    """
    shown = {name: _shown(families) for name, families in cells.items()}
    counts = [count for count in shown.values() if count is not None]
    return shown, sum(counts) if counts else None


def _shown(families: Sequence[Hashable]) -> int | None:
    if len(set(families)) < LEAST:
        return None
    return len(families) // STEP * STEP
