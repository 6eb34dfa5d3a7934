"""Not one byte of the treatment section is in anything public."""

import re
import subprocess
import sys
import tomllib
from datetime import date
from importlib.resources import files as resources
from pathlib import Path

import pytest

from multifocal.examples import names as example_names
from multifocal.examples import path as example_path
from multifocal.exchange.read import read
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.load import load as load_knowledge
from multifocal.report import page, terminal
from multifocal.treatment.entries import Treatment
from multifocal.treatment.load import DATA, load
from multifocal.treatment.page import markdown
from multifocal.treatment.texts import texts
from multifocal.workup.assess import assess, latest_day

MAY_IMPORT = {"treatment", "portal"}
"""The package itself, and the site, which asks who is reading."""

DOSE = re.compile(r"\d\s*(?:mg|mcg|ug|µg)\s*/\s*(?:kg|m2|m²|dose|week)\b|\d\s*mg\s*/\s*day\b")
LONG = 24
"""From so many letters on, a text is no common phrase that a public page could share by chance."""

NAMELESS = ("cli", "exchange", "model", "report", "rules", "workup")
"""Packages that name no medicine; `knowledge` recognises names in records, `examples` hold them."""

READING = ("docs/reference/knowledge/concepts.md", "docs/reference/knowledge/words.md")
"""Generated pages that list the words by which a record is read, names of medicines among them."""

WATCHED = """
import sys

def watch(event, arguments):
    if event == "open" and "multifocal/treatment" in str(arguments[0]).replace("\\\\", "/"):
        raise RuntimeError("treatment")

sys.addaudithook(watch)
from multifocal.cli import main
main()
"""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def treatment(knowledge: Knowledge) -> Treatment:
    return load(knowledge=knowledge)


@pytest.fixture(scope="module")
def phrases(treatment: Treatment) -> set[str]:
    """Every text of the section that is long enough to be known again."""
    own = {squeezed(text) for _, _, text in texts(treatment)}
    own |= {squeezed(source.title) for source in treatment.sources}
    return {text for text in own if len(text) >= LONG}


def squeezed(text: str) -> str:
    """Give a text in lower case with single blanks, so that wrapped lines are found too."""
    return re.sub(r"\s+", " ", text).strip(" .").lower()


def public(files: tuple[Path, ...], root: Path, *, nameless: bool) -> dict[str, str]:
    """Give the public texts; ``nameless``, only those that may not even name a medicine."""
    found = {}
    for path in files:
        name = path.relative_to(root).as_posix()
        package = re.match(r"src/multifocal/(\w+)", name)
        if name.startswith("tests/") or (package and package[1] in {"treatment", "examples"}):
            continue
        if nameless and package and package[1] not in NAMELESS and "/article/" not in name:
            continue
        if nameless and (name in READING or not (package or path.suffix == ".md")):
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            found[name] = content.decode("utf-8", errors="replace")
    return found


def test_nothing_public_may_import_it_and_no_package_is_forgotten(root: Path, source: Path) -> None:
    contracts = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [apart] = [one for one in contracts if one["name"] == "Treatment stands apart"]
    packages = {path.name for path in source.iterdir() if (path / "__init__.py").exists()}
    packages |= {path.stem for path in source.glob("*.py")} - {"__init__"}
    wanted = {f"multifocal.{name}" for name in packages - MAY_IMPORT}
    assert set(apart["source_modules"]) == wanted
    assert apart["forbidden_modules"] == ["multifocal.treatment"]
    assert "allow_indirect_imports" not in apart
    assert "ignore_imports" not in apart


def test_no_public_code_reaches_it_by_name(source: Path) -> None:
    reach = re.compile(r"multifocal[./]treatment|treatment[./]data")
    reaching = [
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if path.relative_to(source).parts[0] not in MAY_IMPORT
        and reach.search(path.read_text(encoding="utf-8"))
    ]
    assert reaching == []


def test_no_public_page_or_package_names_a_medicine(
    files: tuple[Path, ...], root: Path, treatment: Treatment
) -> None:
    medicines = {name for drug in treatment.drugs for name in drug.names}
    pattern = re.compile("|".join(sorted(medicines)))
    looked = public(files, root, nameless=True)
    assert {"README.md", "docs/architecture.md", "src/multifocal/report/page.py"} <= looked.keys()
    assert [name for name, text in looked.items() if pattern.search(text.lower())] == []


def test_no_public_file_holds_a_dose(files: tuple[Path, ...], root: Path) -> None:
    looked = public(files, root, nameless=False)
    assert [name for name, text in looked.items() if DOSE.search(text)] == []


def test_no_public_file_holds_a_text_of_it(
    files: tuple[Path, ...], root: Path, phrases: set[str]
) -> None:
    assert len(phrases) > 100
    looked = public(files, root, nameless=False)
    plain = {name: squeezed(content) for name, content in looked.items()}
    shared = {
        name: [text for text in phrases if text in content] for name, content in plain.items()
    }
    assert {name: found for name, found in shared.items() if found} == {}


@pytest.mark.parametrize("example", example_names())
def test_no_report_holds_a_text_or_a_dose_of_it(
    example: str, knowledge: Knowledge, phrases: set[str]
) -> None:
    record = read(example_path(example), knowledge=knowledge)
    day = latest_day(record) or date(2026, 11, 1)
    assessment = assess(record, as_of=day, knowledge=knowledge)
    shown = page.render(assessment, knowledge=knowledge)
    shown += terminal.render(assessment, knowledge=knowledge, colour=False)
    plain = squeezed(shown)
    assert [text for text in phrases if text in plain] == []
    assert DOSE.findall(shown) == []


def test_the_command_opens_no_file_of_it(tmp_path: Path) -> None:
    ended = subprocess.run(  # fixed arguments
        [
            sys.executable,
            "-c",
            WATCHED,
            "assess",
            "example:right-hand",
            "--format",
            "html",
            "-o",
            "x",
        ],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={"XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path), "PATH": ""},
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_the_watch_sees_the_package_opened(tmp_path: Path) -> None:
    opening = WATCHED.replace(
        "from multifocal.cli import main\nmain()", "import multifocal.treatment.load"
    )
    ended = subprocess.run(  # fixed arguments
        [sys.executable, "-c", opening], cwd=tmp_path, capture_output=True, encoding="utf-8"
    )
    assert "RuntimeError: treatment" in ended.stderr


def test_a_dose_is_known_however_it_is_written() -> None:
    for text in ("10-20 mg/kg/day", "15 mg / m2", "1000 mg/day", "0.5mg/kg"):
        assert DOSE.search(text)
    for text in ("48.1 mg/L", "CRP in mg/dL", "50 ug/g"):
        assert not DOSE.search(text)


def test_the_phrases_are_found_in_the_page_itself(treatment: Treatment, phrases: set[str]) -> None:
    told = squeezed(re.sub(r"(?: \[\d+[a-z]?\])+", "", markdown("clinician", treatment)))
    assert sum(text in told for text in phrases) > len(treatment.advice)
    assert DOSE.search(told)


def test_the_wheel_keeps_it(root: Path) -> None:
    build = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"] == {"packages": ["src/multifocal"]}
    assert build.keys() == {"targets", "hooks"}
    shipped = {path.name for path in resources("multifocal.treatment").joinpath("data").iterdir()}
    assert {path.name for path in DATA.glob("*.toml")} <= shipped
