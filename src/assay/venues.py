"""The venues that bars can be had from, a line each: a source is made when it is first asked, and imports what it needs then."""

from __future__ import annotations

from collections.abc import Mapping

from assay.adapters.venues.ccxt.client import CcxtSource
from assay.runtime.ports import Clock
from assay.runtime.sources import Offer
from assay.settings import Settings


def offered(settings: Settings, clock: Clock) -> Mapping[str, Offer]:
    """By their ids."""
    return {name: Offer("exchange", lambda name=name: CcxtSource(name, clock=clock)) for name in settings.exchanges}  # type: ignore[misc]
