"""Any venue's payload to typed values: the one way in to this package."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from assay.adapters.venues.wire import binance, bybit, ib
from assay.adapters.venues.wire.messages import Message

READERS: Final[Mapping[str, Callable[[object], Iterator[Message]]]] = {"binance": binance.read, "bybit": bybit.read, "ibkr": ib.read}
"""Venues whose wire is read here, by their ids."""


def decode(venue: str, payload: object) -> tuple[Message, ...]:
    """What is in one answer or message, whole or not at all. Raises a VenueError: whatever the payload is, nothing else."""
    return tuple(READERS[venue](payload))
