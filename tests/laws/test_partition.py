"""Law 11: every close of every instrument has exactly one outcome, the one that the session fed bar by bar would give it.

The expectation is made the slow way: from the session's state and its events, and from truths asked of a context at every bar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest
from tests.laws.random_sessions import RandomSession, random_session
from tests.laws.test_fast_is_slow import inputs_of

from assay.core.domain.events import Decided, EntryRefused
from assay.core.domain.inputs import SliceClosed
from assay.core.engine.journal import play
from assay.core.engine.session import State, Trader, advance, begin
from assay.core.engine.trace import Trace
from assay.core.indicators.compute import warm_up
from assay.core.kernel import transition as k
from assay.core.strategy.document import Action
from assay.core.traders.rules.context import truth

LEAVES = (Action.EXIT, Action.EXIT_LONG, Action.EXIT_SHORT)


def expected(session: RandomSession) -> Iterator[tuple[int, str]]:
    """(instrument, outcome) of every bar, in the order in which they close."""
    names = tuple(session.inputs.bars)
    trader = Trader.of(session.document, session.account, names, session.inputs.start)
    state, needed = begin(trader), warm_up(session.document)
    for entered in inputs_of(session):
        if not isinstance(entered, SliceClosed):
            state, _ = advance(trader, state, entered)
            continue
        before = [target(state, row) for row in range(len(names))]
        state, recorded = advance(trader, state, entered)
        opened_at = next(bar.opened_at for bar in entered.bars if bar is not None)
        live = session.inputs.start is None or opened_at >= session.inputs.start
        decided = [place for place, event in enumerate(recorded) if isinstance(event, Decided)]
        for row, bar in enumerate(entered.bars):
            if bar is None:
                continue
            mine = [place for place in decided if getattr(recorded[place], "instrument", "") == names[row]]
            assert len(mine) <= 1
            if mine:
                yield row, of_decision(trader, recorded[mine[0]], recorded[mine[0] + 1 : mine[0] + 2], before[row])
            elif not live or len(state.histories[row]) <= needed:
                yield row, "warming_up"
            elif state.kernel[k.HALTED] > 0.0:
                yield row, "halted"
            elif target(state, row) != 0.0:
                yield row, "held"
            else:
                yield row, vetoed(trader, state, row) or "no_signal"


def target(state: State, row: int) -> float:
    return float(state.kernel[k.HEAD + row * k.ROW + k.TARGET])


def of_decision(trader: Trader, event: object, following: tuple[object, ...], before: float) -> str:
    assert isinstance(event, Decided)
    action = next(rule.then.action for rule in trader.rules if rule.id == event.rule)
    if action is Action.HALT:
        return "halted"
    if following and isinstance(following[0], EntryRefused):
        return "halted" if following[0].code == "halted" else f"refused:{following[0].code}"
    if event.target == 0.0:
        return "exited"
    # What stood before the slice may have been closed in it: only the sign of a reversal says what stood at its close.
    return "opened" if action is not Action.TARGET or before * event.target <= 0.0 else "resized or opened"


def vetoed(trader: Trader, state: State, row: int) -> str | None:
    series = trader.series(state.histories[row].columns(), state.histories[row].ts, {})
    for rule in trader.rules:
        leaves = rule.then.action in LEAVES or (rule.then.action is Action.TARGET and rule.then.size == 0.0)
        if not leaves and truth(rule.when, series) is True:
            return next(f"vetoed:{veto.name}" for veto in rule.unless if truth(veto.condition, series) is True)
    return None


def agrees(found: str, wanted: str) -> bool:
    if wanted == "opened":
        return found in ("entered", "reversed")
    return found in ("resized", "entered", "reversed") if wanted == "resized or opened" else found == wanted


def check(seed: int, *, narrow: bool) -> Counter[str]:
    session = random_session(seed, narrow=narrow)
    journal = play(session.document, session.inputs, session.account)
    trace = Trace(journal)
    found = [trace.outcomes(row, 0, columns.length) for row, columns in enumerate(journal.columns)]
    closes: dict[tuple[str, datetime], list[str]] = {}
    for row, (name, bars) in enumerate(session.inputs.bars.items()):
        assert len(found[row]) == len(bars)
        for bar in range(0, len(bars), 17):
            shown = trace.bar(row, bar)
            assert (shown.instrument, shown.outcome) == (name, found[row][bar])
            closes.setdefault((name, shown.opened_at), []).append(shown.outcome)
    assert all(len(outcomes) == 1 for outcomes in closes.values())
    decided = journal.count(k.DECIDED)
    counted = Counter(label.partition(":")[0] for labels in found for label in labels)
    assert sum(counted[label] for label in ("entered", "reversed", "exited", "resized")) <= decided
    assert sum(trace.funnel.outcomes.values()) == trace.funnel.bars
    if not session.inputs.fine:
        at = [0] * len(found)
        for row, wanted in expected(session):
            assert agrees(found[row][at[row]], wanted), f"seed {seed}, {row} at {at[row]}: {found[row][at[row]]}, not {wanted}"
            at[row] += 1
    return counted


@pytest.mark.parametrize("block", range(6))
def test_every_close_has_the_one_outcome_that_the_session_gives_it(block: int) -> None:
    counted = Counter[str]()
    for seed in range(block * 12, block * 12 + 12):
        counted += check(seed, narrow=seed % 3 > 0)
    assert {"warming_up", "refused", "entered", "exited", "held", "no_signal", "vetoed"} <= set(counted)


@pytest.mark.laws
@pytest.mark.parametrize("block", range(50))
def test_a_thousand_random_sessions(block: int) -> None:
    for seed in range(300_000 + block * 20, 300_000 + block * 20 + 20):
        check(seed, narrow=seed % 2 > 0)
