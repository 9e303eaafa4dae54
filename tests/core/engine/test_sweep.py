"""A sweep's cell is the ordinary run of the document bound to its parameters, figure for figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.laws.random_sessions import Draw, random_account, random_bars

from assay.core.domain.account import Account
from assay.core.domain.errors import StrategyError
from assay.core.engine.backtest import Inputs, backtest
from assay.core.engine.sweep import sweep
from assay.core.strategy.document import Document
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse


def crossing(universe: list[str], then: dict[str, Any] | None = None) -> Document:
    """Two averages that cross, a threshold and a stop, all with parameters."""
    long: dict[str, Any] = {"action": "enter_long", "size": 0.5, "stop_loss": "$stop", **(then or {})}
    return parse(
        {
            "schema": "assay/strategy@1", "name": "sweep", "timeframe": "1h", "universe": universe,
            "parameters": {
                "fast": {"value": 2, "low": 2, "high": 9}, "slow": {"value": 5}, "stop": {"value": 0.02}, "calm": {"value": 1.05},
            },
            "series": {
                "fast": {"indicator": "sma", "parameters": {"timeperiod": "$fast"}},
                "slow": {"indicator": "sma", "parameters": {"timeperiod": "$slow"}},
                "step": {"formula": "close / shift(close, 1)"},
            },
            "rules": [
                {"id": "up", "when": {"left": "fast", "op": "crosses_above", "right": "slow"},
                 "unless": [{"name": "wild", "left": "step", "op": ">", "right": "$calm"}],
                 "then": long},
                {"id": "down", "when": {"left": "fast", "op": "crosses_below", "right": "slow"},
                 "then": {"action": "enter_short", "size": 0.5}},
            ],
        }
    )  # fmt: skip


GRID: dict[str, list[int | float]] = {"fast": [2, 3, 4], "slow": [5, 8], "stop": [0.01, 0.05], "calm": [1.02, 2.0]}


@pytest.mark.parametrize("seed", range(12))
def test_a_cell_is_the_ordinary_run(seed: int) -> None:
    draw = Draw(seed)
    names = ["test:A/B", "test:EF"][: 1 + seed % 2]
    inputs = Inputs({name: random_bars(draw, name, 300) for name in names}, {}, {})
    account = random_account(draw)
    document = crossing(names, {"take_profit": {"series": "step", "times": 1.0}} if seed % 3 == 0 else None)
    cells = list(sweep(document, inputs, account, GRID).cells.iter_rows(named=True))
    assert len(cells) == 24
    for cell in cells:
        ordinary = backtest(bind(document, {name: cell[name] for name in GRID}), inputs, account).headline
        for name in ("final_equity", "max_drawdown", "trades", "sharpe"):
            assert cell[name] == ordinary[name], (cell, ordinary)


MIXED: dict[str, Any] = {
    "schema": "assay/strategy@1", "name": "mixed", "timeframe": "1h", "universe": ["test:EF"],
    "parameters": {"fast": {"value": 2}, "level": {"value": 100.0}, "stop": {"value": 0.02}, "fixed": {"value": 1.0}},
    "series": {
        "fast": {"indicator": "sma", "parameters": {"timeperiod": "$fast"}},
        "slow": {"indicator": "sma", "parameters": {"timeperiod": 5}},
        "gap": {"formula": "fast - slow"},
    },
    "rules": [
        {"id": "up", "when": {"all": [{"left": "close", "op": ">", "right": "slow"},
                                      {"left": "fast", "op": "crosses_above", "right": "slow"},
                                      {"left": "close", "op": "!=", "right": "$level"}]},
         "then": {"action": "enter_long", "size": 0.5, "stop_loss": "$stop", "trailing_stop": 0.03}},
        {"id": "over", "when": {"left": "gap", "op": "crosses_above", "right": "$fixed"}, "then": {"action": "exit_short"}},
        {"id": "through", "when": {"left": "fast", "op": "crosses_below", "right": "$level"}, "then": {"action": "enter_short"}},
        {"id": "down", "when": {"left": "close", "op": "<", "right": "$level"}, "then": {"action": "exit_long"}},
    ],
}  # fmt: skip
"""Crosses alone and among conditions, at declared and swept numbers; rules that every cell has for itself, and shared ones."""


@pytest.mark.parametrize("axes", [("fast", "level"), ("fast", "level", "stop"), ("fast",), ("level",), ("fixed", "fast")])
@pytest.mark.parametrize("convention", ["assay", "backtesting.py-finalize"])
def test_a_rule_in_a_cell_is_the_rule_alone(axes: tuple[str, ...], convention: str) -> None:
    inputs = Inputs({"test:EF": random_bars(Draw(3), "test:EF", 400)}, {}, {})
    closes = inputs.bars["test:EF"].close
    levels = np.linspace(closes.min(), closes.max(), 11).round(2).tolist()
    grid = {"fast": list(range(2, 10)), "level": levels, "stop": [0.01, 0.04], "fixed": [-1.0, 0.0, 0.5]}
    account, document = Account(cash=1_000.0, fee_rate=0.001, convention=convention), parse(MIXED)
    cells = list(sweep(document, inputs, account, {name: grid[name] for name in axes}).cells.iter_rows(named=True))
    assert sum(cell["trades"] for cell in cells) > len(cells)
    for cell in cells:
        ordinary = backtest(bind(document, {name: cell[name] for name in axes}), inputs, account).headline
        for name in ("final_equity", "max_drawdown", "trades", "sharpe"):
            assert cell[name] == ordinary[name], (cell, ordinary)


LIMITS: dict[str, list[int | float]] = {
    "max_drawdown": [0.01, 0.2], "daily_loss": [0.005, 0.02], "cooldown_bars": [0, 6], "stop_after_losses": [2, 9],
    "max_open_positions": [1, 2],
}  # fmt: skip


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("convention", ["assay", "backtesting.py-finalize"])
def test_a_limit_may_be_swept(limit: str, convention: str) -> None:
    names = ["test:A/B", "test:EF"]
    inputs = Inputs({name: random_bars(Draw(row), name, 300) for row, name in enumerate(names)}, {}, {})
    account = Account(cash=1_000.0, convention=convention)
    grid: dict[str, list[int | float]] = {"limit": LIMITS[limit], "fast": [2, 3, 4]}
    parameters = {"fast": {"value": 2}, "limit": {"value": LIMITS[limit][1]}}
    document = parse(
        {
            "schema": "assay/strategy@1", "name": "limited", "timeframe": "1h", "universe": names, "parameters": parameters,
            "series": {"fast": {"indicator": "sma", "parameters": {"timeperiod": "$fast"}}}, "limits": {limit: "$limit"},
            "rules": [
                {"id": "up", "when": {"left": "close", "op": ">", "right": "fast"}, "then": {"action": "enter_long", "size": 0.5}},
                {"id": "down", "when": {"left": "close", "op": "<", "right": "fast"}, "then": {"action": "exit"}},
            ],
        }
    )  # fmt: skip
    cells = list(sweep(document, inputs, account, grid).cells.iter_rows(named=True))
    assert len({cell["final_equity"] for cell in cells}) == len(cells), "a limit that changes nothing proves nothing"
    for cell in cells:
        ordinary = backtest(bind(document, {name: cell[name] for name in grid}), inputs, account).headline
        for name in ("final_equity", "max_drawdown", "trades", "sharpe"):
            assert cell[name] == ordinary[name], (cell, ordinary)


def test_cells_come_in_the_order_of_the_grid_and_progress_ends_at_the_end() -> None:
    inputs = Inputs({"test:EF": random_bars(Draw(1), "test:EF", 60)}, {}, {})
    seen: list[tuple[int, int]] = []
    cells = sweep(
        crossing(["test:EF"]), inputs, random_account(Draw(2)), {"slow": [8, 5], "fast": [3, 2]}, lambda *at: seen.append(at)
    ).cells
    assert cells.select("slow", "fast").rows() == [(8, 3), (8, 2), (5, 3), (5, 2)]
    assert seen[-1] == (4, 4)


@pytest.mark.parametrize(
    ("grid", "path"),
    [
        ({"fats": [1, 2]}, "fats"),
        ({"fast": [2, 99]}, "fast"),
        ({"fast": [2.5]}, "fast"),
        ({"fast": []}, "fast"),
        ({}, "grid"),
        ({"fast": range(2, 9), "slow": range(2, 200_000)}, "grid"),
    ],
)
def test_a_grid_that_the_document_does_not_allow_is_refused_at_its_place(grid: dict[str, Any], path: str) -> None:
    inputs = Inputs({"test:EF": random_bars(Draw(1), "test:EF", 60)}, {}, {})
    with pytest.raises(StrategyError) as refused:
        sweep(crossing(["test:EF"]), inputs, random_account(Draw(2)), grid)
    assert path in str(refused.value)
