"""Watchlists: instruments that somebody keeps an eye on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from assay.api.wire.message import Instant, Wire
from assay.core.market.watchlist import MOST

Title = Annotated[str, Field(min_length=1, max_length=120, pattern=r"\S")]
Id = Annotated[str, Field(max_length=200, examples=["binance:BTC/USDT"])]


class WatchlistBody(Wire):
    """A list as it should be; each instrument counts once."""

    name: Title
    instruments: list[Id] = Field(default_factory=list, max_length=2 * MOST)


class WatchlistItem(Wire):
    id: str
    name: str
    instruments: list[str]
    created_at: Instant
    updated_at: Instant


class Watched(Wire):
    """One instrument more."""

    instrument: Id
