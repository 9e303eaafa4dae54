"""`assay data import`: a file of candles into the store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from assay.cli.data.home import shown, stored
from assay.cli.progress import steps


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Candles as CSV, plain or gzipped, or Parquet.", show_default=False)],
    instrument: Annotated[str | None, typer.Option(metavar="ID", help="Whose bars these are; the file's name says unless given.")] = None,
    timezone: Annotated[str | None, typer.Option(metavar="NAME", help="Zone of times that name none; UTC unless given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON, and nothing else.")] = False,
) -> None:
    """Store the candles of a file, all of them or none; what is odd about them is told."""
    from assay.adapters.files.candles import import_bars
    from assay.core.market.instants import to_datetime

    with steps(2) as begin:
        begin("Reading")
        read = import_bars(file, instrument=instrument, timezone=timezone)
        begin("Writing")
        new = stored().write(read.bars)
    bars = read.bars
    first, last = (shown(to_datetime(int(bars.ts[row]))) for row in (0, -1))
    if as_json:
        findings = [{"severity": each.severity, "code": each.code, "path": each.path, "message": each.message} for each in read.findings]
        told = {"instrument": bars.instrument, "timeframe": bars.timeframe.name, "bars": len(bars), "new": new}
        typer.echo(json.dumps({**told, "first_at": first, "last_at": last, "findings": findings}))
        return
    typer.echo(f"{bars.instrument} on {bars.timeframe}: {len(bars):,} bars from {first} to {last}, {new:,} are new")
    for finding in read.findings:
        typer.echo(f"{finding.severity}: {finding}", err=True)
