"""The bundled sample says that it is synthetic, and is what its generator makes, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from assay.adapters.files.candles import import_bars
from assay.adapters.files.sample import sample, samples
from assay.core.domain.errors import DataError
from assay.core.market.gaps import gaps, inferred
from assay.core.market.sample import sample_bars


def test_every_file_is_what_the_generator_makes_bit_for_bit() -> None:
    made = sample_bars()
    assert set(made) == set(samples())
    assert {name: sample(name).fingerprint for name in made} == {name: bars.fingerprint for name, bars in made.items()}


def test_they_are_called_synthetic_wherever_they_are_seen() -> None:
    for name, path in samples().items():
        assert name.startswith("synthetic:")
        assert path.name.startswith("synthetic_")
        assert "synthetic" in (path.parent / "README.md").read_text()


def test_hourly_instruments_have_two_years_with_outages() -> None:
    for name in ("BTC/USDT", "ETH/USDT", "SOL/USDT"):
        bars = sample(name)
        assert bars.timeframe.name == "1h"
        assert 17_500 <= len(bars) <= 17_544
        assert 4 <= len(gaps(bars)) <= 8


def test_the_share_keeps_sessions_and_opens_away_from_its_last_close() -> None:
    bars = sample("SHARE")
    assert bars.timeframe.name == "1d"
    assert len(bars) > 1_250
    assert inferred(bars.ts, bars.timeframe) is None
    assert np.mean(bars.open[1:] != bars.close[:-1]) > 0.9


def test_prices_are_in_cents_and_import_finds_nothing_wrong() -> None:
    for name, path in samples().items():
        imported = import_bars(path, instrument=name)
        assert {finding.code for finding in imported.findings} <= {"gaps"}
        bars = imported.bars
        for column in (bars.open, bars.high, bars.low, bars.close):
            assert (np.rint(column * 100.0) / 100.0 == column).all()


def test_large_moves_follow_large_ones_and_instruments_move_together() -> None:
    changes = {name: np.diff(np.log(sample(name).close)) for name in ("BTC/USDT", "ETH/USDT")}
    size = np.abs(changes["BTC/USDT"])
    assert np.corrcoef(size[:-1], size[1:])[0, 1] > 0.1
    assert abs(np.corrcoef(changes["BTC/USDT"][:-1], changes["BTC/USDT"][1:])[0, 1]) < 0.05
    assert np.corrcoef(changes["BTC/USDT"], changes["ETH/USDT"])[0, 1] > 0.6


def test_another_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(DataError, match="synthetic:SHARE"):
        sample("binance:BTC/USDT")
