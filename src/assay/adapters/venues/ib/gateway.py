"""The connection to TWS or the IB Gateway: what we need of one, and ib-async as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol, TypeAlias

from assay.adapters.venues.ib.codec import CLOSED, refusal
from assay.adapters.venues.ib.contracts import VENUE, Contract
from assay.core.domain.errors import UnreachableError

CONNECT_SECONDS: Final = 4.0
ANSWER_SECONDS: Final = 60.0
Status: TypeAlias = Callable[[int, str], None]
"""Hears the message codes that are about the connection and not about a request."""
Leave: TypeAlias = Callable[[], None]


class GatewayError(Exception):
    """A request that was refused, with its message code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class Gateway(Protocol):
    """Its calls raise GatewayError for what is refused, and OSError or TimeoutError for what is not answered."""

    @property
    def connected(self) -> bool: ...

    async def connect(self) -> None: ...

    async def details(self, contract: Contract) -> Sequence[Any]:
        """`ContractDetails` of all that fit."""
        ...

    async def history(self, contract: Contract, end: datetime, duration: str, size: str) -> Sequence[Any]:
        """`BarData` that end by then, with times as `formatDate=2` gives them."""
        ...

    def live(self, contract: Contract, hear: Callable[[Any], None]) -> Leave:
        """Each `RealTimeBar` of five seconds from now on."""
        ...

    def watch(self, hear: Status) -> Leave:
        """What happens to the connection; `CLOSED` where the gateway itself is gone."""
        ...

    def disconnect(self) -> None: ...


class Tws:
    """`Gateway` by ib-async. It only reads: no order, no account is asked for."""

    def __init__(self, host: str, port: int, client_id: int) -> None:
        self._address = host, port, client_id
        self._ib: Any = None
        self._watching: list[Status] = []

    @property
    def connected(self) -> bool:
        return self._ib is not None and bool(self._ib.isConnected())

    async def connect(self) -> None:
        import ib_async  # late: it takes a second, and few have an account there

        if self._ib is None:
            self._ib = ib_async.IB()
            self._ib.RaiseRequestErrors = True
            self._ib.errorEvent += self._said
            self._ib.disconnectedEvent += self._closed
        host, port, client_id = self._address
        await self._ib.connectAsync(host, port, client_id, CONNECT_SECONDS, readonly=True, fetchFields=ib_async.StartupFetchNONE)

    async def details(self, contract: Contract) -> Sequence[Any]:
        return list(await self._answer(self._ib.reqContractDetailsAsync(self._theirs(contract))))

    async def history(self, contract: Contract, end: datetime, duration: str, size: str) -> Sequence[Any]:
        until = end.astimezone(UTC).strftime("%Y%m%d-%H:%M:%S")
        asking = self._ib.reqHistoricalDataAsync(
            self._theirs(contract), until, duration, size, contract.shows, contract.in_hours, formatDate=2, timeout=0
        )
        return list(await self._answer(asking))

    def live(self, contract: Contract, hear: Callable[[Any], None]) -> Leave:
        bars = self._ib.reqRealTimeBars(self._theirs(contract), 5, contract.shows, contract.in_hours)

        def heard(_: Any, new: bool) -> None:
            hear(bars[-1])
            bars.clear()  # it would keep them all

        bars.updateEvent += heard

        def leave() -> None:
            bars.updateEvent -= heard
            if self.connected:
                self._ib.cancelRealTimeBars(bars)

        return leave

    def watch(self, hear: Status) -> Leave:
        self._watching.append(hear)
        return lambda: self._watching.remove(hear)

    def disconnect(self) -> None:
        if self._ib is not None:
            self._ib.disconnect()

    async def _answer(self, asking: Any) -> Any:
        import ib_async.wrapper

        try:
            return await asyncio.wait_for(asking, ANSWER_SECONDS)
        except ib_async.wrapper.RequestError as error:
            raise GatewayError(error.code, error.message) from None

    def _theirs(self, contract: Contract) -> Any:
        import ib_async

        return ib_async.Contract(
            secType=contract.kind, symbol=contract.symbol, exchange=contract.exchange, currency=contract.currency,
            lastTradeDateOrContractMonth=contract.month,
        )  # fmt: skip

    def _said(self, request: int, code: int, message: str, _: Any) -> None:
        if request == -1:
            self._tell(code, message)

    def _closed(self) -> None:
        self._tell(CLOSED, "the gateway has closed the connection")

    def _tell(self, code: int, message: str) -> None:
        for hear in tuple(self._watching):
            hear(code, message)


async def reached(gateway: Gateway) -> None:
    """Connect where it is not. Raises UnreachableError at once where nobody listens."""
    if gateway.connected:
        return
    try:
        await gateway.connect()
    except TimeoutError:
        message = f"TWS or the IB Gateway did not answer within {CONNECT_SECONDS:.0f} seconds; look whether it asks there for a permission"
        raise UnreachableError(VENUE, message) from None
    except OSError as error:
        message = f"no TWS or IB Gateway listens ({error.strerror or error}); start it and allow its API"
        raise UnreachableError(VENUE, message) from None
    except GatewayError as error:
        raise refusal(error.code, error.message) from None
