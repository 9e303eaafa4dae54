"""Bars and trades packed for a page's candle chart: integers in base64, so that the page shows prices exactly and computes none.

A price travels as a whole number of its last decimal; the page places a point in its digits. Above `MOST` bars in all, several are
drawn as one candle, and the page says so.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assay.adapters.render.figures import money, percent
from assay.core.domain.timeframe import MINUTE_NS
from assay.core.market.bars import Floats, Ints
from assay.core.results.result import Result

MOST: Final = 20_000
MOST_IN_ALL: Final = 60_000
FIRST_TRADES: Final = 500
LAST_TRADES: Final = 15_000
LARGEST: Final = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Packed:
    """One instrument's chart: what the page decodes, and how many bars one candle stands for."""

    instrument: str
    data: dict[str, Any]
    own: NDArray[np.intp]  # the slices in which it has a bar
    bars_a_candle: int
    decimals: int  # of its prices

    def places(self, slices: Ints) -> NDArray[np.intp]:
        """The candles that slices are drawn in."""
        return np.searchsorted(self.own, slices) // self.bars_a_candle


def packed(result: Result) -> list[Packed]:
    """The charts of a result, in universe order."""
    limit = min(MOST, MOST_IN_ALL // len(result.slices.instruments))
    return [_instrument(result, number, max(limit, 200)) for number in range(len(result.slices.instruments))]


def marked_trades(count: int) -> NDArray[np.intp]:
    """Which trades have marks: all; or the first, that the table lists, and the last, where the chart begins."""
    if count <= FIRST_TRADES + LAST_TRADES:
        return np.arange(count)
    return np.concatenate((np.arange(FIRST_TRADES), np.arange(count - LAST_TRADES, count)))


def _instrument(result: Result, number: int, limit: int) -> Packed:
    slices = result.slices
    own = np.arange(len(slices)) if slices.present is None else np.flatnonzero(slices.present[number])
    own = own[own >= result.first] if len(own) else own
    each = max(1, -(-len(own) // limit))
    starts = np.arange(0, len(own), each)
    rows = own[starts]
    closes_at = own[np.minimum(starts + each, len(own)) - 1] if len(own) else own
    prices = [
        slices.open[number, rows],
        np.maximum.reduceat(slices.high[number, own], starts) if len(own) else slices.high[number, own],
        np.minimum.reduceat(slices.low[number, own], starts) if len(own) else slices.low[number, own],
        slices.close[number, closes_at],
    ]
    decimals = _decimals(prices)
    volume = np.add.reduceat(slices.volume[number, own], starts) if len(own) else slices.volume[number, own]
    data = {
        "decimals": decimals,
        "minutes": _ints(slices.ts[rows] // MINUTE_NS),
        "open": _prices(prices[0], decimals),
        "high": _prices(prices[1], decimals),
        "low": _prices(prices[2], decimals),
        "close": _prices(prices[3], decimals),
        "volume": _shares(volume) if slices.has_volume else "",
        "daily": slices.timeframe.minutes * each >= 1440,
        "trades": _trades(result, number, own, each, decimals),
    }
    return Packed(slices.instruments[number], data, own, each, decimals)


def _trades(result: Result, number: int, own: NDArray[np.intp], each: int, decimals: int) -> dict[str, Any]:
    """Each trade's number in the table, candles and prices of entry and exit, direction, and its result in words."""
    trades = result.book.trades
    marked = marked_trades(len(trades))
    mine = marked[trades.instrument[marked] == number]
    pnl, returns = trades.pnl[mine], trades.returns[mine]
    return {
        "number": _ints(mine),
        "entry": _ints(np.searchsorted(own, trades.entry[mine]) // each),
        "exit": _ints(np.searchsorted(own, trades.exit[mine]) // each),
        "entry_price": _prices(trades.entry_price[mine], decimals),
        "exit_price": _prices(trades.exit_price[mine], decimals),
        "direction": _ints(trades.direction[mine]),
        "won": _ints(pnl > 0.0),
        "text": [f"{money(p, signed=True)} ({percent(r, signed=True)})" for p, r in zip(pnl.tolist(), returns.tolist(), strict=True)],
    }


def _decimals(columns: list[Floats]) -> int:
    """The fewest decimals that say every price exactly, as far as 32 bits allow; six at most for what has no end."""
    values = np.concatenate(columns)
    values = values[np.isfinite(values)]
    largest = float(np.abs(values).max()) if len(values) else 1.0
    room = [d for d in range(11) if largest * 10.0**d < LARGEST] or [0]
    for decimals in room:
        if np.allclose(np.round(values, decimals), values, rtol=1e-12, atol=0.0):
            return decimals
    return min(room[-1], 6) if largest >= 1.0 else room[-1]


def _prices(values: Floats, decimals: int) -> str:
    return _ints(np.clip(np.rint(values * 10.0**decimals), -LARGEST, LARGEST))


def _shares(volume: Floats) -> str:
    """Volume against the largest, in 65,535ths: heights only."""
    largest = float(volume.max()) if len(volume) else 0.0
    shares = volume * (65_535.0 / largest) if largest > 0.0 else volume * 0.0
    return base64.b64encode(shares.astype("<u2").tobytes()).decode()


def _ints(values: Ints | Floats | NDArray[Any]) -> str:
    return base64.b64encode(np.asarray(values).astype("<i4").tobytes()).decode()
