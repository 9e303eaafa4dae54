"""What `import assay` hands out, by the names that others build on."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.shared_data import shared

import assay
from assay.adapters.files.sample import samples
from assay.adapters.files.strategies import template_text

ROOT = Path(__file__).parents[1]
FILES = {name: str(path) for name, path in samples().items()}
BTC = FILES["synthetic:BTC/USDT"]


@pytest.fixture(scope="module")
def btc() -> assay.Bars:
    return assay.load_bars(BTC)


@pytest.fixture(scope="module")
def basket() -> dict[str, assay.Bars]:
    return assay.load_bars({name: FILES[name] for name in ("synthetic:BTC/USDT", "synthetic:ETH/USDT", "synthetic:SOL/USDT")})


@pytest.fixture(scope="module")
def cross() -> assay.Strategy:
    return assay.Strategy.template("sma_cross")


def problems(error: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in error.value.errors]


# The package


def test_importing_it_loads_nothing_heavy() -> None:
    heavy = ["numba", "polars", "numpy", "talib", "typer", "rich"]
    script = f"import sys, assay; assay.__version__; dir(assay); print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize("name", assay.__all__)
def test_every_name_is_handed_out(name: str) -> None:
    assert getattr(assay, name).__name__ == name
    assert name in dir(assay)


def test_a_name_that_is_not_there_is_missed() -> None:
    with pytest.raises(AttributeError, match="no attribute 'backtset'"):
        _ = assay.backtset  # type: ignore[attr-defined]


def test_the_version_is_the_package_s() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == assay.__version__


# Strategies


def test_a_strategy_is_loaded_from_a_file_and_from_plain_values(tmp_path: Path, cross: assay.Strategy) -> None:
    text = template_text("sma_cross")
    (tmp_path / "sma.json").write_text(text)
    loaded = {
        assay.Strategy.load(tmp_path / "sma.json"),
        assay.Strategy.load(str(tmp_path / "sma.json")),
        assay.Strategy.load(json.loads(text)),
    }
    assert loaded == {cross}


def test_a_strategy_says_what_it_is(cross: assay.Strategy) -> None:
    assert (cross.name, cross.timeframe, cross.universe) == ("SMA cross", "1h", ("synthetic:BTC/USDT",))
    assert cross.parameters == {"fast": 10, "slow": 30}
    assert cross.hash.startswith("sha256:")
    assert "SMA cross" in repr(cross)


def test_a_wrong_strategy_says_where() -> None:
    with pytest.raises(assay.StrategyError) as wrong:
        assay.Strategy.load({"schema": "assay/strategy@1", "name": "x", "timeframe": "1h", "universe": ["a:B"], "ruls": []})
    assert ("ruls", "unknown_key") in problems(wrong)
    assert all(isinstance(problem, assay.Problem) for problem in wrong.value.errors)


def test_other_parameters_make_another_strategy(cross: assay.Strategy) -> None:
    other = cross.having(fast=12)
    assert (other.parameters, cross.parameters["fast"]) == ({"fast": 12, "slow": 30}, 10)
    assert other.hash != cross.hash
    assert other.having(fast=10) == other.having(fast=np.arange(10, 11)[0]) == cross
    with pytest.raises(assay.StrategyError) as wrong:
        cross.having(fst=1, slow=9_999)
    assert [path for path, _ in problems(wrong)] == ["parameters.fst", "parameters.slow"]


# Running


def test_a_result_answers_what_is_asked(cross: assay.Strategy, btc: assay.Bars) -> None:
    result = assay.backtest(cross, btc, assay.Account(cash=10_000, fee_rate=0.001, slippage_bps=0, lot=0, leverage=1))
    assert isinstance(result.metrics, dict)
    assert result.metrics["trades"] == len(result.trades) > 0
    assert (len(result.equity), result.equity["equity"][-1]) == (len(btc), result.metrics["final_equity"])
    assert len(result.decisions) > 0
    assert "SMA cross" in repr(result)
    assert len(repr(result)) < 200


def test_an_account_is_a_default(cross: assay.Strategy, btc: assay.Bars) -> None:
    assert assay.backtest(cross, btc).run_id == assay.backtest(cross, btc, assay.Account()).run_id


def test_the_crossing_of_google_ends_where_it_was_published() -> None:
    bars = assay.load_bars(shared("candles/stock_GOOG_1d_2004-2013.parquet"))
    document = json.loads(template_text("sma_cross")) | {"timeframe": "1d"}
    account = assay.Account(cash=10_000, fee_rate=0.002, convention="backtesting.py")
    result = assay.backtest(assay.Strategy.load(document).having(slow=20), bars, account)
    assert (len(result.trades), round(result.metrics["final_equity"] or 0.0, 5)) == (93, 56_263.51934)


def test_a_report_is_written_whole_and_its_place_comes_back(tmp_path: Path, cross: assay.Strategy, btc: assay.Bars) -> None:
    result = assay.backtest(cross, btc)
    assert result.report(tmp_path / "out" / "run.html") == tmp_path / "out" / "run.html"
    assert (tmp_path / "out" / "run.html").read_text().rstrip().endswith("</html>")
    with pytest.raises(IsADirectoryError):
        result.report(tmp_path)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["run.html"]


# Universes


def test_one_instrument_runs_on_any_bars(cross: assay.Strategy, btc: assay.Bars) -> None:
    named = assay.load_bars(BTC, instrument="kraken:BTC/EUR")
    assert assay.backtest(cross, btc).slices.instruments == ("synthetic:BTC/USDT",)
    assert assay.backtest(cross, [btc]).slices.instruments == ("synthetic:BTC/USDT",)
    assert assay.backtest(cross, named).slices.instruments == ("kraken:BTC/EUR",)
    assert assay.backtest(cross, {"Kraken:BTC/EUR": btc}).run_id == assay.backtest(cross, named).run_id


def test_the_strategy_orders_the_universe(basket: dict[str, assay.Bars]) -> None:
    strategy = assay.Strategy.template("momentum_basket")
    turned = dict(reversed(basket.items()))
    assert assay.backtest(strategy, turned).slices.instruments == strategy.universe
    assert assay.backtest(strategy, turned).run_id == assay.backtest(strategy, list(basket.values())).run_id


def test_missing_and_foreign_instruments_are_named(basket: dict[str, assay.Bars], btc: assay.Bars) -> None:
    strategy = assay.Strategy.template("momentum_basket")
    given = {"synthetic:BTC/USDT": btc, "synthetic:ETH/USDT": btc, "synthetic:DOGE/USDT": btc}
    with pytest.raises(assay.DataError, match="DOGE") as wrong:
        assay.backtest(strategy, given)
    assert problems(wrong) == [("universe", "no_bars"), ("universe", "not_in_universe")]
    with pytest.raises(assay.DataError, match="no bars of synthetic:ETH/USDT"):
        assay.backtest(strategy, btc)
    with pytest.raises(assay.DataError, match="is not an instrument"):
        assay.backtest(strategy, basket | {"doge": btc})


def test_no_bars_at_all_are_missed(cross: assay.Strategy) -> None:
    with pytest.raises(assay.DataError, match="no bars of synthetic:BTC/USDT"):
        assay.backtest(cross, {})


# The period


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-03-01", "2024-03-02"),
        ("2024-03-01T00:00Z", "2024-03-02T01:00+01:00"),
        (datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 3, 2, 1, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_a_period_is_from_one_instant_to_before_another(
    cross: assay.Strategy, btc: assay.Bars, start: str | datetime, end: str | datetime
) -> None:
    found = assay.backtest(cross, btc, start=start, end=end).to_json()
    assert (found["bars"], found["from"], found["to"]) == (24, "2024-03-01T00:00:00Z", "2024-03-02T00:00:00Z")


def test_bars_before_the_start_warm_up(cross: assay.Strategy, btc: assay.Bars) -> None:
    cold = assay.backtest(cross, btc.between(datetime(2024, 3, 1, tzinfo=UTC), None))
    warm = assay.backtest(cross, btc, start="2024-03-01")
    assert warm.decisions["at"][0] < cold.decisions["at"][0]


def test_what_is_after_the_end_changes_nothing(cross: assay.Strategy, btc: assay.Bars) -> None:
    end = datetime(2024, 3, 1, tzinfo=UTC)
    assert assay.backtest(cross, btc, end=end).run_id == assay.backtest(cross, btc.between(None, end)).run_id


@pytest.mark.parametrize(
    ("start", "end", "where"),
    [
        ("soon", None, ("from", "instant")),
        (None, "2024-13-01", ("to", "instant")),
        (datetime(2024, 1, 1), None, ("from", "instant")),  # noqa: DTZ001 the mistake itself
        ("2024-01-02", "2024-01-02", ("from", "period")),
        ("2031-01-01", None, ("from", "no_bars")),
        (None, "2011-01-01", ("to", "no_bars")),
    ],
)
def test_a_period_that_cannot_be_is_refused(
    cross: assay.Strategy, btc: assay.Bars, start: str | datetime | None, end: str | None, where: tuple[str, str]
) -> None:
    with pytest.raises(assay.DataError) as wrong:
        assay.backtest(cross, btc, start=start, end=end)
    assert problems(wrong) == [where]


# Finer bars and funding


def coarser(bars: assay.Bars, path: Path) -> assay.Bars:
    """Four-hourly bars of hourly ones."""
    frame = pl.DataFrame({"ts": bars.ts, "open": bars.open, "high": bars.high, "low": bars.low, "close": bars.close, "volume": bars.volume})
    whole = frame.with_columns(pl.from_epoch("ts", "ns")).group_by_dynamic("ts", every="4h")
    first, last = pl.col("open").first(), pl.col("close").last()
    whole.agg(first, pl.col("high").max(), pl.col("low").min(), last, pl.col("volume").sum()).write_parquet(path)
    return assay.load_bars(path)


def test_orders_are_filled_on_finer_bars(tmp_path: Path, btc: assay.Bars) -> None:
    strategy = assay.Strategy.load(json.loads(template_text("sma_cross")) | {"timeframe": "4h"})
    bars = coarser(btc, tmp_path / "four.parquet")
    end = datetime(2024, 3, 1, 2, tzinfo=UTC)
    result = assay.backtest(strategy, bars, match=btc, end=end)
    assert result.to_json()["to"] == "2024-03-01T04:00:00Z", "a deciding bar that opened before the end is matched to its close"
    assert len(result.equity) > 3 * len(bars.between(None, end))
    with pytest.raises(assay.DataError) as wrong:
        assay.backtest(strategy, bars, match={"a:B": btc})
    assert problems(wrong) == [("match", "no_bars"), ("match", "not_in_universe")]


RATES = pl.DataFrame({"ts": ["2024-01-01T00:00:00Z", "2024-01-01T08:00:00Z"], "rate": [0.01, 0.02]})


@pytest.mark.parametrize("rates", [RATES, {"synthetic:BTC/USDT": RATES}, RATES.with_columns(pl.col("ts").str.to_datetime(time_zone="UTC"))])
def test_funding_is_paid_at_its_times(cross: assay.Strategy, btc: assay.Bars, rates: Any) -> None:
    paid = assay.backtest(cross, btc, funding=rates if isinstance(rates, dict) else {"synthetic:BTC/USDT": rates})
    assert paid.run_id == assay.backtest(cross, btc, funding=RATES).run_id
    assert paid.metrics["funding"] != 0.0


def test_funding_comes_from_files(tmp_path: Path) -> None:
    RATES.write_csv(tmp_path / "rates.csv")
    RATES.write_parquet(tmp_path / "rates.parquet")
    read = [assay.load_funding(tmp_path / name) for name in ("rates.csv", "rates.parquet")]
    assert [each.rate.tolist() for each in read] == [[0.01, 0.02]] * 2
    assert read[0].ts.tolist() == read[1].ts.tolist()


@pytest.mark.parametrize(
    ("rates", "where"),
    [
        (RATES.rename({"rate": "open"}), ("funding of synthetic:BTC/USDT", "missing_column")),
        (RATES.with_columns(rate=pl.Series([0.1, None])), ("funding of synthetic:BTC/USDT row 2", "not_a_number")),
        (RATES.reverse(), ("funding of synthetic:BTC/USDT row 2", "not_rising")),
        (RATES.with_columns(ts=pl.Series(["2024-01-01", "then"])), ("funding of synthetic:BTC/USDT row 2", "time_unreadable")),
        ({"a:B": RATES}, ("funding", "not_in_universe")),
    ],
)
def test_rates_that_cannot_be_used_are_refused(cross: assay.Strategy, btc: assay.Bars, rates: Any, where: tuple[str, str]) -> None:
    with pytest.raises(assay.DataError) as wrong:
        assay.backtest(cross, btc, funding=rates)
    assert problems(wrong) == [where]


def test_rates_of_several_instruments_are_named(basket: dict[str, assay.Bars]) -> None:
    with pytest.raises(assay.DataError) as wrong:
        assay.backtest(assay.Strategy.template("momentum_basket"), basket, funding=RATES)
    assert problems(wrong) == [("funding", "unnamed")]


# Why, and whether anything knew the future


def test_a_result_traces_every_close_and_counts_what_each_condition_let_through(cross: assay.Strategy, btc: assay.Bars) -> None:
    result = assay.backtest(cross, btc)
    assert result.trace.columns == ["at", "instrument", "outcome"]
    assert len(result.trace) == len(btc)
    decided = result.trace.filter(pl.col("outcome").is_in(["entered", "reversed", "exited", "resized"]))
    assert len(decided) == len(result.decisions)
    assert result.funnel["rule"].unique(maintain_order=True).to_list() == list(result.rules)


def test_a_result_says_why_any_bar_did_or_did_not_trade(cross: assay.Strategy, btc: assay.Bars) -> None:
    result = assay.backtest(cross, btc)
    row = result.trace.row(by_predicate=pl.col("at") == result.trace.filter(pl.col("outcome") == "reversed")["at"][0], named=True)
    why = result.why(row["at"] + timedelta(minutes=59))
    assert repr(why).startswith(f"synthetic:BTC/USDT {row['at']:%Y-%m-%d %H:%M} UTC: reversed\n")
    assert "fast " in repr(why)
    assert why._repr_html_().count("<tr>") == len(why.lines)
    with pytest.raises(assay.DataError) as error:
        result.why("2031-01-01")
    assert problems(error) == [("at", "no_bars")]


def test_a_strategy_explains_a_bar_without_a_run(cross: assay.Strategy, btc: assay.Bars) -> None:
    assert repr(cross.explain(btc, "2024-03-05T09:00Z")) == repr(cross.explain(btc[: btc.rows_between(None, AFTER).stop]))


AFTER = datetime(2024, 3, 5, 9, 1, tzinfo=UTC)


def test_a_notebook_shows_a_result_in_a_frame_in_which_nothing_runs(btc: assay.Bars) -> None:
    hostile = json.loads(template_text("sma_cross")) | {"name": '"><script>alert(1)</script>'}
    shown = assay.backtest(assay.Strategy.load(hostile), btc)._repr_html_()
    assert shown.startswith("<iframe sandbox srcdoc=")
    assert "<script" not in shown
    assert "Final equity" in shown


class Peeks:
    """Buys before a bar that closes higher."""

    def decide_all(self, bars: dict[str, assay.Bars]) -> dict[str, assay.Opinions]:
        found = {}
        for name, each in bars.items():
            after = np.append(each.close[1:], each.close[-1])
            found[name] = assay.Opinions((after > each.close).astype(np.float64), {"after": after})
        return found


def test_whoever_knows_the_future_is_caught_strategy_or_not(cross: assay.Strategy, btc: assay.Bars) -> None:
    heard: list[tuple[int, int]] = []
    proof = assay.lookahead(cross, btc, points=20, end="2023-06-01", progress=lambda done, total: heard.append((done, total)))
    assert (proof.honest, proof.points, len(heard)) == (True, 20, 20)
    caught = assay.lookahead(Peeks(), btc, points=20)  # type: ignore[arg-type]
    assert {leak.series for leak in caught.leaks} == {("after",)}
