"""Text for the terminal, set by rich in memory: our words letter for letter, no markup in them."""

import io

from rich.console import Console


def in_memory(width: int, *, colour: bool = False) -> Console:
    """Give a console that keeps what is printed on it in its `file`."""
    return Console(
        file=io.StringIO(),
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
