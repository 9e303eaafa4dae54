"""A result's tables say what happened, when, and in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from tests.core.results.scripted import decisions, fills, result

from assay.core.market.bars import Floats
from assay.core.results.result import Result


@pytest.fixture
def session() -> Result:
    return result(
        [100.0, 100.0, 110.0, 120.0, 115.0, 118.0],
        fills("2 buy 10 @ 100 entry 1\n 3 sell 10 @ 110 take_profit 1\n 4 sell 5 @ 120 entry 0.6"),
        [10_000.0, 10_099.0, 10_098.0, 10_122.4, 10_107.4],
        first=1,
        decided=decisions((1, 0, 0, 1.0), (3, 0, 1, -0.5)),
    )


def test_trades_carry_the_open_of_the_bar_filled_in(session: Result) -> None:
    assert session.trades.to_dicts() == [
        {
            "instrument": "synthetic:TEST/USD",
            "direction": "long",
            "quantity": 10.0,
            "entry_at": datetime(2024, 1, 3, tzinfo=UTC),
            "entry_price": 100.0,
            "exit_at": datetime(2024, 1, 4, tzinfo=UTC),
            "exit_price": 110.0,
            "fees": 2.0,
            "pnl": 98.0,
            "return": 0.098,
            "exit_reason": "take_profit",
        }
    ]


def test_equity_and_decisions_carry_the_close(session: Result) -> None:
    assert session.equity.columns == ["at", "equity", "drawdown", "buy_and_hold"]
    assert session.equity["at"][0] == datetime(2024, 1, 3, tzinfo=UTC)
    assert session.equity.schema["at"] == pl.Datetime("us", "UTC")
    assert session.decisions["at"].to_list() == [datetime(2024, 1, 3, tzinfo=UTC), datetime(2024, 1, 5, tzinfo=UTC)]
    assert session.decisions["rule"].to_list() == ["long when it rises", "flat when it falls"]


def test_what_is_still_open_is_marked_at_the_last_close(session: Result) -> None:
    [held] = session.open_positions.to_dicts()
    assert (held["direction"], held["quantity"], held["mark"]) == ("short", 5.0, 118.0)
    assert held["unrealized_pnl"] == pytest.approx(5 * 2 - 0.6)
    assert session.trades["pnl"].sum() + held["unrealized_pnl"] == pytest.approx(session.marks[-1] - 10_000.0)


def test_fills_say_their_side(session: Result) -> None:
    assert session.fills.select("side", "quantity", "reason").rows() == [
        ("buy", 10.0, "entry"),
        ("sell", 10.0, "take_profit"),
        ("sell", 5.0, "entry"),
    ]


def test_json_is_plain_and_complete(session: Result) -> None:
    plain = session.to_json()
    assert list(plain) == ["run_id", "bars", "from", "to", "metrics", "trades", "open_positions"]
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert (plain["bars"], plain["from"], plain["to"]) == (5, "2024-01-02T00:00:00Z", "2024-01-07T00:00:00Z")
    assert plain["trades"][0]["entry_at"] == "2024-01-03T00:00:00Z"


def test_months_are_rows(session: Result) -> None:
    assert session.monthly_returns.rows() == [(2024, 1, pytest.approx(0.01074))]


def test_nothing_is_computed_that_nobody_asked_for() -> None:
    asked: list[str] = []
    quiet = result([100.0, 101.0], fills(""), [10_000.0, 10_000.0])

    def identify() -> str:
        asked.append("id")
        return "id"

    def hold() -> Floats:
        asked.append("hold")
        return quiet.hold()

    lazy = Result(
        quiet.strategy, quiet.slices, 0, quiet.account, quiet.fill_columns, quiet.carry_columns, quiet.decision_columns, quiet.marks,
        quiet.rules, identify, hold, lambda: float(hold()[-1]), lambda row: f"row {row}",
    )  # fmt: skip
    assert len(lazy.trades) == 0
    assert asked == []
    assert lazy.headline["buy_and_hold_return"] == pytest.approx(0.001)
    assert (lazy.run_id, lazy.run_id) == ("id", "id")
    assert asked == ["hold", "id"]
    assert lazy.decisions.columns == ["at", "instrument", "rule", "target", "reason"]


def test_holding_measured_against_itself_has_a_beta_of_one_and_no_alpha() -> None:
    closes = [100.0, 104.0, 101.0, 99.0, 107.0, 103.0]
    held = result(closes, fills(""), [10_000.0 + 10.0 * (close - 100.0) for close in closes]).risk
    assert held["alpha"] == pytest.approx(0.0)
    assert [held[name] for name in ("beta", "up_capture", "down_capture")] == pytest.approx([1.0, 1.0, 1.0])


def test_risk_of_a_ruined_account_is_unknown() -> None:
    assert set(result([100.0] * 4, fills(""), [10_000.0, 0.0, 0.0, 0.0]).risk.values()) == {None}
