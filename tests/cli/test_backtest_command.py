"""`assay backtest` and the rest of what needs no sweep."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.terminal import BTC, ETH, SOL, answer, assay, changed, files, written
from tests.shared_data import shared

import assay as interface
from assay.core.strategy.schema import strategy_schema

CONTRACT = ["run_id", "bars", "from", "to", "metrics", "trades", "open_positions"]


def test_json_has_the_keys_of_the_contract_and_nothing_else(tmp_path: Path) -> None:
    found = answer("backtest", written(tmp_path), "--data", BTC)
    assert list(found) == CONTRACT
    assert (found["bars"], found["from"], found["to"]) == (17_527, "2023-01-01T00:00:00Z", "2025-01-01T00:00:00Z")
    assert len(found["trades"]) == found["metrics"]["trades"] > 0


def test_what_is_undefined_is_null(tmp_path: Path) -> None:
    never = {"left": "close", "op": "<", "right": 0}
    strategy = changed(tmp_path, {"rules": [{"id": "never", "when": never, "then": {"action": "enter_long"}}]})
    found = answer("backtest", strategy, "--data", BTC)
    assert found["trades"] == found["open_positions"] == []
    assert found["metrics"]["sharpe"] is found["metrics"]["win_rate"] is found["metrics"]["profit_factor"] is None


def test_the_crossing_of_google_ends_where_it_was_published(tmp_path: Path) -> None:
    """SMA 10/20, 0.2 % on every fill, always in the market: backtesting.py's figures."""
    data = shared("candles/stock_GOOG_1d_2004-2013.parquet")
    strategy = changed(tmp_path, {"timeframe": "1d", "universe": ["test:GOOG"]})
    typed = ("--data", data, "--fee", "0.002", "--convention", "backtesting.py", "--set", "slow=20")
    metrics = answer("backtest", strategy, *typed)["metrics"]
    assert (metrics["trades"], round(metrics["final_equity"], 5)) == (93, 56_263.51934)


def test_one_file_takes_the_name_of_the_universe(tmp_path: Path) -> None:
    found = answer("backtest", written(tmp_path), "--data", BTC)
    assert {trade["instrument"] for trade in found["trades"]} == {"synthetic:BTC/USDT"}


@pytest.mark.parametrize("typed", [("--data", ETH, "--instrument", "Kraken:ETH/EUR"), ("--data", f"kraken:ETH/EUR={ETH}")])
def test_one_file_keeps_the_name_that_it_is_given(tmp_path: Path, typed: tuple[str, ...]) -> None:
    found = answer("backtest", written(tmp_path), *typed)
    assert {trade["instrument"] for trade in found["trades"]} == {"kraken:ETH/EUR"}


def test_several_files_are_a_universe_in_the_order_of_the_strategy(tmp_path: Path) -> None:
    basket = written(tmp_path, "momentum_basket")
    names = {"synthetic:SOL/USDT": SOL, "synthetic:BTC/USDT": BTC, "synthetic:ETH/USDT": ETH}
    typed = [word for name, path in names.items() for word in ("--data", f"{name}={path}")]
    turned = [word for name, path in reversed(names.items()) for word in ("--data", f"{name}={path}")]
    assert answer("backtest", basket, *typed) == answer("backtest", basket, *turned)


def test_set_moves_a_parameter(tmp_path: Path) -> None:
    strategy = written(tmp_path)
    moved = answer("backtest", strategy, "--data", BTC, "--set", "fast=12", "--set", "slow=40")
    parameters = json.loads(strategy.read_text())["parameters"] | {"fast": {"value": 12, "low": 2, "high": 50, "step": 1}}
    parameters["slow"]["value"] = 40
    same = answer("backtest", changed(tmp_path, {"parameters": parameters}), "--data", BTC)
    assert moved == same


def test_the_period_begins_after_a_warm_up_and_leaves_out_its_end(tmp_path: Path) -> None:
    found = answer("backtest", written(tmp_path), "--data", BTC, "--from", "2024-03-01", "--to", "2024-03-02T12:00Z")
    assert (found["bars"], found["from"], found["to"]) == (36, "2024-03-01T00:00:00Z", "2024-03-02T12:00:00Z")


