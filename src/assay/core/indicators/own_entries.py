"""The few indicators that TA-Lib lacks, or has under another name, each composed of TA-Lib's own functions.

Composed means streamed: what TA-Lib computes alike on a longer history, a sum or ratio of it does too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from assay.core.indicators.entry import Entry, Floats, Kind, Outputs, ParameterSpec
from assay.core.indicators.talib_entries import build, compiled

_LONGEST: Final = 100_000


def _period(name: str, label: str, default: int, low: int = 1) -> ParameterSpec:
    return ParameterSpec(name, label, Kind.INTEGER, default, low, _LONGEST)


def _vwap() -> Entry:
    """Rolling: crypto has no session to begin at, and a sum from the first bar would depend on where a file begins."""
    talib = compiled()

    def vwap(high: Floats, low: Floats, close: Floats, volume: Floats, timeperiod: int) -> Outputs:
        return (talib.VWMA(talib.TYPPRICE(high, low, close), volume, timeperiod),)

    return Entry(
        "vwap", "Volume Weighted Average Price, rolling", "Volume Indicators", ("high", "low", "close", "volume"),
        (_period("timeperiod", "Time Period", 20),), ("value",), False, vwap, lambda timeperiod: timeperiod - 1,
    )  # fmt: skip


def _zscore() -> Entry:
    """Population deviations from the mean; unknown where the window is constant."""
    talib = compiled()

    def zscore(real: Floats, timeperiod: int) -> Outputs:
        deviation = talib.STDDEV(real, timeperiod, 1.0)
        distance = real - talib.SMA(real, timeperiod)
        score = np.full_like(distance, np.nan)
        return (np.divide(distance, deviation, out=score, where=deviation > 0.0),)

    return Entry(
        "zscore", "Z-Score", "Statistic Functions", ("close",),
        (_period("timeperiod", "Time Period", 20, low=2),), ("value",), False, zscore, lambda timeperiod: timeperiod - 1,
    )  # fmt: skip


def _ichimoku() -> Entry:
    """Each value belongs to the bar it was computed at: charts draw the cloud 26 bars ahead, a decision may not.

    The lagging line (chikou) is the close drawn 26 bars back, so there is nothing of it to know.
    """
    talib = compiled()

    def ichimoku(high: Floats, low: Floats, tenkan: int, kijun: int, senkou: int) -> Outputs:
        conversion = talib.MIDPRICE(high, low, tenkan)
        base = talib.MIDPRICE(high, low, kijun)
        return conversion, base, (conversion + base) / 2.0, talib.MIDPRICE(high, low, senkou)

    return Entry(
        "ichimoku", "Ichimoku Kinko Hyo", "Overlap Studies", ("high", "low"),
        (_period("tenkan", "Conversion Period", 9, low=2), _period("kijun", "Base Period", 26, low=2),
         _period("senkou", "Leading Span B Period", 52, low=2)),
        ("tenkan", "kijun", "senkou_a", "senkou_b"), False, ichimoku, lambda *periods: max(periods) - 1,
    )  # fmt: skip


def _keltner() -> Entry:
    """Around the average of closes, as it is charted today; TA-Lib's `kc` is the older one around the typical price."""
    talib = compiled()

    def keltner(high: Floats, low: Floats, close: Floats, timeperiod: int, atrperiod: int, nbdev: float) -> Outputs:
        middle = talib.EMA(close, timeperiod)
        distance = nbdev * talib.ATR(high, low, close, atrperiod)
        return middle + distance, middle, middle - distance

    return Entry(
        "keltner", "Keltner Channels of the close", "Overlap Studies", ("high", "low", "close"),
        (_period("timeperiod", "Time Period", 20), _period("atrperiod", "ATR Period", 10),
         ParameterSpec("nbdev", "Average true ranges", Kind.REAL, 2.0, 0.0, 1e6)),
        ("upper", "middle", "lower"), True, keltner, lambda timeperiod, atrperiod, nbdev: max(timeperiod - 1, atrperiod),
    )  # fmt: skip


OWN: Final[dict[str, Callable[[], Entry]]] = {
    "anchored_vwap": lambda: build("VWAP", "anchored_vwap"),
    "heikin_ashi": lambda: build("HA", "heikin_ashi"),
    "ichimoku": _ichimoku,
    "keltner": _keltner,
    "vwap": _vwap,
    "zscore": _zscore,
}
