"""What a command is given as a file, and what it writes."""

from pathlib import Path

import typer


def example_or_file(file: Path) -> Path:
    """Give the file, or the shipped example of that name."""
    name = str(file)
    if not name.startswith("example:"):
        return file
    from multifocal.examples import names, path

    wanted = name.removeprefix("example:")
    if wanted not in names():
        raise typer.BadParameter(f"no such example; there are: {', '.join(names())}")
    return path(wanted)


def write(content: bytes, output: Path) -> None:
    """Write a file, its folders too; a file that can't be written is wrong use."""
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(content)
    except OSError as fault:
        raise typer.BadParameter(f"can't write the output: {fault.strerror}") from None
