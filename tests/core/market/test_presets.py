"""A preset is what it says: the sample's own are generated again and compared, the real ones are held against recorded bars."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from tests.shared_data import shared

from assay.adapters.files.candles import import_bars
from assay.adapters.files.sample import sample
from assay.core.market.bars import Bars
from assay.core.market.draws import Draws
from assay.core.market.episodes import EPISODES
from assay.core.market.instants import to_datetime, to_ns
from assay.core.market.preset import Preset, market_of
from assay.core.market.presets import BUNDLED, PRESETS
from assay.core.market.regimes import CRYPTO, wander
from assay.core.market.sample import HOUR_NS

HOURS = np.arange(to_ns(BUNDLED[-1].start), to_ns(BUNDLED[-1].end), HOUR_NS)
NAMES = {id(regime): name for name, regime in CRYPTO.items()}
WALK = [NAMES[id(regime)] for regime in wander(CRYPTO, Draws(20).uniform(len(HOURS)))]


@pytest.mark.parametrize("preset", [preset for preset in BUNDLED if preset.regimes], ids=lambda preset: preset.id)
def test_it_spans_exactly_the_regimes_that_it_names(preset: Preset) -> None:
    first, end = np.searchsorted(HOURS, [to_ns(preset.start), to_ns(preset.end)]).tolist()
    assert tuple(name for name, _ in groupby(WALK[first:end])) == preset.regimes
    assert WALK[first - 1] != WALK[first]
    assert WALK[end - 1] != WALK[end]


@pytest.mark.parametrize(
    ("kind", "low", "high"), [("bull", 1.0, 9.0), ("crash", -0.9, -0.2), ("recovery", 0.2, 1.0), ("sideways", -0.25, 0.25)]
)
def test_what_it_is_called_is_what_prices_did(kind: str, low: float, high: float) -> None:
    for preset in BUNDLED:
        for name in preset.instruments if preset.kind == kind else ():
            bars = sample(name).between(preset.start, preset.end)
            assert low < bars.close[-1] / bars.open[0] - 1.0 < high, (preset.id, name)


def test_everything_is_everything() -> None:
    for name in BUNDLED[-1].instruments:
        assert len(sample(name).between(BUNDLED[-1].start, BUNDLED[-1].end)) == len(sample(name))


RECORDED = {
    "BTC": "candles/binance_spot_BTCUSDT_1d_2017-2023.parquet",
    "S&P 500": "candles/index_SP500_1d_2000-2020.parquet",
}
UNRECORDED = {"yen-2024", "rates-2022"}
"""Later than the bars that lie beside the repository."""
RECORDED_EPISODES = [preset for preset in EPISODES if preset.id not in UNRECORDED]


def recorded(preset: Preset) -> Bars:
    """The yardstick's bars in it."""
    assert preset.yardstick is not None
    return import_bars(shared(RECORDED[preset.yardstick])).bars.between(preset.start, preset.end)


@pytest.mark.parametrize("preset", RECORDED_EPISODES, ids=lambda preset: preset.id)
def test_an_episode_went_as_far_as_it_says(preset: Preset) -> None:
    bars = recorded(preset)
    assert to_datetime(bars.ts[0]) == preset.start
    assert bars.timeframe.closed_at(to_datetime(bars.ts[-1])) == preset.end
    assert bars.close[-1] / bars.open[0] - 1.0 == pytest.approx(preset.change, abs=0.005)


@pytest.mark.parametrize("preset", RECORDED_EPISODES, ids=lambda preset: preset.id)
def test_an_episode_is_of_the_kind_that_it_is_called(preset: Preset) -> None:
    close = recorded(preset).close
    deepest = (close / np.maximum.accumulate(close)).min() - 1.0
    assert preset.change is not None
    match preset.kind:
        case "bull":
            assert preset.change > 0.25
            assert close[-1] > 0.9 * close.max()
        case "crash":
            assert deepest < -0.20
            assert close[-1] < 1.1 * close.min()
        case "sideways":
            assert abs(preset.change) < 0.05
            assert close.max() / close.min() < 1.20
        case "recovery":
            assert preset.change > 0.20
            assert close.argmin() < len(close) / 10


def test_ids_are_each_ones_own_and_stretches_have_a_length() -> None:
    assert len({preset.id for preset in PRESETS}) == len(PRESETS)
    assert all(preset.start < preset.end for preset in PRESETS)


@pytest.mark.parametrize(
    ("instrument", "market"),
    [
        ("synthetic:BTC/USDT", "synthetic"), ("synthetic:SHARE", "synthetic"), ("binance:BTC/USDT", "crypto"), ("kraken:BTC/EUR", "crypto"),
        ("bybit:SOL/USDT:USDT", "crypto"), ("yahoo:EUR/USD", "forex"), ("ibkr:AAPL", "shares"), ("yahoo:^GSPC", "shares"),
    ],
)  # fmt: skip
def test_an_episode_is_about_every_instrument_of_its_market_and_no_other(instrument: str, market: str) -> None:
    assert market_of(instrument) == market
    about = {preset.market for preset in PRESETS if preset.is_about(instrument)}
    assert about == ({market} if market != "forex" and instrument != "synthetic:SHARE" else set())
