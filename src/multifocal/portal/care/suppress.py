"""Counts that tell nobody about one child."""

from collections.abc import Mapping

LEAST = 10
"""A smaller count is not shown: our judgement, in the way that statistics offices do."""


def suppressed(counts: Mapping[str, int]) -> tuple[dict[str, int | None], int | None]:
    """Give the counts and their total; None for each that is not shown.

    Counts below the least are hidden. Since the total is shown beside them, further ones are hidden
    until those hidden add up to the least and are two or more, so that none can be worked out.

    >>> suppressed({"female": 40, "male": 4, "": 12})
    ({'female': 40, 'male': None, '': None}, 56)
    """
    total = sum(counts.values())
    if total < LEAST:
        return dict.fromkeys(counts), None
    hidden = {name for name, count in counts.items() if count < LEAST}
    shown = sorted(counts.keys() - hidden, key=lambda name: (counts[name], name))
    while hidden and shown and (len(hidden) == 1 or sum(counts[name] for name in hidden) < LEAST):
        hidden.add(shown.pop(0))
    return {name: None if name in hidden else count for name, count in counts.items()}, total
