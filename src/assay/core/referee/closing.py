"""One slice at its close: mark, bars counted, ruin, decisions (S6, S7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assay.core.domain.fills import Reason
from assay.core.referee.book import Book, Entry, Resize
from assay.core.referee.outcome import Decision, Reached
from assay.core.referee.plan import Planner
from assay.core.referee.rounding import ZERO
from assay.core.referee.session import Session
from assay.core.strategy.document import Action, Then


@dataclass(frozen=True)
class Mind:
    """What one instrument decides with: the rules' actions and targets, and which rules hold at each candle, in order."""

    actions: Sequence[tuple[Then, Decimal]]
    holding: Sequence[Sequence[int]]
    planner: Callable[[int], Planner]


def close_slice(session: Session, minds: Sequence[Mind]) -> None:
    """S7, in its order: every instrument is counted before anyone decides."""
    equity = session.value(at_open=False)
    session.marks.append(equity)
    for book in session.present():
        _count(session, book)
    _measure(session, equity)
    for book in session.present():
        if book.now.decides is not None:
            _decide(session, book, minds[book.index], book.now.decides)
            book.cooling = max(book.cooling - 1, 0)


def _count(session: Session, book: Book) -> None:
    """Trailing stops in matching bars, time limits and expiries in deciding ones (S1.5)."""
    bar, position = book.now, book.position
    if position is not None:
        position.complete(session.slice, bar.high, bar.low)
    if bar.decides is None:
        return
    if position is not None:
        position.closes += 1
        limit = position.plan.time_limit
        if limit is not None and position.closes >= limit and book.exit is None:
            book.exit = Reason.TIME_LIMIT
    entry = book.entry
    if entry is not None and entry.limit is not None:
        entry.closes += 1
        if entry.closes >= entry.life:
            book.drop_entry()


def _measure(session: Session, equity: Decimal) -> None:
    """No equity left halts and flattens (S6.5); so does a limit that is reached, for good or for the day (S10.3, S10.4)."""
    guard = session.guard
    if equity <= session.terms.ruin:
        guard.final = True
        session.halted = True
        _flatten(session)
    limit = guard.reached(equity, session.day)
    if limit is not None:
        session.reached.append(Reached(session.slice, limit))
        session.halted |= guard.final
        _flatten(session)


def _flatten(session: Session) -> None:
    _cancel(session)
    for book in session.books:
        if book.position is not None and book.exit is None:
            book.exit = Reason.HALT


def _cancel(session: Session) -> None:
    """No order of any instrument goes on (S6.5)."""
    for book in session.books:
        book.resize = None
        book.drop_entry()


def _decide(session: Session, book: Book, mind: Mind, candle: int) -> None:
    """The first rule that holds and would change the standing target (S6.1)."""
    for rule in mind.holding[candle]:
        then, aim = mind.actions[rule]
        if then.action is Action.HALT:
            if not session.halted:
                session.halted = True
                _cancel(session)
                _record(session, book, rule)
                return
        elif _acts(then.action, book.standing, aim):
            _aim(session, book, aim, rule, mind, candle)
            return


def _acts(action: Action, standing: Decimal, aim: Decimal) -> bool:
    match action:
        case Action.ENTER_LONG:
            return standing <= ZERO
        case Action.ENTER_SHORT:
            return standing >= ZERO
        case Action.EXIT_LONG:
            return standing > ZERO
        case Action.EXIT_SHORT:
            return standing < ZERO
        case _:
            return standing != aim


def _aim(session: Session, book: Book, aim: Decimal, rule: int, mind: Mind, candle: int) -> None:
    forbidden = "halted" if session.halted else session.guard.forbids(book, session.books)
    if aim != ZERO and forbidden is not None:
        if book.standing * aim >= ZERO:
            _record(session, book, rule)
            session.refuse(book, forbidden)
            return
        aim = ZERO
    _become_orders(book, aim, mind, rule, candle)
    book.standing = aim
    _record(session, book, rule)


def _become_orders(book: Book, aim: Decimal, mind: Mind, rule: int, candle: int) -> None:
    """A market exit, an entry, both, or a resize (S6.2, S6.3)."""
    book.cancel()
    position = book.position
    if position is not None and book.exit is None:
        if position.direction * aim > ZERO:
            book.resize = Resize(abs(aim))
            return
        book.exit = Reason.EXIT if aim == ZERO else Reason.REVERSE
    if aim != ZERO:
        book.entry = _entry(book, aim, mind, rule, candle)


def _entry(book: Book, aim: Decimal, mind: Mind, rule: int, candle: int) -> Entry:
    close = book.now.close
    plan = mind.planner(candle).plan(mind.actions[rule][0], aim, close)
    if plan.limit is None:
        return Entry(plan, None)
    offset, life = plan.limit
    return Entry(plan, book.terms.level(close * (1 + plan.direction * offset), buy=plan.buys), life)


def _record(session: Session, book: Book, rule: int) -> None:
    session.decisions.append(Decision(session.slice, book.index, rule, book.standing))
