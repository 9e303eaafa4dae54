"""The venues that bars can be had from: a source is made when it is first asked, and imports what it needs then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from assay.adapters.venues.ccxt.client import CcxtSource
from assay.adapters.venues.synthetic.source import SyntheticSource
from assay.adapters.venues.yahoo.source import YahooSource
from assay.runtime.ports import Clock, Source
from assay.runtime.sources import Offer
from assay.settings import Settings


def offered(settings: Settings, clock: Clock) -> Mapping[str, Offer]:
    """By their ids."""
    exchanges: dict[str, Callable[[], Source]] = {name: partial(CcxtSource, name, clock=clock) for name in settings.exchanges}
    return {
        "synthetic": Offer("bundled", lambda: SyntheticSource(clock)),
        **{name: Offer("exchange", make) for name, make in exchanges.items()},
        "yahoo": Offer("data", lambda: YahooSource(clock)),
    }
