"""The head of a report: who ran on what, when and at which costs, and the figures that anybody looks at first."""

from __future__ import annotations

from html import escape
from typing import Final

from assay.adapters.render.figures import count, instant, money, percent, ratio, tone
from assay.core.results.result import Result

SYNTHETIC: Final = "synthetic:"
CHIPS: Final = 6


def header(result: Result, name: str) -> str:
    """Name, instruments, period, and the account's terms."""
    account = result.account
    terms = [
        ("Cash", money(account.cash)),
        ("Fee", _rates(account.fee_rate, account.maker_rate)),
        ("Slippage", f"{account.slippage_bps:g} bps"),
        ("Leverage", f"{account.leverage:g}×"),
        ("Convention", escape(account.convention)),
        ("Run", f'<code title="{escape(result.run_id)}">{escape(result.run_id[:12])}</code>'),
    ]
    listed = "".join(f"<div><dt>{term}</dt><dd>{value}</dd></div>" for term, value in terms)
    return (
        f"<header><div><h1>{escape(name)}</h1>{_chips(result.slices.instruments)}</div><p>{_period(result)}</p><dl>{listed}</dl></header>"
    )


def strip(result: Result) -> str:
    """Name, figure, and a note that gives it a measure."""
    m = result.metrics
    fall = None if m["max_drawdown"] is None else -m["max_drawdown"]
    cells = [
        ("Final equity", money(m["final_equity"]), "", f"from {money(result.account.cash)}"),
        ("Total return", percent(m["total_return"], signed=True), tone(m["total_return"]), f"{percent(m['cagr'], signed=True)} a year"),
        ("Buy and hold", percent(m["buy_and_hold_return"], signed=True), tone(m["buy_and_hold_return"]), "same costs"),
        ("Max drawdown", percent(fall), tone(fall), f"Calmar {ratio(m['calmar'])}"),
        ("Sharpe", ratio(m["sharpe"]), "", f"volatility {percent(m['volatility'], 1)}"),
        ("Sortino", ratio(m["sortino"]), "", "of daily returns"),
        ("Trades", count(m["trades"]), "", f"{count(m['long_trades'])} long, {count(m['short_trades'])} short"),
        ("Win rate", percent(m["win_rate"], 1), "", f"average {percent(m['average_trade'], signed=True)}"),
        ("Profit factor", ratio(m["profit_factor"]), "", f"payoff {ratio(m['payoff_ratio'])}"),
        ("Expectancy", money(m["expectancy"], signed=True), tone(m["expectancy"]), "a trade"),
        ("Exposure", percent(m["exposure_time"], 1), "", "of closes"),
        ("Fees", money(m["fees"]), "", f"{count(m['fills'])} fills"),
    ]
    rows = (
        f'<div><dt>{name}</dt><dd class="{color}">{figure}</dd><dd class="note">{note}</dd></div>' for name, figure, color, note in cells
    )
    return f'<dl class="strip" id="figures">{"".join(rows)}</dl>'


def _chips(instruments: tuple[str, ...]) -> str:
    chips = [f'<span class="chip">{escape(instrument)}</span>' for instrument in instruments[:CHIPS]]
    if len(instruments) > CHIPS:
        chips.append(f'<span class="chip">and {len(instruments) - CHIPS} more</span>')
    if any(instrument.startswith(SYNTHETIC) for instrument in instruments):
        chips.append('<span class="chip warn" title="No market made these bars">Synthetic data</span>')
    return "".join(chips)


def _rates(taker: float, maker: float) -> str:
    return f"{taker * 100:g}%" if taker == maker else f"{taker * 100:g}% taker, {maker * 100:g}% maker"


def _period(result: Result) -> str:
    if not len(result.marks):
        return f"Backtest · {result.slices.timeframe} · no bars"
    first, last = int(result.outcome.ts[0]), int(result.outcome.closed[-1])
    return f"Backtest · {result.slices.timeframe} · {instant(first)} to {instant(last)} UTC · {count(len(result.marks))} bars"
