"""What is said about a release agrees with the release."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path


def test_the_citation_names_the_version_and_licence_of_the_project(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    fields = dict(re.findall(r'^([a-z-]+): "?([^"\n]+)"?$', citation, flags=re.MULTILINE))
    assert fields["version"] == project["version"] == version("multifocal")
    assert fields["license"] == project["license"]


def test_every_fragment_of_the_changelog_is_named_after_its_issue_and_kind(root: Path) -> None:
    fragments = [path.name for path in (root / "changelog.d").iterdir() if path.suffix == ".md"]
    assert fragments
    name = re.compile(r"\d+\.(added|changed|fixed)\.md")
    assert [fragment for fragment in fragments if not name.fullmatch(fragment)] == []


def test_every_fragment_is_a_sentence_or_two(root: Path) -> None:
    for path in (root / "changelog.d").glob("*.md"):
        text = path.read_text(encoding="utf-8").strip()
        assert 1 <= len(re.findall(r"[.!?](?:\s|$)", text)) <= 3