def test_account_options_reach_the_account(tmp_path: Path) -> None:
    typed = ("--cash", "500", "--fee", "0", "--slippage-bps", "3", "--lot", "0.01", "--tick", "0.5", "--minimum-notional", "5")
    strategy = written(tmp_path)
    account = interface.Account(cash=500, fee_rate=0, slippage_bps=3, lot=0.01, tick=0.5, minimum_notional=5)
    result = interface.backtest(interface.Strategy.load(strategy), interface.load_bars(BTC), account)
    assert answer("backtest", strategy, "--data", BTC, *typed)["run_id"] == result.run_id


def test_the_terminal_shows_figures_how_trades_ended_and_the_run(tmp_path: Path) -> None:
    strategy = written(tmp_path)
    shown = assay("backtest", strategy, "--data", BTC)
    run_id = answer("backtest", strategy, "--data", BTC)["run_id"]
    assert shown.exit_code == 0
    assert shown.stderr == ""
    for text in ("SMA cross", "17,527 bars", "Final equity", "Max drawdown", "Win rate", "Ended by", "Still open: long", f"run {run_id}"):
        assert text in shown.stdout
    assert "\x1b" not in shown.stdout, "colors are for terminals"


def test_markup_in_a_name_is_text(tmp_path: Path) -> None:
    assert "[red]buy[/] :tada:" in assay("backtest", changed(tmp_path, {"name": "[red]buy[/] :tada:"}), "--data", BTC).stdout


def test_a_report_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "new" / "run.html"
    shown = assay("backtest", written(tmp_path), "--data", BTC, "--html", target)
    assert shown.stdout.rstrip().endswith(f"report {target}")
    assert target.read_text().startswith("<!doctype html>")
    assert files(tmp_path) == {"strategy.json", "new", "new/run.html"}


def test_json_stays_alone_on_stdout_beside_a_report(tmp_path: Path) -> None:
    done = assay("backtest", written(tmp_path), "--data", BTC, "--html", tmp_path / "run.html", "--json")
    assert list(json.loads(done.stdout)) == CONTRACT
    assert done.stderr == f"report {tmp_path / 'run.html'}\n"


def test_finer_bars_are_matched_on(tmp_path: Path) -> None:
    data, finer = (
        shared("candles/binance_spot_BTCUSDT_1h_2017-2023.parquet"),
        shared("candles/binance_spot_BTCUSDT_5m_2022-08_2023-09.parquet"),
    )
    typed = ("--from", "2023-01-01", "--to", "2023-02-01")
    strategy = written(tmp_path)
    found = answer("backtest", strategy, "--data", data, "--match", finer, *typed)
    assert found["bars"] == 31 * 24 * 12
    assert found["run_id"] != answer("backtest", strategy, "--data", data, *typed)["run_id"]


def test_funding_is_paid(tmp_path: Path) -> None:
    rates = tmp_path / "funding.csv"
    rates.write_text("ts,rate\n2024-01-01T00:00:00Z,0.01\n2024-01-01T08:00:00Z,0.01\n")
    strategy = written(tmp_path)
    plain = answer("backtest", strategy, "--data", BTC)["metrics"]
    paid = answer("backtest", strategy, "--data", BTC, "--funding", rates)["metrics"]
    assert plain["funding"] == 0.0
    assert paid["funding"] != 0.0


def test_the_demo_runs_on_what_is_bundled_and_leaves_a_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = assay("demo")
    assert shown.exit_code == 0
    assert shown.stdout.rstrip().endswith(f"report {tmp_path / 'out' / 'report.html'}")
    assert files(tmp_path) == {"out", "out/report.html"}


def test_every_template_is_listed_and_can_be_started_from(tmp_path: Path) -> None:
    names = [line.split()[0] for line in assay("templates").stdout.splitlines()]
    assert "sma_cross" in names
    for name in names:
        (tmp_path / "mine.json").write_text(assay("templates", name).stdout)
        assert interface.Strategy.load(tmp_path / "mine.json") == interface.Strategy.template(name)


def test_indicators_are_listed_and_described() -> None:
    assert any(line.startswith("macd ") for line in assay("indicators").stdout.splitlines())
    assert "macd, signal, hist" in assay("indicators", "macd").stdout
    wrong = assay("indicators", "mcd")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean 'macd'" in wrong.stderr


def test_the_schema_is_printed() -> None:
    assert json.loads(assay("schema").stdout) == strategy_schema()


def test_the_installed_command_runs_and_says_its_version(tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("assay")
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout == f"assay {interface.__version__}\n"
    done = subprocess.run([command, "backtest", written(tmp_path), "--data", BTC, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == answer("backtest", tmp_path / "strategy.json", "--data", BTC)
    assert done.stderr == ""
