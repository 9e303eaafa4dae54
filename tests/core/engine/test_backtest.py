"""The fast path at its edges: what does not fit is refused with its place, what is at the bound works."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from tests.laws.random_sessions import Draw, random_bars

from assay.core.domain.account import Account
from assay.core.domain.errors import AccountError, DataError
from assay.core.domain.fills import Reason
from assay.core.engine.backtest import Inputs, backtest
from assay.core.kernel import transition as k
from assay.core.market.bars import Bars
from assay.core.strategy import bounds
from assay.core.strategy.parameters import bind
from assay.core.strategy.parse import parse

BARS = random_bars(Draw(3), "test:EF", 120)


def document(rules: list[dict[str, Any]] | None = None, **changed: Any) -> Any:
    rising = {"id": "up", "when": {"left": "close", "op": "rising"}, "then": {"action": "enter_long", "size": 0.5}}
    falling = {"id": "down", "when": {"left": "close", "op": "falling"}, "then": {"action": "exit"}}
    plain = {
        "schema": "assay/strategy@1",
        "name": "x",
        "timeframe": "1h",
        "universe": ["test:EF"],
        "series": {},
        "rules": rules or [rising, falling],
    }
    return bind(parse({**plain, **changed}))


def test_the_last_of_as_many_rules_as_there_may_be_decides() -> None:
    never = {"left": "close", "op": "<", "right": 0}
    rules = [{"id": f"r{i}", "when": never, "then": {"action": "enter_short"}} for i in range(bounds.RULES - 1)]
    rules.append({"id": "last", "when": {"left": "close", "op": ">", "right": 0}, "then": {"action": "enter_long"}})
    result = backtest(document(rules), Inputs({"test:EF": BARS}, {}, {}), Account())
    assert result.decisions["rule"].to_list() == ["last"]


def test_the_kernel_writes_the_reasons_that_the_domain_names() -> None:
    written = {name: value for name, value in vars(k).items() if name.startswith("R_")}
    names = {"R_TRAILING": "TRAILING_STOP", "R_TARGET": "TAKE_PROFIT", "R_TIME": "TIME_LIMIT"}
    assert {names.get(name, name[2:]): value for name, value in written.items()} == {reason.name: float(reason) for reason in Reason}


def test_an_equal_run_has_an_equal_id_and_any_change_another() -> None:
    def run_id(account: Account = Account(), bars: Bars = BARS, **changed: Any) -> str:  # noqa: B008  # frozen
        return backtest(document(**changed), Inputs({"test:EF": bars}, {}, {}), account).run_id

    same = run_id()
    assert run_id() == same
    others = [run_id(Account(fee_rate=0.002)), run_id(bars=BARS[:-1]), run_id(name="y")]
    assert len({same, *others}) == 4


@pytest.mark.parametrize(
    ("inputs", "account", "path"),
    [
        (Inputs({"test:EF": BARS}, {}, {}, datetime(2030, 1, 1, tzinfo=UTC)), Account(), "from"),
        (Inputs({"test:EF": BARS}, {"other:A": BARS}, {}), Account(), "match"),
        (
            Inputs(
                {
                    "test:EF": Bars(
                        "test:EF",
                        BARS.timeframe,
                        BARS.ts,
                        BARS.open,
                        BARS.high,
                        BARS.low,
                        BARS.close,
                        np.zeros(len(BARS)),
                        has_volume=False,
                    )
                },
                {},
                {},
            ),
            Account(volume_cap=0.1),
            "volume_cap",
        ),
        (Inputs({"test:EF": BARS}, {}, {}), Account(convention="freqtrade"), "convention"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_at_their_place(inputs: Inputs, account: Account, path: str) -> None:
    with pytest.raises((DataError, AccountError)) as refused:
        backtest(document(), inputs, account)
    assert refused.value.errors[0].path == path


def test_bars_of_another_timeframe_are_refused() -> None:
    with pytest.raises(DataError, match="decides on 4h bars and the data of test:EF has 1h"):
        backtest(document(timeframe="4h"), Inputs({"test:EF": BARS}, {}, {}), Account())


@pytest.mark.parametrize(("scale", "told"), [(1e-15, "e-1"), (1e16, "e+1"), (0.0, "from 0 to 0"), (-1.0, "from -"), (float("nan"), "nan")])
def test_prices_beyond_counting_are_refused_before_the_kernel_sees_them(scale: float, told: str) -> None:
    open_, high, low, close = (column * scale for column in (BARS.open, BARS.high, BARS.low, BARS.close))
    bars = Bars("test:EF", BARS.timeframe, BARS.ts, open_, high, low, close, BARS.volume)
    with pytest.raises(DataError, match="money can be counted") as refused:
        backtest(document(), Inputs({"test:EF": bars}, {}, {}), Account())
    assert told in str(refused.value)
