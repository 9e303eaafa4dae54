"""`assay conditions`: AI-Lona's conditions file as a strategy, and a strategy as such a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.problems import lines, located_in
from assay.core.domain.errors import StrategyError


def conditions(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The conditions file; with --export, the strategy.", show_default=False)],
    strict: Annotated[bool, typer.Option("--strict", help="Refuse the file where any entry of it is rejected.")] = False,
    export: Annotated[bool, typer.Option("--export", help="The other way: print a strategy as a conditions file.")] = False,
    venue: Annotated[str, typer.Option(metavar="NAME", help="Where pairs trade that do not say where.")] = "bybit",
    timeframe: Annotated[str | None, typer.Option(metavar="NAME", help="Of a file that does not say its own: 15m.")] = None,
) -> None:
    """Print a conditions file as a strategy; every entry that cannot be understood is told on standard error, with its place."""
    from assay.adapters.files.strategies import load, source_of
    from assay.core.strategy.canonical import to_json
    from assay.core.strategy.conditions_file.read import read_file
    from assay.core.strategy.conditions_file.write import write_file

    name = Path(file).name or file
    with located_in(name):
        if export:
            _print(write_file(load(file)))
            return
        read = read_file(source_of(file), venue=venue, timeframe=timeframe, strict=strict)
    if read.rejected:
        for line in lines(StrategyError(read.rejected)):
            typer.echo(f"{name}: {line}", err=True)
    _print(to_json(read.document))


def _print(document: dict[str, object]) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
