"""`assay data fetch`: bars from a venue, what is missing of them. Broken off, it goes on where it was when it is typed again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.progress import phases
from assay.cli.values import instant, instrument, timeframe

if TYPE_CHECKING:
    from datetime import datetime

    from assay.core.domain.instrument import InstrumentId
    from assay.core.domain.timeframe import Timeframe


def fetch(
    name: Annotated[str, typer.Argument(metavar="INSTRUMENT", help="Whose bars: binance:BTC/USDT.", show_default=False)],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="First bar, UTC.", show_default=False)],
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Bars opened at this time or later are left out; now.")] = None,
    length: Annotated[str, typer.Option("--timeframe", metavar="NAME", help="How long a bar is.")] = "1h",
    as_json: Annotated[bool, typer.Option("--json", help="Print what came of it as JSON, and nothing else.")] = False,
) -> None:
    """Fetch bars from a venue; what is stored already is not asked for again."""
    wanted, of = instrument(name), timeframe(length)
    first, last = instant(start, "--from"), None if end is None else instant(end, "--to")
    import asyncio  # a tenth of a second that no other command needs

    new, bars = asyncio.run(_fetched(wanted, of, first, last))
    if as_json:
        typer.echo(json.dumps({"instrument": str(wanted), "timeframe": of.name, "new": new, "bars": bars}))
    else:
        typer.echo(f"{wanted} on {of}: {new:,} bars are new, {bars:,} are stored")


async def _fetched(instrument: InstrumentId, timeframe: Timeframe, start: datetime, end: datetime | None) -> tuple[int, int]:
    """(new bars, all that are stored)"""
    from datetime import UTC, datetime

    from assay import settings, venues
    from assay.adapters.store.candles import CandleFiles
    from assay.app import supplied
    from assay.cli.problems import wrong
    from assay.core.domain.ranges import Span
    from assay.runtime.clock import WallClock

    given, until = settings.read(), end or datetime.now(UTC)
    if until <= start:
        raise wrong("--to", "it is not after --from")
    async with supplied(given, venues.offered(given, WallClock())) as supply:
        with phases() as tell:
            new = await supply.fetch(instrument, timeframe, Span(start, until), tell)
    stored = CandleFiles(given.home).coverage(str(instrument))
    return new, sum(each.bars for each in stored if each.timeframe == timeframe.name)
