"""One slice at its open: carried costs, exits, equity, entries (S3)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assay.core.referee.book import DAY_NS, Book
from assay.core.referee.execution import fill_entry, fill_exit, fill_resize, fill_rung, fill_target, liquidate
from assay.core.referee.rounding import ZERO, exact
from assay.core.referee.session import Session


def open_slice(session: Session, funding: Sequence[tuple[tuple[int, float], ...]]) -> None:
    """Each step for all instruments before the next: no entry is sized before every exit is booked."""
    present = session.present()
    for book in present:
        _carry(session, book, funding[book.index])
    for book in present:
        _leave(session, book)
    session.take_equity()
    for book in present:
        _enter(session, book)


def _carry(session: Session, book: Book, rates: tuple[tuple[int, float], ...]) -> None:
    """S3.1: first funding, then borrow, on the position carried into the bar."""
    bar, position = book.now, book.position
    if position is not None and book.last is not None:
        for at, rate in rates:
            if book.last.opened_at < at <= bar.opened_at:
                session.carry(book, exact(rate) * position.signed * bar.open, borrow=False)
        elapsed = _since_day_opened(book)
        if position.direction < 0 and not book.perpetual:
            cost = session.terms.borrow_rate * position.quantity * book.last.close * elapsed / (365 * DAY_NS)
            session.carry(book, cost, borrow=True)


def _since_day_opened(book: Book) -> Decimal:
    """At the first own open of a UTC day the time since the one before, otherwise 0."""
    before = book.day_opened_at
    if before is None or before // DAY_NS == book.now.opened_at // DAY_NS:
        return ZERO
    return Decimal(book.now.opened_at - before)


def _leave(session: Session, book: Book) -> None:
    """S3.2: the first that applies of liquidation, stop, targets and then a pending market exit."""
    position = book.position
    if position is None:
        return
    at, direction = book.now.open, position.direction
    liquidation = position.liquidation()
    if liquidation is not None and direction * at < direction * liquidation:
        liquidate(session, book, at)
        return
    stop = position.effective_stop()
    if stop is not None and direction * at <= direction * stop[0]:
        book.exit = stop[1]
    else:
        _take_profit(session, book, at)
    fill_exit(session, book, at)


def _take_profit(session: Session, book: Book, at: Decimal) -> None:
    """Targets that the open has reached fill at it, nearest first."""
    while book.position is not None and book.has_room():
        nearest = book.position.nearest_target()
        if nearest is None or book.position.direction * at < book.position.direction * nearest[0]:
            return
        fill_target(session, book, nearest[1], at)


def _enter(session: Session, book: Book) -> None:
    """S3.4; nothing enters while an exit has a rest."""
    if book.exit is not None:
        return
    at = book.now.open
    if book.entry is not None and book.entry.limit is None:
        fill_entry(session, book, at)
    if book.position is not None:
        for rung in [rung for rung in book.position.rungs if rung.touched]:
            fill_rung(session, book, rung, at)
    fill_resize(session, book, at)
    limit = book.pending_limit
    if limit is not None and book.entry is not None and book.entry.plan.direction * (limit - at) >= ZERO:
        fill_entry(session, book, at)
