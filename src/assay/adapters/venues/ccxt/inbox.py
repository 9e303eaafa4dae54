"""What a socket told of one instrument's bars and nobody has taken yet."""

from __future__ import annotations

from assay.adapters.venues.ccxt.codec import Candle


class Inbox:
    """Every bar's last word, in the order in which the bars were first heard of.

    Who reads slowly misses changes of a bar and never a close (F42): it grows by one for each bar, not for each message.
    """

    def __init__(self, symbol: str, timeframe: str) -> None:
        self.key = (symbol, timeframe)
        self._candles: list[Candle] = []

    def put(self, candle: Candle) -> None:
        if self._candles and self._candles[-1].opened_at == candle.opened_at and not self._candles[-1].closed:
            self._candles[-1] = candle
        else:
            self._candles.append(candle)

    def taken(self) -> list[Candle]:
        """All of them; it is empty afterwards."""
        taken, self._candles = self._candles, []
        return taken
