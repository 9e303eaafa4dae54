"""`assay sweep` and `assay.sweep`: a cell for each combination, each the backtest that would have been run alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.terminal import BTC, ETH, SOL, answer, assay, written

import assay as interface

CELL = ["fast", "slow", "final_equity", "max_drawdown", "trades", "sharpe"]


def test_a_cell_is_a_combination_and_its_figures(tmp_path: Path) -> None:
    cells = answer("sweep", written(tmp_path), "--data", BTC, "--grid", "fast=5:20:5", "--grid", "slow=30,60")["cells"]
    assert all(list(cell)[:6] == CELL for cell in cells)
    assert [(cell["fast"], cell["slow"]) for cell in cells] == [(fast, slow) for fast in (5, 10, 15) for slow in (30, 60)]


def test_a_cell_is_the_backtest_of_its_parameters(tmp_path: Path) -> None:
    strategy, costs = written(tmp_path), ("--fee", "0.002", "--slippage-bps", "1", "--from", "2024-01-01", "--to", "2024-07-01")
    for cell in answer("sweep", strategy, "--data", BTC, *costs, "--grid", "fast=12,20", "--grid", "slow=50,55")["cells"]:
        typed = ("--set", f"fast={cell['fast']}", "--set", f"slow={cell['slow']}")
        metrics = answer("backtest", strategy, "--data", BTC, *costs, *typed)["metrics"]
        assert {name: cell[name] for name in CELL[2:]} == pytest.approx({name: metrics[name] for name in CELL[2:]}, rel=1e-12)


def test_what_is_not_swept_can_be_set(tmp_path: Path) -> None:
    strategy = written(tmp_path)
    [cell] = answer("sweep", strategy, "--data", BTC, "--set", "slow=60", "--grid", "fast=12")["cells"]
    metrics = answer("backtest", strategy, "--data", BTC, "--set", "slow=60", "--set", "fast=12")["metrics"]
    assert cell["final_equity"] == pytest.approx(metrics["final_equity"], rel=1e-12)


def test_a_universe_is_swept_on_one_account(tmp_path: Path) -> None:
    names = {"synthetic:BTC/USDT": BTC, "synthetic:ETH/USDT": ETH, "synthetic:SOL/USDT": SOL}
    data = [word for name, path in names.items() for word in ("--data", f"{name}={path}")]
    basket = written(tmp_path, "momentum_basket")
    [cell] = answer("sweep", basket, *data, "--grid", "lookback=480")["cells"]
    metrics = answer("backtest", basket, *data, "--set", "lookback=480")["metrics"]
    assert cell["final_equity"] == pytest.approx(metrics["final_equity"], rel=1e-12)


def test_what_is_undefined_is_null(tmp_path: Path) -> None:
    strategy = written(tmp_path)
    document = json.loads(strategy.read_text())
    for rule in document["rules"]:
        rule["when"] = {"left": "close", "op": "<", "right": 0}
    strategy.write_text(json.dumps(document))
    [cell] = answer("sweep", strategy, "--data", BTC, "--grid", "fast=5")["cells"]
    assert (cell["trades"], cell["sharpe"]) == (0, None)


def test_the_terminal_shows_the_best_first(tmp_path: Path) -> None:
    shown = assay("sweep", written(tmp_path), "--data", BTC, "--grid", "fast=5:50:5", "--grid", "slow=60:200:20")
    assert shown.exit_code == 0
    assert shown.stderr == ""
    head, *rows = shown.stdout.splitlines()
    assert head.split("  ")[0].strip() == "fast"
    assert "20 of 63 cells" in rows[-1]
    finals = [float(row.split()[2].replace(",", "")) for row in rows[:20]]
    assert finals == sorted(finals, reverse=True)


def test_python_sweeps_ranges_and_hears_how_far_it_is() -> None:
    heard: list[tuple[int, int]] = []
    strategy, bars = interface.Strategy.template("sma_cross"), interface.load_bars(BTC)
    grid = {"fast": range(5, 50, 5), "slow": range(60, 200, 20)}
    cells = interface.sweep(strategy, bars, grid, interface.Account(), progress=lambda done, total: heard.append((done, total))).cells
    assert cells.columns[:6] == CELL
    assert len(cells) == 63
    assert heard[-1] == (63, 63)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("--grid", "fst=5,6"), "'fst' is not a parameter here; did you mean 'fast'?"),
        (("--grid", "fast=5,500"), "500 is out of bounds"),
        (("--set", "fast=7", "--grid", "fast=5,6"), "--set: fast is in the grid already"),
    ],
)
def test_a_grid_that_does_not_fit_is_refused(tmp_path: Path, typed: tuple[str, ...], said: str) -> None:
    done = assay("sweep", written(tmp_path), "--data", BTC, *typed)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.startswith(("strategy.json: ", "--"))
