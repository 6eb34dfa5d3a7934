"""What the search looks through: every public page, and the places on it."""

from collections.abc import Iterator
from functools import cache
from itertools import chain

from django.urls import NoReverseMatch, reverse

from multifocal.knowledge.entries import Audience
from multifocal.knowledge.figures import said
from multifocal.knowledge.load import Knowledge
from multifocal.knowledge.references import statements_of
from multifocal.knowledge.regions import about, regions
from multifocal.knowledge.variants import sentence
from multifocal.portal.article.parts import SOURCES, parts
from multifocal.portal.article.places import address, title
from multifocal.portal.article.search import Document, Index
from multifocal.portal.article.words import slug, words
from multifocal.portal.engine import knowledge

ARTICLES: tuple[tuple[Audience, str, str], ...] = (
    ("family", "article", "For families"),
    ("clinician", "article_clinician", "For clinicians"),
)


@cache
def index() -> Index:
    """Give the index, made when first asked for."""
    known = knowledge()
    kinds = (_sections, _regions, _conditions, _scores, _topics, _variants, _flags, _sources)
    return Index(chain.from_iterable(kind(known) for kind in kinds))


def _sections(known: Knowledge) -> Iterator[Document]:
    for audience, name, kind in ARTICLES:
        for part in parts(audience, known):
            if part.id != SOURCES:
                yield Document(part.title, f"{reverse(name)}#{part.id}", kind, part.words)


def _regions(known: Knowledge) -> Iterator[Document]:
    for region in regions(known):
        found = about(region, known)
        codes = ", ".join(code.code for code in found.codes)
        bones = ", ".join(bone.label for bone in found.bones)
        names = (*region.names, *(name for bone in found.bones for name in bone.names))
        text = ". ".join(filter(None, (f"Bones: {bones}" if bones else "", codes)))
        others = " ".join((region.label, *names))
        yield Document(title(region), address(region), "Bone", text, others)


def _conditions(known: Knowledge) -> Iterator[Document]:
    for one in known.conditions:
        points = " ".join(point.text for point in (*one.points_for, *one.points_against))
        codes = " ".join(f"{code.code} {code.title}" for code in one.codes)
        kind = words()["category"][one.category]
        yield Document(
            one.name,
            reverse("condition", args=[slug(one.id)]),
            "Condition",
            f"{words()['urgency'][one.urgency]} ({kind}). {points}",
            codes,
        )


def _scores(known: Knowledge) -> Iterator[Document]:
    for one in known.criteria:
        try:
            place = reverse("score", args=[one.id])
        except NoReverseMatch:
            place = reverse("scores")
        text = f"{one.short} ({one.year}). {one.label} {one.population}"
        yield Document(one.name, place, "Score", text, " ".join(item.label for item in one.item))


def _topics(known: Knowledge) -> Iterator[Document]:
    for topic in known.topics:
        values = "; ".join(
            f"{one.label}: {said(one.figure)}" for one in statements_of(topic, known)
        )
        text = f"{topic.question} {values or topic.not_found}"
        yield Document(topic.title, f"{reverse('numbers')}#{slug(topic.id)}", "Numbers", text)


def _variants(known: Knowledge) -> Iterator[Document]:
    for row in known.variants:
        title = f"{words()['about'][row.about]}: {row.where}"
        yield Document(title, f"{reverse('atlas')}#{row.id}", "Normal variant", sentence(row))


def _flags(known: Knowledge) -> Iterator[Document]:
    for flag in known.red_flags:
        yield Document(flag.label, reverse("urgent"), "Get help", flag.plain)


def _sources(known: Knowledge) -> Iterator[Document]:
    for source in known.sources:
        text = ". ".join(filter(None, (source.authors, str(source.year or ""), source.read)))
        others = f"{source.doi} {source.pmid} {source.id}"
        place = f"{reverse('sources')}#{source.id}"
        yield Document(source.title, place, "Source", text, others)
