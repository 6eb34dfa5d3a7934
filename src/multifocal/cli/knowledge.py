"""The commands `knowledge ...`: what the program knows, where it comes from, what a change does."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multifocal.cli.folders import cache_folder
from multifocal.model.issue import KnowledgeError, MultifocalError

if TYPE_CHECKING:
    from multifocal.cli.rerun import Changed
    from multifocal.knowledge.catalogue import Listed
    from multifocal.knowledge.difference import Change
    from multifocal.knowledge.load import Knowledge
    from multifocal.knowledge.tally import Tally

AsJson = Annotated[bool, typer.Option("--json", help="Give JSON instead of text.")]

app = typer.Typer(
    name="knowledge",
    help="What the program knows, where each number comes from, and what a change would do.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.command("list")
def list_entries(
    kind: Annotated[
        str | None,
        typer.Argument(help="A kind of entry; without it, the kinds.", show_default=False),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the kinds of entry, or all entries of one kind."""
    from multifocal.knowledge.catalogue import kinds

    by_kind = kinds(_catalogue())
    if kind is None:
        _list_kinds(by_kind, as_json=as_json)
        return
    kind = kind.replace("-", "_").replace(" ", "_")
    kind = kind if kind in by_kind else kind.removesuffix("s")
    if kind not in by_kind:
        raise typer.BadParameter(f"no such kind; there are: {', '.join(by_kind)}")
    from multifocal.cli.shown import console, grid, named, print_parts

    if as_json:
        _give([named(one) for one in by_kind[kind]])
        return
    table = grid("id", "label")
    for one in by_kind[kind]:
        table.add_row(one.id, one.label)
    print_parts([table], console(is_wrapped=False))


def _list_kinds(by_kind: "Mapping[str, tuple[Listed, ...]]", *, as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {
            "kind": kind,
            "entries": len(entries),
            "files": sorted({one.file for one in entries}),
            "what": (entries[0].entry.__doc__ or "").partition("\n")[0],
        }
        for kind, entries in by_kind.items()
    ]
    if as_json:
        _give(rows)
        return
    from multifocal.cli.shown import console, grid, print_parts

    table = grid("kind", "entries", "what one is", right=("entries",))
    for row in rows:
        table.add_row(row["kind"], str(row["entries"]), row["what"])
    print_parts([table], console())


