"""Law 6: the kernel and the Decimal referee leave the same decisions, fills, refusals and trades, and money within 1e-9 relative.

Money in floats has digits only as long as what is left is not a trifle of what there was: a session is compared up to the first
mark that is less than a millionth of an earlier one, which some that are leveraged twentyfold reach.

A failing seed is a case: `python -m tests.laws.test_kernel_agrees_with_the_referee SEED` shows the first difference.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
from tests.laws.random_sessions import HOUR_NS, RandomSession, random_session

from assay.core import referee
from assay.core.domain.fills import Reason
from assay.core.engine.backtest import columns_of, fast, prepare, result
from assay.core.market.bars import Bars
from assay.core.strategy.document import Document
from assay.core.traders.rules.columns import Columns

TOLERANCE = 1e-9
NOTHING, TRIFLE, ORDINARY = Decimal("1e-9"), Decimal("1e-6"), Decimal(10_000)
ONCE_APART = {
    6_727: "two favorable rungs each with a rest that volume held back",
    9_495: "a ruin between two moves of a trailing stop",
    11_111: "what a lost fortune left",
}


def differences(session: RandomSession) -> Iterator[str]:
    """What the two engines disagree on, in the order of events."""
    document, inputs, account = session.document, session.inputs, session.account
    prepared = prepare(document, inputs, account)
    columns = [columns_of(document, bars) for bars in inputs.bars.values()]
    run, left = fast(document, columns, prepared, account)
    kernel = result(document, inputs, account, prepared, columns, run.equity, left)
    outcome = referee.run(
        document,
        account,
        {name: feed(document, session, name, series) for name, series in zip(inputs.bars, columns, strict=True)},
        start=None if inputs.start is None else int(inputs.start.timestamp() * 1e9),
        timeframe_ns=HOUR_NS,
    )
    end = prepared.first + marks_with_digits(outcome.equity, account.cash)
    decided = left.decisions
    yield from compare(
        "decision",
        list(zip(decided.slice.tolist(), decided.instrument.tolist(), decided.rule.tolist(), decided.target.tolist(), strict=True)),
        [(one.slice, one.instrument, one.rule, one.target) for one in outcome.decisions],
        end=end,
    )
    fills = left.fills
    yield from compare(
        "fill",
        [
            (at, instrument, Reason(reason).label, maker, quantity, price, fee)
            for at, instrument, reason, maker, quantity, price, fee in zip(
                fills.slice.tolist(), fills.instrument.tolist(), fills.reason.tolist(), fills.maker.tolist(), fills.quantity.tolist(),
                fills.price.tolist(), fills.fee.tolist(), strict=True,
            )
        ],
        [(one.slice, one.instrument, one.reason.label, one.maker, one.quantity, one.price, one.fee) for one in outcome.fills],
        end=end,
    )  # fmt: skip
    yield from compare("refusal", left.refusals(), [(one.slice, one.instrument, one.code) for one in outcome.refusals], end=end)
    yield from compare("limit reached", left.reached(), [(one.slice, one.limit) for one in outcome.reached], end=end)
    carries = left.carries
    yield from compare(
        "carry",
        list(zip(carries.slice.tolist(), carries.instrument.tolist(), carries.borrow.tolist(), carries.amount.tolist(), strict=True)),
        [(one.slice, one.instrument, one.borrow, one.amount) for one in outcome.carries],
        end=end,
    )
    yield from compare(
        "equity",
        list(enumerate(run.equity.tolist(), prepared.first)),
        list(enumerate(outcome.equity, prepared.first)),
        scale=account.cash,
        end=end,
    )
    trades = kernel.book.trades
    rows = (trades.exit, trades.instrument, trades.direction, trades.entry, trades.quantity, trades.entry_price, trades.exit_price)
    yield from compare(
        "trade",
        list(zip(*(row.tolist() for row in rows), strict=True)),
        [
            (one.exit_slice, one.instrument, one.direction, one.entry_slice, one.quantity, one.entry_price, one.exit_price)
            for one in outcome.trades
        ],
        end=end,
    )
    yield from compare(
        "P&L",
        list(zip(trades.exit.tolist(), trades.pnl.tolist(), strict=True)),
        [(one.exit_slice, one.pnl) for one in outcome.trades],
        scale=account.cash,
        end=end,
    )


def marks_with_digits(equity: Sequence[Decimal], cash: float) -> int:
    """How many marks come before the first that float64 knows too little of: less than a millionth of what there once was.

    Nothing left of an ordinary sum is known well enough: it is a ruin in both (S6.5).
    """
    initial = peak = Decimal(repr(cash))
    for row, mark in enumerate(equity):
        peak = max(peak, abs(mark))
        ruined = mark <= NOTHING * initial and peak <= ORDINARY * initial
        if abs(mark) < TRIFLE * peak and not ruined:
            return row
    return len(equity)


def feed(document: Document, session: RandomSession, name: str, columns: Columns) -> referee.Feed:
    funding = session.inputs.funding.get(name)
    return referee.Feed(
        candles(session.inputs.bars[name]),
        {key: column.tolist() for key, column in columns.series.items()},
        () if funding is None else tuple(zip(funding.ts.tolist(), funding.rate.tolist(), strict=True)),
        candles(session.inputs.fine[name]) if session.inputs.fine else (),
    )


def candles(bars: Bars) -> tuple[referee.Candle, ...]:
    columns = (bars.ts, bars.open, bars.high, bars.low, bars.close, bars.volume)
    return tuple(referee.Candle(*row) for row in zip(*(column.tolist() for column in columns), strict=True))


def compare(
    what: str, ours: Sequence[tuple[Any, ...]], theirs: Sequence[tuple[Any, ...]], *, scale: float = 0.0, end: int
) -> Iterator[str]:
    """Rows begin with their slice; those from `end` on are not asked about."""
    ours, theirs = ([row for row in rows if row[0] < end] for rows in (ours, theirs))
    for row, (our, their) in enumerate(zip(ours, theirs, strict=False)):
        if not all(same(a, b, scale) for a, b in zip(our, their, strict=True)):
            yield f"{what} {row}: kernel {our}, referee {tuple(float(x) if isinstance(x, Decimal) else x for x in their)}"
            return
    if len(ours) != len(theirs):
        row = min(len(ours), len(theirs))
        extra = ours[row] if len(ours) > len(theirs) else theirs[row]
        yield f"{what}: kernel has {len(ours)}, referee {len(theirs)}; the first more is {extra}"


def same(a: object, b: object, scale: float) -> bool:
    if isinstance(b, Decimal):
        assert isinstance(a, float)
        return math.isclose(a, float(b), rel_tol=TOLERANCE, abs_tol=TOLERANCE * max(scale, 1e-3))
    return a == b


@pytest.mark.parametrize("block", range(10))
def test_a_few_hundred_random_strategies_agree(block: int) -> None:
    check(range(block * 30, block * 30 + 30))


@pytest.mark.parametrize("seed", ONCE_APART, ids=ONCE_APART.values())
def test_what_they_once_disagreed_on_stays_settled(seed: int) -> None:
    check(range(seed, seed + 1), narrow=True)


@pytest.mark.laws
@pytest.mark.parametrize("block", range(100))
def test_ten_thousand_random_strategies_agree(block: int) -> None:
    check(range(1_000 + block * 100, 1_000 + block * 100 + 100))


def check(seeds: range, *, narrow: bool = False) -> None:
    for seed in seeds:
        found = list(differences(random_session(seed, narrow=narrow)))
        assert not found, f"seed {seed}: " + "; ".join(found)


if __name__ == "__main__":
    session = random_session(int(sys.argv[1]))
    print(session.document, session.account, *differences(session), sep="\n")  # noqa: T201
