"""`assay data check`: what is wrong with stored bars, and what is odd."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from assay.cli.data.home import calendars, meant, stored
from assay.cli.progress import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.core.market.findings import Finding

ERRORS: Final = 1
"""The exit code where bars are wrong: the check failed."""


def check(
    instrument: Annotated[str | None, typer.Argument(metavar="INSTRUMENT", help="Only its bars.")] = None,
    timeframe: Annotated[str | None, typer.Option(metavar="NAME", help="Only bars of this length.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON, and nothing else.")] = False,
) -> None:
    """Look for what is wrong or odd in stored bars: gaps, leaps, prices that cannot be. Ends with 1 where something is wrong."""
    found = list(_found(instrument, timeframe))
    if as_json:
        typer.echo(json.dumps([_plain(*each) for each in found]))
    for name, length, findings in () if as_json else found:
        typer.echo(f"{name} on {length}: {len(findings) or 'no'} finding{'' if len(findings) == 1 else 's'}")
        for finding in findings:
            typer.echo(f"  {finding.severity}: {finding}")
    if any(finding.severity == "error" for _, _, findings in found for finding in findings):
        raise typer.Exit(ERRORS)


def _found(instrument: str | None, timeframe: str | None) -> Iterator[tuple[str, str, tuple[Finding, ...]]]:
    """(instrument, timeframe, findings)"""
    from assay.core.market.quality import inspect

    candles, known = stored(), calendars()
    wanted = meant(candles, instrument, timeframe)
    with counted("Checking") as progress:
        for row, each in enumerate(wanted):
            progress(row, len(wanted))
            bars = candles.read(each.instrument, each.timeframe)
            if bars is not None:
                yield each.instrument, each.timeframe, inspect(bars, calendar=known.of(each.instrument))


def _plain(name: str, length: str, findings: tuple[Finding, ...]) -> dict[str, Any]:
    told = [
        {"severity": each.severity, "code": each.code, "path": each.path, "message": each.message, "count": each.count} for each in findings
    ]
    return {"instrument": name, "timeframe": length, "findings": told}
