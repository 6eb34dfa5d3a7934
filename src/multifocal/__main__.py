"""Run the command line with ``python -m multifocal``."""

from multifocal.cli import main

main()
