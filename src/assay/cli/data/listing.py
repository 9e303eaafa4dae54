"""`assay data list`: what is stored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.cli.data.home import shown, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.runtime.records import Coverage


def list_(as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, with every gap, and nothing else.")] = False) -> None:
    """List the bars that are stored: from when to when, how many, and how many gaps."""
    found = stored().coverage()
    if as_json:
        typer.echo(json.dumps([_plain(each) for each in found]))
    elif not found:
        typer.echo("nothing is stored yet: see assay data fetch and assay data import")
    else:
        _print(found)


def _plain(coverage: Coverage) -> dict[str, Any]:
    return {
        "instrument": coverage.instrument, "timeframe": coverage.timeframe, "first_at": shown(coverage.first_at),
        "last_at": shown(coverage.last_at), "bars": coverage.bars, "bytes": coverage.bytes,
        "gaps": [{"start": shown(start), "end": shown(end)} for start, end in coverage.gaps],
    }  # fmt: skip


def _print(found: Sequence[Coverage]) -> None:
    from rich.table import Table

    from assay.cli.console import console

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("instrument", overflow="fold")
    for name in ("bar", "from", "to"):
        table.add_column(name, no_wrap=True)
    for name in ("bars", "gaps", "KiB"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in found:
        period = (f"{at:%Y-%m-%d %H:%M}" for at in (each.first_at, each.last_at))
        counts = (f"{each.bars:,}", f"{len(each.gaps):,}", f"{each.bytes / 1024:,.0f}")
        table.add_row(each.instrument, each.timeframe, *period, *counts)
    console().print(table)
