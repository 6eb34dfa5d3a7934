"""The reference pages tell all that there is, and nothing that is not."""

import ast
import re
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import typer
from msgspec.inspect import StructType, type_info

from multifocal.cli import app
from multifocal.examples import names as example_names
from multifocal.exchange.fhir.elements import Valued
from multifocal.exchange.fhir.views import DECODERS, TABLE, VIEWS, Resource
from multifocal.exchange.phenopackets import Phenopacket
from multifocal.exchange.vocabulary import SYSTEMS
from multifocal.knowledge import entries, entries_checker, entries_differential, value_sets
from multifocal.knowledge.check import GIVEN
from multifocal.knowledge.load import CSV, DATA, DIFFERENTIAL, TOML
from multifocal.model.assessment import Assessment
from multifocal.rules import nodes
from multifocal.rules.fold import COLUMNS, How

CLICK_EXITS = {0, 2}
"""Click ends with 0 when all is well and with 2 when it was called wrongly."""


def reference(root: Path, name: str) -> str:
    return (root / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8")


def sections(page: str) -> dict[str, str]:
    """Give the text below each heading that is a name in code letters, to the next heading."""
    parts = re.split(r"^#+ (.*)$", page, flags=re.MULTILINE)[1:]
    return {
        title.strip("`"): text
        for title, text in zip(parts[::2], parts[1::2], strict=True)
        if re.fullmatch(r"`[^`]+`", title)
    }


def first_cells(text: str) -> list[str]:
    """Give the names in code letters in the first column of every table row."""
    return [
        name
        for line in text.splitlines()
        if line.startswith(("| `", "| **`"))
        for name in re.findall(r"`([^`]+)`", line.split("|")[1])
    ]


def commands() -> dict[str, Any]:
    """Give every command by its full name."""
    top = typer.main.get_command(app)
    found: dict[str, Any] = {}

    def walk(command: Any, name: str) -> None:
        found[name] = command
        for below, child in getattr(command, "commands", {}).items():
            walk(child, f"{name} {below}")

    walk(top, "multifocal")
    return found


def parameters(command: Any) -> set[str]:
    """Give every option by each of its spellings, and every argument by its name in capitals."""
    found = {"--help"}
    for parameter in command.params:
        if parameter.opts[0].startswith("-"):
            found |= {*parameter.opts, *parameter.secondary_opts}
        else:
            found.add(parameter.name.upper())
    return found


def test_every_command_has_a_section_and_every_section_a_command(root: Path) -> None:
    assert sections(reference(root, "command-line")).keys() == commands().keys()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_argument_and_option_has_a_row_and_every_row_is_one(root: Path, name: str) -> None:
    cells = first_cells(sections(reference(root, "command-line"))[name])
    told = {cell.split(" ")[0] for cell in cells if cell.startswith("-") or cell.isupper()}
    assert told == parameters(commands()[name])


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_choice_of_an_option_is_told(root: Path, name: str) -> None:
    section = sections(reference(root, "command-line"))[name]
    kinds = [parameter.type_descriptor.annotation for parameter in commands()[name].params]
    choices = {
        str(choice.value)
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, Enum)
        for choice in kind
    }
    assert {choice for choice in choices if f"`{choice}`" not in section} == set()


def test_the_exit_codes_told_are_those_that_are_given(root: Path, source: Path) -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (source / "cli").rglob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    given = CLICK_EXITS | {
        value.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"exit", "Exit"}
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(value, ast.Constant) and isinstance(value.value, int)
    }
    page = reference(root, "command-line").partition("## Exit codes")[2].partition("\n## ")[0]
    told = [int(cell) for cell in first_cells(page)]
    assert told == sorted(given)


def test_every_environment_variable_that_is_read_is_told(root: Path, source: Path) -> None:
    texts = [
        path.read_text(encoding="utf-8")
        for path in source.rglob("*.py")
        if "portal" not in path.relative_to(source).parts
    ]
    read = {
        name
        for text in texts
        if "environ" in text
        for name in re.findall(r"""["']([A-Z]+(?:_[A-Z]+)+)["']""", text)
    }
    page = reference(root, "command-line").partition("## Environment")[2].partition("\n## ")[0]
    assert set(first_cells(page)) == read


def test_every_setting_of_the_site_is_told(root: Path, source: Path) -> None:
    text = (source / "portal" / "options.py").read_text(encoding="utf-8")
    read = {f"MULTIFOCAL_{name}" for name in re.findall(r"""(?:given|number)\("([A-Z_]+)""", text)}
    read |= set(re.findall(r"""environment\.get\("([A-Z_]+)""", text)) - {"XDG_DATA_HOME"}
    assert set(first_cells(reference(root, "settings"))) == read


def test_only_one_module_of_the_site_reads_the_environment(source: Path) -> None:
    reading = {
        path.name
        for path in (source / "portal").rglob("*.py")
        if re.search(r"os\.environ(?!\.setdefault)|getenv", path.read_text(encoding="utf-8"))
    }
    assert reading == {"options.py"}


