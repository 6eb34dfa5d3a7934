"""Packages: what each is for, and what it may import."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

DISTRIBUTIONS = {
    "allauth": "django-allauth",
    "csp": "django-csp",
    "markdown_it": "markdown-it-py",
    "ninja": "django-ninja",
}
"""Libraries whose package is called otherwise."""

NETWORK = {
    "aiohttp",
    "asyncio",
    "ftplib",
    "http",
    "httpx",
    "imaplib",
    "poplib",
    "requests",
    "smtplib",
    "socket",
    "socketserver",
    "ssl",
    "urllib",
    "urllib3",
    "webbrowser",
    "websockets",
    "xmlrpc",
}
"""Modules that can reach another machine."""
TAKES_CONNECTIONS = {"portal/reading.py": {"socket"}}
"""The server's own: it names options of connections that others opened, and opens none."""


class Row(NamedTuple):
    """A row of the table of packages in the architecture page."""

    charter: str
    libraries: frozenset[str]


def rows(root: Path) -> dict[str, Row]:
    found = {}
    for line in (root / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("| `") and len(cells) == 3 and re.fullmatch(r"`\w+`", cells[0]):
            libraries = frozenset(re.findall(r"`([\w.]+)`", cells[2]))
            found[cells[0].strip("`")] = Row(cells[1], libraries)
    return found


def modules(source: Path) -> dict[str, list[Path]]:
    """Give the modules of each package; a module beside the packages is its own."""
    found: dict[str, list[Path]] = {}
    for path in sorted(source.rglob("*.py")):
        top = path.relative_to(source).parts[0].removesuffix(".py")
        if not top.startswith("__"):
            found.setdefault(top, []).append(path)
    return found


def imported(path: Path) -> set[str]:
    """Give the top names that a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module.split(".")[0])
    return names


def test_imports_point_down(root: Path) -> None:
    """In a process of its own: the linter switches off every logger that it finds."""
    linter = Path(sys.executable).with_name("lint-imports")
    judged = subprocess.run(
        [linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )
    assert judged.returncode == 0, judged.stdout


def test_every_package_is_in_the_table_and_every_row_is_a_package(root: Path, source: Path) -> None:
    assert rows(root).keys() == modules(source).keys()


def test_every_package_begins_with_its_charter(root: Path, source: Path) -> None:
    charters = {name: row.charter for name, row in rows(root).items()}
    firsts = {}
    for name in charters:
        package = source / name / "__init__.py"
        path = package if package.exists() else source / f"{name}.py"
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        firsts[name] = docstring.split("\n\n")[0].replace("\n", " ")
    assert firsts == charters


def test_every_package_imports_exactly_the_libraries_of_its_row(root: Path, source: Path) -> None:
    wanted = {name: row.libraries for name, row in rows(root).items()}
    known = sys.stdlib_module_names | {"multifocal"}
    found = {
        name: frozenset().union(*(imported(path) for path in paths)) - known
        for name, paths in modules(source).items()
    }
    assert found == wanted


def test_every_library_that_is_imported_is_a_dependency(root: Path, source: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split(r"[^\w-]", text)[0].lower() for text in project["dependencies"]}
    pinned = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    brought = {line.split("==")[0].lower() for line in pinned if "==" in line}
    used = {
        DISTRIBUTIONS.get(name, name.replace("_", "-"))
        for row in rows(root).values()
        for name in row.libraries
    }
    assert used - named - brought == set()
    assert named <= brought


def modules_imported(path: Path) -> set[str]:
    """Give the full names of the modules that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module)
    return names


def test_nothing_that_can_reach_another_machine_is_imported(source: Path) -> None:
    reaching = {
        path.relative_to(source).as_posix(): sorted(found)
        for path in source.rglob("*.py")
        if (
            found := {
                name
                for name in modules_imported(path)
                - {"urllib.parse"}
                - TAKES_CONNECTIONS.get(path.relative_to(source).as_posix(), set())
                if name.split(".")[0] in NETWORK
            }
        )
    }
    assert reaching == {}
