"""The tables of a report: months, trades, open positions, decisions, and every metric there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

import numpy as np

from assay.adapters.render.candles import FIRST_TRADES, Packed
from assay.adapters.render.figures import NOTHING, decimals_for, fixed, instant, money, percent, tone, written
from assay.adapters.render.labels import GROUPS, RISK, Written, peer
from assay.core.results.metrics import Metrics
from assay.core.results.peers import peer_metrics
from assay.core.results.result import Result

DECISIONS_SHOWN: Final = 60
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STRONGEST: Final = 0.10
"""A month that gained or lost this much has the deepest color."""

_TRADES: Final = ("#", "Instrument", "Direction", "Quantity", "Entered", "Entry", "Exited", "Exit", "Reason", "Fees", "Return", "P&L")
_OPEN: Final = ("Instrument", "Direction", "Quantity", "Entered", "Entry", "Mark", "Unrealized")
_NUMBERS: Final = frozenset({"Quantity", "Entry", "Exit", "Fees", "Return", "P&L", "Mark", "Unrealized"})


def months(result: Result) -> str:
    """A row a year, a column a month; the year's own return at the end."""
    found: dict[int, dict[int, float | None]] = {}
    for year, month, value in result.monthly_returns.rows():
        found.setdefault(year, {})[month] = value
    body = "".join(
        f'<tr><th scope="row">{year}</th>{"".join(_month(of.get(month)) for month in range(1, 13))}{_year(of.values())}</tr>'
        for year, of in found.items()
    )
    return _table("months", "Return by month, in percent", ("Year", *MONTHS, "Total"), body)


def _month(value: float | None) -> str:
    if value is None:
        return "<td></td>"
    strength = 8.0 + 56.0 * min(abs(value) / STRONGEST, 1.0)
    return f'<td class="{tone(value)}" style="--strength:{strength:.0f}%">{percent(value, 1).removesuffix("%")}</td>'


def _year(values: Iterable[float | None]) -> str:
    total = float(np.prod([1.0 + value for value in values if value is not None])) - 1.0
    return f'<td class="total"><b class="{tone(total)}">{percent(total, 1, signed=True)}</b></td>'


def trades(result: Result, charts: Sequence[Packed]) -> str:
    """The first so many, each a way to its place in the chart."""
    shown = result.trades.head(FIRST_TRADES)
    numbers = result.book.trades.instrument
    several, daily = len(charts) > 1, result.slices.timeframe.minutes >= 1440
    sizes = decimals_for(shown["quantity"].to_list())
    rows = "".join(
        _trade(place, int(numbers[place]), row, several, daily, sizes, charts[numbers[place]].decimals)
        for place, row in enumerate(shown.iter_rows(named=True))
    )
    names = _TRADES if several else tuple(name for name in _TRADES if name != "Instrument")
    return _table("trades", "Trades in order of exit", names, rows)


def _trade(place: int, number: int, row: Mapping[str, Any], several: bool, daily: bool, sizes: int, decimals: int) -> str:
    said = f"Show trade {place + 1} in the chart"
    cells = [
        f'<th scope="row"><button type="button" aria-label="{said}">{place + 1}</button></th>',
        f"<td>{escape(row['instrument'])}</td>" if several else "",
        f"<td>{_direction(row['direction'])}</td>",
        _figure(fixed(row["quantity"], sizes)),
        f"<td>{written(row['entry_at'], daily=daily)}</td>",
        _figure(fixed(row["entry_price"], decimals)),
        f"<td>{written(row['exit_at'], daily=daily)}</td>",
        _figure(fixed(row["exit_price"], decimals)),
        f"<td>{_words(row['exit_reason'])}</td>",
        _figure(money(row["fees"])),
        _figure(percent(row["return"], signed=True), tone(row["return"])),
        _figure(money(row["pnl"], signed=True), tone(row["pnl"])),
    ]
    return f'<tr data-trade="{place}" data-instrument="{number}">{"".join(cells)}</tr>'


