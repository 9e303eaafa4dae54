"""A write with an `Idempotency-Key` takes effect once: sent again it gets the first answer again, and with another body a refusal.

The answer is kept by owner, key and route, for a day. Two that come at once wait for one another. What was refused has had no effect, so
its key is free.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import IO, Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from assay.api.depends import desk, platform
from assay.api.problems import RefusedError, invalid
from assay.runtime.records import Answer

HEADER: Final = "Idempotency-Key"
KEY: Final = re.compile(r"[!-~]{1,128}")
KEPT_HEADERS: Final = ("content-type", "location", "content-disposition", "x-columns")
IN_MEMORY: Final = 1 << 20
CHUNK: Final = 1 << 16


@dataclass
class _Turn:
    """Those who wait for one key; the last to leave takes it away."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Once(APIRoute):
    """The route class of every router that writes."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method not in ("POST", "PUT"):
                return await handle(request)
            if not KEY.fullmatch(key):
                raise invalid(HEADER, "key", "an idempotency key has 1 to 128 printable characters and no blank")
            with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
                digest = await _read(request, body)
                return await _answered(Request(request.scope, _replay(body)), key, digest, handle)

        return once


async def _answered(request: Request, key: str, digest: str, handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
    at, answers, route = platform(request), desk(request).answers, f"{request.method} {request.url.path}"
    async with _turn(request, key, route):
        known = await answers.get(key, route)
        if known is not None:
            if known.request_hash != digest:
                raise RefusedError(409, "key_reused", f"the idempotency key {key!r} was used for something else; take a new one")
            return Response(known.body, known.status, {**known.headers, "Idempotent-Replay": "true"})
        answer = await handle(request)
        if answer.status_code < 300:
            headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
            await answers.keep(key, route, Answer(digest, answer.status_code, headers, bytes(answer.body)), at.clock.now())
        return answer


@asynccontextmanager
async def _turn(request: Request, key: str, route: str) -> AsyncIterator[None]:
    turns: dict[tuple[str, str, str], _Turn] = request.app.state.turns
    name = (desk(request).owner, key, route)
    turn = turns.setdefault(name, _Turn())
    turn.waiting += 1
    try:
        async with turn.lock:
            yield
    finally:
        turn.waiting -= 1
        if not turn.waiting:
            turns.pop(name, None)


async def _read(request: Request, body: IO[bytes]) -> str:
    """Keep the body and hash what was asked: the query and the body."""
    digest = hashlib.sha256(request.url.query.encode() + b"\n")
    async for chunk in request.stream():
        digest.update(chunk)
        body.write(chunk)
    body.seek(0)
    return digest.hexdigest()


def _replay(body: IO[bytes]) -> Callable[[], Coroutine[Any, Any, Message]]:
    async def receive() -> Message:
        chunk = body.read(CHUNK)
        return {"type": "http.request", "body": chunk, "more_body": bool(chunk)}

    return receive
