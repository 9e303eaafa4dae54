"""What TA-Lib lacks is what its definition says, and knows nothing of later bars."""

from __future__ import annotations

import numpy as np
from tests.core.indicators.market import market

from assay.core.indicators.compute import resolve
from assay.core.indicators.entry import Floats
from assay.core.indicators.series import Indicator

BARS = market(7, 200)


def run(indicator: str, **parameters: float) -> dict[str, Floats]:
    resolved = resolve(Indicator(indicator, (), tuple(sorted(parameters.items()))))
    outputs = resolved(*(BARS[name] for name in resolved.inputs))
    return dict(zip(resolved.entry.outputs, outputs, strict=True))


def test_vwap_is_the_volume_weighted_typical_price_of_the_window() -> None:
    typical = (BARS["high"] + BARS["low"] + BARS["close"]) / 3.0
    found = run("vwap", timeperiod=10)["value"]
    for row in (9, 50, 199):
        window = slice(row - 9, row + 1)
        expected = np.average(typical[window], weights=BARS["volume"][window])
        np.testing.assert_allclose(found[row], expected, rtol=1e-12)
    whole = run("anchored_vwap")["value"]
    np.testing.assert_allclose(whole[-1], np.average(typical, weights=BARS["volume"]), rtol=1e-12)


def test_zscore_counts_population_deviations_from_the_mean() -> None:
    found = run("zscore", timeperiod=20)["value"]
    window = BARS["close"][31:51]
    np.testing.assert_allclose(found[50], (window[-1] - window.mean()) / window.std(), rtol=1e-9)
    constant = resolve(Indicator("zscore", (), ()))(np.full(50, 3.0))[0]
    assert np.isnan(constant).all()


def test_ichimoku_belongs_to_the_bar_it_is_computed_at() -> None:
    found = run("ichimoku")

    def middle(row: int, period: int) -> float:
        window = slice(row - period + 1, row + 1)
        return float((BARS["high"][window].max() + BARS["low"][window].min()) / 2.0)

    for row in (51, 120, 199):
        np.testing.assert_allclose(found["tenkan"][row], middle(row, 9))
        np.testing.assert_allclose(found["kijun"][row], middle(row, 26))
        np.testing.assert_allclose(found["senkou_a"][row], (middle(row, 9) + middle(row, 26)) / 2.0)
        np.testing.assert_allclose(found["senkou_b"][row], middle(row, 52))


def test_keltner_and_donchian_are_channels_around_the_past() -> None:
    keltner = run("keltner", timeperiod=20, atrperiod=10, nbdev=2.0)
    ema = run("ema", timeperiod=20)["value"]
    atr = run("atr", timeperiod=10)["value"]
    np.testing.assert_array_equal(keltner["middle"], ema)
    np.testing.assert_allclose(keltner["upper"][19:], (ema + 2.0 * atr)[19:], rtol=1e-12)
    donchian = run("donchian", timeperiod=5)
    assert donchian["upper"][50] == BARS["high"][46:51].max()
    assert donchian["lower"][50] == BARS["low"][46:51].min()


def test_supertrend_says_its_direction() -> None:
    found = run("supertrend")
    known = np.isfinite(found["supertrend"])
    assert set(found["trend"][known]) == {1.0, -1.0}
    np.testing.assert_array_equal(found["trend"][known] > 0, found["supertrend"][known] < BARS["close"][known])
