"""Refuse to build the package while its knowledge has a fault."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CheckKnowledge(BuildHookInterface):
    """Load the knowledge, which checks it and tells every problem at once."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run before anything is packed; a `KnowledgeError` ends the build."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from multifocal.knowledge.load import load

        load()
