"""What yfinance answers, as bars and instruments: no I/O, and no question that is not answered or refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np

from assay.core.domain.errors import EmptyAnswerError, MalformedAnswerError
from assay.core.domain.instrument import Instrument, InstrumentId, InstrumentKind
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars, Floats, Ints
from assay.core.market.grid import ending_in, opened
from assay.core.market.rows import bar_number, price_faults, time_faults, volume_faults

VENUE: Final = "yahoo"
ADJUSTED: Final = "@adjusted"
INTERVALS: Final[Mapping[str, str]] = {
    "1m": "1m", "5m": "5m", "15m": "15m", "30m": "30m", "1h": "1h", "1d": "1d", "1w": "1wk", "1M": "1mo",
}  # fmt: skip
"""Yahoo's words for those of our timeframes that it has."""
SINGLE: Final = 2e-6
"""Yahoo keeps prices in single precision: a high that is below the close by less than this is the close."""

_COLUMNS: Final = ("Open", "High", "Low", "Close", "Volume")
_KINDS: Final[Mapping[str, InstrumentKind]] = {
    "EQUITY": "share", "ETF": "fund", "MUTUALFUND": "fund", "INDEX": "index", "CURRENCY": "forex", "CRYPTOCURRENCY": "spot",
    "FUTURE": "future",
}  # fmt: skip
_CALENDARS: Final[Mapping[str, str]] = {
    "NMS": "XNYS", "NGM": "XNYS", "NCM": "XNYS", "NYQ": "XNYS", "PCX": "XNYS", "ASE": "XNYS", "BTS": "XNYS", "SNP": "XNYS", "DJI": "XNYS",
    "NIM": "XNYS", "LSE": "XLON", "GER": "XETR", "FRA": "XFRA", "PAR": "XPAR", "AMS": "XAMS", "MIL": "XMIL", "MCE": "XMAD", "EBS": "XSWX",
    "TOR": "XTSE", "JPX": "XTKS", "HKG": "XHKG", "SHH": "XSHG", "ASX": "XASX", "CCC": "24/7",
}  # fmt: skip
"""By Yahoo's code of the exchange; what is not here is taken to rest at weekends."""


def asked(span: Span, timeframe: Timeframe) -> tuple[str | datetime, str | datetime]:
    """How to ask for it: within the day by instants; else by dates, which Yahoo reads in the exchange's zone as we stamp them."""
    if timeframe.minutes < 1440:
        return span.start, span.end
    last = (span.end - timedelta(microseconds=1)).astimezone(UTC).date()
    return span.start.astimezone(UTC).date().isoformat(), (last + timedelta(days=1)).isoformat()


def decode(frame: Any, symbol: str, instrument: str, timeframe: Timeframe) -> Bars:
    """A `pandas.DataFrame` as `history` or `download` return it; rows without any price are passed over, for Yahoo pads with them.

    Raises EmptyAnswerError where nothing is left, and MalformedAnswerError where it is no such frame or contradicts itself.
    """
    if frame is None or frame.empty:
        raise EmptyAnswerError(VENUE, f"no bars of {symbol}")
    frame = _of_one(frame, symbol)
    absent = [name for name in _COLUMNS if name not in frame.columns]
    if absent:
        raise MalformedAnswerError(VENUE, f"bars of {symbol} without {', '.join(absent)}")
    numbers = {name: frame[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in _COLUMNS}
    prices = np.stack([numbers[name] for name in _COLUMNS[:4]])
    there = ~np.isnan(prices).all(axis=0)
    if not there.any():
        raise EmptyAnswerError(VENUE, f"no prices in {len(frame)} bars of {symbol}")
    volume = np.nan_to_num(numbers["Volume"][there], nan=0.0)
    opens, high, low, close = _bounded(*(np.ascontiguousarray(column) for column in prices[:, there]))
    bars = Bars(instrument, timeframe, _stamps(frame.index[there], timeframe, symbol), opens, high, low, close, volume, bool(volume.any()))
    _refuse_faults(bars, symbol)
    return bars


def describe(metadata: Mapping[str, Any], symbol: str) -> Instrument:
    """`symbol` is ours, with `@adjusted` where it is. Raises MalformedAnswerError where Yahoo says neither kind nor currency."""
    own = symbol.removesuffix(ADJUSTED)
    kind, quote = _KINDS.get(str(metadata.get("instrumentType"))), metadata.get("currency")
    if kind is None or not isinstance(quote, str) or not quote:
        raise MalformedAnswerError(VENUE, f"{own} is a {metadata.get('instrumentType')!r} in {metadata.get('currency')!r}")
    base = own.removesuffix("=X").removesuffix(quote).rstrip("-") if kind in ("forex", "spot") else own
    name = str(metadata.get("longName") or metadata.get("shortName") or own)
    return Instrument(
        id=InstrumentId(VENUE, symbol), venue_symbol=own, kind=kind, name=f"{name}, with dividends" if symbol != own else name,
        base=base or own, quote=quote, calendar=_CALENDARS.get(str(metadata.get("exchangeName")), "24/5"),
    )  # fmt: skip


def _of_one(frame: Any, symbol: str) -> Any:
    """`download` has two levels of columns, price over ticker or the other way round; `history` has one."""
    if frame.columns.nlevels == 1:
        return frame
    for level in range(frame.columns.nlevels):
        if symbol in frame.columns.get_level_values(level):
            return frame.xs(symbol, axis=1, level=level)
    raise MalformedAnswerError(VENUE, f"bars without a column for {symbol}")


def _stamps(index: Any, timeframe: Timeframe, symbol: str) -> Ints:
    if timeframe.minutes < 1440:
        if index.tz is None:
            raise MalformedAnswerError(VENUE, f"bars of {symbol} within the day without a time zone")
        return np.asarray(index.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[ns]").view(np.int64))
    local = index if index.tz is None else index.tz_localize(None)
    days = local.to_numpy().astype("datetime64[D]").astype("datetime64[ns]").view(np.int64)
    return opened(ending_in(days + 1, timeframe), timeframe)


def _bounded(opens: Floats, high: Floats, low: Floats, close: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    top, bottom = np.maximum(opens, close), np.minimum(opens, close)
    high = np.where((high < top) & (high >= top * (1.0 - SINGLE)), top, high)
    low = np.where((low > bottom) & (low <= bottom * (1.0 + SINGLE)), bottom, low)
    return opens, high, low, close


def _refuse_faults(bars: Bars, symbol: str) -> None:
    for column in (bars.open, bars.high, bars.low, bars.close):
        if not np.isfinite(column).all():
            raise MalformedAnswerError(VENUE, f"bars of {symbol} that lack some of their prices")
    for fault in (
        *time_faults(bars.ts, bar_number), *price_faults(bars.open, bars.high, bars.low, bars.close), *volume_faults(bars.volume),
    ):  # fmt: skip
        raise MalformedAnswerError(VENUE, f"{bar_number(fault.row)} of {symbol}: {fault.message}")