@app.command()
def show(
    id: Annotated[  # noqa: A002 # the word that users see
        str,
        typer.Argument(help="Any id: of a finding, a score, a bone, a source, a code ..."),
    ],
    *,
    kind: Annotated[
        str | None,
        typer.Option(help="Only the entry of this kind.", metavar="KIND", show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show an entry: its rules in words, every number with its source, and what uses it."""
    from multifocal.knowledge.catalogue import find, users

    knowledge = _knowledge()
    listed = _catalogue(knowledge)
    try:
        found = find(id, [one for one in listed if kind in (None, one.kind)])
    except MultifocalError as fault:
        raise typer.BadParameter(str(fault)) from None
    used = users(listed)
    from multifocal.cli.shown import console, entries, plain, print_parts

    if as_json:
        _give([plain(one, knowledge, used) for one in found])
        return
    print_parts(entries(found, knowledge, used), console())


@app.command()
def check(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="A folder of data files; without it, those of this program.", show_default=False
        ),
    ] = None,
    *,
    report: Annotated[
        bool,
        typer.Option("--report", help="Count the numbers of each file by how sure they are."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the data files; every problem is told, and any ends with code 1."""
    from multifocal.knowledge.catalogue import catalogue, kinds
    from multifocal.knowledge.load import DATA, load
    from multifocal.knowledge.tally import tally

    try:
        knowledge = load(data=DATA if folder is None else folder)
    except KnowledgeError as fault:
        problems = str(fault).splitlines()
        if as_json:
            _give({"ok": False, "problems": problems})
        else:
            typer.echo("\n".join([*problems, f"{len(problems)} problems"]))
        raise typer.Exit(1) from None
    listed = catalogue(knowledge)
    counts = {kind: len(entries) for kind, entries in kinds(listed).items()}
    if as_json:
        import msgspec

        said: dict[str, Any] = {"ok": True, "version": knowledge.version, "entries": counts}
        if report:
            said["numbers"] = msgspec.to_builtins(tally(listed))
            said["numbers_in_words"] = msgspec.to_builtins(tally(listed, in_words=True))
        _give(said)
        return
    from multifocal.cli.shown import console, print_parts

    told = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in counts.items())
    entries = f"ok: version {knowledge.version}, {sum(counts.values())} entries: {told}"
    print_parts([entries], console())
    if report:
        typer.echo("\nNumbers that the program works with:")
        _print_tally(tally(listed))
        typer.echo("\nFigures in sentences, which are only shown:")
        _print_tally(tally(listed, in_words=True))


def _print_tally(tallies: "tuple[Tally, ...]") -> None:
    from multifocal.cli.shown import console, grid, print_parts
    from multifocal.knowledge.tally import total

    sure = ("verified", "derived", "memory", "judgement", "no source")
    table = grid("file", *sure, right=sure, gap=1)
    for one in (*tallies, total(tallies)):
        counts = (one.verified, one.derived, one.memory, one.judgement, one.no_source)
        table.add_row(one.file, *(str(count) if count else "-" for count in counts))
    print_parts([table], console())


@app.command()
def sources(*, as_json: AsJson = False) -> None:
    """List every source: what it is, where to find it, how many entries cite it."""
    from multifocal.cli.shown import console, grid, print_parts, source_words
    from multifocal.knowledge.article import address
    from multifocal.knowledge.catalogue import can_be_found, is_ours, users

    knowledge = _knowledge()
    used = users(_catalogue(knowledge))
    if as_json:
        import msgspec

        _give(
            [
                {
                    **msgspec.to_builtins(source),
                    "address": address(source),
                    "ours": is_ours(source),
                    "cited_by": len(used.get(source.id, ())),
                }
                for source in knowledge.sources
            ]
        )
        return
    table = grid("id", "cited", "source", right=("cited",))
    for source in knowledge.sources:
        table.add_row(source.id, str(len(used.get(source.id, ()))), source_words(source))
    print_parts([table], console())
    lost = [source.id for source in knowledge.sources if not can_be_found(source)]
    if lost:
        typer.echo(f"\n{len(lost)} of {len(knowledge.sources)} have no address yet.")


@app.command()
def diff(
    old: Annotated[
        str,
        typer.Argument(help="A folder of data files, or a git revision of this clone: HEAD~1."),
    ],
    new: Annotated[
        str | None,
        typer.Argument(help="The same; without it, the data files as they are now."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show which entries differ between two versions, and which answers change with them.

    Every spec case and every shipped example is answered under both.
    """
    from multifocal.cli.versions import version
    from multifocal.knowledge.difference import differences
    from multifocal.knowledge.load import DATA

    try:
        with version(old) as before, version(new or str(DATA)) as after:
            changes = differences(before, after)
            answers, unanswered = _answers(before, after) if changes else ((), ())
    except KnowledgeError:
        raise
    except MultifocalError as fault:
        raise typer.BadParameter(str(fault)) from None
    if as_json:
        import msgspec

        parts = {"entries": changes, "answers": answers, "unanswered": unanswered}
        _give(msgspec.to_builtins(parts))
        return
    _print_changes(changes)
    if answers is not None:
        _print_answers(answers)
    for line in unanswered:
        typer.echo(line)


def _answers(before: Path, after: Path) -> "tuple[tuple[Changed, ...] | None, tuple[str, ...]]":
    """Give the answers that change, None if nothing could be asked; and what was not asked."""
    from datetime import date

    from multifocal.cli.rerun import changed, example_answers, spec_answers, spec_folder
    from multifocal.knowledge.load import load

    loaded, unanswered = [], []
    for name, folder in (("old", before), ("new", after)):
        try:
            loaded.append(load(data=folder))
        except KnowledgeError as fault:
            first, *others = str(fault).splitlines()
            more = f" (and {len(others)} problems more)" if others else ""
            unanswered.append(
                f"Not asked: the {name} version doesn't load with this program. {first}{more}"
            )
    if unanswered:
        return None, tuple(unanswered)
    old, new = loaded
    today = date.today()  # noqa: DTZ011 # a record without any date is assessed as of today
    found = changed(example_answers(old, otherwise=today), example_answers(new, otherwise=today))
    if (specs := spec_folder()) is None:
        return found, ("The spec cases are in a checkout of the source only: not answered here.",)
    return (*changed(spec_answers(specs, old), spec_answers(specs, new)), *found), ()


def _print_changes(changes: "Iterable[Change]") -> None:
    changes = tuple(changes)
    typer.echo(f"Entries that differ: {len(changes)}")
    for change in changes:
        typer.echo(f"  {change.what} {change.file}: {change.id}")
        if change.what == "changed":
            for field in change.fields:
                typer.echo(f"      {field.path}: {_said(field.before)} -> {_said(field.after)}")


def _print_answers(answers: "Iterable[Changed]") -> None:
    answers = tuple(answers)
    cases = dict.fromkeys(one.case for one in answers)
    typer.echo(f"Answers that change: {len(answers)}, in {len(cases)} cases")
    for case in cases:
        typer.echo(f"  {case}")
        for one in answers:
            if one.case == case:
                typer.echo(f"      {one.question}: {_said(one.before)} -> {_said(one.after)}")


def _said(value: str | None) -> str:
    return "(not there)" if value is None else value or "(empty)"


@app.command()
def pages(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder for the pages; it is made anew.")
    ],
) -> None:
    """Write the reference pages: all entries as Markdown, with links to their sources."""
    from multifocal.knowledge.pages import pages as written

    output.mkdir(parents=True, exist_ok=True)
    found = written(_knowledge())
    for path in output.glob("*.md"):
        if path.name not in found:
            path.unlink()
    for name, text in found.items():
        (output / name).write_text(text, encoding="utf-8")
    typer.echo(f"{len(found)} pages written")


def _knowledge() -> "Knowledge":
    from multifocal.knowledge.load import load

    return load(cache=cache_folder())


def _catalogue(knowledge: "Knowledge | None" = None) -> "tuple[Listed, ...]":
    from multifocal.knowledge.catalogue import catalogue

    return catalogue(_knowledge() if knowledge is None else knowledge)


def _give(value: Any) -> None:
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
