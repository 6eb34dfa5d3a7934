"""The code in the pages runs, and gives what the pages show.

A block is run when the word ``run`` stands after its language:

- ``console run``: each line after ``$`` is given to a shell; the lines below it are what it prints,
  with ``...`` for any text, and ``# exit 3`` where it ends with another code than 0;
- ``python run``: the block is run; its examples with ``>>>`` must give what stands below them.

The blocks of one page are run in their order, in one empty folder.
"""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(console|python) run\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"^# exit (\d+)\n?", re.MULTILINE)


class Command(NamedTuple):
    """A line for the shell, what it prints, and the code that it ends with."""

    line: str
    prints: str
    code: int


def blocks(page: Path) -> list[tuple[str, str]]:
    return BLOCK.findall(page.read_text(encoding="utf-8"))


def commands(block: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, prints = part.partition("\n")
        while line.endswith("\\"):
            more, _, prints = prints.partition("\n")
            line = f"{line[:-1]} {more.removeprefix('>').strip()}"
        code = EXIT.search(prints)
        yield Command(line, EXIT.sub("", prints), int(code[1]) if code else 0)


def agrees(wanted: str, found: str) -> bool:
    """Whether a text is as shown; blanks at line ends and empty lines don't matter."""
    checker = doctest.OutputChecker()
    return checker.check_output(tidy(wanted), tidy(found), doctest.ELLIPSIS)


def tidy(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if line.strip())


def run(command: Command, folder: Path) -> str:
    """Run a command in a folder; give what was wrong, or nothing."""
    bin_folder = Path(sys.executable).parent
    ended = subprocess.run(  # noqa: S602 # the line stands in our own page
        command.line,
        shell=True,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        env={
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(folder),
            "XDG_CACHE_HOME": str(folder / ".cache"),
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "ROOT": str(ROOT),
        },
    )
    printed = ended.stdout + ended.stderr
    if ended.returncode != command.code:
        return f"$ {command.line}\nended with {ended.returncode}, not {command.code}:\n{printed}"
    if not agrees(command.prints, printed):
        return f"$ {command.line}\nwanted:\n{command.prints}\ngot:\n{printed}"
    return ""


PAGES = sorted(
    path for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")) if blocks(path)
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_shows_is_what_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    names: dict[str, object] = {"__name__": page.name}
    for language, block in blocks(page):
        if language == "console":
            for command in commands(block):
                if fault := run(command, tmp_path):
                    pytest.fail(fault, pytrace=False)
            continue
        if ">>>" not in block:
            exec(compile(block, page.name, "exec"), names)  # noqa: S102 # our own page
            continue
        examples = doctest.DocTestParser().get_doctest(block, names, page.name, str(page), 0)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(examples, clear_globs=False)
        names |= examples.globs
        assert runner.failures == 0, capsys.readouterr().out


def test_there_are_pages_to_run() -> None:
    assert ROOT / "README.md" in PAGES


def test_a_command_that_prints_something_else_is_told(tmp_path: Path) -> None:
    assert run(Command("echo yes", "yes\n", 0), tmp_path) == ""
    assert "got:\nno" in run(Command("echo no", "yes\n", 0), tmp_path)


def test_a_command_that_ends_otherwise_is_told(tmp_path: Path) -> None:
    assert run(Command("exit 3", "", 3), tmp_path) == ""
    assert "ended with 3, not 0" in run(Command("exit 3", "", 0), tmp_path)


def test_a_long_command_goes_on_below() -> None:
    [command] = commands("$ multifocal assess a.json \\\n>   --format json\nmore\n# exit 2\n")
    assert command == Command("multifocal assess a.json  --format json", "more\n", 2)
