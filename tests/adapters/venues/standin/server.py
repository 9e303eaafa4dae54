"""A venue on loopback: Binance's and Bybit's REST and sockets, spoken from one ledger, with faults on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from aiohttp import WSMsgType, web
from tests.adapters.venues.standin import shapes_binance, shapes_bybit
from tests.adapters.venues.standin.faults import Answer, Faults
from tests.adapters.venues.standin.ledger import Asset, Bar, Ledger
from tests.adapters.venues.standin.shapes_binance import Json
from tests.adapters.venues.standin.world import World

from assay.core.domain.timeframe import Timeframe
from assay.core.market.instants import EPOCH

Stream = tuple[Asset, str, Callable[[Asset, str, Bar, datetime], Json]]


class Standin:
    """`requests` are the paths with their queries and the instants at which they came, `dials` those at which a socket was opened."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self.world, self.ledger = world, ledger
        self.faults = Faults()
        self.requests: list[tuple[str, datetime]] = []
        self.dials: list[datetime] = []
        self.address = ""
        self.over = asyncio.Event()
        self._streams: dict[web.WebSocketResponse, list[Stream]] = {}
        self._said: list[tuple[web.WebSocketResponse, str]] = []
        self._changed = asyncio.Condition()

    @property
    def urls(self) -> dict[str, dict[str, object]]:
        """ccxt's addresses, by venue, as they have to be here."""
        http, ws = f"http://{self.address}", f"ws://{self.address}"
        return {
            "binance": {
                "public": f"{http}/api/v3",
                "fapiPublic": f"{http}/fapi/v1",
                "ws": {"spot": f"{ws}/stream/ws", "linear": f"{ws}/fstream/ws"},
            },
            "bybit": {"public": http, "ws": {"public": {"spot": f"{ws}/v5/public/spot", "linear": f"{ws}/v5/public/linear"}}},
        }

    # Sockets

    async def subscribed(self, count: int = 1) -> None:
        """Until that many streams are subscribed."""
        async with self._changed:
            await self._changed.wait_for(lambda: sum(map(len, self._streams.values())) >= count)

    async def unsubscribed(self) -> None:
        """Until no stream is left."""
        async with self._changed:
            await self._changed.wait_for(lambda: not any(self._streams.values()))

    async def trade(self, seconds: int) -> None:
        """Time passes, and every stream is told how its bar stands then; and before, every bar that closed on the way, as it closed."""
        before = self.world.venue_now()
        self.world.pass_(seconds)
        now = self.world.venue_now()
        for socket, streams in list(self._streams.items()):
            for asset, timeframe, shape in streams:
                length = Timeframe(timeframe)
                for bar in self.ledger.bars(asset, length, self.ledger.opening(length, before), now, now):
                    await self._send(socket, shape(asset, timeframe, bar, now))

    async def _send(self, socket: web.WebSocketResponse, message: Json) -> None:
        if self.faults.silent:
            return
        if self.faults.lose:
            self.faults.lose -= 1
            return
        if self.faults.garbage:
            await socket.send_str(self.faults.garbage.pop(0))
            return
        text = json.dumps(message)
        self._said.append((socket, text))
        for _ in range(2 if self.faults.double else 1):
            await socket.send_str(text)

    async def repeat(self) -> None:
        """Everything that was said before, from the beginning, as if it had been under way for long."""
        for socket, said in list(self._said):
            if not socket.closed:
                await socket.send_str(said)

    async def hang_up(self) -> None:
        """Properly, with a close frame."""
        for socket in list(self._streams):
            await socket.close()

    async def cut(self) -> None:
        """As when a cable breaks, but for the reset."""
        for socket in list(self._streams):
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()

    async def socket(self, request: web.Request) -> web.StreamResponse:
        self.dials.append(self.world.now())
        if self.faults.refuse_sockets is not None:
            refused = self.faults.refuse_sockets
            return web.Response(status=refused.status, text=refused.body, headers=refused.headers)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._streams[socket] = []
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await socket.send_str(json.dumps(self._heard(socket, request.path, json.loads(message.data))))
                    await self._tell_changed()
        finally:
            del self._streams[socket]
            await self._tell_changed()
        return socket

    def _heard(self, socket: web.WebSocketResponse, path: str, said: dict[str, object]) -> Json:
        if path.startswith("/v5"):
            return self._heard_bybit(socket, path.endswith("spot"), said)
        change = self._subscribe if said["method"] == "SUBSCRIBE" else self._unsubscribe
        for stream in _texts(said["params"]):
            symbol, _, channel = stream.partition("@kline_")
            change(socket, (self._listed(symbol.upper(), spot="fstream" not in path), channel, shapes_binance.kline_message))
        return {"result": None, "id": said["id"]}

    def _heard_bybit(self, socket: web.WebSocketResponse, spot: bool, said: dict[str, object]) -> Json:
        if said["op"] == "ping":
            return {"success": True, "ret_msg": "pong", "conn_id": "1", "req_id": "", "op": "ping"}
        change = self._subscribe if said["op"] == "subscribe" else self._unsubscribe
        for topic in _texts(said["args"]):
            _, interval, symbol = topic.split(".")
            change(socket, (self._listed(symbol, spot=spot), shapes_bybit.INTERVALS[interval], shapes_bybit.kline_message))
        return {"success": True, "ret_msg": "", "conn_id": "1", "req_id": said.get("req_id", ""), "op": said["op"]}

    def _listed(self, symbol: str, *, spot: bool) -> Asset:
        asset = self.ledger.asset(symbol, spot=spot)
        assert asset is not None, "a stream of something that is listed"
        return asset

    def _subscribe(self, socket: web.WebSocketResponse, stream: Stream) -> None:
        self._streams[socket].append(stream)

    def _unsubscribe(self, socket: web.WebSocketResponse, stream: Stream) -> None:
        self._streams[socket].remove(stream)

    async def _tell_changed(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # REST

    async def rest(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.path_qs, self.world.now()))
        fault = self.faults.next(request.path)
        if fault is not None:
            return await self._failed(request, fault)
        query = request.query
        now = self.world.venue_now()
        match request.path.rpartition("/")[2]:
            case "time":
                body: object = shapes_bybit.time(now) if "v5" in request.path else shapes_binance.time(now)
            case "exchangeInfo":
                spot = "fapi" not in request.path
                body = shapes_binance.exchange_info(self._assets(spot=spot), now, spot=spot)
            case "instruments-info":
                body = shapes_bybit.instruments(self._assets(spot=query["category"] == "spot"), query["category"], now)
            case "klines":
                return self._binance_klines(request, now)
            case "kline":
                return self._bybit_klines(request, now)
            case _:
                return web.Response(status=404, text="no such path")
        return web.json_response(body)

    async def _failed(self, request: web.Request, fault: Answer) -> web.StreamResponse:
        if fault.hangs:
            await self.over.wait()
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=fault.status, text=fault.body, headers=fault.headers, content_type=fault.content_type)

    def _assets(self, *, spot: bool) -> list[Asset]:
        return [asset for asset in self.ledger.assets if asset.spot == spot]

    def _binance_klines(self, request: web.Request, now: datetime) -> web.Response:
        """The first `limit` bars from `startTime` on."""
        asset = self.ledger.asset(request.query["symbol"], spot="fapi" not in request.path)
        if asset is None:
            return web.json_response(shapes_binance.refusal(-1121, "Invalid symbol."), status=400)
        bars = self._bars(request, asset, request.query["interval"], "startTime", "endTime", now)
        return web.json_response([shapes_binance.kline_row(bar) for bar in bars[: int(request.query.get("limit", "500"))]])

    def _bybit_klines(self, request: web.Request, now: datetime) -> web.Response:
        """The last `limit` bars up to `end`."""
        asset = self.ledger.asset(request.query["symbol"], spot=request.query["category"] == "spot")
        if asset is None:
            return web.json_response(shapes_bybit.refusal(10001, "params error: Symbol Is Invalid", now))
        bars = self._bars(request, asset, shapes_bybit.INTERVALS[request.query["interval"]], "start", "end", now)
        return web.json_response(shapes_bybit.kline(asset, bars[-int(request.query.get("limit", "200")) :], now))

    def _bars(self, request: web.Request, asset: Asset, timeframe: str, start: str, end: str, now: datetime) -> list[Bar]:
        first, last = (EPOCH + timedelta(milliseconds=int(request.query[name])) for name in (start, end))
        return list(self.ledger.bars(asset, Timeframe(timeframe), first, last + timedelta(milliseconds=1), now))


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]


@asynccontextmanager
async def standin(world: World, ledger: Ledger | None = None) -> AsyncIterator[Standin]:
    """On a free port of this machine, for as long as the block lasts."""
    venue = Standin(world, ledger or Ledger())
    application = web.Application()
    for path in ("/stream/ws/{number}", "/fstream/market/ws/{number}", "/v5/public/{market}"):
        application.router.add_get(path, venue.socket)
    application.router.add_get("/{path:.*}", venue.rest)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    venue.address = f"{host}:{port}"
    try:
        yield venue
    finally:
        venue.over.set()
        await runner.cleanup()
