"""What is hidden of each record, as the commands take it: repeated, or parted by commas."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from multifocal.model.validation import Masked

MASKS: "tuple[Masked, ...]" = ("imaging", "biopsy", "labs")

MaskOption = Annotated[
    list[str] | None,
    typer.Option(
        "--mask",
        help="Hide a part of each record: imaging, biopsy or labs. Repeat it, or use commas.",
        metavar="PART",
        show_default=False,
    ),
]


def masks_in(told: "Iterable[str] | None") -> "tuple[Masked, ...]":
    """Give the parts to hide, each once; a part that there is not is wrong use."""
    wanted = {word.strip() for part in told or () for word in part.split(",")} - {""}
    if not wanted.issubset(MASKS):
        raise typer.BadParameter(f"--mask takes {', '.join(MASKS)}")
    return tuple(name for name in MASKS if name in wanted)
