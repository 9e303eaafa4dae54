"""What every request passes, whatever it asks for: a trace, the right host and origin, a bound; and what every answer carries.

Assay listens on this machine alone. A page of another site can make a browser send requests here, or call itself by a name that points
here: so the Host has to be one of ours, and whoever writes or opens a socket has to come from our own page, or from no page at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from fastapi.exceptions import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assay.api.problems import TOLD, answer

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
BODY_MAX: Final = 1 << 20
"""Of everything but files; a strategy document has at most a quarter of it."""
UPLOADS: Final = frozenset({"/api/v1/market/import"})
UPLOAD_MAX: Final = 1 << 30
"""What the setting `import_mib` may be raised to."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY_VIOLATION: Final = 1008

_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_PAGE: Final = "frame-ancestors 'none'"
"""A page brings its own policy in its head, where its scripts' hashes are known; this is what it cannot say there."""
_DATA: Final = "default-src 'none'; frame-ancestors 'none'"


class Guard:
    """`origins` are pages that may write besides our own (`http://localhost:5173` while the web is being edited)."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], origins: Collection[str]) -> None:
        self.app, self.hosts, self.origins = app, frozenset(hosts), frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        trace_id = secrets.token_hex(8)
        scope.setdefault("state", {})["trace_id"] = trace_id
        refused = self._refused(scope)
        if scope["type"] == "websocket":
            await (_hang_up(receive, send) if refused else self.app(scope, receive, send))
            return

        async def signed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _sign(MutableHeaders(scope=message), scope["path"], trace_id)
            await send(message)

        if refused:
            await answer(*refused, trace_id=trace_id)(scope, receive, signed)
            return
        try:
            await self.app(scope, _limited(receive, UPLOAD_MAX if scope["path"] in UPLOADS else BODY_MAX), signed)
        except Exception:  # it was logged and answered as a problem where it is TOLD; anything else goes on to the server
            if not scope["state"].get(TOLD):
                raise

    def _refused(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            return 421, "host", f"this is not {host[:80]!r}; open it by one of {', '.join(sorted(self.hosts))}"
        origin = headers.get("origin")
        writes = scope["type"] == "websocket" or scope["method"] not in SAFE
        if writes and origin is not None and origin not in self.origins and not _same(origin, host):
            return 403, "origin", f"a page of {origin[:80]!r} may not do this"
        return None


def _name(host: str) -> str:
    """The Host header without its port; empty for what is no host."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _same(origin: str, host: str) -> bool:
    try:
        return urlsplit(origin).netloc == host
    except ValueError:
        return False


def _sign(headers: MutableHeaders, path: str, trace_id: str) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    data = path.startswith("/api/")
    headers.setdefault("Content-Security-Policy", _DATA if data else _PAGE)
    if data:
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Trace-Id"] = trace_id


def _limited(receive: Receive, most: int) -> Receive:
    """What comes in, until it is too much."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise HTTPException(413, f"the body holds more than {most >> 20} MiB")
        return message

    return limited


async def _hang_up(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": POLICY_VIOLATION})
