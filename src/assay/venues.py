"""The venues that bars can be had from: a source is made when it is first asked, and imports what it needs then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from assay.adapters.venues.ccxt.client import CcxtSource
from assay.adapters.venues.ib.gateway import Tws
from assay.adapters.venues.ib.source import IbSource
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
        "ib": Offer("broker", lambda: IbSource(Tws(settings.ib.host, settings.ib.port, settings.ib.client_id), clock)),
        "yahoo": Offer("data", lambda: YahooSource(clock)),
    }
