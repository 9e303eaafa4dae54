"""The socket at `/ws`, and its messages as the OpenAPI document shows them."""

from __future__ import annotations

from fastapi import APIRouter, WebSocket

from assay.api.connection import Sockets
from assay.api.depends import At, Mine
from assay.api.wire.socket import ClientMessage, ServerMessage

router = APIRouter(tags=["socket"])
webhooks = APIRouter(tags=["socket"])


@router.websocket("/ws")
async def open_socket(socket: WebSocket, at: At, desk: Mine) -> None:
    """Topics `session.{id}`, `jobs.{id}`, `prices.{timeframe}.{instrument}`, `links`; whose page may open it was asked before (`guard`)."""
    sockets = socket.app.state.sockets
    assert isinstance(sockets, Sockets)
    await sockets.serve(socket, at, desk)


@webhooks.post("client_message")
async def client_message(message: ClientMessage) -> None:
    """What a client sends on `/ws`."""


@webhooks.post("server_message")
async def server_message(message: ServerMessage) -> None:
    """What the server sends on `/ws`."""
