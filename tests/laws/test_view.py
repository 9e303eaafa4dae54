"""Law 7: what a session shows after k events is what the report of its first k events says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.first_events import FirstEvents
from tests.laws.random_sessions import RandomSession, random_session

from assay.core.domain.events import (
    Decided,
    EntryRefused,
    Event,
    FundingBooked,
    Halted,
    LimitReached,
    OrderFilled,
    SessionEnded,
    SessionStarted,
)
from assay.core.engine.backtest import backtest
from assay.core.engine.journal import events
from assay.core.results.equity import deepest
from assay.core.results.metrics import Metrics
from assay.core.results.trades import Book
from assay.core.results.view import View, fold, start


def views(recorded: Sequence[Event], cash: float) -> Iterator[View]:
    """After 0, 1, 2, … events."""
    view = start(cash)
    yield view
    for event in recorded:
        view = fold(view, event)
        yield view


def differences(view: View, first: FirstEvents, recorded: Sequence[Event]) -> Iterator[str]:
    """What a view says otherwise than the whole computation over as many events."""
    so_far = recorded[: view.seq]
    whole, marks, fills, carries = first.book(view.seq), first.marks(view.seq), first.fills(view.seq), first.carries(view.seq)
    pnl = whole.trades.pnl
    profit, loss = float(np.maximum(pnl, 0.0).sum()), -float(np.minimum(pnl, 0.0).sum())
    peak = max(float(marks.max(initial=0.0)), first.cash)
    equity = float(marks[-1]) if len(marks) else first.cash
    claims: dict[str, tuple[object, object]] = {
        "at": (view.at, so_far[-1].at if so_far else None),
        "equity": (view.equity, equity),
        "peak": (view.peak, peak),
        "drawdown": (view.drawdown, 1.0 - equity / peak),
        "max drawdown": (view.max_drawdown, deepest(marks, first.cash)[0] if len(marks) else 0.0),
        "fills": (view.fills, len(fills)),
        "decisions": (view.decisions, sum(isinstance(event, Decided) for event in so_far)),
        "refusals": (view.refusals, sum(isinstance(event, EntryRefused) for event in so_far)),
        "halted": (view.halted, any(isinstance(event, Halted) or event == LimitReached(event.at, "max_drawdown") for event in so_far)),
        "ended": (view.ended, any(isinstance(event, SessionEnded) for event in so_far)),
        "trades": (view.closed.trades, len(pnl)),
        "wins": (view.closed.wins, int(np.count_nonzero(pnl > 0.0))),
    }
    sums = {
        "gross profit": (view.closed.gross_profit, profit),
        "gross loss": (view.closed.gross_loss, loss),
        "realized": (view.closed.pnl, float(pnl.sum())),
        "fees": (view.fees, float(fills.fee.sum())),
        "funding": (view.funding, -float(carries.amount[~carries.borrow].sum())),
        "borrow": (view.borrow, -float(carries.amount[carries.borrow].sum())),
        # What is booked is what trades came to, less what the open positions have paid without a trade to charge.
        "cash": (view.cash, first.cash + float(pnl.sum()) - float(whole.open.fees.sum()) - float(whole.open.funding.sum())),
    }
    scale = max(first.cash, profit, loss)
    yield from (f"{name}: {ours} against {theirs}" for name, (ours, theirs) in claims.items() if ours != theirs)
    yield from (
        f"{name}: {our} against {their}" for name, (our, their) in sums.items() if not math.isclose(our, their, abs_tol=1e-9 * scale)
    )
    yield from positions_differ(view, first, whole, so_far)


def positions_differ(view: View, first: FirstEvents, whole: Book, so_far: Sequence[Event]) -> Iterator[str]:
    """Bit for bit: the two folds do the same arithmetic in the same order."""
    held = whole.open
    opened = {first.closes.index(event.at): event.opened_at for event in so_far if isinstance(event, OrderFilled)}
    theirs = {
        first.instruments[row]: (quantity, average, opened[since], fees, funding)
        for row, quantity, average, since, fees, funding in zip(
            held.instrument.tolist(), held.quantity.tolist(), held.entry_price.tolist(), held.entry.tolist(), held.fees.tolist(),
            held.funding.tolist(), strict=True,
        )
    }  # fmt: skip
    ours = {name: (each.quantity, each.average, each.opened_at, each.fees, each.funding) for name, each in view.positions.items()}
    if ours != theirs:
        yield f"positions: {ours} against {theirs}"


def report_differs(view: View, metrics: Metrics) -> Iterator[str]:
    """The view at the end against the report that a person gets."""
    closed = view.closed
    shown: Metrics = {
        "final_equity": view.equity, "max_drawdown": view.max_drawdown, "equity_peak": view.peak, "trades": closed.trades,
        "fees": view.fees, "funding": view.funding, "borrow": view.borrow, "fills": view.fills, "open_positions": len(view.positions),
        "win_rate": closed.wins / closed.trades if closed.trades else None,
        "profit_factor": closed.gross_profit / closed.gross_loss if closed.gross_loss else None,
    }  # fmt: skip
    for name, ours in shown.items():
        theirs = metrics[name]
        same = ours == theirs if ours is None or theirs is None else math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
        if not same:
            yield f"{name}: {ours} against {theirs}"


def check(session: RandomSession, seed: int, every: int) -> None:
    recorded = list(events(session.document, session.inputs, session.account))
    first = FirstEvents(recorded)
    last = start(session.account.cash)
    for last in views(recorded, session.account.cash):
        if last.seq % every == seed % every or last.seq == len(recorded):
            found = list(differences(last, first, recorded))
            assert not found, f"seed {seed}, after {last.seq} events: {found}"
    found = list(report_differs(last, backtest(session.document, session.inputs, session.account).metrics))
    assert not found, f"seed {seed}, at the end: {found}"


@pytest.mark.parametrize("block", range(10))
def test_the_status_after_any_event_is_the_report_so_far(block: int) -> None:
    for seed in range(block * 30, block * 30 + 30):
        check(random_session(seed), seed, every=15)


@pytest.mark.laws
@pytest.mark.parametrize("block", range(50))
def test_a_thousand_sessions_after_every_event(block: int) -> None:
    for seed in range(70_000 + block * 20, 70_000 + block * 20 + 20):
        check(random_session(seed), seed, every=1)


@st.composite
def any_fills(draw: st.DrawFn) -> list[Event]:
    """Fills as no engine would order them: a fill may close a position and open the other way at once."""
    at, name, recorded = datetime(2024, 1, 1, tzinfo=UTC), "test:A/B", list[Event]()
    recorded.append(SessionStarted(at, "", (name,), 1_000.0))
    held = 0.0
    for _ in range(draw(st.integers(1, 12))):
        later = draw(st.integers(0, 1))
        at += timedelta(hours=later)
        if later and held and draw(st.booleans()):
            recorded.append(FundingBooked(at, name, draw(st.sampled_from([-1.5, 0.25])), borrow=False))
        quantity = draw(st.sampled_from([-3.0, -1.0, 1.0, 2.0, 3.0]))
        price, reason = draw(st.sampled_from([90.0, 100.0, 117.0])), draw(st.sampled_from(["entry", "exit", "stop"]))
        recorded.append(OrderFilled(at, at, name, quantity, price, draw(st.sampled_from([0.0, 0.75])), reason, maker=False))
        held += quantity
    return recorded


@given(any_fills())
def test_any_fills_at_all_are_shown_as_they_are_reported(recorded: list[Event]) -> None:
    first = FirstEvents(recorded)
    for view in views(recorded, first.cash):
        assert list(differences(view, first, recorded)) == []


def test_a_view_that_was_shown_does_not_change() -> None:
    session = random_session(3)
    recorded = list(events(session.document, session.inputs, session.account))
    shown = list(views(recorded, session.account.cash))
    texts = [repr(view) for view in shown]
    for view, event in zip(shown, recorded, strict=False):
        fold(view, event)
    assert [repr(view) for view in shown] == texts
