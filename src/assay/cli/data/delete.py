"""`assay data delete`: stored bars, forgotten."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from assay.cli.data.home import meant, stored


def delete(
    instrument: Annotated[str, typer.Argument(metavar="INSTRUMENT", help="Whose bars.", show_default=False)],
    timeframe: Annotated[str | None, typer.Option(metavar="NAME", help="Only bars of this length.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was deleted as JSON, and nothing else.")] = False,
) -> None:
    """Delete the stored bars of an instrument, on one timeframe or on all."""
    candles = stored()
    gone = [each for each in meant(candles, instrument, timeframe) if candles.delete(each.instrument, each.timeframe)]
    if as_json:
        typer.echo(json.dumps([{"instrument": each.instrument, "timeframe": each.timeframe, "bars": each.bars} for each in gone]))
    for each in () if as_json else gone:
        typer.echo(f"{each.instrument} on {each.timeframe}: {each.bars:,} bars are deleted")
