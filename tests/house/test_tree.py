"""What no file of the project may hold."""

import re
from pathlib import Path

HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("anaconda", "org"),
        ("crates", "io"),
        ("rubygems", "org"),
        ("proxy", "golang", "org"),
        ("repo", "maven", "apache", "org"),
    )
)
"""Package registries: where a library comes from is the reader's own choice."""

MACHINE_PATH = re.compile(r"(?<![\w.~])/(?:work|root|home/\w+|Users/\w+|mnt|tmp/\w+)/")
"""A path that is somebody's machine's."""

UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")


def lines_that_match(files: tuple[Path, ...], root: Path, pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in files:
        content = path.read_bytes()
        if b"\0" in content:
            continue
        text = content.decode("utf-8", errors="replace")
        name = path.relative_to(root).as_posix()
        if pattern.search(text):
            found += [
                f"{name}:{place}"
                for place, line in enumerate(text.splitlines(), start=1)
                if pattern.search(line)
            ]
    return found


def test_no_file_names_a_package_registry(files: tuple[Path, ...], root: Path) -> None:
    hosts = re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE)
    assert lines_that_match(files, root, hosts) == []


def test_no_file_names_a_path_of_one_machine(files: tuple[Path, ...], root: Path) -> None:
    assert lines_that_match(files, root, MACHINE_PATH) == []


def test_nothing_is_left_for_later_in_a_comment(files: tuple[Path, ...], root: Path) -> None:
    assert lines_that_match(files, root, UNFINISHED) == []


def test_a_machine_path_is_told_from_an_address_and_from_a_path_in_the_project() -> None:
    assert MACHINE_PATH.search("/" + "home/ana/multifocal/x.json")
    assert not MACHINE_PATH.search("https://example.org/home/ana/")
    assert not MACHINE_PATH.search("tests/data/home/ana/")


def test_every_text_is_utf8_and_ends_its_last_line(files: tuple[Path, ...], root: Path) -> None:
    texts = {".py", ".md", ".toml", ".csv", ".cff", ".tsv", ".typ", ".j2"}
    wrong = []
    for path in files:
        if path.suffix in texts and "bad" not in path.parts:
            content = path.read_bytes()
            content.decode("utf-8")
            if content and not content.endswith(b"\n"):
                wrong.append(path.relative_to(root).as_posix())
    assert wrong == []
