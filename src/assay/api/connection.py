"""One socket: what comes in is answered or refused, what goes out waits in a short queue that only a client that reads can empty.

Whoever does not read is cut off, with 1013, without anybody else noticing. A subscription waits for room and so costs a queue, not memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Final

from fastapi import WebSocket
from pydantic import TypeAdapter, ValidationError
from starlette.websockets import WebSocketDisconnect, WebSocketState

from assay.api import follow
from assay.api.follow import Blocks
from assay.api.platform import Platform
from assay.api.wire.socket import AckMessage, ClientMessage, Ping, PongMessage, ProblemCode, ProblemMessage, Subscribe, Unsubscribe
from assay.runtime.jobs import internal
from assay.runtime.ports import Desk

GOING_AWAY: Final = 1001
TRY_AGAIN_LATER: Final = 1013
_INCOMING: Final[TypeAdapter[Subscribe | Unsubscribe | Ping]] = TypeAdapter(ClientMessage)


@dataclass(frozen=True, slots=True)
class Caps:
    """What one client may take. `patience` is how many seconds it may let a message lie, and as long again until it hears why."""

    connections: int = 64
    subscriptions: int = 64
    message_bytes: int = 4_096
    queue: int = 64
    patience: float = 5.0


class Sockets:
    """All connections of the process."""

    def __init__(self, caps: Caps | None = None) -> None:
        self.caps = caps or Caps()
        self.blocks = Blocks()
        self._open: set[Connection] = set()

    async def serve(self, socket: WebSocket, at: Platform, desk: Desk) -> None:
        """Until one side closes."""
        await socket.accept()
        if len(self._open) >= self.caps.connections:
            await socket.close(TRY_AGAIN_LATER, "too many connections")
            return
        connection = Connection(self, socket, at, desk)
        self._open.add(connection)
        try:
            await connection.run()
        finally:
            self._open.discard(connection)

    async def close(self) -> None:
        """The server goes: everybody is told so, and none of them is waited for longer than it takes."""
        await asyncio.gather(*(connection.close(GOING_AWAY, "the server stops") for connection in list(self._open)))


class Connection:
    """A client, its subscriptions, and what it has not been sent yet."""

    def __init__(self, sockets: Sockets, socket: WebSocket, at: Platform, desk: Desk) -> None:
        self._sockets, self._socket, self._at, self._desk = sockets, socket, at, desk
        self._caps = sockets.caps
        self._outbox: asyncio.Queue[str] = asyncio.Queue(self._caps.queue)
        self._subscriptions: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Read and write until either ends."""
        reading, writing = asyncio.create_task(self._read()), asyncio.create_task(self._write())
        try:
            await asyncio.wait((reading, writing), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _cancelled(reading, writing, *self._subscriptions.values())

    async def close(self, code: int, reason: str) -> None:
        """Say why; a client that does not even read that is left to find out."""
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError):
            async with asyncio.timeout(self._caps.patience):
                if self._socket.application_state is WebSocketState.CONNECTED:
                    await self._socket.close(code, reason)

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is None:
                await self._refuse(None, "malformed", "messages are JSON in text frames")
            elif len(text) > self._caps.message_bytes:
                await self._refuse(None, "too_large", f"a message has at most {self._caps.message_bytes:,} characters")
            else:
                await self._heard(text)

    async def _heard(self, text: str) -> None:
        try:
            message = _INCOMING.validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            await self._refuse(None, "malformed", f"{place}: {first['msg']}" if place else first["msg"])
            return
        match message:
            case Ping(id=name):
                await self._outbox.put(PongMessage(id=name, at=self._at.clock.now()).model_dump_json())
            case Subscribe(topic=topic, after=after):
                await self._subscribe(topic, after)
            case Unsubscribe(topic=topic):
                await self._unsubscribe(topic)

    async def _subscribe(self, topic: str, after: int | None) -> None:
        task = self._subscriptions.get(topic)
        if task is not None and not task.done():
            await self._refuse(topic, "subscribed", "this connection is subscribed to it already")
        elif sum(not each.done() for each in self._subscriptions.values()) >= self._caps.subscriptions:
            await self._refuse(topic, "too_many", f"a connection has at most {self._caps.subscriptions} subscriptions")
        else:
            await self._acknowledge(topic)
            self._subscriptions[topic] = asyncio.create_task(self._follow(topic, self._messages(topic, after)))

    async def _unsubscribe(self, topic: str) -> None:
        task = self._subscriptions.pop(topic, None)
        if task is None:
            await self._refuse(topic, "not_subscribed", "this connection is not subscribed to it")
            return
        await _cancelled(task)
        await self._acknowledge(topic)

    def _messages(self, topic: str, after: int | None) -> AsyncGenerator[str]:
        kind, _, name = topic.partition(".")
        match kind:
            case "jobs":
                return follow.job(self._at, self._desk, name)
            case "links":
                return follow.links(self._at)
            case "prices":
                timeframe, _, instrument = name.partition(".")
                return follow.price(self._at, instrument, timeframe)
        return follow.session(self._at, self._desk, name, after, self._sockets.blocks)

    async def _follow(self, topic: str, messages: AsyncGenerator[str]) -> None:
        try:
            async with aclosing(messages):
                async for message in messages:
                    await self._outbox.put(message)
        except Exception:  # noqa: BLE001 - whatever it is, it is logged in full and the subscriber told; other topics go on
            await self._refuse(topic, "internal", internal(topic).message)

    async def _write(self) -> None:
        """Whoever lets a message lie for too long is cut off."""
        with suppress(WebSocketDisconnect):
            while True:
                message = await self._outbox.get()
                try:
                    async with asyncio.timeout(self._caps.patience):
                        await self._socket.send_text(message)
                except TimeoutError:
                    await self.close(TRY_AGAIN_LATER, "this client does not read")
                    return

    async def _acknowledge(self, topic: str) -> None:
        await self._outbox.put(AckMessage(topic=topic).model_dump_json())

    async def _refuse(self, topic: str | None, code: ProblemCode, message: str) -> None:
        await self._outbox.put(ProblemMessage(topic=topic, code=code, message=message).model_dump_json())


async def _cancelled(*tasks: asyncio.Task[None]) -> None:
    """All of them ended, and what they ended with looked at."""
    for task in tasks:
        task.cancel()
    ended, _ = await asyncio.wait(tasks)
    for task in ended:
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
