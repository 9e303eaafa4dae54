"""Questions that have one answer: contracts and history, at the pace that is allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from assay.adapters.venues.ib.codec import AT_ONCE, SIZES, decode, is_empty, refusal
from assay.adapters.venues.ib.contracts import VENUE, Contract, described, symbol
from assay.adapters.venues.ib.gateway import Gateway, GatewayError, reached
from assay.adapters.venues.ib.pacing import Pacing
from assay.core.domain.errors import UnknownInstrumentError, UnreachableError
from assay.core.domain.instrument import Instrument
from assay.core.domain.ranges import Span
from assay.core.domain.timeframe import Timeframe
from assay.core.market.bars import Bars

Answer = TypeVar("Answer")


class Client:
    """Over one gateway, which it connects when it is first asked."""

    def __init__(self, gateway: Gateway, pacing: Pacing) -> None:
        self._gateway, self._pacing = gateway, pacing
        self._connecting = asyncio.Lock()

    async def connected(self) -> None:
        """Raises UnreachableError or RefusedError."""
        async with self._connecting:
            await reached(self._gateway)

    async def describe(self, contract: Contract) -> Instrument:
        """Raises UnknownInstrumentError where it lists none, or several."""
        await self.connected()
        try:
            found = await _answered(self._gateway.details(contract))
        except GatewayError as error:
            raise refusal(error.code, error.message) from None
        if len(found) != 1:
            raise UnknownInstrumentError(VENUE, f"{len(found)} contracts are called {symbol(contract)}, and one has to be")
        return described(contract, found[0])

    async def bars(self, contract: Contract, instrument: str, timeframe: Timeframe, span: Span) -> Bars | None:
        """Opened in `span`, at most `AT_ONCE` long; also the one that forms. None where nothing was traded."""
        assert span.length <= AT_ONCE[timeframe.name], "no more than it answers at once"
        # Its days are sessions, of which a span touches one more than it is long; what is too much is cut off.
        duration = f"{1 - (-span.length // timedelta(days=1))} D"
        await self.connected()
        await self._pacing.turn((contract, timeframe, span.end, duration))
        try:
            rows = await _answered(self._gateway.history(contract, span.end, duration, SIZES[timeframe.name]))
        except GatewayError as error:
            if is_empty(error.code, error.message):
                return None
            raise refusal(error.code, error.message) from None
        return decode(rows, instrument, timeframe).between(span.start, span.end)


async def _answered(asking: Awaitable[Answer]) -> Answer:
    try:
        return await asking
    except TimeoutError:
        raise UnreachableError(VENUE, "the gateway is connected and does not answer") from None
    except OSError as error:
        raise UnreachableError(VENUE, f"the connection to the gateway broke ({error})") from None
