"""FHIR R4 in: bundles, single resources and bulk exports to records."""
