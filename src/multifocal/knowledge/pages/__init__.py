"""The reference pages: all entries as Markdown, each number leading to its source."""

from multifocal.knowledge.pages.book import pages

__all__ = ["pages"]
