"""`assay backtest`: one run, as a table, as JSON, or as a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.problems import located_in
from assay.cli.progress import steps
from assay.cli.request import Request
from assay.cli.signature import taking


@taking(Request)
def backtest(
    request: Request,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole result as JSON, and nothing else.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report there.")] = None,
) -> None:
    """Run a strategy over bars."""
    with steps(3) as begin:
        begin("Reading")
        account, strategy = request.account(), request.strategy()
        bars, match, funding = request.bars(strategy), request.finer(), request.rates()
        begin("Running (compiles once)")
        import assay
        from assay.cli.beside import compile_beside

        compile_beside()
        with located_in(request.file):
            result = assay.backtest(strategy, bars, account, start=request.start, end=request.end, match=match, funding=funding)
        begin("Measuring")
        answer = json.dumps(result.to_json(), allow_nan=False) if as_json else ""
        report = result.report(html) if html else None
    if as_json:
        typer.echo(answer)
    else:
        from assay.cli.console import console
        from assay.cli.figures import show

        show(result, console())
    if report is not None:
        typer.echo(f"report {report.resolve()}", err=as_json)
