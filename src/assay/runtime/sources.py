"""The venues that bars can be fetched from: each is made when it is first asked, and all are closed together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from assay.core.domain.errors import UnknownInstrumentError
from assay.runtime.ports import Source

VenueKind: TypeAlias = Literal["bundled", "imported", "exchange", "broker", "data"]
"""Generated here, come by file, or fetched: from where it trades, from a broker, from who only tells prices."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A venue that could be asked. To make its source costs nothing yet: it imports and connects when it is asked."""

    kind: VenueKind
    make: Callable[[], Source]


class Sources:
    """By venue's id. They belong to the event loop."""

    def __init__(self, offers: Mapping[str, Offer]) -> None:
        self._offers: Final = dict(offers)
        self._made: Final[dict[str, Source]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._offers)

    def __contains__(self, venue: str) -> bool:
        return venue in self._offers

    def kind(self, venue: str) -> VenueKind:
        return self._offers[venue].kind

    def of(self, venue: str) -> Source:
        """Raises UnknownInstrumentError where nothing can be fetched from it."""
        if venue not in self._offers:
            there_are = ", ".join(self._offers) or "none yet"
            raise UnknownInstrumentError(venue[:80], f"nothing can be fetched from this venue; those that are asked: {there_are}")
        if venue not in self._made:
            self._made[venue] = self._offers[venue].make()
        return self._made[venue]

    async def close(self) -> None:
        """All that were made."""
        while self._made:
            _, source = self._made.popitem()
            await source.close()
