"""Clinics, children, guardians, consent: who may see whose record."""
