"""One slice inside its bars: what is worse for us comes first, the adverse path and then the favorable one (S4).

A short is the mirror of a long: prices are compared times the direction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from assay.core.domain.fills import Reason
from assay.core.referee.book import Book
from assay.core.referee.execution import fill_entry, fill_exit, fill_rung, fill_target, liquidate
from assay.core.referee.position import Rung, Target
from assay.core.referee.session import Session


@dataclass(frozen=True, slots=True)
class Touch:
    """A live level, its turn at a tie, and what happens there given where the path stands; it answers where it stands then."""

    level: Decimal
    turn: int
    fill: Callable[[Decimal], Decimal]


def walk_inside(session: Session, book: Book) -> None:
    """In the direction held, or else in that of the limit entry that may fill."""
    if book.position is not None:
        direction = book.position.direction
    elif book.pending_limit is not None and book.entry is not None:
        direction = book.entry.plan.direction
    else:
        return
    _adverse(session, book, direction)
    if book.position is not None and not book.entered_inside:
        _favorable(session, book, direction)


def _adverse(session: Session, book: Book, direction: int) -> None:
    """S4.1: from the open to the low, again and again the highest level at or above it, until flat."""
    path = book.now.open
    far = book.now.low if direction > 0 else book.now.high
    while touches := _adverse_touches(session, book):
        touch = max(touches, key=lambda touch: (direction * touch.level, -touch.turn))
        if direction * touch.level < direction * far:
            return
        path = touch.fill(path)
        if book.position is None:
            return


def _adverse_touches(session: Session, book: Book) -> list[Touch]:
    """Live on the way down: limit entry, adverse rungs, stop, liquidation; while an exit is pending liquidation alone."""
    touches = []
    limit, position = book.pending_limit, book.position
    if limit is not None and book.has_room():
        touches.append(Touch(limit, 0, partial(_reach_limit, session, book)))
    if position is None:
        return touches
    if book.exit is None:
        if book.has_room():
            touches += [Touch(rung.level, 0, partial(_reach_adverse_rung, session, book, rung)) for rung in position.rungs if rung.adverse]
        stop = position.effective_stop()
        if stop is not None:
            touches.append(Touch(stop[0], 1, partial(_reach_stop, session, book, stop[0], stop[1], position.direction)))
    liquidation = position.liquidation()
    if liquidation is not None:
        touches.append(Touch(liquidation, 2, partial(_reach_liquidation, session, book, liquidation)))
    return touches


def _reach_limit(session: Session, book: Book, path: Decimal) -> Decimal:
    """At the better of limit and open; what follows in this bar is not known to come after it."""
    assert book.entry is not None
    assert book.entry.limit is not None
    at = _better(book.entry.limit, book.now.open, book.entry.plan.direction)
    if not fill_entry(session, book, at, inside=True):
        return path
    book.entered_inside = True
    return at


def _reach_adverse_rung(session: Session, book: Book, rung: Rung, path: Decimal) -> Decimal:
    assert book.position is not None
    at = _better(rung.level, book.now.open, book.position.direction)
    return at if fill_rung(session, book, rung, at) else path


def _reach_stop(session: Session, book: Book, level: Decimal, reason: Reason, direction: int, path: Decimal) -> Decimal:
    """At the worse of its level and where the path stands; a rest becomes a market exit (S2.10)."""
    book.exit = reason
    at = _better(level, path, direction)  # lower is better to buy and worse to sell
    return at if fill_exit(session, book, at) else path


def _reach_liquidation(session: Session, book: Book, level: Decimal, _path: Decimal) -> Decimal:
    liquidate(session, book, level)
    return level


def _favorable(session: Session, book: Book, direction: int) -> None:
    """S4.2: to the high, again and again the lowest level at or below it."""
    far = book.now.high if direction > 0 else book.now.low
    while touches := _favorable_touches(session, book):
        touch = min(touches, key=lambda touch: (direction * touch.level, touch.turn))
        if direction * touch.level > direction * far:
            return
        touch.fill(book.now.open)


def _favorable_touches(session: Session, book: Book) -> list[Touch]:
    """Live on the way up: targets, unless a rung filled in this bar (S4.3), and favorable rungs."""
    position = book.position
    if position is None or book.exit is not None:
        return []
    touches = []
    nearest = position.nearest_target()
    if nearest is not None and not book.rung_filled and book.has_room():
        touches.append(Touch(nearest[0], 0, partial(_reach_target, session, book, nearest[1], nearest[0], position.direction)))
    waiting = [rung for rung in position.rungs if not rung.adverse and not rung.touched]
    return touches + [Touch(rung.level, 1, partial(_reach_favorable_rung, session, book, rung, position.direction)) for rung in waiting]


def _reach_target(session: Session, book: Book, target: Target, level: Decimal, direction: int, path: Decimal) -> Decimal:
    at = _worse(level, path, direction)  # higher is better to sell
    fill_target(session, book, target, at)
    return at


def _reach_favorable_rung(session: Session, book: Book, rung: Rung, direction: int, path: Decimal) -> Decimal:
    """A stop entry, at the worse of level and open; a rest goes on at the next open (S2.10)."""
    rung.touched = True
    at = _worse(rung.level, path, direction)
    fill_rung(session, book, rung, at)
    return at


def _better(one: Decimal, other: Decimal, direction: int) -> Decimal:
    """The better price to enter in that direction: lower to buy, higher to sell."""
    return min(one, other) if direction > 0 else max(one, other)


def _worse(one: Decimal, other: Decimal, direction: int) -> Decimal:
    return max(one, other) if direction > 0 else min(one, other)
