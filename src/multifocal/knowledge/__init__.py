"""The data files, loaded into types and checked."""
