"""`assay sweep`: every combination of a grid of parameters, the best of them in a table, or all of them as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final

import typer

from assay.cli.problems import located_in, wrong
from assay.cli.progress import counted
from assay.cli.request import Request
from assay.cli.signature import taking
from assay.cli.values import axis

if TYPE_CHECKING:
    import polars as pl

SHOWN: Final = 20


@taking(Request)
def sweep(
    request: Request,
    grid: Annotated[
        list[str], typer.Option(metavar="NAME=VALUES", help="fast=5:50:1 (the stop left out) or fast=5,10,20; one or several.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print every cell as JSON, and nothing else.")] = False,
) -> None:
    """Run a strategy for every combination of parameters."""
    axes = _axes(grid, request)
    account, strategy = request.account(), request.strategy()
    bars, match, funding = request.bars(strategy), request.finer(), request.rates()
    import assay

    with located_in(request.file), counted("Sweeping") as progress:
        cells = assay.sweep(
            strategy, bars, axes, account, start=request.start, end=request.end, match=match, funding=funding, progress=progress
        ).cells
    if as_json:
        typer.echo(json.dumps({"cells": cells.to_dicts()}, allow_nan=False))
    else:
        _show(cells, tuple(axes))


def _axes(grid: list[str], request: Request) -> dict[str, tuple[int | float, ...]]:
    given = [axis(text) for text in grid]
    axes = dict(given)
    if len(axes) < len(given):
        raise wrong("--grid", "a parameter has two axes; give all its values in one")
    for name, _ in request.moved():
        if name in axes:
            raise wrong("--set", f"{name} is in the grid already")
    return axes


def _show(cells: pl.DataFrame, parameters: tuple[str, ...]) -> None:
    """The best by final equity: of many tries some are lucky, so look at the neighbors of the first one."""
    from rich.table import Table

    from assay.adapters.render.figures import count, money, percent, ratio
    from assay.cli.console import console

    table = Table(box=None, padding=(0, 3, 0, 0), pad_edge=False)
    for name in (*parameters, "Final equity", "Max drawdown", "Trades", "Sharpe"):
        table.add_column(name, justify="right")
    for row in cells.sort("final_equity", descending=True, nulls_last=True).head(SHOWN).iter_rows(named=True):
        figures = (money(row["final_equity"]), percent(row["max_drawdown"]), count(row["trades"]), ratio(row["sharpe"]))
        table.add_row(*(f"{row[name]:g}" for name in parameters), *figures)
    console().print(table)
    typer.echo(f"\n{min(SHOWN, len(cells)):,} of {len(cells):,} cells, by final equity; --json prints all")
