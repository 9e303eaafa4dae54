"""Messages of `/ws`, both ways. In the OpenAPI document they stand among the webhooks, so that the web's types come from there too.

After `subscribe` comes an `ack`, then a `snapshot` unless `after` was given, then what follows. A session's events are numbered without a
gap; whenever its state has changed, a snapshot follows the events that led there. A job, a price and the connections to venues say only how
they are now: what was overtaken is not sent.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from assay.api.wire.message import Instant, Wire
from assay.api.wire.prices import LinkItem, PriceView
from assay.api.wire.sessions import JobView, LiveView, StateName
from assay.core.domain.timeframe import NAMES

Topic = Annotated[
    str, Field(max_length=220, pattern=rf"^((session|jobs)\.[0-9a-z]{{1,64}}|links|prices\.({'|'.join(NAMES)})\.[0-9a-z_-]+:\S+)$")
]


class Subscribe(Wire):
    """`after` is the last number that was seen of a session; without it a snapshot comes first, and then what follows it."""

    type: Literal["subscribe"]
    topic: Topic
    after: int | None = Field(default=None, ge=0, le=2**53)


class Unsubscribe(Wire):
    """Nothing of the topic comes after the `ack`."""

    type: Literal["unsubscribe"]
    topic: Topic


class Ping(Wire):
    type: Literal["ping"]
    id: str = Field(default="", max_length=64)


ClientMessage = Annotated[Subscribe | Unsubscribe | Ping, Field(discriminator="type")]


class EventMessage(Wire):
    """One event of a session's journal (`event`), numbered without a gap; or the newest word on a job, a price or all connections."""

    type: Literal["event"] = "event"
    topic: str
    seq: int
    event: dict[str, Any] | None = None
    job: JobView | None = None
    price: PriceView | None = None
    links: list[LinkItem] | None = None


class SnapshotMessage(Wire):
    """What is so at `seq`; events with higher numbers follow."""

    type: Literal["snapshot"] = "snapshot"
    topic: str
    seq: int
    state: StateName | None = None
    view: LiveView | None = None
    job: JobView | None = None
    price: PriceView | None = None
    links: list[LinkItem] | None = None


class AckMessage(Wire):
    """`subscribe` or `unsubscribe` has taken effect."""

    type: Literal["ack"] = "ack"
    topic: str


ProblemCode = Literal[
    "malformed", "too_large", "not_found", "subscribed", "not_subscribed", "too_many", "inputs_changed", "engine_changed", "internal",
    "unavailable",
]  # fmt: skip


class ProblemMessage(Wire):
    """The connection stays open. `topic` is None where the problem is about none."""

    type: Literal["problem"] = "problem"
    topic: str | None
    code: ProblemCode
    message: str


class PongMessage(Wire):
    type: Literal["pong"] = "pong"
    id: str
    at: Instant


ServerMessage = Annotated[EventMessage | SnapshotMessage | AckMessage | ProblemMessage | PongMessage, Field(discriminator="type")]
