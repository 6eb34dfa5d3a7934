"""Benchmarks: each measured five times, medians told, with the machine."""
