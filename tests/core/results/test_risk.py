"""empyrical's own test vectors hold for our functions, under its conventions."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from tests.shared_data import FOLDER, shared

from assay.core.market.bars import Floats, Ints
from assay.core.results import risk

FILE = "reference/empyrical_metrics.json"
YEAR = {"daily": 252.0, "weekly": 52.0, "monthly": 12.0, "yearly": 1.0}
UNIT = {"monthly": "month", "quarterly": "quarter", "yearly": "year"}
DECIMALS = {"cum_returns": 4, "cum_returns_final": 4, "tail_ratio": 1}

NOT_IMPLEMENTED = {"gpd_risk_estimates_aligned": "fits a distribution with a general optimizer, and both its cases are of no losses"}

Args = Mapping[str, Any]
FUNCTIONS: Mapping[str, Callable[[Args], Any]] = {
    "cum_returns": lambda a: risk.cum_returns(a["returns"], a["starting_value"]).tolist(),
    "cum_returns_final": lambda a: risk.cum_returns_final(a["returns"], a["starting_value"]),
    "aggregate_returns": lambda a: risk.aggregate_returns(a["ts"], a["returns"], UNIT[a["convert_to"]]).tolist(),
    "max_drawdown": lambda a: risk.max_drawdown(a["returns"]),
    "annual_return": lambda a: risk.annual_return(a["returns"], YEAR[a["period"]]),
    "cagr": lambda a: risk.cagr(a["returns"], YEAR[a["period"]]),
    "annual_volatility": lambda a: risk.annual_volatility(a["returns"], YEAR[a["period"]]),
    "calmar_ratio": lambda a: risk.calmar(a["returns"], YEAR[a["period"]]),
    "omega_ratio": lambda a: risk.omega(a["returns"], a["risk_free"], a["required_return"]),
    "sharpe_ratio": lambda a: risk.sharpe(a["returns"], a["risk_free"]),
    "downside_risk": lambda a: risk.downside_risk(a["returns"], a["required_return"], YEAR[a["period"]]),
    "sortino_ratio": lambda a: risk.sortino(a["returns"], a["required_return"], YEAR[a["period"]]),
    "excess_sharpe": lambda a: risk.excess_sharpe(a["returns"], a["factor_returns"]),
    "alpha_beta": lambda a: risk.alpha_beta(a["returns"], a["benchmark"]),
    "alpha": lambda a: risk.alpha(a["returns"], a["benchmark"]),
    "beta": lambda a: risk.beta(a["returns"], a["benchmark"]),
    "up_alpha_beta": lambda a: risk.up(risk.alpha_beta, a["returns"], a["benchmark"]),
    "down_alpha_beta": lambda a: risk.down(risk.alpha_beta, a["returns"], a["benchmark"]),
    "roll_alpha_beta": lambda a: risk.rolling(risk.alpha_beta, a["window"], a["returns"], a["benchmark"]),
    "stability_of_timeseries": lambda a: risk.stability_of_timeseries(a["returns"]),
    "tail_ratio": lambda a: risk.tail_ratio(a["returns"]),
    "beta_fragility_heuristic": lambda a: risk.beta_fragility_heuristic(a["returns"], a["factor_returns"]),
    "capture": lambda a: risk.capture(a["returns"], a["factor_returns"]),
    "up_capture": lambda a: risk.up(risk.capture, a["returns"], a["factor_returns"]),
    "down_capture": lambda a: risk.down(risk.capture, a["returns"], a["factor_returns"]),
    "up_down_capture": lambda a: risk.up_down_capture(a["returns"], a["factor_returns"]),
    "roll_max_drawdown": lambda a: risk.rolling(risk.max_drawdown, a["window"], a["returns"]),
    "roll_sharpe_ratio": lambda a: risk.rolling(risk.sharpe, a["window"], a["returns"]),
    "roll_up_capture": lambda a: risk.rolling(lambda r, f: risk.up(risk.capture, r, f), a["window"], a["returns"], a["factor_returns"]),
    "roll_down_capture": lambda a: risk.rolling(lambda r, f: risk.down(risk.capture, r, f), a["window"], a["returns"], a["factor_returns"]),
    "roll_up_down_capture": lambda a: risk.rolling(risk.up_down_capture, a["window"], a["returns"], a["factor_returns"]),
}


def cases() -> list[Any]:
    """Read when tests are collected, so that each case has a name; where the data are absent one stands for all, and skips."""
    path = FOLDER / FILE
    if not path.exists():
        return [pytest.param(None, id="absent")]
    return [pytest.param(case, id=case["id"]) for case in json.loads(path.read_text())["cases"]]


@pytest.fixture(scope="module")
def series() -> dict[str, tuple[Ints, Floats]]:
    """Columns by name; those of a frame as `name[0]`, `name[1]`."""
    columns: dict[str, tuple[Ints, Floats]] = {}
    for name, recorded in json.loads(shared(FILE).read_text())["series"].items():
        ts = stamps(recorded["index"])
        if "columns" not in recorded:
            columns[name] = ts, numbers(recorded["values"])
        else:
            columns |= {f"{name}[{k}]": (ts, numbers([row[k] for row in recorded["values"]])) for k in range(len(recorded["columns"]))}
    return columns


def stamps(index: list[str]) -> Ints:
    return np.array([text.removesuffix("+00:00") for text in index], dtype="datetime64[ns]").view(np.int64)


def numbers(values: list[float | str]) -> Floats:
    return np.array([float(value) for value in values], dtype=np.float64)


@pytest.mark.parametrize("case", cases())
def test_a_published_vector_holds(case: dict[str, Any] | None, series: dict[str, tuple[Ints, Floats]]) -> None:
    assert case is not None
    name = function(case)
    if name in NOT_IMPLEMENTED:
        pytest.skip(NOT_IMPLEMENTED[name])
    args, tolerance = case["args"], 1.5 * 10.0 ** -DECIMALS.get(name, 8)
    if isinstance(args["returns"], list) and args["returns"][1].startswith("df_"):
        found = [FUNCTIONS[name](arguments(args | {"returns": ["$ref", f"{args['returns'][1]}[{k}]"]}, series)) for k in (0, 1)]
    else:
        found = FUNCTIONS[name](arguments(args, series))
    assert plain(found) == approximately(args["expected"], tolerance)


def test_every_function_is_implemented_or_excused() -> None:
    named = {function(case) for case in json.loads(shared(FILE).read_text())["cases"]}
    assert named == {*FUNCTIONS, *NOT_IMPLEMENTED}


def function(case: dict[str, Any]) -> str:
    found = re.search(r"\.(\w+)\([^.]*$", case["call"].removesuffix(".values.tolist()"))
    assert found, case["call"]
    return found[1]


def arguments(args: Args, series: dict[str, tuple[Ints, Floats]]) -> dict[str, Any]:
    """References resolved, and columns of one call put on one index: where one has no value, it has NaN."""
    resolved = {name: resolve(value, series) for name, value in args.items() if name != "expected"}
    columns = {name: value for name, value in resolved.items() if isinstance(value, tuple)}
    index = np.unique(np.concatenate([ts for ts, _ in columns.values()]))
    return resolved | {name: spread(index, *column) for name, column in columns.items()} | {"ts": index}


def resolve(value: Any, series: dict[str, tuple[Ints, Floats]]) -> Any:
    match value:
        case {"series": values}:
            return np.arange(len(values)), numbers(values)
        case ["$ref", name]:
            return series[name]
        case ["$neg", name]:
            return series[name][0], -series[name][1]
        case ["$slice", name, text]:
            start, _, stop = text.partition(":")
            rows = slice(int(start) if start else None, int(stop) if stop else None)
            return series[name][0][rows], series[name][1][rows]
    return value


def spread(index: Ints, ts: Ints, values: Floats) -> Floats:
    column = np.full(len(index), np.nan)
    column[np.searchsorted(index, ts)] = values
    return column


def plain(found: Any) -> Any:
    return [plain(item) for item in found] if isinstance(found, list | tuple) else found


def approximately(expected: Any, tolerance: float) -> Any:
    """NaN and infinity are None with us."""
    if isinstance(expected, dict):
        return approximately(expected["series"], tolerance)
    if isinstance(expected, list):
        return [approximately(item, tolerance) for item in expected]
    value = float(expected)
    return pytest.approx(value, abs=tolerance) if math.isfinite(value) else None
