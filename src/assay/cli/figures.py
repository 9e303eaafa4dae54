"""A result in the terminal, in the words of its report: every metric, how trades ended, what is still held, and the run's id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assay.adapters.render.figures import count, instant, money, percent, tone, written
from assay.adapters.render.labels import GROUPS
from assay.core.results.metrics import Metrics
from assay.core.results.result import Result

COLORS: Final = {"up": "green", "down": "red", "": ""}
GAINS: Final = frozenset({"total_return", "buy_and_hold_return", "cagr", "expectancy", "average_trade"})
"""Metrics whose sign is what one looks for; the others are what they are."""
WIDTH: Final = 36
"""Of a column of metrics; two and the space between them fit into a terminal of 80 characters."""
INSTRUMENTS: Final = 4
"""That many are named; a universe may have hundreds."""


def show(result: Result, console: Console) -> None:
    """Print everything that a first look wants to know."""
    console.print(Text(f"\n{result.strategy}", style="bold"))
    console.print(Text(_subject(result), style="dim"), soft_wrap=True)
    console.print()
    console.print(_metrics(result.metrics, abreast=console.width >= 2 * WIDTH + 4))
    if len(result.book.trades):
        console.print()
        console.print(_endings(result.trades))
    console.print()
    for line in _held(result):
        console.print(line, soft_wrap=True)
    console.print(Text(f"run {result.run_id}", style="dim"), soft_wrap=True)


def _subject(result: Result) -> str:
    slices, outcome = result.slices, result.outcome
    named = ", ".join(slices.instruments[:INSTRUMENTS])
    rest = len(slices.instruments) - INSTRUMENTS
    period = f"{instant(int(outcome.ts[0]))} to {instant(int(outcome.closed[-1]))} UTC" if len(outcome.ts) else "no bars"
    return f"{named}{f' and {rest} more' if rest > 0 else ''} · {slices.timeframe} · {count(len(result.marks))} bars · {period}"


def _metrics(metrics: Metrics, *, abreast: bool) -> Table:
    equity, trades, costs = (_group(title, metrics) for title in ("Equity", "Trades", "Costs"))
    table = Table.grid(padding=(0, 2, 0, 0))
    left = Table.grid()
    for part in (equity, "", costs):
        left.add_row(part)
    if abreast:
        table.add_row(left, trades)
    else:
        for part in (left, "", trades):
            table.add_row(part)
    return table


def _group(title: str, metrics: Metrics) -> Table:
    table = Table.grid(padding=(0, 1))
    table.width = WIDTH
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_row(Text(title, style="bold"), "")
    for name, (label, form) in GROUPS[title].items():
        value = metrics[name]
        table.add_row(label, Text(form(value), style=COLORS[tone(value)] if name in GAINS else ""))
    return table


def _endings(trades: pl.DataFrame) -> Table:
    """Trades by what ended them, the commonest first."""
    table = Table.grid(padding=(0, 3, 0, 0))
    for name in ("Ended by", "Trades", "Won", "P&L"):
        table.add_column(justify="left" if name == "Ended by" else "right")
    table.add_row(*(Text(name, style="bold") for name in ("Ended by", "Trades", "Won", "P&L")))
    groups = trades.group_by("exit_reason").agg(pl.len().alias("n"), (pl.col("pnl") > 0.0).mean().alias("won"), pl.col("pnl").sum())
    for reason, number, won, pnl in groups.sort(["n", "exit_reason"], descending=[True, False]).iter_rows():
        table.add_row(reason.replace("_", " "), count(number), percent(won, 1), Text(money(pnl, signed=True), style=COLORS[tone(pnl)]))
    return table


def _held(result: Result) -> Iterator[Text]:
    for row in result.open_positions.iter_rows(named=True):
        gain = row["unrealized_pnl"]
        what = f"{row['direction']} {_digits(row['quantity'])} {row['instrument']} since {written(row['entry_at'])}"
        yield Text(f"Still open: {what} at {_digits(row['entry_price'])}, marked at {_digits(row['mark'])}: ").append(
            money(gain, signed=True), style=COLORS[tone(gain)]
        )


def _digits(value: float) -> str:
    """A price or a quantity, as many decimals as it has."""
    return f"{value:,.8f}".rstrip("0").rstrip(".")
