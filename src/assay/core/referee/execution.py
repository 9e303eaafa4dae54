"""How each kind of order fills once the market has reached it: priced, sized, checked, capped, booked (S2)."""

from __future__ import annotations

from decimal import Decimal

from assay.core.domain.fills import Reason
from assay.core.referee.book import Book
from assay.core.referee.position import Rung, Target
from assay.core.referee.rounding import ZERO
from assay.core.referee.session import Session


def fill_entry(session: Session, book: Book, at: Decimal, *, inside: bool = False) -> bool:
    """The pending entry, or its rest; whether anything filled."""
    entry = book.entry
    if entry is None or not book.has_room():
        return False
    plan, maker = entry.plan, entry.limit is not None
    price = session.terms.fill_price(at, buy=plan.buys, maker=maker, adds=True)
    if entry.rest is None:
        session.gross -= session.reserved(entry)
        quantity = session.allowed(session.wanted(plan.weight, price, maker=maker), price) if plan.complete else "level_missing"
        if isinstance(quantity, str):
            session.refuse(book, quantity)
            book.drop_entry()
            return False
        entry.rest = quantity
    taken = book.take(entry.rest)
    session.increase(book, plan, taken, price, maker=maker, reason=Reason.ENTRY, inside=inside)
    entry.rest -= taken
    if entry.rest == ZERO:
        book.entry = None
    return True


def fill_rung(session: Session, book: Book, rung: Rung, at: Decimal) -> bool:
    """An adverse rung is a resting limit, a favorable one a stop entry (S5.3); a refused one is spent (S2.7)."""
    position = book.position
    if position is None or not book.has_room():
        return False
    maker = rung.adverse
    price = session.terms.fill_price(at, buy=position.plan.buys, maker=maker, adds=True)
    if rung.rest is None:
        quantity = session.allowed(session.wanted(rung.size, price, maker=maker), price)
        if isinstance(quantity, str):
            session.refuse(book, quantity)
            position.rungs.remove(rung)
            return False
        rung.rest = quantity
    taken = book.take(rung.rest)
    session.increase(book, position.plan, taken, price, maker=maker, reason=Reason.SCALE_IN)
    book.rung_filled = True
    rung.rest -= taken
    if rung.rest == ZERO:
        position.rungs.remove(rung)
    return True


def fill_resize(session: Session, book: Book, at: Decimal) -> None:
    """The difference to the new target, bought or sold, keeping the bracket (S3.4)."""
    position, resize = book.position, book.resize
    if position is None or resize is None or not book.has_room():
        return
    if resize.rest is None:
        resize.adds = session.wanted(resize.weight, at, maker=False) > position.quantity
    price = session.terms.fill_price(at, buy=position.plan.buys is resize.adds, maker=False, adds=resize.adds)
    if resize.rest is None:
        quantity = _difference(session, position.quantity, session.wanted(resize.weight, price, maker=False), price, adds=resize.adds)
        if isinstance(quantity, str):
            session.refuse(book, quantity)
            book.resize = None
            return
        resize.rest = quantity
    if resize.adds:
        taken = book.take(resize.rest)
        session.increase(book, position.plan, taken, price, maker=False, reason=Reason.RESIZE)
    else:
        taken = book.take(min(resize.rest, position.quantity))
        session.decrease(book, taken, price, rate=session.terms.taker_rate, maker=False, reason=Reason.RESIZE)
    resize.rest -= taken
    if resize.rest == ZERO:
        book.resize = None


def _difference(session: Session, held: Decimal, wanted: Decimal, price: Decimal, *, adds: bool) -> Decimal | str:
    if adds:
        return session.allowed(wanted - held, price)
    quantity = session.terms.lots(held - wanted)
    return "below_minimum" if quantity <= ZERO or session.is_too_small(quantity, price) else quantity


def fill_exit(session: Session, book: Book, at: Decimal) -> bool:
    """The pending market exit; what the cap leaves stays pending."""
    position, reason = book.position, book.exit
    if position is None or reason is None or not book.has_room():
        return False
    price = session.terms.fill_price(at, buy=not position.plan.buys, maker=False, adds=False)
    taken = book.take(position.quantity)
    session.decrease(book, taken, price, rate=session.terms.taker_rate, maker=False, reason=reason)
    return True


def fill_target(session: Session, book: Book, target: Target, at: Decimal) -> None:
    """The first one that fills cancels the rungs; a share that floors to 0 is spent without a fill (S5.2)."""
    position = book.position
    assert position is not None
    if target.rest is None:
        quantity = position.target_quantity(target)
        if quantity <= ZERO:
            position.targets.remove(target)
            return
        target.rest = quantity
    price = session.terms.fill_price(at, buy=not position.plan.buys, maker=True, adds=False)
    taken = book.take(min(target.rest, position.quantity))
    position.rungs.clear()
    target.rest -= taken
    if target.rest == ZERO:
        position.targets.remove(target)
    session.decrease(book, taken, price, rate=session.terms.maker_rate, maker=True, reason=Reason.TAKE_PROFIT)


def liquidate(session: Session, book: Book, at: Decimal) -> None:
    """The whole position, without slippage, cap, or a loss beyond its margin (S2.9)."""
    position, terms = book.position, session.terms
    assert position is not None
    if terms.tick != ZERO:
        at = terms.level(at, buy=not position.plan.buys)
    price = position.liquidation_price(at)
    session.decrease(book, position.quantity, price, rate=terms.liquidation_rate, maker=False, reason=Reason.LIQUIDATION)
