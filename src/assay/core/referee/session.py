"""The account that the instruments share, and the record of what happened to it (S2.6, S2.8, S3.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from assay.core.domain.fills import Reason
from assay.core.referee.book import Book, Entry
from assay.core.referee.limits import Guard, Limits
from assay.core.referee.outcome import Carry, Decision, Fill, Reached, Refusal, Trade
from assay.core.referee.plan import Plan
from assay.core.referee.position import Position
from assay.core.referee.rounding import ONE, ZERO
from assay.core.referee.terms import Terms

_NOTHING: Final = Decimal("1e-9")


class Session:
    """`equity` and `gross` are this slice's, taken once at its open (S3.3); `day` is the UTC day of its mark (S10.4)."""

    def __init__(self, terms: Terms, books: list[Book], limits: Limits) -> None:
        self.terms = terms
        self.guard = Guard(limits, terms.cash)
        self.books = books
        self.slice = 0
        self.day = 0
        self.cash = terms.cash
        self.equity = terms.cash
        self.gross = ZERO
        self.halted = False
        self.fills: list[Fill] = []
        self.carries: list[Carry] = []
        self.decisions: list[Decision] = []
        self.refusals: list[Refusal] = []
        self.reached: list[Reached] = []
        self.trades: list[Trade] = []
        self.marks: list[Decimal] = []

    def present(self) -> list[Book]:
        return [book for book in self.books if book.bar is not None]

    def value(self, *, at_open: bool) -> Decimal:
        """Cash excludes notional: a position is worth what closing it at its mark would book (S2.8)."""
        held = ((book, book.position) for book in self.books if book.position is not None)
        return self.cash + sum((position.profit_at(book.mark(at_open), position.quantity) for book, position in held), ZERO)

    # Margin

    def take_equity(self) -> None:
        self.equity = self.value(at_open=True)
        self.gross = ZERO
        for book in self.books:
            if book.position is not None:
                self.gross += book.position.quantity * book.mark(at_open=True)
            if book.entry is not None:
                self.gross += self.reserved(book.entry)

    def reserved(self, entry: Entry) -> Decimal:
        """By limit entries without a fill so far (S2.6)."""
        if entry.limit is None or entry.rest is not None:
            return ZERO
        return entry.plan.weight * self.equity

    def wanted(self, weight: Decimal, price: Decimal, *, maker: bool) -> Decimal:
        """The quantity whose notional and fee are that share of equity (S2.5)."""
        return self.equity * weight / (price * (1 + self.terms.rate(maker=maker)))

    def allowed(self, quantity: Decimal, price: Decimal) -> Decimal | str:
        """The quantity in lots that margin leaves room for, or the code of its refusal (S2.6)."""
        quantity = self.terms.lots(quantity)
        if quantity <= ZERO:
            return "below_minimum"
        most = self.terms.leverage * self.equity
        remainder = most - self.gross
        if remainder <= _NOTHING * most:
            return "insufficient_margin"
        remainder += _NOTHING * most
        if quantity * price > remainder:
            quantity = self.terms.lots(remainder / price)
            if quantity <= ZERO:
                return "insufficient_margin"
        return "below_minimum" if self.is_too_small(quantity, price) else quantity

    def is_too_small(self, quantity: Decimal, price: Decimal) -> bool:
        return quantity * price < self.terms.minimum_notional * (ONE - _NOTHING)

    # What happens

    def refuse(self, book: Book, code: str) -> None:
        self.refusals.append(Refusal(self.slice, book.index, code))

    def carry(self, book: Book, cost: Decimal, *, borrow: bool) -> None:
        if cost == ZERO:
            return
        assert book.position is not None
        self.cash -= cost
        book.position.net -= cost
        book.position.funding += cost
        self.carries.append(Carry(self.slice, book.index, -cost, borrow))

    def increase(
        self, book: Book, plan: Plan, quantity: Decimal, price: Decimal, *, maker: bool, reason: Reason, inside: bool = False
    ) -> None:
        """A fill that opens a position or adds to it."""
        fee = self.terms.rate(maker=maker) * quantity * price
        self.fills.append(Fill(self.slice, book.index, plan.direction * quantity, price, fee, reason, maker))
        self.cash -= fee
        self.gross += quantity * price
        if book.position is None:
            book.position = Position(plan, self.terms, self.slice, price, inside)
        book.position.grow(quantity, price)
        book.position.net -= fee
        book.position.fees += fee

    def decrease(self, book: Book, quantity: Decimal, price: Decimal, *, rate: Decimal, maker: bool, reason: Reason) -> None:
        """A fill that closes a position or a part of it; gross stays what it was (S2.6)."""
        position = book.position
        assert position is not None
        assert quantity <= position.quantity
        fee = rate * quantity * price
        self.fills.append(Fill(self.slice, book.index, -position.direction * quantity, price, fee, reason, maker))
        gained = position.profit_at(price, quantity) - fee
        self.cash += gained
        position.net += gained
        self._book_trade(book.index, position, quantity, price, fee, reason)
        position.quantity -= quantity
        if position.quantity == ZERO:
            book.become_flat()
            self.guard.left(book, position, reason)

    def _book_trade(self, index: int, position: Position, quantity: Decimal, price: Decimal, fee: Decimal, reason: Reason) -> None:
        """The part's share, by quantity, of what no trade was charged with yet (S8.2)."""
        share = quantity / position.quantity
        fees, funding = position.fees * share, position.funding * share
        position.fees -= fees
        position.funding -= funding
        trade = Trade(
            index, position.direction, quantity, position.opened, position.average, self.slice, price, fee + fees, funding, reason
        )
        at = position.trades.get((self.slice, reason), len(self.trades))
        position.trades = {(self.slice, reason): at}
        if at == len(self.trades):
            self.trades.append(trade)
        else:
            self.trades[at] = _together(self.trades[at], trade)


def _together(first: Trade, second: Trade) -> Trade:
    """Fills of one round trip, bar and reason are one trade, their prices averaged by quantity (S8.1)."""
    quantity = first.quantity + second.quantity
    return Trade(
        first.instrument,
        first.direction,
        quantity,
        first.entry_slice,
        (first.entry_price * first.quantity + second.entry_price * second.quantity) / quantity,
        first.exit_slice,
        (first.exit_price * first.quantity + second.exit_price * second.quantity) / quantity,
        first.fees + second.fees,
        first.funding + second.funding,
        first.reason,
    )
