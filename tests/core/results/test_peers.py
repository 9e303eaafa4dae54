"""Peers' definitions, each against its formula written out once more in plain Python."""

from __future__ import annotations

import math
import statistics

import pytest
from tests.core.results.scripted import fills, result

from assay.core.results.peers import peer_metrics

MARKS = [10_000.0, 9_990.0, 10_990.0, 9_880.0, 9_870.0, 10_370.0, 10_360.0, 10_360.0]
SESSION = result(
    [100.0, 100.0, 110.0, 99.0, 99.0, 104.0, 104.0, 103.0],
    fills(
        """1 buy 100 @ 100 entry
           3 sell 100 @ 99 exit
           4 buy 100 @ 99 entry
           6 sell 100 @ 104 exit
           6 sell 50 @ 104 entry
           7 buy 50 @ 105 stop"""
    ),
    MARKS,
).outcome
PNL = [-100.0, 500.0, -50.0]
RETURNS = [-0.01, 5 / 99, -1 / 104]
DAILY = [after / before - 1.0 for before, after in zip([10_000.0, *MARKS[:-1]], MARKS, strict=True)]


def downside(returns: list[float]) -> float:
    return math.sqrt(sum(min(r, 0.0) ** 2 for r in returns) / len(returns))


def of_freqtrade(spread: float) -> float:
    return sum(PNL) / 10_000 / 7 / spread * math.sqrt(365)


def of_hummingbot() -> float:
    path = [-100 / 10_000, 400 / 19_900, 350 / 25_100]
    return statistics.mean(path) / statistics.stdev(path)


EXPECTED = {
    "sharpe_freqtrade": of_freqtrade(statistics.pstdev([pnl / 10_000 for pnl in PNL])),
    "sortino_freqtrade": of_freqtrade(statistics.pstdev([-0.01, -0.005])),
    "calmar_freqtrade": 350 / 10_000 / 7 * 100 / (50 / 10_400) * math.sqrt(365),
    "sharpe_jesse": statistics.mean(DAILY) / statistics.stdev(DAILY) * math.sqrt(365),
    "sortino_jesse": statistics.mean(DAILY) / downside(DAILY) * math.sqrt(365),
    "sharpe_vectorbt": statistics.mean(DAILY) / statistics.stdev(DAILY) * math.sqrt(365),
    "sortino_vectorbt": statistics.mean(DAILY) / downside(DAILY) * math.sqrt(365),
    "sharpe_nautilus": statistics.mean(RETURNS) / statistics.stdev(RETURNS) * math.sqrt(252),
    "sharpe_lean": ((1 + statistics.mean(DAILY)) ** 252 - 1) / (statistics.stdev(DAILY) * math.sqrt(252)),
    "sharpe_hummingbot": of_hummingbot(),
    "exposure_time_backtesting_py": 7 / 8,
    "profit_factor_backtesting_py": (5 / 99) / (0.01 + 1 / 104),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_peers_figure_follows_its_formula(name: str) -> None:
    assert peer_metrics(SESSION)[name] == pytest.approx(EXPECTED[name], rel=1e-12)


def test_a_finer_bar_changes_vectorbts_year_only() -> None:
    hourly = peer_metrics(result([100.0] * 8, fills(""), MARKS, timeframe="1h").outcome)
    assert hourly["sharpe_vectorbt"] == pytest.approx(statistics.mean(DAILY) / statistics.stdev(DAILY) * math.sqrt(365 * 24))
    assert hourly["sharpe_jesse"] is None


def test_the_same_word_is_not_the_same_number() -> None:
    found = peer_metrics(SESSION)
    sharpes = {round(value, 6) for name, value in found.items() if name.startswith("sharpe") and value is not None}
    assert len(sharpes) >= 6


def test_undefined_is_none() -> None:
    assert set(peer_metrics(result([100.0], fills(""), [], first=1).outcome).values()) == {None}
    idle = peer_metrics(result([100.0] * 5, fills(""), [10_000.0] * 5).outcome)
    assert {name for name, value in idle.items() if value is not None} == {
        "annual_return_backtesting_py",
        "exposure_time_backtesting_py",
        "volatility_backtesting_py",
    }
