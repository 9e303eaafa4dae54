"""Law 7 from outside: what the store keeps of a session shows what the fold over all its events shows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import reduce

import pytest
from tests.laws.random_sessions import RandomSession, random_session

from assay.core.domain.spec import Mode, SessionSpec
from assay.core.engine.journal import play
from assay.core.results.view import View, fold, start
from assay.core.strategy.canonical import to_json
from assay.runtime.records import SessionRecord, State
from assay.runtime.tables import kept, record, view

AT = datetime(2026, 1, 1, tzinfo=UTC)


def shown_and_folded(session: RandomSession) -> tuple[View, View]:
    journal = play(session.document, session.inputs, session.account)
    made = kept(journal)
    spec = SessionSpec(
        mode=Mode.BACKTEST, document=to_json(session.document), universe=session.document.universe,
        timeframe=session.document.timeframe, start=None, end=None, account=session.account,
    )  # fmt: skip
    asked = SessionRecord(
        "a", "ada", "", None, None, session.document.name, spec, State.FINISHED, "j", AT, AT, AT, (), (), None,
    )  # fmt: skip
    ended = record(asked, journal, made, AT)
    stored = SessionRecord("a", "ada", "", None, None, session.document.name, spec, State.FINISHED, "j", AT, AT, AT, (), (), ended)
    return view(stored, made.tables["positions"]), reduce(fold, journal.read(), start(session.account.cash))


def differences(shown: View, folded: View, scale: float) -> Iterator[str]:
    exact = ("at", "seq", "fills", "decisions", "refusals", "halted", "ended", "equity", "peak", "max_drawdown")
    for name in exact:
        if getattr(shown, name) != getattr(folded, name):
            yield f"{name}: {getattr(shown, name)} against {getattr(folded, name)}"
    pairs = {name: (getattr(shown, name), getattr(folded, name)) for name in ("cash", "drawdown", "fees", "funding", "borrow")}
    pairs["pnl"] = (shown.closed.pnl, folded.closed.pnl)
    for name, (ours, theirs) in pairs.items():
        if not math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9 * scale):
            yield f"{name}: {ours} against {theirs}"
    if (shown.closed.trades, shown.closed.wins) != (folded.closed.trades, folded.closed.wins):
        yield f"trades: {shown.closed} against {folded.closed}"
    held = {name: (each.quantity, each.average, each.opened_at) for name, each in shown.positions.items()}
    if held != {name: (each.quantity, each.average, each.opened_at) for name, each in folded.positions.items()}:
        yield f"positions: {shown.positions} against {folded.positions}"


def check(seed: int) -> None:
    session = random_session(seed)
    if session.inputs.fine:
        return  # the platform runs no session on finer bars yet
    shown, folded = shown_and_folded(session)
    found = list(differences(shown, folded, max(session.account.cash, abs(folded.closed.pnl), folded.fees)))
    assert not found, f"seed {seed}: {found}"


@pytest.mark.parametrize("block", range(6))
def test_a_finished_session_shows_what_its_events_come_to(block: int) -> None:
    for seed in range(block * 25, block * 25 + 25):
        check(seed)


@pytest.mark.laws
@pytest.mark.parametrize("block", range(20))
def test_a_thousand_finished_sessions_show_what_their_events_come_to(block: int) -> None:
    for seed in range(80_000 + block * 50, 80_000 + block * 50 + 50):
        check(seed)
