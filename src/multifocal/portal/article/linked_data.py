"""The disease and its places for machines that read schema.org; never a treatment."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from multifocal.knowledge.entries import CodeEntry, ConditionEntry
from multifocal.knowledge.load import Knowledge

SYSTEMS = {"icd10cm": "ICD-10-CM", "orpha": "Orphanet", "omim": "OMIM", "mondo": "MONDO"}
UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script(data: Mapping[str, Any]) -> SafeString:
    """Give data as text that can stand inside a script element."""
    context = {"@context": "https://schema.org", **data}
    return SafeString(
        json.dumps(context, ensure_ascii=False, separators=(",", ":")).translate(UNSAFE)
    )


def condition(entry: ConditionEntry) -> dict[str, Any]:
    """Describe a condition: its name, other names and codes."""
    own = [code for code in entry.codes if not code.is_example]
    names = dict.fromkeys(code.title for code in own if code.title != entry.name)
    return {
        "@type": "MedicalCondition",
        "name": entry.name,
        **({"alternateName": list(names)} if names else {}),
        **({"code": [_code(SYSTEMS[one.system], one.code) for one in own]} if own else {}),
    }


def disease(entry: ConditionEntry, others: Iterable[ConditionEntry]) -> dict[str, Any]:
    """Describe the disease, its signs, and what else it could be."""
    could_be = [
        {"@type": "DDxElement", "diagnosis": {"@type": "MedicalCondition", "name": one.name}}
        for one in others
    ]
    return {
        **condition(entry),
        "signOrSymptom": [
            {"@type": "MedicalSignOrSymptom", "name": one.title} for one in entry.phenotypes
        ],
        **({"differentialDiagnosis": could_be} if could_be else {}),
    }


def at(place: str, codes: Iterable[CodeEntry], entry: ConditionEntry) -> dict[str, Any]:
    """Describe the disease at one place, with the codes of its sides."""
    return {
        "@type": "MedicalCondition",
        "name": f"{entry.name}: {place}",
        "associatedAnatomy": {"@type": "AnatomicalStructure", "name": place},
        "code": [_code("ICD-10-CM", one.code) for one in codes],
    }


def the_disease(knowledge: Knowledge) -> ConditionEntry:
    """Give the condition that all this is about."""
    [id_] = set(knowledge.differential.model.forms.values())
    return knowledge.conditions_by_id[id_]


def _code(system: str, code: str) -> dict[str, str]:
    return {"@type": "MedicalCode", "codeValue": code, "codingSystem": system}
