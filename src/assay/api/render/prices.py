"""Prices, last prices and connections, as they go over the wire."""

from __future__ import annotations

from assay.api.wire.message import amount
from assay.api.wire.prices import LastPriceItem, LinkItem, PriceView
from assay.runtime.prices import Price
from assay.runtime.records import LastPrice, Link


def price_view(price: Price) -> PriceView:
    """The newest bar, and what came of the day."""
    bar = price.bar
    return PriceView(
        instrument=str(bar.instrument), timeframe=bar.timeframe, time=int(bar.opened_at.timestamp()), open=bar.open, high=bar.high,
        low=bar.low, close=bar.close, volume=bar.volume, closed=bar.closed, last=amount(bar.close), change=price.change, at=bar.at,
    )  # fmt: skip


def link_item(link: Link) -> LinkItem:
    """The connections to one venue."""
    return LinkItem(
        venue=link.venue, state=link.state, since=link.since, last_message_at=link.last_message_at, lag_seconds=link.lag_seconds,
        reconnects=link.reconnects, problem=link.problem,
    )  # fmt: skip


def last_price_item(last_price: LastPrice) -> LastPriceItem:
    """What an instrument costs."""
    last = None if last_price.last is None else amount(last_price.last)
    return LastPriceItem(
        instrument=last_price.instrument,
        last=last,
        at=last_price.at,
        change=last_price.change,
        sketch=list(last_price.sketch),
        live=last_price.live,
        problem=None,
    )


def no_last_price(instrument: str, code: str) -> LastPriceItem:
    """Where the venue gave nothing, and nothing is stored."""
    return LastPriceItem(instrument=instrument, last=None, at=None, change=None, sketch=[], live=False, problem=code)
