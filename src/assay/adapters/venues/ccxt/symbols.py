"""Between a venue's own spelling and `venue:SYMBOL`: the one place where one becomes the other."""

from __future__ import annotations

from collections.abc import Iterable

from assay.core.domain.errors import UnknownInstrumentError
from assay.core.domain.instrument import Instrument


class Symbols:
    """What a venue lists, found by either name. `BTCUSDT` alone names nothing: it is a coin on one market, its perpetual on another."""

    def __init__(self, venue: str, instruments: Iterable[Instrument]) -> None:
        self._venue = venue
        self.instruments = tuple(instruments)
        self._by_name = {instrument.id.symbol: instrument for instrument in self.instruments}
        self._by_spelling = {(instrument.venue_symbol, instrument.kind == "spot"): instrument for instrument in self.instruments}

    def named(self, symbol: str) -> Instrument:
        """`BTC/USDT`, or `BTC/USDT:USDT`. Raises UnknownInstrumentError."""
        found = self._by_name.get(symbol)
        if found is None:
            raise UnknownInstrumentError(self._venue, f"{symbol!r} is not listed")
        return found

    def spelled(self, venue_symbol: str, *, spot: bool) -> Instrument:
        """`BTCUSDT` on the spot market, or on that of contracts. Raises UnknownInstrumentError."""
        found = self._by_spelling.get((venue_symbol, spot))
        if found is None:
            raise UnknownInstrumentError(self._venue, f"{venue_symbol!r} is not listed {'on the spot market' if spot else 'as a contract'}")
        return found
