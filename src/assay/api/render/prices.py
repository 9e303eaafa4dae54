"""Prices, quotes and connections, as they go over the wire."""

from __future__ import annotations

from assay.api.wire.message import amount
from assay.api.wire.prices import LinkItem, PriceView, QuoteItem
from assay.runtime.prices import Price
from assay.runtime.records import Link, Quote


def price_view(price: Price) -> PriceView:
    """The newest bar, and what came of the day."""
    tick = price.tick
    return PriceView(
        instrument=str(tick.instrument), timeframe=tick.timeframe, time=int(tick.opened_at.timestamp()), open=tick.open, high=tick.high,
        low=tick.low, close=tick.close, volume=tick.volume, closed=tick.closed, last=amount(tick.close), change=price.change, at=tick.at,
    )  # fmt: skip


def link_item(link: Link) -> LinkItem:
    """The connections to one venue."""
    return LinkItem(
        venue=link.venue, state=link.state, since=link.since, last_message_at=link.last_message_at, lag_seconds=link.lag_seconds,
        reconnects=link.reconnects, problem=link.problem,
    )  # fmt: skip


def quote_item(quote: Quote) -> QuoteItem:
    """What an instrument costs."""
    last = None if quote.last is None else amount(quote.last)
    return QuoteItem(
        instrument=quote.instrument, last=last, at=quote.at, change=quote.change, sketch=list(quote.sketch), live=quote.live, problem=None
    )


def no_quote(instrument: str, code: str) -> QuoteItem:
    """Where the venue gave nothing, and nothing is stored."""
    return QuoteItem(instrument=instrument, last=None, at=None, change=None, sketch=[], live=False, problem=code)
