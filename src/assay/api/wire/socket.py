"""Messages of `/ws`, both ways. In the OpenAPI document they stand among the webhooks, so that the web's types come from there too."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from assay.api.wire.base import Instant, Wire
from assay.api.wire.sessions import JobView, LiveView, StateName

Topic = Annotated[str, Field(pattern=r"^(session|jobs)\.[0-9a-z]{1,64}$")]


class Subscribe(Wire):
    """`after` is the last number that was seen; without it a snapshot comes first, and then what follows it."""

    type: Literal["subscribe"]
    topic: Topic
    after: int | None = Field(default=None, ge=0)


class Unsubscribe(Wire):
    type: Literal["unsubscribe"]
    topic: Topic


class Ping(Wire):
    type: Literal["ping"]
    id: str = Field(default="", max_length=64)


ClientMessage = Annotated[Subscribe | Unsubscribe | Ping, Field(discriminator="type")]


class EventMessage(Wire):
    """One event of a session's journal (`event`), numbered without a gap; or the newest state of a job (`job`)."""

    type: Literal["event"] = "event"
    topic: str
    seq: int
    event: dict[str, Any] | None = None
    job: JobView | None = None


class SnapshotMessage(Wire):
    """What is so at `seq`; events with higher numbers follow."""

    type: Literal["snapshot"] = "snapshot"
    topic: str
    seq: int
    state: StateName | None = None
    view: LiveView | None = None
    job: JobView | None = None


class AckMessage(Wire):
    type: Literal["ack"] = "ack"
    topic: str


class ProblemMessage(Wire):
    """`code` is stable: `unknown_topic`, `not_found`, `malformed`, `too_many`, …"""

    type: Literal["problem"] = "problem"
    topic: str | None
    code: str
    message: str


class PongMessage(Wire):
    type: Literal["pong"] = "pong"
    id: str
    at: Instant


ServerMessage = Annotated[EventMessage | SnapshotMessage | AckMessage | ProblemMessage | PongMessage, Field(discriminator="type")]
