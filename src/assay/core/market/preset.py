"""A stretch of time that is worth testing on, and the instruments that it is worth it for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias

from assay.core.domain.instrument import InstrumentId

PresetKind: TypeAlias = Literal["bull", "crash", "sideways", "recovery", "all"]
Market: TypeAlias = Literal["synthetic", "crypto", "shares", "forex"]
CURRENCIES: Final = frozenset({"AUD", "CAD", "CHF", "CNH", "EUR", "GBP", "JPY", "NOK", "NZD", "SEK", "SGD", "USD"})


@dataclass(frozen=True, slots=True)
class Preset:
    """Bars opened in [start, end) of one market, which also closes the last of them by then.

    `yardstick` is what stands for the market: from its first open to its last close it went by `change`, a fraction. The bundled bars
    have none; `instruments` and `regimes` are theirs, the regimes being those of their generator in that stretch, in their order.
    """

    id: str
    name: str
    kind: PresetKind
    description: str
    start: datetime
    end: datetime
    market: Market = "synthetic"
    yardstick: str | None = None
    change: float | None = None
    instruments: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()

    def is_about(self, instrument: str) -> bool:
        """Whether an instrument was traded in that market; what happened concerned them all."""
        return instrument in self.instruments if self.market == "synthetic" else market_of(instrument) == self.market


def market_of(instrument: str) -> Market:
    """By its name: a pair of coins or of currencies, or a single thing, which is a share, a fund or an index."""
    name = InstrumentId.parse(instrument)
    if name.venue == "synthetic":
        return "synthetic"
    base, slash, rest = name.symbol.partition("/")
    if not slash:
        return "shares"
    return "forex" if base in CURRENCIES and rest in CURRENCIES else "crypto"
