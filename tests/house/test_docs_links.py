"""The pages hang together: every link leads somewhere, every page can be reached."""

import re
from functools import cache
from pathlib import Path

FENCE = re.compile(r"^(```+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)")
PICTURE = re.compile(r"\!\[([^\]]*)\]\(([^)\s]+)\)")


def prose(path: Path) -> str:
    """Give a page without its code blocks."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


@cache
def anchors(path: Path) -> set[str]:
    """Give the anchors that GitHub makes of a page's headings."""
    titles = re.findall(r"^#+ (.*)$", prose(path), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def leads(path: Path) -> list[tuple[str, Path, str]]:
    """Give each link inside the project: as written, the file it leads to, the anchor there."""
    found = []
    for link in (*LINK.findall(prose(path)), *(to for _, to in PICTURE.findall(prose(path)))):
        if not re.match(r"[a-z]+:", link):
            target, _, anchor = link.partition("#")
            found.append((link, (path.parent / target).resolve() if target else path, anchor))
    return found


def test_every_link_leads_to_a_file_of_the_project(
    pages: tuple[Path, ...], files: tuple[Path, ...], root: Path
) -> None:
    folders = {parent for path in files for parent in path.parents}
    broken = [
        f"{page.relative_to(root)}: {link}"
        for page in pages
        for link, target, _ in leads(page)
        if target not in files and target not in folders
    ]
    assert broken == []


def test_every_anchor_is_a_heading(pages: tuple[Path, ...], root: Path) -> None:
    broken = [
        f"{page.relative_to(root)}: {link}"
        for page in pages
        for link, target, anchor in leads(page)
        if anchor and target.suffix == ".md" and anchor not in anchors(target)
    ]
    assert broken == []


def test_every_address_is_a_secure_one(pages: tuple[Path, ...], root: Path) -> None:
    plain = [
        f"{page.relative_to(root)}: {link}"
        for page in pages
        for link in LINK.findall(prose(page))
        if re.match(r"[a-z]+:", link) and not link.startswith("https://")
    ]
    assert plain == []


def test_every_page_of_docs_can_be_reached_from_the_readme(
    pages: tuple[Path, ...], root: Path
) -> None:
    reached: set[Path] = set()
    waiting = [root / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        waiting += [
            target / "README.md" if target.is_dir() else target
            for _, target, _ in leads(page)
            if target.suffix == ".md" or (target / "README.md").exists()
        ]
    docs = {page for page in pages if (root / "docs") in page.parents}
    assert {page.relative_to(root).as_posix() for page in docs - reached} == set()


def test_every_picture_is_described_in_words(pages: tuple[Path, ...], root: Path) -> None:
    silent = [
        f"{page.relative_to(root)}: {target}"
        for page in pages
        for words, target in PICTURE.findall(prose(page))
        if len(words.split()) <= 3
    ]
    assert silent == []


def test_every_decision_has_its_three_parts_and_a_line_in_the_index(root: Path) -> None:
    folder = root / "docs" / "decisions"
    decisions = sorted(folder.glob("[0-9]*.md"))
    parts = {
        path.name: re.findall(r"^## (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        for path in decisions
    }
    assert parts == {path.name: ["Context", "Decision", "Consequences"] for path in decisions}
    index = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert [link for link in index if link[0].isdigit()] == [path.name for path in decisions]
    assert len({path.name[:4] for path in decisions}) == len(decisions)