def structs(kind: type) -> dict[str, tuple[str, ...]]:
    """Give the fields of a struct and of every struct inside it, by name."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(info: Any) -> None:
        if isinstance(info, StructType):
            if info.cls.__name__ in found:
                return
            found[info.cls.__name__] = tuple(field.encode_name for field in info.fields)
            for field in info.fields:
                walk(field.type)
        for attribute in ("item_type", "item_types", "types", "key_type", "value_type"):
            below = getattr(info, attribute, ())
            for one in below if isinstance(below, tuple) else (below,):
                walk(one)

    walk(type_info(kind))
    return found


def test_every_field_of_the_assessment_is_told_in_its_order(root: Path) -> None:
    told = {
        name: tuple(first_cells(section))
        for name, section in sections(reference(root, "assessment-json")).items()
    }
    assert told == structs(Assessment)


def test_every_kind_of_entry_and_each_of_its_keys_is_told(root: Path) -> None:
    kinds: set[type] = {kind for _, _, kind in TOML.values()}
    kinds |= {kind for _, kind in CSV.values()}
    kinds |= {entries.CriteriaEntry, entries.CodingEntry, *value_sets.FILES.values()}
    kinds |= {kind for _, _, kind in DIFFERENTIAL.values()}
    kinds |= {entries_differential.CellEntry, entries_differential.ModelEntry}
    kinds |= {entries_differential.Implication, entries_differential.PriorEntry}
    wanted: dict[str, tuple[str, ...]] = {}
    for kind in kinds:
        wanted |= structs(kind)
    told = {
        name: tuple(first_cells(section))
        for name, section in sections(reference(root, "data-files")).items()
    }
    assert told == wanted


def test_every_data_file_is_told(root: Path) -> None:
    page = reference(root, "data-files")
    files = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    told = first_cells(page.partition("\n## ")[0])
    assert {name for name in files if not any(fnmatchcase(name, one) for one in told)} == set()


def test_required_keys_are_those_in_bold(root: Path) -> None:
    page = sections(reference(root, "data-files"))
    for name, section in page.items():
        of = (entries, entries_checker, entries_differential, value_sets)
        kind = next(getattr(module, name) for module in of if hasattr(module, name))
        required = {field.encode_name for field in msgspec.structs.fields(kind) if field.required}
        assert set(re.findall(r"^\| \*\*`(\w+)`\*\*", section, flags=re.MULTILINE)) == required, (
            name
        )


def elements(kind: type) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


FOREIGN_ONLY = {
    kind: {
        one.partition(" ")[0] for foreign in TABLE.foreign.values() for one in foreign.get(kind, ())
    }
    - view.elements
    - {field.encode_name for field in msgspec.structs.fields(Valued)}
    for kind, view in VIEWS.items()
}
"""Elements that only tell of another release of FHIR."""


def test_every_element_of_fhir_that_is_read_is_told(root: Path) -> None:
    page = reference(root, "fhir-elements")
    common = elements(Resource) - {"resourceType"}
    marks = {kind: FOREIGN_ONLY.get(kind, set()) for kind in DECODERS}
    wanted = {
        kind: elements(decoder.type) - common - marks[kind] - {"resourceType"}
        for kind, decoder in DECODERS.items()
    }
    told = {kind: set(first_cells(section)) for kind, section in sections(page).items()}
    alike = {"MedicationRequest": "MedicationStatement"}
    alike |= {"MedicationAdministration": "MedicationStatement"}
    assert {kind for kind in DECODERS if f"`{kind}`" not in page} == set()
    assert told == {kind: names for kind, names in wanted.items() if kind not in alike}
    assert all(wanted[kind] == wanted[other] for kind, other in alike.items())
    assert common - set(first_cells(headed(page)["Every resource"])) == set()


def test_every_element_of_a_phenopacket_that_is_read_is_told(root: Path) -> None:
    told = first_cells(headed(reference(root, "fhir-elements"))["Phenopackets"])
    assert set(told) == elements(Phenopacket)


def test_every_coding_system_is_told(root: Path) -> None:
    told = first_cells(headed(reference(root, "fhir-elements"))["Dates, codes, texts"])
    assert set(told) == set(SYSTEMS.values())


def test_every_example_is_told(root: Path) -> None:
    page = reference(root, "command-line")
    assert {name for name in example_names() if f"`example:{name}`" not in page} == set()


def test_every_way_to_select_and_every_column_is_told(root: Path) -> None:
    told = {
        title: first_cells(text) for title, text in headed(reference(root, "rule-language")).items()
    }
    assert told["Selectors"] == ["how", *get_args(How)]
    assert told["Columns of a fact"] == list(COLUMNS)
    assert told["Names from the patient"] == list(GIVEN)


def test_every_operator_of_the_language_is_told(root: Path) -> None:
    told = set(first_cells(headed(reference(root, "rule-language"))["Expressions"]))
    operators = {*get_args(nodes.Comparison), *get_args(nodes.Arithmetic)}
    operators |= {"and", "or", "not", "in", "at_least", "True", "False"}
    assert operators - told == set()


def headed(page: str) -> dict[str, str]:
    """Give the text below each heading of the second level."""
    parts = re.split(r"^## (.*)$", page, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_make_target_that_a_page_names_is_there(root: Path, pages: tuple[Path, ...]) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = {
        target
        for page in pages
        for target in re.findall(
            r"(?:^\$ |`)make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    }
    assert {"demo", "test"} <= named <= targets
