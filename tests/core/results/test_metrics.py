"""The figures of a session: worked by hand, undefined where nothing can be said, and never infinite."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.results.scripted import carries, fills, result

from assay.core.results import ratios
from assay.core.results.metrics import Metrics

CONTRACT = [
    "final_equity", "total_return", "max_drawdown", "sharpe", "sortino", "calmar", "win_rate", "profit_factor", "trades", "fees",
    "exposure_time", "buy_and_hold_return",
]  # fmt: skip

WORKED = result(
    [100.0, 100.0, 110.0, 99.0, 99.0, 104.0, 104.0, 104.0],
    fills("1 buy 100 @ 100 entry 10\n 3 sell 100 @ 99 exit 10\n 4 buy 100 @ 99 entry 10\n 6 sell 100 @ 104 take_profit 10"),
    [10_000.0, 9_990.0, 10_990.0, 9_880.0, 9_870.0, 10_370.0, 10_360.0, 10_360.0],
    carried=carries((2, 0, -3.0, False), (5, 0, -1.0, True)),
)


def test_the_headline_comes_first_and_in_order() -> None:
    assert list(WORKED.headline) == CONTRACT
    assert list(WORKED.metrics)[: len(CONTRACT)] == CONTRACT
    assert {name: WORKED.metrics[name] for name in CONTRACT} == WORKED.headline


def test_a_session_worked_by_hand() -> None:
    found = WORKED.metrics
    marks = [10_000.0, 9_990.0, 10_990.0, 9_880.0, 9_870.0, 10_370.0, 10_360.0, 10_360.0]
    returns = [after / before - 1.0 for before, after in zip([10_000.0, *marks[:-1]], marks, strict=True)]
    pnl = [-100.0 - 20.0 - 3.0, 500.0 - 20.0 - 1.0]
    year = math.sqrt(365.0)  # the sixth bar opens on a Saturday
    expected: Metrics = {
        "final_equity": 10_360.0,
        "total_return": 0.036,
        "max_drawdown": 1 - 9_870 / 10_990,
        "sharpe": statistics.mean(returns) / statistics.stdev(returns) * year,
        "sortino": statistics.mean(returns) / math.sqrt(sum(min(r, 0.0) ** 2 for r in returns) / 8) * year,
        "calmar": (1.036 ** (365 / 8) - 1) / (1 - 9_870 / 10_990),
        "win_rate": 0.5,
        "profit_factor": 479 / 123,
        "trades": 2,
        "fees": 40.0,
        "exposure_time": 4 / 8,
        "buy_and_hold_return": 0.004,
        "cagr": 1.036 ** (365 / 8) - 1,
        "volatility": statistics.stdev(returns) * year,
        "max_drawdown_seconds": 5 * 86_400.0,
        "longest_drawdown_seconds": 5 * 86_400.0,
        "equity_peak": 10_990.0,
        "expectancy": statistics.mean(pnl),
        "average_trade": (-123 / 10_000 + 479 / 9_900) / 2,
        "best_trade": 479 / 9_900,
        "worst_trade": -123 / 10_000,
        "payoff_ratio": 479 / 123,
        "sqn": math.sqrt(2) * statistics.mean(pnl) / statistics.stdev(pnl),
        "kelly": 0.5 - 0.5 * (123 / 10_000) / (479 / 9_900),
        "long_trades": 2,
        "short_trades": 0,
        "longest_winning_streak": 1,
        "longest_losing_streak": 1,
        "average_trade_seconds": 2 * 86_400.0,
        "funding": 3.0,
        "borrow": 1.0,
        "turnover": (10_000 + 9_900 + 9_900 + 10_400) / statistics.mean(marks) / (8 / 365),
        "fills": 4,
        "open_positions": 0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-12)


UNDEFINED_WITHOUT_TRADES = {
    "win_rate", "profit_factor", "expectancy", "average_trade", "best_trade", "worst_trade", "average_win", "average_loss",
    "payoff_ratio", "sqn", "kelly", "average_trade_seconds", "longest_trade_seconds", "sharpe", "sortino", "calmar", "average_drawdown",
}  # fmt: skip


def test_undefined_is_none_and_not_0() -> None:
    idle = result([100.0] * 5, fills(""), [10_000.0] * 5).metrics
    assert {name for name, value in idle.items() if value is None} == UNDEFINED_WITHOUT_TRADES
    assert (idle["trades"], idle["fees"], idle["exposure_time"], idle["total_return"], idle["volatility"]) == (0, 0.0, 0.0, 0.0, 0.0)


def test_steady_growth_has_no_deviation_to_divide_by() -> None:
    steady = result([100.0] * 50, fills(""), [10_000.0 * 1.01**day for day in range(1, 51)]).metrics
    assert steady["sharpe"] is None


def test_a_session_without_bars_has_no_figures_and_raises_nothing() -> None:
    nothing = result([100.0], fills(""), [], first=1)
    assert nothing.metrics["final_equity"] == 10_000.0
    assert nothing.metrics["exposure_time"] is None
    assert nothing.to_json()["bars"] == 0


def test_a_session_of_one_bar_has_no_deviation() -> None:
    assert result([100.0], fills(""), [10_000.0]).metrics["volatility"] is None


def test_a_ruined_account_has_no_growth_rate() -> None:
    ruined = result([100.0] * 4, fills(""), [10_000.0, 5_000.0, 0.0, 0.0]).metrics
    assert (ruined["cagr"], ruined["calmar"], ruined["sharpe"], ruined["max_drawdown"]) == (None, None, None, 1.0)


@given(st.lists(st.floats(0.01, 1e7), min_size=1, max_size=40), st.sampled_from(["1m", "1h", "1d", "1w"]))
def test_every_figure_is_finite_or_none(curve: list[float], timeframe: str) -> None:
    found = result([100.0] * len(curve), fills(""), curve, timeframe=timeframe).metrics
    assert all(value is None or math.isfinite(value) for value in found.values())


@given(st.lists(st.floats(-100.0, 100.0), max_size=30))
def test_ratios_of_trades_are_within_their_bounds(pnl: list[float]) -> None:
    column = np.array(pnl)
    won, factor = ratios.win_rate(column), ratios.profit_factor(column)
    assert won is None or 0.0 <= won <= 1.0
    assert factor is None or factor >= 0.0
    assert 0 <= ratios.longest_streak(column) <= len(pnl)


STREAKS = {"none": ([], 0), "all": ([1, 1, 1], 3), "inside": ([-1, 1, 1, -1, 1], 2), "a draw breaks it": ([1, 0, 1], 1)}


@pytest.mark.parametrize(("pnl", "expected"), STREAKS.values(), ids=STREAKS)
def test_a_streak_is_unbroken(pnl: list[float], expected: int) -> None:
    assert ratios.longest_streak(np.array(pnl, dtype=np.float64)) == expected
