"""Trades are a fold over fills: each is one round trip, flat to flat, or the part of a position that one exit closed (SIMULATION S8).

Fills of one instrument, slice and reason are one exit; a position that crosses zero in one fill ends one trade and begins the next.
What is still held at the end is an open position and not a trade. The sum of the trades' P&L and of the open positions' is what
equity has changed by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

from assay.core.market.bars import Floats, Ints
from assay.core.results.columns import Carries, Fills

Codes: TypeAlias = NDArray[np.int32]

# Rows of the books, one column an instrument
HELD: Final = 0  # signed quantity
ENTRY: Final = 1  # average entry
SINCE: Final = 2  # slice of the first fill since flat
FEES: Final = 3  # entry fees that no exit has been charged yet
CARRIED: Final = 4  # funding and borrow likewise; a cost is above 0
LAST: Final = 5  # the trade that a fill of the same slice and reason belongs to, or -1
LARGEST: Final = 6  # quantity since flat
WORDS: Final = 7

DUST: Final = 1e-12
"""A remainder below this share of the largest quantity since flat is rounding: a full close is exact (S2.2), sums of parts are floats."""


@dataclass(frozen=True, eq=False)
class Trades:
    """One row a trade, in order of exit. `entry` and `exit` are the slices filled in; `reason` holds the exit's `Reason` codes."""

    instrument: Codes
    direction: Codes  # +1 long, -1 short
    quantity: Floats
    entry: Codes
    entry_price: Floats
    exit: Codes
    exit_price: Floats
    fees: Floats
    funding: Floats  # borrow included; a cost is above 0
    pnl: Floats
    returns: Floats
    reason: Codes

    def __len__(self) -> int:
        return len(self.pnl)


@dataclass(frozen=True, eq=False)
class OpenPositions:
    """What is held after the last fill: one row an instrument, in universe order; fees and funding are those not charged to a trade."""

    instrument: Codes
    quantity: Floats  # signed
    entry: Codes
    entry_price: Floats
    fees: Floats
    funding: Floats

    def __len__(self) -> int:
        return len(self.quantity)

    def unrealized(self, marks: Floats) -> Floats:
        """P&L at `marks` (one an instrument of the universe), net of what no trade has been charged."""
        return self.quantity * (marks[self.instrument] - self.entry_price) - self.fees - self.funding


@dataclass(frozen=True, eq=False)
class Book:
    """Everything the fold over fills says."""

    trades: Trades
    open: OpenPositions
    exposed: int  # slices at whose close something was held


def book(fills: Fills, carries: Carries, instruments: int, slices: int) -> Book:
    """Fold the fills and carried costs of a session of `slices` slices over `instruments` instruments."""
    room = len(fills)
    codes = np.empty((5, room), dtype=np.int32)
    values = np.empty((7, room))
    books = np.zeros((WORDS, instruments))
    books[LAST] = -1.0
    count, exposed = _fold(
        fills.slice, fills.instrument, fills.quantity, fills.price, fills.fee, fills.reason,
        carries.slice, carries.instrument, carries.amount, slices, books, codes, values,
    )  # fmt: skip
    instrument, direction, entry, exit_, reason = codes[:, :count]
    quantity, entry_price, exit_price, fees, funding, pnl, returns = values[:, :count]
    trades = Trades(instrument, direction, quantity, entry, entry_price, exit_, exit_price, fees, funding, pnl, returns, reason)
    return Book(trades, _open(books), exposed)


def _open(books: Floats) -> OpenPositions:
    held = np.flatnonzero(books[HELD]).astype(np.int32)
    rows = books[:, held]
    return OpenPositions(held, rows[HELD], rows[SINCE].astype(np.int32), rows[ENTRY], rows[FEES], rows[CARRIED])


@njit(cache=True, nogil=True, error_model="numpy")
def _fold(
    at: Ints, instrument: Ints, quantity: Floats, price: Floats, fee: Floats, reason: Ints,
    carried_at: Ints, carried_by: Ints, amount: Floats, slices: int, books: Floats, codes: Codes, values: Floats,
) -> tuple[int, int]:  # fmt: skip
    """Write trades into `codes` and `values`, what is left into `books`; return the number of trades and of exposed slices.

    Carried costs are booked at a slice's open, before its fills (S3.1).
    """
    count, carry = 0, 0
    holding, exposed, since = 0, 0, 0
    for i in range(len(at)):
        now, who = at[i], instrument[i]
        q, p = quantity[i], price[i]
        while carry < len(carried_at) and carried_at[carry] <= now:
            books[CARRIED, carried_by[carry]] -= amount[carry]
            carry += 1
        held = books[HELD, who]
        if q == 0.0:
            continue
        if held * q >= 0.0:  # opens or adds
            if held == 0.0:
                books[SINCE, who], books[ENTRY, who] = now, p
                if holding == 0:
                    since = now
                holding += 1
            else:
                books[ENTRY, who] = (held * books[ENTRY, who] + q * p) / (held + q)
            books[HELD, who] = held + q
            books[LARGEST, who] = max(books[LARGEST, who], abs(held + q))
            books[FEES, who] += fee[i]
            continue
        # Closes, and opens the other way with what is over
        direction = 1.0 if held > 0.0 else -1.0
        size, closed = abs(held), min(abs(q), abs(held))
        flat = size - closed <= DUST * books[LARGEST, who]
        over = abs(q) - closed if abs(q) - closed > DUST * books[LARGEST, who] else 0.0
        share = 1.0 if flat else closed / size
        own = fee[i] if over == 0.0 else fee[i] * (closed / (closed + over))
        fees, funding = own + share * books[FEES, who], share * books[CARRIED, who]
        row = int(books[LAST, who])
        if row >= 0 and codes[3, row] == now and codes[4, row] == reason[i]:
            before = values[0, row]
            values[0, row] = before + closed
            values[1, row] = (before * values[1, row] + closed * books[ENTRY, who]) / (before + closed)
            values[2, row] = (before * values[2, row] + closed * p) / (before + closed)
            values[3, row] += fees
            values[4, row] += funding
        else:
            row = count
            count += 1
            codes[0, row], codes[1, row], codes[2, row] = who, direction, books[SINCE, who]
            codes[3, row], codes[4, row] = now, reason[i]
            values[0, row], values[1, row], values[2, row] = closed, books[ENTRY, who], p
            values[3, row], values[4, row] = fees, funding
        pnl = direction * values[0, row] * (values[2, row] - values[1, row]) - values[3, row] - values[4, row]
        values[5, row] = pnl
        values[6, row] = pnl / (values[0, row] * values[1, row])
        if not flat:
            books[LAST, who] = row
            books[HELD, who] = held + q
            books[FEES, who] -= share * books[FEES, who]
            books[CARRIED, who] -= share * books[CARRIED, who]
            continue
        for word in range(WORDS):
            books[word, who] = 0.0
        books[LAST, who] = -1.0
        if over > 0.0:
            books[HELD, who], books[LARGEST, who] = -direction * over, over
            books[ENTRY, who], books[SINCE, who], books[FEES, who] = p, now, fee[i] - own
            continue
        holding -= 1
        if holding == 0:
            exposed += now - since
    while carry < len(carried_at):
        books[CARRIED, carried_by[carry]] -= amount[carry]
        carry += 1
    if holding > 0:
        exposed += slices - since
    return count, exposed
