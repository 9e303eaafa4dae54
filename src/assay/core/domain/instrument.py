"""What is traded, by the name that every venue's symbol maps to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self, TypeAlias

InstrumentKind: TypeAlias = Literal["spot", "perpetual", "future", "option", "share", "fund", "index", "forex", "synthetic"]


@dataclass(frozen=True, slots=True, order=True)
class InstrumentId:
    """`venue:SYMBOL` in ccxt's unified form: `binance:BTC/USDT`, a perpetual `binance:BTC/USDT:USDT`, a share `ib:AAPL`."""

    venue: str
    symbol: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for anything that is not `venue:SYMBOL`."""
        venue, colon, symbol = text.partition(":")
        if not colon or not venue or not symbol or not venue.replace("-", "").replace("_", "").isalnum():
            raise ValueError(f"{text!r} is not an instrument; write venue:SYMBOL, for example binance:BTC/USDT")
        if any(character.isspace() or not character.isprintable() for character in symbol):
            raise ValueError(f"{text!r} is not an instrument; its symbol holds a blank or a control character")
        return cls(venue.lower(), symbol)

    @property
    def is_perpetual(self) -> bool:
        """Whether it settles (`BTC/USDT:USDT`): then shorts pay funding, not borrow."""
        return ":" in self.symbol

    def __str__(self) -> str:
        return f"{self.venue}:{self.symbol}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What a venue says of an instrument that it lists. Steps, the least notional and fees are None where it says nothing of them.

    `venue_symbol` is the venue's own spelling (`BTCUSDT`). `calendar` is `24/7`, `24/5` or an exchange's code (ISO 10383, `XNYS`);
    `active` is whether it can be traded now. Fees are fractions of the notional.
    """

    id: InstrumentId
    venue_symbol: str
    kind: InstrumentKind
    name: str
    base: str
    quote: str
    calendar: str = "24/7"
    tick: Decimal | None = None
    lot: Decimal | None = None
    minimum_notional: Decimal | None = None
    maker_fee_rate: Decimal | None = None
    taker_fee_rate: Decimal | None = None
    active: bool = True
