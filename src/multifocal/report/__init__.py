"""An assessment as words, maps, HTML, PDF and terminal text."""
