"""The one mapping between our symbols and Interactive Brokers' contracts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from assay.core.domain.errors import MalformedAnswerError, UnknownInstrumentError
from assay.core.domain.instrument import Instrument, InstrumentId, InstrumentKind

VENUE: Final = "ib"
Kind: TypeAlias = Literal["STK", "CASH", "FUT"]

_SHARE: Final = re.compile(r"[A-Z][A-Z0-9]{0,11}(\.[A-Z]{1,3})?")
_PAIR: Final = re.compile(r"([A-Z]{3})/([A-Z]{3})")
_FUTURE: Final = re.compile(r"([A-Z0-9]{1,8})-([0-9]{6})@([A-Z0-9]{2,12})")
_KINDS: Final[Mapping[Kind, InstrumentKind]] = {"STK": "share", "CASH": "forex", "FUT": "future"}
_CALENDARS: Final[Mapping[Kind, str]] = {"STK": "XNYS", "CASH": "24/5", "FUT": "24/5"}


@dataclass(frozen=True, slots=True)
class Contract:
    """What Interactive Brokers wants to know of an instrument; `month` is YYYYMM of a future, and empty for what does not end."""

    kind: Kind
    symbol: str
    exchange: str
    currency: str
    month: str = ""

    @property
    def shows(self) -> str:
        """Of which prices bars are made: of trades, and where nobody reports those, of the middle between bid and ask."""
        return "MIDPOINT" if self.kind == "CASH" else "TRADES"

    @property
    def in_hours(self) -> bool:
        """Whether bars are of the regular session alone."""
        return self.kind == "STK"


def contract(symbol: str) -> Contract:
    """By our symbol. Raises UnknownInstrumentError for what is written like none of them."""
    if _SHARE.fullmatch(symbol):
        return Contract("STK", symbol.replace(".", " "), "SMART", "USD")
    if pair := _PAIR.fullmatch(symbol):
        return Contract("CASH", pair[1], "IDEALPRO", pair[2])
    if future := _FUTURE.fullmatch(symbol):
        return Contract("FUT", future[1], future[3], "USD", future[2])
    raise UnknownInstrumentError(VENUE, f"{symbol} is written like no contract; write AAPL, BRK.B, EUR/USD or ES-202612@CME")


def symbol(of: Contract) -> str:
    """Ours again."""
    match of.kind:
        case "STK":
            return of.symbol.replace(" ", ".")
        case "CASH":
            return f"{of.symbol}/{of.currency}"
        case "FUT":
            return f"{of.symbol}-{of.month}@{of.exchange}"


def plain(of: Contract) -> Instrument:
    """What is known of it without asking."""
    ours = symbol(of)
    return Instrument(
        id=InstrumentId(VENUE, ours), venue_symbol=of.symbol, kind=_KINDS[of.kind], name=ours, base=of.symbol, quote=of.currency,
        calendar=_CALENDARS[of.kind],
    )  # fmt: skip


def described(of: Contract, details: Any) -> Instrument:
    """With what its `ContractDetails` say. Raises MalformedAnswerError where they are of another one."""
    known, answered = plain(of), details.contract
    if answered is None or (answered.symbol, answered.secType, answered.currency) != (of.symbol, of.kind, of.currency):
        raise MalformedAnswerError(VENUE, f"asked for {known.id}, it described {answered}")
    return Instrument(
        id=known.id, venue_symbol=answered.localSymbol or of.symbol, kind=known.kind, name=details.longName or known.name, base=known.base,
        quote=known.quote, calendar=known.calendar, tick=_step(details.minTick), lot=_step(details.sizeIncrement),
    )  # fmt: skip


def _step(value: float) -> Decimal | None:
    """Zero and its largest double are how it says that it does not say."""
    return Decimal(repr(value)) if 0.0 < value < 1e100 else None
