"""The world's formats in and out: FHIR R4 and its bulk export, phenopackets."""