def open_positions(result: Result, charts: Sequence[Packed]) -> str:
    """What was held at the end, marked at the last close."""
    daily = result.slices.timeframe.minutes >= 1440
    sizes = decimals_for(result.open_positions["quantity"].to_list())
    numbers = result.book.open.instrument
    rows = "".join(
        _held(row, daily, sizes, charts[number].decimals)
        for number, row in zip(numbers, result.open_positions.iter_rows(named=True), strict=True)
    )
    return _table("open", "Open positions at the end", _OPEN, rows)


def _held(row: Mapping[str, Any], daily: bool, sizes: int, decimals: int) -> str:
    cells = [
        f'<th scope="row">{escape(row["instrument"])}</th><td>{_direction(row["direction"])}</td>',
        _figure(fixed(row["quantity"], sizes)),
        f"<td>{written(row['entry_at'], daily=daily)}</td>",
        _figure(fixed(row["entry_price"], decimals)),
        _figure(fixed(row["mark"], decimals)),
        _figure(money(row["unrealized_pnl"], signed=True), tone(row["unrealized_pnl"])),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _figure(text: str, color: str = "") -> str:
    return f'<td class="n {color}">{text}</td>' if color else f'<td class="n">{text}</td>'


def decisions(result: Result, charts: Sequence[Packed]) -> str:
    """The last so many, newest first, with the reason where the session can give it."""
    columns = result.decision_columns
    newest = range(len(columns) - 1, max(-1, len(columns) - 1 - DECISIONS_SHOWN), -1)
    return f"<ol>{''.join(_decision(result, charts, row) for row in newest)}</ol>"


def _decision(result: Result, charts: Sequence[Packed], row: int) -> str:
    columns = result.decision_columns
    number, at, target = int(columns.instrument[row]), columns.slice[row : row + 1], float(columns.target[row])
    why = result.explain(row) if result.explain else result.rules[int(columns.rule[row])]
    name = f"{escape(charts[number].instrument)} " if len(charts) > 1 else ""
    when = instant(int(result.outcome.closed[at[0] - result.first]))
    place = f'data-instrument="{number}" data-candle="{int(charts[number].places(at)[0])}"'
    return (
        f'<li class="{tone(target)}"><button type="button" {place}><b>{_target(target)}</b> {name}<time>{when}</time></button>'
        f"<p>{escape(why)}</p></li>"
    )


def _target(target: float) -> str:
    return "Flat" if target == 0.0 else f"{'Long' if target > 0.0 else 'Short'} {percent(abs(target), 0)}"


def every_metric(result: Result) -> str:
    """All of ours by group, then the same words as peers define them."""
    ours = [(title, _labelled(result.metrics, group)) for title, group in GROUPS.items()]
    ours.append(("Against holding", _labelled(result.risk, RISK)))
    theirs = ("Peers’ definitions", _pairs(_peers(peer_metrics(result.outcome))))
    return "".join(f"<section><h3>{title}</h3><dl>{pairs}</dl></section>" for title, pairs in [*ours, theirs])


def _labelled(found: Mapping[str, float | None], group: Mapping[str, tuple[str, Written]]) -> str:
    return _pairs((label, form(found[name])) for name, (label, form) in group.items())


def _peers(found: Metrics) -> Iterable[tuple[str, str]]:
    for name, value in found.items():
        figure, who, form = peer(name)
        yield f"{figure} <small>{who}</small>", form(value)


def _pairs(rows: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<div><dt>{label}</dt><dd>{figure or NOTHING}</dd></div>" for label, figure in rows)


def _table(name: str, caption: str, heads: Sequence[str], body: str) -> str:
    cells = "".join(f'<th scope="col"{_number(head)}>{escape(head)}</th>' for head in heads)
    return f'<table class="{name}"><caption class="unseen">{caption}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>'


def _number(head: str) -> str:
    return ' class="n"' if head in _NUMBERS else ""


def _direction(direction: str) -> str:
    return f'<span class="chip {"up" if direction == "long" else "down"}">{direction.capitalize()}</span>'


def _words(reason: str) -> str:
    return escape(reason.replace("_", " ").capitalize())
